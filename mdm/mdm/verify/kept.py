"""Checks of what is kept: record versions, the ledger of ids, the history, the event log, the outbox."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, select
from sqlmodel import Session, col

from mdm.event_log import broken_links, last_event_number
from mdm.folding import fold
from mdm.ingest import IncomingRecord
from mdm.sealing import digest_of, seal_of
from mdm.store.chunks import chunks, objects_in, rows_in
from mdm.store.decisions import Event, GoldenVersion, IssuedId
from mdm.store.derived import GoldenRecord
from mdm.store.erasures import ErasedRecord
from mdm.store.publishing import OutboxRow
from mdm.store.records import RecordVersion, SourceRecord
from mdm.verify.check import Check

if TYPE_CHECKING:
    from mdm.hub import Hub

BATCH = 2000
"""Source records looked at together."""


def ids_resolve(hub: Hub, session: Session, check: Check) -> Iterator[str]:
    """Every golden id ever issued leads to a golden record in one hop at most."""
    states = dict(session.execute(select(col(GoldenRecord.golden_id), col(GoldenRecord.state))).all())
    redirects = dict(session.execute(select(col(IssuedId.golden_id), col(IssuedId.redirected_to))).all())
    for golden_id, into in redirects.items():
        check.checked += 1
        if into and redirects.get(into):
            yield f"{golden_id} redirects to {into}, which redirects again"
        if into and into not in states:
            yield f"{golden_id} redirects to {into}, which does not exist"
        if golden_id not in states:
            yield f"{golden_id} was issued but is unknown"
        if into and states.get(golden_id) == "active":
            yield f"{golden_id} is current although it redirects to {into}"


def chain_holds(hub: Hub, session: Session, check: Check) -> Iterator[str]:
    """The event log is one unbroken chain from the first event."""
    check.checked = last_event_number(session)
    yield from broken_links(session)


def history_complete(hub: Hub, session: Session, check: Check) -> Iterator[str]:
    """Every golden record has all its versions in the history, each with its event."""
    counted = select(
        col(GoldenVersion.golden_id), func.count(), func.max(col(GoldenVersion.version))
    ).group_by(col(GoldenVersion.golden_id))
    history = {golden_id: (count, newest) for golden_id, count, newest in session.execute(counted)}
    for golden_id, version in session.execute(select(col(IssuedId.golden_id), col(IssuedId.version))):
        check.checked += 1
        if history.get(golden_id, (0, 0)) != (version, version):
            yield f"{golden_id} is at version {version}, its history holds {history.get(golden_id)}"
    newest = (
        select(col(GoldenRecord.golden_id), col(GoldenRecord.state), col(GoldenRecord.cells), GoldenVersion)
        .join(
            GoldenVersion,
            and_(
                col(GoldenVersion.golden_id) == col(GoldenRecord.golden_id),
                col(GoldenVersion.version) == col(GoldenRecord.version),
            ),
            isouter=True,
        )
        .execution_options(yield_per=2000)
    )
    for golden_id, state, cells, version in session.execute(newest):
        if version is None or (version.state, version.cells) != (state, cells):
            yield f"{golden_id} is not what the newest entry of its history says"
    orphans = (
        select(col(GoldenVersion.golden_id), col(GoldenVersion.version))
        .outerjoin(Event, col(Event.number) == col(GoldenVersion.event_number))
        .where(col(Event.number).is_(None))
    )
    for golden_id, version in session.execute(orphans):
        yield f"{golden_id} version {version} has no event"


def changes_published(hub: Hub, session: Session, check: Check) -> Iterator[str]:
    """Every row of the outbox belongs to an event, at most one per target."""
    query = select(col(OutboxRow.id), col(Event.number)).outerjoin(
        Event, col(Event.number) == col(OutboxRow.event_number)
    )
    for row_id, number in session.execute(query):
        check.checked += 1
        if number is None:
            yield f"outbox row {row_id} has no event"


def claims_follow_versions(hub: Hub, session: Session, check: Check) -> Iterator[str]:
    """Every source record's claims, life and current version follow from its versions."""
    erased = set(session.scalars(select(col(ErasedRecord.record_id))))
    for part in chunks(session.scalars(select(col(SourceRecord.id))), BATCH):
        versions = _versions(session, part)
        for record in objects_in(session, select(SourceRecord), col(SourceRecord.id), part):
            check.checked += 1
            if record.id not in versions:
                yield f"source record {record.id} has no version"
                continue
            if record.id in erased:
                if record.live or record.claims or any(v["stated"] or v["salt"] for v in versions[record.id]):
                    yield f"source record {record.id} was erased but is still there"
                continue
            folded = fold(versions[record.id], record.effective_on or date.max)
            stands = (record.claims, record.live, record.current_version_id, record.changes_on)
            if stands != (folded.claims, folded.live, folded.current["id"], folded.changes_on):
                yield f"source record {record.id} is not what its versions say"


def _versions(session: Session, record_ids: Collection[int | None]) -> dict[int, list[Mapping[str, Any]]]:
    table = RecordVersion.__table__  # type: ignore[attr-defined]  # SQLModel hides it
    found: dict[int, list[Mapping[str, Any]]] = {}
    for row in rows_in(session, select(table), table.c.record_id, record_ids):
        found.setdefault(row.record_id, []).append(dict(row._mapping))
    return found


def _as_received(version: RecordVersion) -> bool:
    content = IncomingRecord("", version.values, version.changed_at, version.deleted).content_hash
    return content == version.content_hash and seal_of(version.salt, content) == version.seal


def versions_vouched_for(hub: Hub, session: Session, check: Check) -> Iterator[str]:
    """Every record version is as it was received, and the event of its batch vouches for it."""
    erased = set(session.scalars(select(col(ErasedRecord.record_id))))
    batches = select(Event).where(col(Event.type) == "records.received").order_by(col(Event.number))
    for event in session.scalars(batches):
        first, last = event.details["first"], event.details["last"]
        query = (
            select(RecordVersion)
            .where(col(RecordVersion.id).between(first, last))
            .order_by(col(RecordVersion.id))
        )
        seals = []
        for version in session.scalars(query):
            seals.append(version.seal)
            if version.record_id not in erased and not _as_received(version):
                yield f"record version {version.id} is not what was received"
        check.checked += len(seals)
        if digest_of(seals) != event.details["digest"]:
            yield f"the record versions {first} to {last} are not those that event {event.number} tells of"
    total = session.scalar(select(func.count()).select_from(RecordVersion)) or 0
    if total != check.checked:
        yield f"{total - check.checked} record versions have no event"
