"""Says what a load would do, row by row, from a snapshot; writes nothing."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlmodel import Session, col

from mdm.ingest import IncomingRecord, Ingested
from mdm.load_batches import Batch, batches
from mdm.load_plan import LoadPlan
from mdm.loading import SHOWN, Counts, LoadResult, Progress, why_not_ended
from mdm.store.chunks import rows_in
from mdm.store.records import RecordVersion, SourceRecord

if TYPE_CHECKING:
    from mdm.hub import Hub


def rehearse(hub: Hub, plan: LoadPlan, progress: Progress | None = None) -> LoadResult:
    """What the load would count; golden records are not resolved, so their counts stay 0."""
    result = LoadResult(dry_run=True, notes=list(plan.notes))
    keys: set[str] = set()
    keyless = 0
    for source in plan.files:
        rows = 0
        for batch in batches(plan, source):
            with hub.read() as session:
                _count(result.counts, batch, _compare(session, plan, batch.records))
            result.rejected += batch.rejected[: SHOWN - len(result.rejected)]
            rows += batch.rows
            keyless += batch.keyless
            if plan.request.full:
                keys |= batch.keys
            if progress:
                progress(source.path.name, rows, max(source.expected, rows))
    if plan.request.full:
        _count_missing(hub, plan, keys, keyless, result)
    return result


def _count(counts: Counts, batch: Batch, compared: Ingested) -> None:
    counts.rows += batch.rows
    counts.repeated += batch.repeated
    counts.left_out += batch.left_out
    counts.quarantined += len(batch.rejected)
    counts.add(compared)


def _compare(session: Session, plan: LoadPlan, records: list[IncomingRecord]) -> Ingested:
    """What ingesting the records would count, by their current versions."""
    query: Any = (
        select(col(SourceRecord.source_key), col(RecordVersion.content_hash), col(RecordVersion.changed_at))
        .join(RecordVersion, col(RecordVersion.id) == col(SourceRecord.current_version_id))
        .where(
            col(SourceRecord.entity_type) == plan.entity_type.name,
            col(SourceRecord.source) == plan.request.source,
        )
    )
    wanted = {record.source_key for record in records}
    keys = SourceRecord.__table__.c.source_key  # type: ignore[attr-defined]  # SQLModel hides it
    known = {row._mapping["source_key"]: row._mapping for row in rows_in(session, query, keys, wanted)}
    counted = Ingested()
    for record in records:
        current = known.get(record.source_key)
        if current is not None and current["content_hash"] == record.content_hash:
            counted.unchanged += 1
        elif current is not None and _is_older(record.changed_at, current["changed_at"]):
            counted.outdated += 1
        elif record.deleted:
            counted.deleted += 1
        elif current is None:
            counted.new += 1
        else:
            counted.changed += 1
    return counted


def _is_older(changed_at: datetime | None, current: datetime | None) -> bool:
    return changed_at is not None and current is not None and changed_at < current


def _count_missing(hub: Hub, plan: LoadPlan, keys: set[str], keyless: int, result: LoadResult) -> None:
    reason = why_not_ended(keys, keyless)
    if reason:
        result.notes.append(reason)
        return
    live = select(col(SourceRecord.source_key)).where(
        col(SourceRecord.entity_type) == plan.entity_type.name,
        col(SourceRecord.source) == plan.request.source,
        col(SourceRecord.live).is_(True),
    )
    with hub.read() as session:
        result.counts.ended = sum(key not in keys for key in session.scalars(live))
