"""Runs made by hand, as by `mdm publish`: done at once by who makes them."""

from __future__ import annotations

import time
import uuid
from collections.abc import Generator

from sqlalchemy import delete, select
from sqlmodel import col

from mdm.errors import TargetBusyError
from mdm.hub import Hub
from mdm.store.publishing import PublicationRun
from mdm_sync.runs.lease import LEASE, Lease
from mdm_sync.runs.queue import claim, enqueue

POLL = 0.2  # seconds
# A worker that was killed holds its target until its lease runs out.
PATIENCE = LEASE.total_seconds() + 5


def claim_by_hand(
    hub: Hub, target: str, owner: str, *, patience: float = PATIENCE
) -> Generator[Lease, None, None]:
    """The runs to do: first what a lost worker of this target left behind, and last the new one.

    Args:
        patience: seconds to wait for another process that publishes to the target.

    Raises:
        TargetBusyError: another process is still publishing to the target.
    """
    schedule = f"manual:{uuid.uuid4().hex}"
    with hub.database.write(alone=False) as session:
        enqueue(session, target, schedule, hub.clock(), kind="manual")
        run_id = session.scalars(
            select(col(PublicationRun.id)).where(col(PublicationRun.schedule) == schedule)
        ).one()
    deadline = time.monotonic() + patience
    try:
        while True:
            lease = claim(hub, owner, run_id=run_id, target=target)
            if lease is not None:
                yield lease
                if lease.run_id == run_id:
                    return
            elif time.monotonic() > deadline:
                raise TargetBusyError(target)
            else:
                time.sleep(POLL)
    finally:
        _withdraw(hub, schedule)


def _withdraw(hub: Hub, schedule: str) -> None:
    """Take the run back if nobody has begun it."""
    run = PublicationRun
    never_begun = delete(run).where(col(run.schedule) == schedule, col(run.attempts) == 0)
    with hub.database.write(alone=False) as session:
        session.execute(never_begun.execution_options(synchronize_session=False))
