"""The timelines of source records that say when they hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from mdm.effective import Slice, slices_of
from mdm.folding import apply, in_order
from mdm.store.chunks import rows_in
from mdm.store.records import RecordVersion, SourceRecord

Timelines = dict[int, tuple[Slice, ...]]
"""Record id to its slices, in order; undated records are absent."""

_DATED = select(col(SourceRecord.id)).where(
    col(SourceRecord.effective_on).is_not(None), col(SourceRecord.live).is_(True)
)


def timelines(session: Session, record_ids: Iterable[int]) -> Timelines:
    """The slices of those live ones among these records that say when they hold."""
    dated = {row[0] for row in rows_in(session, _DATED, col(SourceRecord.id), set(record_ids))}
    if not dated:
        return {}
    table = RecordVersion.__table__  # type: ignore[attr-defined]  # SQLModel hides it
    versions: dict[int, list[Mapping[str, Any]]] = {}
    for row in rows_in(session, select(table), table.c.record_id, dated):
        versions.setdefault(row.record_id, []).append(dict(row._mapping))
    return {record_id: slices_of(in_order(own), apply) for record_id, own in versions.items()}
