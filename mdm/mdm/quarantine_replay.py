"""Tries rows in quarantine again, with the mapping as it is now, and settles those that pass."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlmodel import Session, col

from mdm.errors import NotFoundError
from mdm.ingest import IncomingRecord, Rejected, ingest
from mdm.intake import (
    REPEATED_KEY,
    Mapping,
    SourceRow,
    implied_mapping,
    is_unreadable,
    load_mapping,
    prepare,
)
from mdm.loading import add_resolved
from mdm.resolve import Resolved, resolve
from mdm.store.chunks import chunks
from mdm.store.records import QuarantinedRow, RecordVersion, SourceRecord
from mdm.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from mdm.hub import Hub

BATCH = 500
"""Rows tried in one transaction."""


@dataclass
class ReplayResult:
    """What became of the rows that were tried.

    Attributes:
        settled: taken in.
        overtaken: settled without taking them in, because the source has said something newer since.
        waiting: row ids that still do not pass, each with the reason now.
    """

    settled: int = 0
    overtaken: int = 0
    waiting: dict[int, str] = field(default_factory=dict)
    resolved: Resolved = field(default_factory=Resolved)


def replay_quarantine(
    hub: Hub, row_ids: Collection[int] | None = None, *, mapping: str = "", author: str = "system"
) -> ReplayResult:
    """Read stored rows again and take in those that now pass.

    Args:
        row_ids: rows to try; None for all that wait. A row that repeats a key of its file is taken in only if
            it is named, because then a person chose it.
        mapping: instead of the mapping with which the rows came.

    Raises:
        NotFoundError: a named row does not wait in quarantine.
        MappingError: a mapping cannot be used.
    """
    result = ReplayResult()
    for part in chunks(_waiting(hub, row_ids), BATCH):
        with hub.write(author) as uow:
            rows = uow.session.scalars(select(QuarantinedRow).where(col(QuarantinedRow.id).in_(part))).all()
            for _, group in groupby(sorted(rows, key=_origin), key=_origin):
                _try(uow, list(group), mapping, result, chosen=row_ids is not None)
    return result


def _waiting(hub: Hub, row_ids: Collection[int] | None) -> list[int]:
    query = select(col(QuarantinedRow.id)).where(col(QuarantinedRow.state) == "waiting")
    with hub.read() as session:
        waiting = {row_id for row_id in session.scalars(query) if row_id}
    if row_ids is None:
        return sorted(waiting)
    absent = sorted(set(row_ids) - waiting)
    if absent:
        raise NotFoundError(f"No row {absent[0]} waits in quarantine; see mdm quarantine list.")
    return sorted(set(row_ids))


def _origin(row: QuarantinedRow) -> tuple[str, str, str]:
    return (row.source, row.entity_type, row.mapping)


def _try(
    uow: UnitOfWork, rows: Sequence[QuarantinedRow], mapping_name: str, result: ReplayResult, *, chosen: bool
) -> None:
    """Rows of one source, entity type and mapping."""
    entity_type = uow.hub.registry[rows[0].entity_type]
    name = mapping_name or rows[0].mapping
    mapping = load_mapping(name, uow.hub.registry) if name else implied_mapping(entity_type)
    passed = list(_passing(uow, rows, mapping, result, chosen=chosen))
    fresh = [(row, record) for row, record in passed if chosen or not _overtaken(uow.session, row, record)]
    ingested = ingest(uow, rows[0].source, entity_type.name, [record for _, record in fresh])
    add_resolved(result.resolved, resolve(uow, {entity_type.name: ingested.touched}))
    taken = {row.id for row, _ in fresh}
    for row, _ in passed:
        row.state = "settled" if row.id in taken else "overtaken"
        row.settled_at = uow.now
        uow.session.add(row)
    result.settled += len(fresh)
    result.overtaken += len(passed) - len(fresh)


def _passing(
    uow: UnitOfWork, rows: Sequence[QuarantinedRow], mapping: Mapping, result: ReplayResult, *, chosen: bool
) -> Iterator[tuple[QuarantinedRow, IncomingRecord]]:
    """The rows that can be taken in now; the others are noted with their reason."""
    for row in rows:
        if is_unreadable(row.row):
            result.waiting[row.id or 0] = f"{row.reason}; mend the file and load it again"
            continue
        prepared = prepare(
            uow.hub.registry[row.entity_type], row.source, SourceRow(row.row_number, row.row), mapping
        )
        if row.reason == REPEATED_KEY and not chosen:
            result.waiting[row.id or 0] = f"{REPEATED_KEY}; name the row to take it in all the same"
        elif isinstance(prepared, Rejected):
            row.reason, row.column_name = prepared.reason, prepared.column
            uow.session.add(row)
            result.waiting[row.id or 0] = prepared.reason
        elif prepared is None:
            row.state, row.settled_at = "left_out", uow.now
            uow.session.add(row)
        else:
            yield row, prepared


def _overtaken(session: Session, row: QuarantinedRow, record: IncomingRecord) -> bool:
    """Whether the source has said something newer under this key; its own clock decides, if it has one."""
    if record.changed_at is not None:
        return False
    query = (
        select(col(RecordVersion.received_at))
        .join(SourceRecord, col(SourceRecord.current_version_id) == col(RecordVersion.id))
        .where(
            col(SourceRecord.entity_type) == row.entity_type,
            col(SourceRecord.source) == row.source,
            col(SourceRecord.source_key) == record.source_key,
        )
    )
    received = session.scalar(query)
    return received is not None and received > row.received_at
