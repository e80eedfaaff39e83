"""Our own published values that come back through a source's feed: recognised, and no claim of that source.

A target whose `system` is a source gets golden values and hands them back with the next delivery of that
source. What it repeats is what we told it, so it is no second opinion: the value is kept with the version and
flagged, and the source's own earlier claim stands. A value counts as an echo if the newest version that such
a target took says just that, and the source has said nothing about the attribute since.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from mdm.entities import Kind
from mdm.folding import ECHO
from mdm.golden_ids import golden_ids_of
from mdm.store.chunks import rows_in
from mdm.store.decisions import GoldenVersion
from mdm.store.publishing import Receipt
from mdm.store.records import RecordVersion, SourceRecord
from mdm.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from mdm.ingest import IncomingRecord


@dataclass(frozen=True, slots=True)
class _Told:
    """What a golden record's newest delivered version says, and when a target took it."""

    at: datetime
    cells: Mapping[str, Any]


def with_echoes_flagged(
    uow: UnitOfWork, source: str, entity_type: str, records: Sequence[IncomingRecord]
) -> tuple[Sequence[IncomingRecord], int]:
    """The rows, their echoes flagged, and how many rows hold one; nothing is read if no target echoes."""
    settings = uow.hub.settings.targets
    targets = {name: target for name, target in settings.items() if target.system == source}
    if not targets:
        return records, 0
    claims = _claims(uow.session, source, entity_type, {record.source_key for record in records})
    golden = golden_ids_of(uow.session, [record_id for record_id, _ in claims.values()])
    told = _told(uow.session, targets, set(golden.values()))
    said_at = _said_at(uow.session, [own for _, own in claims.values()])
    seen = {sensitivity for target in targets.values() for sensitivity in target.sees}
    comparable = {
        a.name
        for a in uow.hub.registry[entity_type].attributes
        if a.kind is not Kind.reference and a.sensitivity in seen
    }
    marked, count = [], 0
    for record in records:
        record_id, own = claims.get(record.source_key, (0, {}))
        heard = told.get(golden.get(record_id, ""))
        names = _echoed(record, own, heard, said_at, comparable) if heard else set()
        count += bool(names)
        marked.append(
            replace(record, flags={**record.flags, **dict.fromkeys(names, ECHO)}) if names else record
        )
    return marked, count


def _echoed(
    record: IncomingRecord,
    own: Mapping[str, Mapping[str, Any]],
    told: _Told,
    said_at: Mapping[int, datetime],
    comparable: Collection[str],
) -> set[str]:
    """The attributes of a row that repeat what was told after the source last spoke of them itself."""
    return {
        name
        for name, value in record.values.items()
        if name in comparable
        and value is not None
        and name in told.cells
        and told.cells[name]["value"] == value
        and own.get(name, {}).get("v") != value
        and (name not in own or said_at.get(own[name]["w"], told.at) < told.at)
    }


def _claims(
    session: Session, source: str, entity_type: str, keys: Collection[str]
) -> dict[str, tuple[int, Mapping[str, Mapping[str, Any]]]]:
    query = select(col(SourceRecord.source_key), col(SourceRecord.id), col(SourceRecord.claims)).where(
        col(SourceRecord.source) == source, col(SourceRecord.entity_type) == entity_type
    )
    return {row[0]: (row[1], row[2]) for row in rows_in(session, query, col(SourceRecord.source_key), keys)}


def _told(session: Session, targets: Collection[str], golden_ids: Collection[str]) -> dict[str, _Told]:
    """Golden id to what the newest version that one of the targets took says."""
    newest = (
        select(col(Receipt.golden_id), func.max(col(Receipt.version)), func.max(col(Receipt.at)))
        .where(col(Receipt.target).in_(targets), col(Receipt.outcome) == "delivered")
        .group_by(col(Receipt.golden_id))
    )
    taken = {row[0]: row for row in rows_in(session, newest, col(Receipt.golden_id), golden_ids)}
    query = select(col(GoldenVersion.golden_id), col(GoldenVersion.version), col(GoldenVersion.cells)).where(
        col(GoldenVersion.state) == "active"
    )
    return {
        golden_id: _Told(taken[golden_id][2], cells)
        for golden_id, version, cells in rows_in(session, query, col(GoldenVersion.golden_id), taken)
        if version == taken[golden_id][1]
    }


def _said_at(session: Session, claims: Sequence[Mapping[str, Mapping[str, Any]]]) -> dict[int, datetime]:
    """Version id to when it was received, of the versions that these claims come from."""
    versions = {int(claim["w"]) for own in claims for claim in own.values()}
    query = select(col(RecordVersion.id), col(RecordVersion.received_at))
    return {row[0]: row[1] for row in rows_in(session, query, col(RecordVersion.id), versions)}
