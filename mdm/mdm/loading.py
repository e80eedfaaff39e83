"""Loads files: every batch of rows is one transaction that takes in, quarantines and resolves.

A load that is cut short leaves whole batches, and the same command completes the work: rows that are in
already change nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from mdm.errors import RefusedError
from mdm.failpoints import reach
from mdm.garbage import collected_seldom
from mdm.ingest import Ingested, Rejected, end_missing, ingest
from mdm.intake import RowSource
from mdm.load_batches import Batch, batches_ahead
from mdm.load_plan import LoadPlan, LoadRequest, plan_load
from mdm.parallel import second_process
from mdm.quarantining import quarantine
from mdm.refused_ids import sort_out
from mdm.resolve import Resolved, resolve
from mdm.resolve.ready_evidence import offer
from mdm.store.database import large_cache
from mdm.store.records import Load
from mdm.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from mdm.hub import Hub

SHOWN = 20
"""Quarantined rows that a result names; the others are counted."""

Progress = Callable[[str, int, int], None]
"""Called with a file's name, the rows read so far, and about how many it has."""


@dataclass
class Counts:
    """What became of the rows of a load."""

    rows: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    deleted: int = 0
    outdated: int = 0
    repeated: int = 0
    left_out: int = 0
    quarantined: int = 0
    ended: int = 0
    refused: int = 0
    echoed: int = 0

    def add(self, ingested: Ingested) -> None:
        """Count what was taken in."""
        for name in ("new", "changed", "unchanged", "deleted", "outdated", "refused", "echoed"):
            setattr(self, name, getattr(self, name) + getattr(ingested, name))


@dataclass
class LoadResult:
    """What a load did, or would do.

    Attributes:
        rejected: the first rows that went to quarantine.
        notes: what is worth knowing but no error, each one sentence.
    """

    dry_run: bool = False
    counts: Counts = field(default_factory=Counts)
    resolved: Resolved = field(default_factory=Resolved)
    rejected: list[Rejected] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@collected_seldom()
@second_process()
@large_cache()
def load_files(hub: Hub, request: LoadRequest, progress: Progress | None = None) -> LoadResult:
    """Take in files of one source and entity type, and resolve what they touch.

    Raises:
        UnknownEntityTypeError: no such entity type is declared.
        InputError: a file or the mapping cannot be used; nothing was written.
        RefusedError: a full load of files without rows would end every record of the source.
        StoreError: the database cannot be used; whole batches stay, the same load completes the work.
    """
    plan = plan_load(hub, request)
    if request.dry_run:
        from mdm.rehearsal import rehearse

        return rehearse(hub, plan, progress)
    result = LoadResult(notes=list(plan.notes))
    keys: set[str] = set()
    keyless = 0
    for source in plan.files:
        for batch in _load_file(hub, plan, source, result, progress):
            keyless += batch.keyless
            if request.full:
                keys |= batch.keys
    if request.full:
        _end_missing(hub, plan, keys, keyless, result)
    return result


def _load_file(
    hub: Hub, plan: LoadPlan, source: RowSource, result: LoadResult, progress: Progress | None
) -> Iterator[Batch]:
    """Load one file batch by batch; yields each batch once it is committed."""
    load_id: int | None = None
    counts = Counts()
    for batch in batches_ahead(hub, plan, source):
        with hub.write(plan.request.author) as uow:
            load_id = load_id or _begin(uow, plan, source)
            ingested, resolved = _take_in(uow, plan, batch, load_id)
        reach("load.after_batch")
        for total in (counts, result.counts):
            _count(total, batch, ingested)
        add_resolved(result.resolved, resolved)
        result.rejected += batch.rejected[: SHOWN - len(result.rejected)]
        if progress:
            progress(source.path.name, counts.rows, max(source.expected, counts.rows))
        yield batch
    with hub.write(plan.request.author) as uow:
        load = uow.session.get_one(Load, load_id or _begin(uow, plan, source))
        load.finished_at = uow.now
        load.counts = asdict(counts)
        uow.session.add(load)


def _begin(uow: UnitOfWork, plan: LoadPlan, source: RowSource) -> int:
    load = Load(
        source=plan.request.source,
        entity_type=plan.entity_type.name,
        origin=source.path.name,
        author=uow.author,
        started_at=uow.now,
    )
    uow.session.add(load)
    uow.session.flush()
    return load.id or 0


def _take_in(uow: UnitOfWork, plan: LoadPlan, batch: Batch, load_id: int) -> tuple[Ingested, Resolved]:
    """One batch inside its transaction."""
    source, entity = plan.request.source, plan.entity_type.name
    records, refused = sort_out(uow.session, plan.entity_type, source, batch.records)
    ingested = ingest(uow, source, entity, records, load_id=load_id)
    quarantine(uow, source, entity, batch.rejected, plan.mapping.name)
    quarantine(uow, source, entity, refused, "")
    batch.rejected += refused
    offer(uow.session, batch.ready)
    reach("load.before_resolve")
    return ingested, resolve(uow, {entity: ingested.touched})


def _count(counts: Counts, batch: Batch, ingested: Ingested) -> None:
    counts.rows += batch.rows
    counts.repeated += batch.repeated
    counts.left_out += batch.left_out
    counts.quarantined += len(batch.rejected)
    counts.add(ingested)


def add_resolved(total: Resolved, more: Resolved) -> None:
    """Add one resolution's counts to a total."""
    for name, number in asdict(more).items():
        setattr(total, name, getattr(total, name) + number)


def _end_missing(hub: Hub, plan: LoadPlan, keys: set[str], keyless: int, result: LoadResult) -> None:
    """End-date what a full delivery lacks, unless it cannot be told what it holds."""
    reason = why_not_ended(keys, keyless)
    if reason:
        result.notes.append(reason)
        return
    source, entity = plan.request.source, plan.entity_type.name
    with hub.write(plan.request.author) as uow:
        touched = end_missing(uow, source, entity, keys)
        reach("load.after_end_missing")
        add_resolved(result.resolved, resolve(uow, {entity: touched}))
    result.counts.ended = len(touched)


def why_not_ended(keys: set[str], keyless: int) -> str:
    """Why a full delivery ends no records although it may lack some; empty if it does.

    Raises:
        RefusedError: it holds no record at all.
    """
    if keyless:
        return (
            f"{keyless} rows have no readable key, so nobody can say which records are missing, and none was "
            "ended; mend the rows and load the file again with --full."
        )
    if not keys:
        raise RefusedError(
            "The files hold no record, and with --full every record of the source would end; "
            "check the files, or delete the records with rows that say deleted."
        )
    return ""
