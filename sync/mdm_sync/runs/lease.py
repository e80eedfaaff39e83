"""The right to do one run, for 30 seconds at a time; another worker may take it over when it runs out."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import CursorResult, update
from sqlmodel import Session, col

from mdm.errors import LeaseLostError, StoreError
from mdm.hub import Hub
from mdm.store.publishing import PublicationRun

LEASE = timedelta(seconds=30)
HEARTBEAT = 10.0  # seconds

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Lease:
    """One claimed run.

    Attributes:
        kind: scheduled, manual or retry.
        fence: rises with each claim; a write under an older fence is refused.
        attempt: 1 for the first worker that does the run, 2 after it was lost once.
    """

    run_id: int
    target: str
    schedule: str
    kind: str
    due_at: datetime
    owner: str
    fence: int
    attempt: int


def hold(session: Session, lease: Lease, now: datetime) -> None:
    """Prolong the lease in this transaction, and make sure that it still is ours until the transaction ends.

    Raises:
        LeaseLostError: another worker has the run.
    """
    update_lease(session, lease, {"lease_until": now + LEASE})


def update_lease(session: Session, lease: Lease, values: dict[str, object]) -> None:
    """Change the run's row under our fence.

    Raises:
        LeaseLostError: another worker has the run.
    """
    run = PublicationRun
    statement = update(run).where(
        col(run.id) == lease.run_id,
        col(run.state) == "running",
        col(run.fence) == lease.fence,
        col(run.lease_owner) == lease.owner,
    )
    result = session.execute(statement.values(values).execution_options(synchronize_session=False))
    if not isinstance(result, CursorResult) or result.rowcount != 1:
        raise LeaseLostError(lease.run_id)


@contextmanager
def beating(hub: Hub, lease: Lease, *, seconds: float = HEARTBEAT) -> Iterator[None]:
    """Prolong the lease in a thread of its own, on a connection of its own, while the work goes on."""
    done = threading.Event()

    def beat() -> None:
        while not done.wait(seconds):
            try:
                with hub.database.write(alone=False) as session:
                    hold(session, lease, hub.clock())
            except LeaseLostError:
                return  # the work finds out at its next write
            except StoreError as exc:
                log.warning("heartbeat of run %s failed: %s", lease.run_id, exc)

    thread = threading.Thread(target=beat, name=f"mdm-lease-{lease.run_id}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
