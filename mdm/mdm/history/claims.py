"""What source records stated at a moment, and where their references led then."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select, true
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from mdm.effective import Claims, Version, slices_of
from mdm.entities import EntityType
from mdm.folding import Folded, apply, fold, in_order
from mdm.history.tables import led_to_at, membership_at
from mdm.history.when import When
from mdm.resolve.evidence import RecordClaims, live_records
from mdm.resolve.golden_records import targets_of
from mdm.resolve.references import Key, parse_reference
from mdm.store.chunks import Query, rows_in
from mdm.store.decisions import IssuedId
from mdm.store.history import RecordLink
from mdm.store.records import RecordVersion, SourceRecord

Led = dict[tuple[str, Key], str]
"""(target type, key) to the golden id that a reference with this key leads to."""


def members_at(session: Session, golden_ids: Iterable[str], when: When) -> dict[str, list[RecordClaims]]:
    """The source records of each golden record with the claims that stood, by source and key."""
    membership = membership_at(when)
    query = select(membership.c.record_id, membership.c.golden_id)
    home = {row[0]: row[1] for row in rows_in(session, query, membership.c.golden_id, set(golden_ids))}
    found: dict[str, list[RecordClaims]] = {}
    for record in records_at(session, home, when):
        found.setdefault(home[record.id], []).append(record)
    return found


def records_at(session: Session, record_ids: Iterable[int], when: When) -> list[RecordClaims]:
    """These records with the claims that stood, in the order of their source and key.

    As of a day, a record that says when it holds has the claims of that day; it is absent if it has none.
    """
    wanted = set(record_ids)
    if when.is_now:
        return live_records(session, wanted)
    named = select(col(SourceRecord.id), col(SourceRecord.source), col(SourceRecord.source_key))
    places = {row[0]: (row[1], row[2]) for row in rows_in(session, named, col(SourceRecord.id), wanted)}
    found = []
    for record_id, versions in versions_at(session, wanted, when).items():
        folded = fold(versions, when.known_at.date() if when.known_at else date.max)
        claims = _claims(versions, folded, when)
        if folded.live and claims is not None:
            found.append(RecordClaims(record_id, *places[record_id], claims, folded.current["id"]))
    return sorted(found, key=lambda record: (record.source, record.source_key))


def _claims(versions: Sequence[Version], folded: Folded, when: When) -> Claims | None:
    if when.as_of is None or not folded.is_dated:
        return folded.claims
    slices = slices_of(in_order(versions), apply)
    return next((piece.claims for piece in slices if piece.holds(when.as_of)), None)


def versions_at(
    session: Session, record_ids: Iterable[int], when: When
) -> dict[int, list[Mapping[str, Any]]]:
    """The versions of each record that had been received."""
    query, column = _received(When(when.known_at))
    found: dict[int, list[Mapping[str, Any]]] = {}
    for row in rows_in(session, query, column, record_ids):
        found.setdefault(row.record_id, []).append(dict(row._mapping))
    return found


@lru_cache(maxsize=64)
def _received(when: When) -> tuple[Query, ColumnElement[int]]:
    table = RecordVersion.__table__  # type: ignore[attr-defined]  # SQLModel hides it
    query = select(*table.c)
    if when.known_at is not None:
        query = query.where(table.c.received_at <= when.known_at)
    return query, table.c.record_id


def targets_at(session: Session, entity_type: EntityType, records: Sequence[RecordClaims], when: When) -> Led:
    """Where the references of these records led; one to a deleted record leads to where it belonged last."""
    if when.is_now:
        return targets_of(session, entity_type, records)
    wanted: dict[tuple[str, str], set[str]] = {}
    for record in records:
        for attribute in entity_type.references:
            if attribute.name in record.claims:
                source, key = parse_reference(str(record.claims[attribute.name]["v"]), record.source)
                wanted.setdefault((attribute.target, source), set()).add(key)
    found: Led = {}
    for (target, source), keys in wanted.items():
        query = (
            select(col(SourceRecord.source_key), led_to_at(when))
            .join(RecordLink, col(RecordLink.record_id) == col(SourceRecord.id))
            .join(IssuedId, col(IssuedId.golden_id) == col(RecordLink.golden_id))
            .where(col(SourceRecord.entity_type) == target, col(SourceRecord.source) == source)
            .where(col(RecordLink.id) == _last_home(when))
        )
        for key, golden_id in rows_in(session, query, col(SourceRecord.source_key), keys):
            found[target, (source, key)] = golden_id
    return found


def _last_home(when: When) -> Any:
    """SQL over `source_record`: the newest entry that names a golden record."""
    link = aliased(RecordLink)
    return (
        select(func.max(link.id))
        .where(
            and_(
                col(link.record_id) == col(SourceRecord.id),
                col(link.golden_id).is_not(None),
                col(link.at) <= when.known_at if when.known_at is not None else true(),
            )
        )
        .scalar_subquery()
    )
