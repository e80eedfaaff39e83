"""The queue of publication runs: a due time is one row however many processes tick; one worker does it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel, col

from mdm.errors import LeaseLostError, StoreError
from mdm.hub import Hub
from mdm.store.publishing import OutboxRow, PublicationRun, PublicationTarget
from mdm_sync.runs.lease import LEASE, Lease, update_lease

MOST_ATTEMPTS = 5
"""How many workers may be lost over one run before it is given up."""


def insert_missing(session: Session, table: type[SQLModel], **values: object) -> bool:
    """Add a row unless its key is there already; whether it was added."""
    postgres = session.get_bind().dialect.name == "postgresql"
    statement = (postgresql.insert(table) if postgres else sqlite.insert(table)).values(values)
    found = session.execute(statement.on_conflict_do_nothing().returning(*table.__table__.primary_key))  # type: ignore[attr-defined]  # SQLModel sets it
    return found.first() is not None


def enqueue(
    session: Session, target: str, schedule: str, due_at: datetime, *, kind: str = "scheduled"
) -> bool:
    """Queue a run for a due time; False if some process has done so before."""
    insert_missing(session, PublicationTarget, name=target, seeded_types=[], failures=0, disabled_reason="")
    return insert_missing(
        session, PublicationRun, schedule=schedule, target=target, due_at=due_at, kind=kind, state="queued",
        lease_owner="", fence=0, attempts=0, counts={}, message="",
    )  # fmt: skip


def enqueue_retries(hub: Hub) -> int:
    """Queue one run for each target that has failed deliveries to try again now; how many were queued."""
    now = hub.clock()
    # The newest next_at: a run of that due time takes along whatever was due before it.
    waiting = (
        select(
            col(OutboxRow.target),
            func.max(col(OutboxRow.next_at)),
            func.max(col(PublicationTarget.paused_until)),
        )
        .join(PublicationTarget, col(PublicationTarget.name) == col(OutboxRow.target))
        .where(
            col(OutboxRow.state) == "waiting", col(OutboxRow.attempts) > 0, col(OutboxRow.next_at) <= now,
            col(PublicationTarget.disabled_at).is_(None),
            or_(col(PublicationTarget.paused_until).is_(None), col(PublicationTarget.paused_until) <= now),
            col(OutboxRow.target).in_(list(hub.settings.targets)),
        )
        .group_by(col(OutboxRow.target))
    )  # fmt: skip
    with hub.read() as session:
        due = [
            (target, max(next_at, paused or next_at)) for target, next_at, paused in session.execute(waiting)
        ]
    if not due:
        return 0
    with hub.database.write(alone=False) as session:
        return sum(enqueue(session, target, f"retry:{target}", at, kind="retry") for target, at in due)


def claim(hub: Hub, owner: str, *, run_id: int | None = None, target: str | None = None) -> Lease | None:
    """Take the oldest run that may be done now; None if there is none.

    A target is published by one worker at a time, so that its deliveries keep their order.

    Args:
        owner: who takes it; unique per worker.
        run_id: only this run, or one of the same target that a lost worker left behind.
        target: the target of `run_id`.
    """
    now = hub.clock()
    names = [target] if target is not None else list(hub.settings.targets)
    wanted = and_(col(PublicationRun.state) == "queued", _claimable(run_id, now))
    with hub.read() as session:
        if not _anything(session, names, wanted, now):
            return None
    with hub.database.write(alone=False) as session:
        requeue_expired(session, now)
        for name in _queued_targets(session, names, wanted):
            run = _lock(session, name, wanted)
            if run is not None:
                return _lease(run, owner, now)
    return None


def requeue_expired(session: Session, now: datetime) -> None:
    """Give the runs of lost workers back to the queue; one that was lost five times has failed."""
    run = PublicationRun
    expired = and_(col(run.state) == "running", col(run.lease_until) < now)
    given_up = {
        "state": "failed", "finished_at": now, "lease_owner": "", "lease_until": None,
        "message": f"{MOST_ATTEMPTS} workers were lost while doing it.",
    }  # fmt: skip
    again = {"state": "queued", "lease_owner": "", "lease_until": None}
    options = {"synchronize_session": False}
    lost = update(run).where(expired, col(run.attempts) >= MOST_ATTEMPTS).values(given_up)
    session.execute(lost.execution_options(**options))
    session.execute(update(run).where(expired).values(again).execution_options(**options))


def finish(hub: Hub, lease: Lease, *, state: str, counts: dict[str, int], message: str) -> None:
    """Write how a run ended.

    Raises:
        LeaseLostError: another worker has the run.
    """
    now = hub.clock()
    end: dict[str, object] = {
        "state": state, "counts": counts, "message": message, "finished_at": now,
        "lease_owner": "", "lease_until": None,
    }  # fmt: skip
    with hub.database.write(alone=False) as session:
        update_lease(session, lease, end)


def release(hub: Hub, lease: Lease) -> None:
    """Give an unfinished run back to the queue, as at shutdown; no harm if it is ours no longer."""
    try:
        with hub.database.write(alone=False) as session:
            update_lease(session, lease, {"state": "queued", "lease_owner": "", "lease_until": None})
    except (LeaseLostError, StoreError):
        return  # then the lease runs out by itself


def _claimable(run_id: int | None, now: datetime) -> ColumnElement[bool]:
    left_behind = col(PublicationRun.attempts) > 0
    if run_id is not None:
        return or_(left_behind, col(PublicationRun.id) == run_id)
    # Who makes a run by hand does it; only if that process is gone does a worker.
    forgotten = col(PublicationRun.due_at) < now - 4 * LEASE
    return or_(left_behind, col(PublicationRun.kind) != "manual", forgotten)


def _anything(session: Session, names: Collection[str], wanted: ColumnElement[bool], now: datetime) -> bool:
    run = PublicationRun
    lost = and_(col(run.state) == "running", col(run.lease_until) < now)
    query = select(col(run.id)).where(col(run.target).in_(names), or_(wanted, lost)).limit(1)
    return session.execute(query).first() is not None


def _queued_targets(session: Session, names: Collection[str], wanted: ColumnElement[bool]) -> list[str]:
    run = PublicationRun
    query = (
        select(col(run.target)).where(col(run.target).in_(names), wanted)
        .group_by(col(run.target)).order_by(func.min(run.due_at), col(run.target))
    )  # fmt: skip
    return list(session.scalars(query))


def _lock(session: Session, target: str, wanted: ColumnElement[bool]) -> PublicationRun | None:
    """The target's next run, with the target's row locked; None if another worker has the target."""
    row = select(col(PublicationTarget.name)).where(col(PublicationTarget.name) == target)
    if session.execute(row.with_for_update(skip_locked=True)).first() is None:
        return None
    # A statement of its own, so that PostgreSQL sees what the last holder of that lock has committed.
    run = PublicationRun
    busy = select(col(run.id)).where(col(run.target) == target, col(run.state) == "running").limit(1)
    if session.execute(busy).first() is not None:
        return None
    query = select(run).where(col(run.target) == target, wanted)
    recovered_first = (col(run.attempts) > 0).desc()
    ordered = query.order_by(recovered_first, col(run.due_at), col(run.id)).limit(1)
    return session.scalars(ordered.with_for_update(skip_locked=True)).first()


def _lease(run: PublicationRun, owner: str, now: datetime) -> Lease:
    if run.id is None:
        raise LeaseLostError(0)
    run.state, run.lease_owner, run.lease_until = "running", owner, now + LEASE
    run.fence += 1
    run.attempts += 1
    run.started_at = run.started_at or now
    return Lease(run.id, run.target, run.schedule, run.kind, run.due_at, owner, run.fence, run.attempts)
