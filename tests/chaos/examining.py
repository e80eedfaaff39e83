"""What must be true after any kill: nothing acknowledged is lost, nothing is done twice, all checks hold."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import stewarding
from ingesting import Batch, ledger_in
from sqlalchemy import func, select, text
from sqlmodel import Session, col

from mdm.hub import Hub
from mdm.store.derived import GoldenRecord
from mdm.store.publishing import OutboxRow
from mdm.store.records import QuarantinedRow, RecordVersion, SourceRecord
from mdm.verify import verify


def examine(hub: Hub, folder: Path) -> dict[str, Any]:
    """The counts of what was found wrong, each zero in a sound hub, and the failures in words."""
    ledger = ledger_in(folder)
    begun = {line["batch"] for line in ledger.lines("begin")}
    told = {line["batch"] for line in ledger.lines("ack")}
    with hub.read() as session:
        stored = _stored(session)
        promised = {key for number in told for key in _keys(Batch(number))}
        possible = {key for number in begun for key in _keys(Batch(number))}
        failures = _torn(stored, begun) + _duplicates(session, stored)
        failures += stewarding.forgotten(session, folder) + _damage(hub, session)
        checks = verify(hub, session)
    failures += [f"{check.name}: {failure}" for check in checks for failure in check.failures]
    lost = [f"{key} was acknowledged and is lost" for key in sorted(promised - stored.keys())]
    phantom = [f"{key} was never sent" for key in sorted(stored.keys() - possible)]
    return {
        "lost": len(lost),
        "phantoms": len(phantom),
        "failures": lost + phantom + failures,
        "records": len(stored),
        "looked_at": sum(check.checked for check in checks),
    }


def _keys(batch: Batch) -> list[tuple[str, str]]:
    return [(batch.source, f"F-{number}") for number in batch.firms]


def _stored(session: Session) -> dict[tuple[str, str], int]:
    """How many versions each source record has."""
    query = (
        select(col(SourceRecord.source), col(SourceRecord.source_key), func.count(col(RecordVersion.id)))
        .outerjoin(RecordVersion, col(RecordVersion.record_id) == col(SourceRecord.id))
        .where(col(SourceRecord.source) != stewarding.SOURCE)
        .group_by(col(SourceRecord.id))
    )
    return {(source, key): count for source, key, count in session.execute(query)}


def _torn(stored: dict[tuple[str, str], int], begun: set[int]) -> list[str]:
    """Batches of which a part is there."""
    parts = {number: sum(key in stored for key in _keys(Batch(number))) for number in sorted(begun)}
    return [f"batch {n} is there in part" for n, part in parts.items() if 0 < part < len(Batch(n).firms)]


def _duplicates(session: Session, stored: dict[tuple[str, str], int]) -> list[str]:
    """What was done twice: versions, golden records, quarantined rows, outbox rows."""
    found = [f"{key} has {count} versions" for key, count in stored.items() if count != 1]
    firms = {key for _, key in stored}
    golden = session.scalar(
        select(func.count()).select_from(GoldenRecord).where(
            col(GoldenRecord.state) == "active", col(GoldenRecord.entity_type) == "client",
            ~col(GoldenRecord.golden_id).in_(stewarding.golden_ids(session)),
        )
    )  # fmt: skip
    if golden != len(firms):
        found.append(f"{len(firms)} firms have {golden} golden records")
    rejected = Counter(row["name"] for row in session.scalars(select(col(QuarantinedRow.row))))
    found += [f"{name} is in quarantine {count} times" for name, count in rejected.items() if count > 1]
    rows = Counter((r.target, r.golden_id, r.version) for r in session.scalars(select(OutboxRow)))
    return found + [f"{row} is in the outbox {count} times" for row, count in rows.items() if count > 1]


def _damage(hub: Hub, session: Session) -> list[str]:
    if not hub.database.is_sqlite:
        return []
    return [row for row in session.scalars(text("PRAGMA integrity_check")) if row != "ok"]
