"""Takes in what sources say: record versions, idempotent by content, and the claims that stand by them.

The claims of a record are a function of its versions alone: folded in the order of the source's own clock,
whatever the order in which they came.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from typing import Any

from sqlalchemy import bindparam, func, select, update
from sqlmodel import Session, col

from mdm.echoes import with_echoes_flagged
from mdm.effective import Claims, Period, is_dated, with_window
from mdm.erasure.again import erased_again
from mdm.event_log import canonical_json
from mdm.failpoints import reach
from mdm.folding import ABSENCE, apply, clock_of, is_live
from mdm.overrides.writes import awaiting_write
from mdm.refolding import fold_again
from mdm.resolve.references import meeting_points
from mdm.sealing import digest_of, seal_of
from mdm.store.absence import NEW_RECORD, nothing_yet
from mdm.store.beside import claim, next_ids, stay_apart
from mdm.store.bulk import add_rows
from mdm.store.chunks import Query, rows_in
from mdm.store.records import RecordVersion, SourceRecord
from mdm.store.written_records import WrittenRecord, forget_written, note_written
from mdm.survivorship import ClaimValue
from mdm.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class IncomingRecord:
    """One row of a source, checked and normalised.

    Attributes:
        values: attribute to value, and the facts of `mdm.effective` beside them; None where the source states
            a blank; absent where the row lacks the attribute.
        changed_at: the source's own clock, in any zone; None if it has none.
        deleted: the source says that the record is gone.
        flags: attribute to the reason why its value is doubtful.
    """

    source_key: str
    values: Mapping[str, ClaimValue | None]
    changed_at: datetime | None = None
    deleted: bool = False
    flags: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.changed_at is not None:
            if self.changed_at.tzinfo is None:
                raise ValueError("a source's clock needs a zone")
            object.__setattr__(self, "changed_at", self.changed_at.astimezone(UTC))

    @cached_property
    def content_hash(self) -> str:
        """Equal for equal content; the source's clock is part of the content."""
        changed = self.changed_at.isoformat() if self.changed_at else None
        return hashlib.sha256(canonical_json([dict(self.values), self.deleted, changed])).hexdigest()


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that cannot be taken in, with its place and the reason."""

    row_number: int
    reason: str
    column: str
    row: Mapping[str, Any]
    origin: str = ""


@dataclass
class Ingested:
    """What became of a batch; `touched` are the row ids of records to be resolved again."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    deleted: int = 0
    outdated: int = 0
    refused: int = 0
    """Rows about subjects who were erased."""
    echoed: int = 0
    """Rows that hand back values as the hub had published them."""
    touched: set[int] = field(default_factory=set)


@dataclass
class _Stored:
    """A source record while a batch is worked in."""

    id: int
    source_key: str
    live: bool
    version_id: int | None
    claims: Claims
    is_new: bool = False
    is_changed: bool = False
    is_absent: bool = False
    is_dated: bool = False
    clock: tuple[datetime, str] | None = None
    content_hash: str = ""
    taken_in: set[str] = field(default_factory=set)


def ingest(
    uow: UnitOfWork,
    source: str,
    entity_type: str,
    records: Sequence[IncomingRecord],
    *,
    load_id: int | None = None,
) -> Ingested:
    """Store new versions of source records; a row equal to the current version changes nothing."""
    result = Ingested()
    records = _without_erased(uow, source, entity_type, records, result)
    records, result.echoed = with_echoes_flagged(uow, source, entity_type, records)
    claim(uow.session, "record", meeting_points(uow.hub.registry[entity_type], source, records))
    stored = _stored_records(uow, source, entity_type, {record.source_key for record in records})
    next_version = _next_id(uow, RecordVersion, len(records))
    next_record = _next_id(uow, SourceRecord, len(records))
    versions: list[dict[str, Any]] = []
    late: list[_Stored] = []
    period = uow.hub.registry[entity_type].period
    for record in records if period is None else _with_windows(records, period):
        known = stored.get(record.source_key)
        if known is None:
            known = _Stored(next_record, record.source_key, False, None, {}, is_new=True)
            stored[record.source_key] = known
            next_record += 1
        version = _version(record, known.id, next_version + len(versions), uow.now, load_id)
        if _is_repeated(uow, known, version):
            result.unchanged += 1
            continue
        versions.append(version)
        _take_in(uow.session, known, version, late, result)
    _write(uow, source, entity_type, stored.values(), versions)
    reach("ingest.after_versions_before_event")
    _fold_late(uow, late)
    if versions:
        _tell(uow, source, entity_type, versions)
        silent = {version["record_id"] for version in versions} - result.touched
        result.touched |= awaiting_write(uow.session, silent)
    reach("ingest.after_event")
    return result


