"""Which source records golden records are made of."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, func, select
from sqlmodel import Session, col

from mdm.access.view import view_of
from mdm.history.tables import membership_at
from mdm.history.when import NOW, When
from mdm.query.prepared import Query, asked_ids, prepared, rows_for
from mdm.store.records import RecordVersion, SourceRecord

RECORD: Table = SourceRecord.__table__  # type: ignore[attr-defined]  # SQLModel hides it


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
    view = view_of(session)

    def make() -> Query:
        membership = membership_at(when)
        shown = (
            membership.c.golden_id,
            *(RECORD.c[name] for name in ("source", "source_key", "first_seen_at")),
        )
        return (
            select(*shown, _last_change(when))
            .join_from(membership, RECORD, RECORD.c.id == membership.c.record_id)
            .where(membership.c.golden_id.in_(asked_ids()))
        )

    query = prepared(view.hub, view, ("sources", None), when, make) if view.hub else make()
    found: dict[str, list[MemberRecord]] = {golden_id: [] for golden_id in golden_ids}
    for golden_id, *place in rows_for(session, query, set(golden_ids)):
        found[golden_id].append(MemberRecord(*place))
    return {i: tuple(sorted(members, key=lambda m: (m.system, m.key))) for i, members in found.items()}


def _last_change(when: When) -> ColumnElement[Any]:
    """SQL over `source_record`: when the hub took in its last change."""
    if when.known_at is None:
        return RECORD.c.last_changed_at
    received = col(RecordVersion.received_at)
    return (
        select(func.max(received))
        .where(col(RecordVersion.record_id) == col(SourceRecord.id), received <= when.known_at)
        .scalar_subquery()
    )
