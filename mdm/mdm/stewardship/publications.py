"""How publication stands: targets, runs, what failed, and the receipts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlmodel import Session, col

from mdm.access.view import view_of
from mdm.settings import ScheduleSettings
from mdm.stewardship.labels import GoldenLabel, golden_labels
from mdm.store.publishing import OutboxRow, PublicationRun, PublicationTarget, Receipt

if TYPE_CHECKING:
    from mdm.hub import Hub

SHOWN = 50
"""Runs, dead letters and receipts that the overview holds, the newest first."""


@dataclass(frozen=True, slots=True)
class TargetView:
    """One target: its kind, how many changes are in which state, when it is published, how healthy it is.

    Attributes:
        configured: whether the settings still name it.
        outbox: state (waiting, sent, superseded, held, dead) to number of changes.
        trouble: what is wrong, in words; "" if nothing is.
    """

    name: str
    kind: str
    configured: bool
    outbox: dict[str, int]
    schedules: tuple[str, ...]
    trouble: str


@dataclass(frozen=True, slots=True)
class ReceiptView:
    """One delivery attempt and its outcome."""

    target: str
    golden: GoldenLabel
    version: int
    attempt: int
    outcome: str
    at: datetime
    message: str


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A change that a target does not take."""

    target: str
    golden: GoldenLabel
    version: int
    event_type: str
    event_number: int
    attempts: int
    settled_at: datetime | None


@dataclass(frozen=True, slots=True)
class Publications:
    """The overview of everything that goes out."""

    targets: tuple[TargetView, ...]
    runs: tuple[PublicationRun, ...]
    dead: tuple[DeadLetter, ...]
    receipts: tuple[ReceiptView, ...]


def publications(hub: Hub, session: Session) -> Publications:
    """Targets by name, and the newest runs, dead letters and receipts."""
    view = view_of(session)
    runs = session.scalars(select(PublicationRun).order_by(col(PublicationRun.id).desc()).limit(SHOWN))
    dead = session.scalars(
        select(OutboxRow)
        .where(col(OutboxRow.state) == "dead")
        .where(*view.rows_of_ids(col(OutboxRow.entity_type), col(OutboxRow.golden_id)))
        .order_by(col(OutboxRow.id).desc())
        .limit(SHOWN)
    ).all()
    newest = select(Receipt).where(*view.rows_of_ids(col(Receipt.entity_type), col(Receipt.golden_id)))
    receipts = session.scalars(newest.order_by(col(Receipt.id).desc()).limit(SHOWN)).all()
    named = {row.golden_id for row in dead} | {row.golden_id for row in receipts}
    view.saw(named)
    labels = golden_labels(session, hub.registry, named)
    return Publications(
        targets=_targets(hub, session),
        runs=tuple(runs),
        dead=tuple(_dead(row, labels[row.golden_id]) for row in dead),
        receipts=tuple(_receipt(row, labels[row.golden_id]) for row in receipts),
    )


def _targets(hub: Hub, session: Session) -> tuple[TargetView, ...]:
    counts: dict[str, dict[str, int]] = {name: {} for name in hub.settings.targets}
    query = select(col(OutboxRow.target), col(OutboxRow.state), func.count()).group_by(
        col(OutboxRow.target), col(OutboxRow.state)
    )
    for name, state, number in session.execute(query):
        counts.setdefault(name, {})[state] = number
    health = {row.name: row for row in session.scalars(select(PublicationTarget))}
    return tuple(
        TargetView(
            name=name,
            kind=hub.settings.targets[name].kind if name in hub.settings.targets else "",
            configured=name in hub.settings.targets,
            outbox=outbox,
            schedules=tuple(_schedules(hub, name)),
            trouble=_trouble(health.get(name)),
        )
        for name, outbox in sorted(counts.items())
    )


def _schedules(hub: Hub, target: str) -> Sequence[str]:
    return [
        f"{name}: {_rhythm(schedule)}"
        for name, schedule in sorted(hub.settings.schedules.items())
        if schedule.target == target
    ]


def _rhythm(schedule: ScheduleSettings) -> str:
    times = schedule.cron or f"every {schedule.every_seconds:g} s"
    return f"{times} ({schedule.timezone}){'' if schedule.enabled else ', switched off'}"


def _trouble(health: PublicationTarget | None) -> str:
    if health is None:
        return ""
    if health.disabled_at is not None:
        return f"switched off since {health.disabled_at:%Y-%m-%d %H:%M} UTC: {health.disabled_reason}"
    if health.paused_until is not None:
        return f"paused until {health.paused_until:%H:%M:%S} UTC after {health.failures} failed deliveries"
    return f"{health.failures} failed deliveries since the last success" if health.failures else ""


def _dead(row: OutboxRow, label: GoldenLabel) -> DeadLetter:
    return DeadLetter(
        row.target, label, row.version, row.event_type, row.event_number, row.attempts, row.settled_at
    )


def _receipt(row: Receipt, label: GoldenLabel) -> ReceiptView:
    details = row.details or {}
    said = next((str(details[k]) for k in ("reason", "file", "status") if details.get(k)), "")
    return ReceiptView(row.target, label, row.version, row.attempt, row.outcome, row.at, said)
