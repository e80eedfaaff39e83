"""The rows of a file in batches; those of a large file are made by a second process ahead of their turn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlmodel import col

from mdm.ingest import IncomingRecord, Rejected
from mdm.intake import REPEATED_KEY, Repeat, RowSource, SeenKeys, SourceRow, key_of, prepare, storable
from mdm.intake.parquet_file import ParquetFile
from mdm.load_plan import LoadPlan
from mdm.models import current_model
from mdm.parallel import ahead, in_two
from mdm.resolve.evidence import RecordClaims, evidence_columns
from mdm.resolve.ready_evidence import ReadyEvidence
from mdm.store.records import SourceRecord
from mdm_matching import MatchModel

if TYPE_CHECKING:
    from mdm.hub import Hub

BATCH = 2000
"""Rows in one transaction."""


@dataclass
class Batch:
    """Some rows of one file, prepared.

    Attributes:
        keys: the source keys of all rows, also of those that were rejected.
        keyless: rows whose key could not be read.
        ready: what the records say to matching, if it is known before they come in.
    """

    records: list[IncomingRecord] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)
    rows: int = 0
    repeated: int = 0
    left_out: int = 0
    keyless: int = 0
    ready: ReadyEvidence | None = None


def batches(plan: LoadPlan, source: RowSource) -> Iterator[Batch]:
    """The rows of one file, prepared, in batches; a repeated key is noticed across all of them."""
    seen = SeenKeys()
    batch = Batch()
    most = plan.request.batch or BATCH
    for row in source.rows():
        _sort_in(plan, source, row, batch, seen)
        if batch.rows == most:
            yield batch
            batch = Batch()
    if batch.rows:
        yield batch


def batches_ahead(hub: Hub, plan: LoadPlan, source: RowSource) -> Iterator[Batch]:
    """The batches; of a file that makes several the next one is made ready while one is worked on."""
    several = source.expected > (plan.request.batch or BATCH)
    # DuckDB, which reads Parquet and has threads of its own, survives no fork.
    if not several or isinstance(source, ParquetFile) or not in_two():
        return batches(plan, source)
    if plan.entity_type.evidence_references or _holds_some(hub, plan):
        return ahead(partial(batches, plan, source))
    with hub.read() as session:
        model = current_model(session, plan.entity_type)
    return ahead(lambda: (_made_ready(plan, model, batch) for batch in batches(plan, source)))


def _holds_some(hub: Hub, plan: LoadPlan) -> bool:
    """Whether the source has delivered before: most of what it delivers then is known or changes a record."""
    held = select(col(SourceRecord.id)).where(
        col(SourceRecord.source) == plan.request.source,
        col(SourceRecord.entity_type) == plan.entity_type.name,
    )
    with hub.read() as session:
        return session.scalar(held.limit(1)) is not None


def _made_ready(plan: LoadPlan, model: MatchModel, batch: Batch) -> Batch:
    """The batch with the evidence of its records, as it will be if all are new."""
    records = [_as_stored(plan, record) for record in batch.records if not record.deleted]
    records.sort(key=lambda record: record.source_key)
    batch.ready = ReadyEvidence.of(model, evidence_columns(plan.entity_type, records, {}))
    return batch


def _as_stored(plan: LoadPlan, record: IncomingRecord) -> RecordClaims:
    claims = {
        name: {"v": value, "f": record.flags.get(name, "")}
        for name, value in record.values.items()
        if value is not None
    }
    return RecordClaims(0, plan.request.source, record.source_key, claims)


def _sort_in(plan: LoadPlan, source: RowSource, row: SourceRow, batch: Batch, seen: SeenKeys) -> None:
    """Put one row where it belongs: taken in, rejected, repeated or left out."""
    batch.rows += 1
    prepared = prepare(plan.entity_type, plan.request.source, row, plan.mapping)
    if prepared is None:
        batch.left_out += 1
        return
    if isinstance(prepared, Rejected):
        key = key_of(row, plan.mapping)
        batch.keyless += key is None
        batch.keys |= {key} if key is not None else set()
        batch.rejected.append(replace(prepared, origin=source.path.name))
        return
    batch.keys.add(prepared.source_key)
    match seen.see(prepared):
        case Repeat.first:
            batch.records.append(prepared)
        case Repeat.same:
            batch.repeated += 1
        case Repeat.other:
            column = plan.mapping.key.column
            batch.rejected.append(
                Rejected(row.number, REPEATED_KEY, column, storable(row.values), source.path.name)
            )
