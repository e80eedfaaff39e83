"""The start of a run: what it covers is fixed once, so that every attempt at it covers the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from mdm.event_log import last_event_number
from mdm.hub import Hub
from mdm.store.decisions import Event
from mdm.store.publishing import PublicationRun, PublicationTarget
from mdm_sync.publishing.batch import Change
from mdm_sync.publishing.outbox import Waiting, seed, waiting
from mdm_sync.publishing.recording import record_held
from mdm_sync.publishing.result import PublicationResult
from mdm_sync.runs.lease import Lease, hold


@dataclass(frozen=True, slots=True)
class Start:
    """What a run has to do.

    Attributes:
        up_to: number and id of the newest event it covers.
        probing: the target failed last time.
        message: why nothing must be delivered now; empty if nothing is in the way.
    """

    waiting: Waiting
    up_to: tuple[int, str]
    probing: bool
    message: str


def begin(hub: Hub, lease: Lease) -> Start:
    """Fix what the run covers, once for all its attempts, and read what is to be delivered."""
    with hub.database.write(alone=False) as session:
        now = hub.clock()
        hold(session, lease, now)
        state = session.get_one(PublicationTarget, lease.target)
        if lease.kind == "manual" and state.disabled_at is not None:
            state.disabled_at, state.disabled_reason = None, ""
            state.failures, state.failing_since, state.paused_until = 0, None, None
        up_to = _cover(hub, session, lease, state)
        by_hand = lease.kind == "manual"
        found = waiting(
            hub,
            session,
            lease.target,
            up_to,
            now=None if by_hand else now,
            only_retries=lease.kind == "retry",
        )
        message = why_not(state, now, by_hand=by_hand)
        if not message:
            record_held(session, lease, found.held, now)
        event_id = session.scalar(select(col(Event.id)).where(col(Event.number) == up_to)) or ""
        return Start(found, (up_to, event_id), state.failures > 0, message)


def _cover(hub: Hub, session: Session, lease: Lease, state: PublicationTarget) -> int:
    row = session.get_one(PublicationRun, lease.run_id)
    if row.up_to_event is None:
        row.up_to_event = last_event_number(session)
        full = hub.settings.targets[lease.target].mode == "full" and lease.kind != "retry"
        seed(hub, session, state, row.up_to_event, everything=full)
        session.flush()
    return row.up_to_event


def preview(hub: Hub, target: str) -> PublicationResult:
    """What a run would deliver: it is set up as a run is, and rolled back."""
    with hub.database.write() as session:
        up_to = last_event_number(session)
        state = session.get(PublicationTarget, target) or PublicationTarget(name=target)
        seed(hub, session, state, up_to, everything=hub.settings.targets[target].mode == "full")
        found = waiting(hub, session, target, up_to, now=None)
        session.rollback()
    older = sum(change.rows - 1 for change in found.ready)
    return PublicationResult(
        target, None, dry_run=True, delivered=len(found.ready), held=len(found.held), superseded=older,
        later=found.later, by_type=count_by_type(found.ready),
    )  # fmt: skip


def why_not(state: PublicationTarget, now: datetime, *, by_hand: bool) -> str:
    """Why nothing should be delivered now; empty if the target is well."""
    if state.disabled_at is not None:
        return (
            f"{state.name} is switched off since {state.disabled_at:%Y-%m-%d %H:%M} UTC "
            f"({state.disabled_reason}); mdm publish {state.name} tries it again."
        )
    if not by_hand and state.paused_until is not None and state.paused_until > now:
        return (
            f"{state.name} is left alone until {state.paused_until:%Y-%m-%d %H:%M:%S} UTC "
            f"after {state.failures} failures in a row."
        )
    return ""


def why_closed(hub: Hub, target: str) -> str:
    """Why a run should make no further delivery; empty if the target is well."""
    with hub.read() as session:
        return why_not(session.get_one(PublicationTarget, target), hub.clock(), by_hand=False)


def count_by_type(changes: Sequence[Change]) -> dict[str, int]:
    """Golden records by entity type."""
    found: dict[str, int] = {}
    for change in changes:
        found[change.entity_type] = found.get(change.entity_type, 0) + 1
    return dict(sorted(found.items()))
