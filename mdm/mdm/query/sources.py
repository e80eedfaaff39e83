"""Which source records golden records are made of."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from mdm.store.chunks import rows_in
from mdm.store.derived import Membership
from mdm.store.records import SourceRecord


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


def sources_of(session: Session, golden_ids: Collection[str]) -> dict[str, tuple[MemberRecord, ...]]:
    """The source records of each golden record, by system and key; none for an id that has no live record."""
    query = select(
        col(Membership.golden_id),
        col(SourceRecord.source),
        col(SourceRecord.source_key),
        col(SourceRecord.first_seen_at),
        col(SourceRecord.last_changed_at),
    ).join(SourceRecord, col(SourceRecord.id) == col(Membership.record_id))
    found: dict[str, list[MemberRecord]] = {golden_id: [] for golden_id in golden_ids}
    for golden_id, *place in rows_in(session, query, col(Membership.golden_id), set(golden_ids)):
        found[golden_id].append(MemberRecord(*place))
    return {i: tuple(sorted(members, key=lambda m: (m.system, m.key))) for i, members in found.items()}
