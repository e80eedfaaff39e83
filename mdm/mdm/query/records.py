"""Golden records by id and by the key a source knows them by, many at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from sqlalchemy import select, tuple_
from sqlmodel import Session, col

from mdm.access.view import view_of
from mdm.history.tables import golden_at, issued_by, membership_at, redirect_at, typed_at
from mdm.history.when import NOW, When
from mdm.query.golden_row import GoldenRow, golden_rows
from mdm.store.chunks import rows_in
from mdm.store.decisions import IssuedId
from mdm.store.records import SourceRecord

if TYPE_CHECKING:
    from mdm.hub import Hub

Key = tuple[str, str]
"""(source, source key)."""


def current_of_type(
    hub: Hub, session: Session, entity_type: str, ids: Collection[str], when: When = NOW
) -> dict[str, GoldenRow]:
    """The current golden records among these ids of one type; the others are absent."""
    table, view = typed_at(hub, entity_type, when), view_of(session)
    declared = hub.registry[entity_type]
    query = select(*view.columns(declared, table)).where(*view.rows(declared, table))
    rows = golden_rows(entity_type, table, rows_in(session, query, table.c.id, set(ids)))
    return {row.golden_id: row for row in rows}


def golden_of_type(
    hub: Hub, session: Session, entity_type: str, ids: Collection[str], when: When = NOW
) -> dict[str, GoldenRow]:
    """The golden record that each id leads to, also an id retired by a merge.

    An id that was never issued, belongs to another type, or whose records are all gone, is absent.
    """
    found = current_of_type(hub, session, entity_type, ids, when)
    redirected = _redirects(session, (i for i in ids if i not in found), when)
    survivors = {end for name, end in redirected.values() if name == entity_type and end}
    if survivors:
        current = current_of_type(hub, session, entity_type, survivors, when)
        found.update({i: current[end] for i, (_, end) in redirected.items() if end in current})
    return found


def golden_by_ids(hub: Hub, session: Session, ids: Collection[str], when: When = NOW) -> dict[str, GoldenRow]:
    """The golden record of whatever type that each id leads to, also an id retired by a merge."""
    wanted: dict[str, dict[str, str]] = {}
    for golden_id, (entity_type, end) in _ledger(session, ids, when).items():
        if entity_type in hub.registry:
            wanted.setdefault(entity_type, {})[golden_id] = end or golden_id
    found: dict[str, GoldenRow] = {}
    for entity_type, ends in wanted.items():
        current = current_of_type(hub, session, entity_type, set(ends.values()), when)
        found.update({i: current[end] for i, end in ends.items() if end in current})
    return found


def _redirects(session: Session, ids: Iterable[str], when: When) -> dict[str, tuple[str, str | None]]:
    missing = set(ids)
    return _ledger(session, missing, when) if missing else {}


def _ledger(session: Session, ids: Collection[str], when: When) -> dict[str, tuple[str, str | None]]:
    """Golden id to its entity type and the id it redirects to; redirects are one hop long."""
    query = select(col(IssuedId.golden_id), col(IssuedId.entity_type), redirect_at(when)).where(
        issued_by(when)
    )
    return {row[0]: (row[1], row[2]) for row in rows_in(session, query, col(IssuedId.golden_id), set(ids))}


def golden_ids_by_key(
    session: Session, entity_type: str, keys: Collection[Key], when: When = NOW
) -> dict[Key, str]:
    """The golden id of each (source, source key) of this type; a key without a live record is absent."""
    membership = membership_at(when)
    query = (
        select(col(SourceRecord.source), col(SourceRecord.source_key), membership.c.golden_id)
        .join(membership, membership.c.record_id == col(SourceRecord.id))
        .where(col(SourceRecord.entity_type) == entity_type)
        .where(tuple_(col(SourceRecord.source), col(SourceRecord.source_key)).in_(list(keys)))
    )
    return {(row[0], row[1]): row[2] for row in session.execute(query)}


def versions_of(session: Session, golden_ids: Collection[str], when: When = NOW) -> dict[str, int]:
    """The version of each of these golden records; an id that is none is absent."""
    golden = golden_at(when)
    query = select(golden.c.golden_id, golden.c.version)
    return {row[0]: row[1] for row in rows_in(session, query, golden.c.golden_id, set(golden_ids))}
