"""Which source records golden records are made of."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlmodel import Session, col

from mdm.history.tables import membership_at
from mdm.history.when import NOW, When
from mdm.store.chunks import rows_in
from mdm.store.records import RecordVersion, SourceRecord


@dataclass(frozen=True, slots=True)
class SourceKey:
    """A source record's place: the system's name and the key it has there."""

    system: str
    key: str


@dataclass(frozen=True, slots=True)
class MemberRecord:
    """A live source record that belongs to a golden record.

    Attributes:
        first_seen_at: when the hub took it in first.
        last_changed_at: when the hub took in its last change.
    """

    system: str
    key: str
    first_seen_at: datetime
    last_changed_at: datetime


def sources_of(
    session: Session, golden_ids: Collection[str], when: When = NOW
) -> dict[str, tuple[MemberRecord, ...]]:
    """The source records of each golden record, by system and key; none for an id that has no live record."""
    membership = membership_at(when)
    query = select(
        membership.c.golden_id,
        col(SourceRecord.source),
        col(SourceRecord.source_key),
        col(SourceRecord.first_seen_at),
        _last_change(when),
    ).join(SourceRecord, col(SourceRecord.id) == membership.c.record_id)
    found: dict[str, list[MemberRecord]] = {golden_id: [] for golden_id in golden_ids}
    for golden_id, *place in rows_in(session, query, membership.c.golden_id, set(golden_ids)):
        found[golden_id].append(MemberRecord(*place))
    return {i: tuple(sorted(members, key=lambda m: (m.system, m.key))) for i, members in found.items()}


def _last_change(when: When) -> ColumnElement[Any]:
    """SQL over `source_record`: when the hub took in its last change."""
    if when.known_at is None:
        return col(SourceRecord.last_changed_at)  # type: ignore[return-value]  # SQLModel's mapping of a column
    received = col(RecordVersion.received_at)
    return (
        select(func.max(received))
        .where(col(RecordVersion.record_id) == col(SourceRecord.id), received <= when.known_at)
        .scalar_subquery()
    )