def _with_windows(records: Iterable[IncomingRecord], period: Period) -> Iterator[IncomingRecord]:
    """The records, each with the window that its own period implies."""
    return (replace(record, values=with_window(record.values, period)) for record in records)


def _without_erased(
    uow: UnitOfWork,
    source: str,
    entity_type: str,
    records: Sequence[IncomingRecord],
    result: Ingested,
) -> Sequence[IncomingRecord]:
    again = erased_again(uow, source, entity_type)
    refused = again.among(uow, {record.source_key: list(record.values.values()) for record in records})
    if not refused:
        return records
    result.refused = sum(record.source_key in refused for record in records)
    uow.tell("records.refused", entity_type, source, {"count": result.refused, "why": "erased"})
    return [record for record in records if record.source_key not in refused]


def end_missing(uow: UnitOfWork, source: str, entity_type: str, seen_keys: Collection[str]) -> set[int]:
    """End-date the live records of a source that a full delivery lacks; returns their row ids."""
    query = select(col(SourceRecord.source_key)).where(
        col(SourceRecord.entity_type) == entity_type,
        col(SourceRecord.source) == source,
        col(SourceRecord.live).is_(True),
    )
    missing = [key for key in uow.session.scalars(query) if key not in seen_keys]
    gone = [IncomingRecord(key, {}, None, deleted=True, flags=ABSENCE) for key in sorted(missing)]
    return ingest(uow, source, entity_type, gone).touched


def _stored_records(uow: UnitOfWork, source: str, entity_type: str, keys: set[str]) -> dict[str, _Stored]:
    query = _stored_as(source, entity_type)
    found: dict[str, _Stored] = {}
    for row in rows_in(uow.session, query, col(SourceRecord.source_key), keys):
        known = _Stored(row[0], row[1], row[2], row[3], row[4], is_dated=row[10] is not None)
        if row[5] is not None:
            current = {"id": row[5], "changed_at": row[6], "received_at": row[7], "content_hash": row[8]}
            known.clock, known.content_hash, known.is_absent = clock_of(current), row[8], row[9] == ABSENCE
        found[row[1]] = known
    return found


@lru_cache(maxsize=1024)
def _stored_as(source: str, entity_type: str) -> Query:
    return (
        select(
            col(SourceRecord.id),
            col(SourceRecord.source_key),
            col(SourceRecord.live),
            col(SourceRecord.current_version_id),
            col(SourceRecord.claims),
            col(RecordVersion.id),
            col(RecordVersion.changed_at),
            col(RecordVersion.received_at),
            col(RecordVersion.content_hash),
            col(RecordVersion.flags),
            col(SourceRecord.effective_on),
        )
        .outerjoin(RecordVersion, col(RecordVersion.id) == col(SourceRecord.current_version_id))
        .where(col(SourceRecord.entity_type) == entity_type, col(SourceRecord.source) == source)
    )


_NEWEST = {table: select(func.max(col(table.id))) for table in (SourceRecord, RecordVersion)}


def _next_id(uow: UnitOfWork, table: type[SourceRecord] | type[RecordVersion], count: int) -> int:
    """The first row id of a batch; a writer alone is the only one that issues any."""
    newest: int = uow.session.connection().scalar(_NEWEST[table]) or 0
    return next_ids(uow.session, newest, f"{table.__tablename__}_id_seq", max(count, 1))


def _version(
    record: IncomingRecord, record_id: int, version_id: int, now: datetime, load_id: int | None
) -> dict[str, Any]:
    content, salt = record.content_hash, secrets.token_hex(8)
    return {
        "id": version_id, "record_id": record_id, "content_hash": content, "salt": salt,
        "seal": seal_of(salt, content),
        "changed_at": record.changed_at, "received_at": now, "load_id": load_id, "deleted": record.deleted,
        "stated": dict(record.values), "flags": dict(record.flags),
    }  # fmt: skip


