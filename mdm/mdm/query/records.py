"""Golden records by id and by the key a source knows them by, many at once."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Label, Table, select, tuple_
from sqlmodel import Session, col

from mdm.access.view import view_of
from mdm.history.tables import golden_at, issued_by, led_to_at, membership_at, redirect_at, typed_at
from mdm.history.when import NOW, When
from mdm.query.golden_row import GoldenRow, golden_rows
from mdm.query.prepared import Query, asked_ids, prepared, rows_for
from mdm.store.chunks import rows_in
from mdm.store.decisions import IssuedId
from mdm.store.records import SourceRecord

if TYPE_CHECKING:
    from mdm.hub import Hub

LEDGER: Table = IssuedId.__table__  # type: ignore[attr-defined]  # SQLModel hides it

Key = tuple[str, str]
"""(source, source key)."""


@dataclass(frozen=True, slots=True)
class Place:
    """The golden record that an id leads to, without its values."""

    golden_id: str
    entity_type: str


def places_of(hub: Hub, session: Session, ids: Collection[str], when: When = NOW) -> dict[str, Place]:
    """The current golden record that each id leads to, also a retired id; the others are absent."""
    golden, view = golden_at(when), view_of(session)
    query = (
        select(col(IssuedId.golden_id), golden.c.golden_id, golden.c.entity_type)
        .join(golden, golden.c.golden_id == led_to_at(when))
        .where(issued_by(when), golden.c.state == "active")
        .where(*view.rows_of_ids(golden.c.entity_type, golden.c.golden_id))
        .select_from(IssuedId)
    )
    rows = rows_in(session, query, col(IssuedId.golden_id), set(ids))
    found = {row[0]: Place(row[1], row[2]) for row in rows if row[2] in hub.registry}
    view.saw(place.golden_id for place in found.values())
    return found


def current_of_type(
    hub: Hub, session: Session, entity_type: str, ids: Collection[str], when: When = NOW
) -> dict[str, GoldenRow]:
    """The current golden records among these ids of one type; the others are absent."""
    table, view = typed_at(hub, entity_type, when), view_of(session)
    declared = hub.registry[entity_type]

    def make() -> Query:
        query = select(*view.columns(declared, table)).where(*view.rows(declared, table))
        return query.where(table.c.id.in_(asked_ids()))

    query = prepared(hub, view, ("current", declared), when, make)
    found = golden_rows(entity_type, table, rows_for(session, query, set(ids)))
    view.saw(row.golden_id for row in found)
    return {row.golden_id: row for row in found}


def golden_of_type(
    hub: Hub, session: Session, entity_type: str, ids: Collection[str], when: When = NOW
) -> dict[str, GoldenRow]:
    """The golden record that each id leads to, also an id retired by a merge; one statement for all.

    An id that was never issued, belongs to another type, or whose records are all gone, is absent.
    """
    table, view = typed_at(hub, entity_type, when), view_of(session)
    declared = hub.registry[entity_type]

    def make() -> Query:
        asked: Label[str] = LEDGER.c.golden_id.label("asked_")
        return (
            select(*view.columns(declared, table), asked)
            .select_from(LEDGER)
            .join(table, table.c.id == led_to_at(when))
            .where(issued_by(when), *view.rows(declared, table), LEDGER.c.golden_id.in_(asked_ids()))
        )

    query = prepared(hub, view, ("led to", declared), when, make)
    found = list(rows_for(session, query, set(ids)))
    rows = golden_rows(entity_type, table, found)
    view.saw(row.golden_id for row in rows)
    return {row.asked_: golden for row, golden in zip(found, rows, strict=True)}


def golden_by_ids(hub: Hub, session: Session, ids: Collection[str], when: When = NOW) -> dict[str, GoldenRow]:
    """The golden record of whatever type that each id leads to, also an id retired by a merge."""
    wanted: dict[str, dict[str, str]] = {}
    ledger = _ledger(session, ids, when)
    view = view_of(session)
    there = {i: end or i for i, (_, end) in ledger.items()}
    if not (when.is_now or view.sees_all_rows):
        # Asked for every id, also unknown ones, so that the time does not tell which are known to others.
        visible = view.visible(session, {*ids, *there.values()})
        ledger = {i: known for i, known in ledger.items() if there[i] in visible}
    for golden_id, (entity_type, end) in ledger.items():
        if entity_type in hub.registry:
            wanted.setdefault(entity_type, {})[golden_id] = end or golden_id
    found: dict[str, GoldenRow] = {}
    for entity_type, ends in wanted.items():
        current = current_of_type(hub, session, entity_type, set(ends.values()), when)
        found.update({i: current[end] for i, end in ends.items() if end in current})
    return found


def _ledger(session: Session, ids: Collection[str], when: When) -> dict[str, tuple[str, str | None]]:
    """Golden id to its entity type and the id it redirects to; redirects are one hop long."""
    query = select(col(IssuedId.golden_id), col(IssuedId.entity_type), redirect_at(when)).where(
        issued_by(when)
    )
    return {row[0]: (row[1], row[2]) for row in rows_in(session, query, col(IssuedId.golden_id), set(ids))}


def golden_by_key(
    hub: Hub, session: Session, entity_type: str, keys: Collection[Key], when: When = NOW
) -> dict[Key, GoldenRow]:
    """The golden record of each (source, source key) of this type; a key without a live record is absent."""
    table, view, membership = typed_at(hub, entity_type, when), view_of(session), membership_at(when)
    declared = hub.registry[entity_type]
    source: Label[str] = col(SourceRecord.source).label("source_")
    key: Label[str] = col(SourceRecord.source_key).label("key_")
    query = (
        select(*view.columns(declared, table), source, key)
        .select_from(SourceRecord)
        .join(membership, membership.c.record_id == col(SourceRecord.id))
        .join(table, table.c.id == membership.c.golden_id)
        .where(col(SourceRecord.entity_type) == entity_type, *view.rows(declared, table))
        .where(tuple_(col(SourceRecord.source), col(SourceRecord.source_key)).in_(list(keys)))
    )
    found = session.execute(query).all()
    rows = golden_rows(entity_type, table, found)
    view.saw(row.golden_id for row in rows)
    return {(row.source_, row.key_): golden for row, golden in zip(found, rows, strict=True)}


def versions_of(session: Session, golden_ids: Collection[str], when: When = NOW) -> dict[str, int]:
    """The version of each of these golden records; an id that is none is absent."""
    golden = golden_at(when)
    query = select(golden.c.golden_id, golden.c.version)
    return {row[0]: row[1] for row in rows_in(session, query, golden.c.golden_id, set(golden_ids))}
