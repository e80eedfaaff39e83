"""Writes what came of deliveries: the receipts, the outbox and the target's health, in one transaction."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session

from mdm.failpoints import reach
from mdm.hub import Hub
from mdm.store.publishing import PublicationTarget, Receipt
from mdm.unit_of_work import UnitOfWork
from mdm_sync.publishing.batch import Answer, Change, Outcome
from mdm_sync.publishing.health import note_outcomes
from mdm_sync.publishing.outbox import hold_back, settle, try_again
from mdm_sync.publishing.retry import JITTER, next_delay
from mdm_sync.runs.lease import Lease, hold

Jitter = Callable[[], float]


def any_jitter() -> float:
    """A factor between 0.9 and 1.1."""
    return random.uniform(1 - JITTER, 1 + JITTER)


def record(
    hub: Hub, lease: Lease, outcomes: Sequence[Outcome], *, jitter: Jitter = any_jitter
) -> dict[str, int]:
    """Write outcomes under the run's fence; how many were `delivered`, `failed`, `dead` and `superseded`.

    Raises:
        LeaseLostError: another worker has the run; nothing was written.
    """
    with hub.database.write(alone=False) as session:
        now = hub.clock()
        hold(session, lease, now)
        most = hub.settings.targets[lease.target].max_attempts
        receipts = [_receipt_of(session, lease, outcome, most, now, jitter) for outcome in outcomes]
        for ending, state in (("delivered", "sent"), ("dead", "dead")):
            ended = [o.change for r, o in zip(receipts, outcomes, strict=True) if r["outcome"] == ending]
            settle(session, lease.target, ended, state, now)
        _write_receipts(session, receipts)
        reach("publish.after_receipts")
        reason = note_outcomes(session.get_one(PublicationTarget, lease.target), outcomes, now)
    if reason:
        # Switching a target off is an event, and events need the log's lock.
        with hub.write("publication") as uow:
            hold(uow.session, lease, uow.now)
            _switch_off(uow, lease.target, reason)
    return _counted(receipts, outcomes)


def record_held(session: Session, lease: Lease, changes: Sequence[Change], now: datetime) -> None:
    """Write that changes wait for a steward; once for each."""
    fresh = [change for change in changes if not change.held_before]
    hold_back(session, lease.target, fresh)
    details = {"reason": "a task on it is open"}
    _write_receipts(
        session, [_receipt(lease, change, "held", now, change.attempts, details) for change in fresh]
    )


def _switch_off(uow: UnitOfWork, target: str, reason: str) -> None:
    """Stop publishing to a target until a person publishes to it again."""
    state = uow.session.get_one(PublicationTarget, target)
    state.disabled_at, state.disabled_reason = uow.now, reason
    uow.emit("target.disabled", "", target, {"reason": reason})


def _counted(receipts: list[dict[str, Any]], outcomes: Sequence[Outcome]) -> dict[str, int]:
    counts = {"delivered": 0, "failed": 0, "dead": 0, "superseded": 0}
    for receipt, outcome in zip(receipts, outcomes, strict=True):
        counts[receipt["outcome"]] += 1
        if receipt["outcome"] != "failed":
            counts["superseded"] += outcome.change.rows - 1
    return counts


def _receipt_of(
    session: Session, lease: Lease, outcome: Outcome, most: int, now: datetime, jitter: Jitter
) -> dict[str, Any]:
    change, details = outcome.change, dict(outcome.details)
    attempts = change.attempts + 1
    answer = outcome.answer
    if answer is Answer.again and attempts >= most:
        answer = Answer.dead
        details["reason"] = f"given up after {attempts} attempts; {details.get('reason', 'it failed')}"
    match answer:
        case Answer.delivered:
            return _receipt(lease, change, "delivered", now, attempts, details)
        case Answer.dead:
            return _receipt(lease, change, "dead", now, attempts, details)
        case Answer.gone:
            return _receipt(lease, change, "failed", now, attempts, details)
        case Answer.again:
            next_at = now + next_delay(attempts, asked=outcome.wait, factor=jitter())
            try_again(session, lease.target, change, attempts, next_at)
            details["next_at"] = next_at.isoformat(timespec="seconds")
            return _receipt(lease, change, "failed", now, attempts, details)


def _receipt(
    lease: Lease, change: Change, outcome: str, now: datetime, attempt: int, details: dict[str, Any]
) -> dict[str, Any]:
    return {
        "target": lease.target, "run_id": lease.run_id, "entity_type": change.entity_type,
        "golden_id": change.golden_id, "version": change.version, "event_id": change.event_id,
        "attempt": attempt, "outcome": outcome, "at": now, "details": details,
    }  # fmt: skip


def _write_receipts(session: Session, receipts: list[dict[str, Any]]) -> None:
    if receipts:
        session.execute(insert(Receipt), receipts)
