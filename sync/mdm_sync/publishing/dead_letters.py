"""Deliveries that a target will not take: what they are, and how they get another chance."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import CursorResult, select, update
from sqlmodel import Session, col

from mdm.errors import SettingsError
from mdm.hub import Hub
from mdm.store.publishing import OutboxRow, Receipt


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """One change that a target has refused for good, or that failed too often.

    Attributes:
        attempts: deliveries made.
        status: the last HTTP status, None if there was no answer.
        reason: why it was given up.
        answer: the first 4,096 characters of what the target said.
    """

    target: str
    golden_id: str
    entity_type: str
    version: int
    event_id: str
    died_at: datetime | None
    attempts: int
    status: int | None
    reason: str
    answer: str


def dead_letters(hub: Hub, session: Session, target: str | None = None) -> list[DeadLetter]:
    """The dead letters of one target or of all, the oldest first."""
    row = OutboxRow
    query = select(row).where(col(row.state) == "dead").order_by(col(row.settled_at), col(row.id))
    if target is not None:
        query = query.where(col(row.target) == target)
    return [_letter(dead, _last_receipt(session, dead)) for dead in session.scalars(query)]


def replay_dead(hub: Hub, target: str, golden_ids: Collection[str] | None = None) -> int:
    """Let dead letters wait for the next publication again, under their old ids; how many.

    Args:
        golden_ids: only those; None for all of the target.

    Raises:
        SettingsError: there is no such target.
    """
    if target not in hub.settings.targets:
        raise SettingsError(f"There is no target {target!r} in mdm.toml; name one that is there.")
    row = OutboxRow
    which = update(row).where(col(row.target) == target, col(row.state) == "dead")
    if golden_ids is not None:
        which = which.where(col(row.golden_id).in_(golden_ids))
    values = {"state": "waiting", "attempts": 0, "next_at": None, "settled_at": None}
    with hub.database.write(alone=False) as session:
        result = session.execute(which.values(values).execution_options(synchronize_session=False))
        return result.rowcount if isinstance(result, CursorResult) else 0


def _last_receipt(session: Session, row: OutboxRow) -> Receipt | None:
    receipt = Receipt
    query = select(receipt).where(
        col(receipt.golden_id) == row.golden_id,
        col(receipt.target) == row.target,
        col(receipt.event_id) == row.event_id,
        col(receipt.outcome) == "dead",
    )
    return session.scalars(query.order_by(col(receipt.id).desc()).limit(1)).first()


def _letter(row: OutboxRow, receipt: Receipt | None) -> DeadLetter:
    details = receipt.details if receipt else {}
    return DeadLetter(
        target=row.target, golden_id=row.golden_id, entity_type=row.entity_type, version=row.version,
        event_id=row.event_id, died_at=row.settled_at, attempts=receipt.attempt if receipt else row.attempts,
        status=details.get("status"), reason=details.get("reason", ""), answer=details.get("answer", ""),
    )  # fmt: skip