def _is_repeated(uow: UnitOfWork, known: _Stored, version: Mapping[str, Any]) -> bool:
    if known.content_hash == version["content_hash"]:
        return True
    if known.is_absent or known.clock is None or version["changed_at"] is None:
        return False
    if clock_of(version) > known.clock:
        return False
    # An older version that was already taken in says nothing new.
    if version["content_hash"] in known.taken_in:
        return True
    query = select(col(RecordVersion.id)).where(
        col(RecordVersion.record_id) == known.id, col(RecordVersion.content_hash) == version["content_hash"]
    )
    return uow.session.scalar(query) is not None


def _take_in(
    session: Session, known: _Stored, version: Mapping[str, Any], late: list[_Stored], result: Ingested
) -> None:
    stay_apart(session, known.is_new)
    clock = clock_of(version)
    known.taken_in.add(version["content_hash"])
    if version["flags"] == ABSENCE:
        _end(known, version, result)
        return
    if known.is_absent:
        known.is_absent, known.clock, known.content_hash = False, clock, version["content_hash"]
        result.changed += 1
        result.touched.add(known.id)
        late.append(known)
        return
    if known.clock is not None and clock < known.clock:
        result.outdated += 1
        result.touched.add(known.id)
        late.append(known)
        return
    before, was_live = known.claims, known.live
    known.claims = apply(before, version)
    known.live = is_live(known.claims, version)
    known.version_id, known.clock, known.content_hash = version["id"], clock, version["content_hash"]
    known.is_changed = True
    if version["deleted"]:
        result.deleted += 1
    elif known.is_new and was_live is False and not before:
        result.new += 1
    else:
        result.changed += 1
    if known.claims != before or known.live != was_live or known.is_new:
        result.touched.add(known.id)
    if known.is_dated or is_dated(version):
        result.touched.add(known.id)
        late.append(known)


def _end(known: _Stored, version: Mapping[str, Any], result: Ingested) -> None:
    known.live, known.is_absent, known.is_changed = False, True, True
    known.version_id, known.content_hash = version["id"], version["content_hash"]
    result.deleted += 1
    result.touched.add(known.id)


def _write(
    uow: UnitOfWork, source: str, entity_type: str, stored: Iterable[_Stored], versions: list[dict[str, Any]]
) -> None:
    touched = [known for known in stored if known.is_new or known.is_changed]
    new = [
        {
            "id": known.id, "entity_type": entity_type, "source": source, "source_key": known.source_key,
            "live": known.live, "current_version_id": known.version_id, "claims": known.claims,
            "first_seen_at": uow.now, "last_changed_at": uow.now,
        }
        for known in touched if known.is_new
    ]  # fmt: skip
    if new:
        add_rows(uow.session, SourceRecord, new)
        live = (known for known in touched if known.is_new and known.live)
        note_written(
            uow.session, [WrittenRecord(k.id, source, k.source_key, k.claims, k.version_id) for k in live]
        )
        nothing_yet(uow.session, NEW_RECORD, [row["id"] for row in new])
        reach("ingest.after_records_before_versions")
    _update(uow, [known for known in touched if not known.is_new])
    add_rows(uow.session, RecordVersion, versions)


def _update(uow: UnitOfWork, changed: Iterable[_Stored]) -> None:
    rows: list[dict[str, Any]] = [
        {"row": k.id, "is_live": k.live, "version": k.version_id, "stands": k.claims, "now": uow.now}
        for k in changed
    ]
    if not rows:
        return
    forget_written(uow.session, [row["row"] for row in rows])
    table = SourceRecord.__table__  # type: ignore[attr-defined]  # SQLModel hides it
    statement = update(table).where(table.c.id == bindparam("row")).values(
        live=bindparam("is_live"), current_version_id=bindparam("version"), claims=bindparam("stands"),
        last_changed_at=bindparam("now"),
    )  # fmt: skip
    uow.session.connection().execute(statement, rows)


def _fold_late(uow: UnitOfWork, late: Iterable[_Stored]) -> None:
    """Work in versions that are older than the current one, or hold for a time: fold all of them again."""
    records = {known.id: known for known in late}
    for record_id, folded in fold_again(uow, records).items():
        known = records[record_id]
        known.claims, known.live, known.version_id = folded.claims, folded.live, folded.current["id"]


def _tell(uow: UnitOfWork, source: str, entity_type: str, versions: Sequence[Mapping[str, Any]]) -> None:
    """One event for the batch; its digest ties the stored versions to the chain."""
    details = {
        "first": versions[0]["id"],
        "last": versions[-1]["id"],
        "count": len(versions),
        "digest": digest_of(str(version["seal"]) for version in versions),
    }
    uow.tell("records.received", entity_type, source, details)
