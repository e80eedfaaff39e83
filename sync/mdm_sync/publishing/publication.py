"""One publication: fix what the run covers, deliver outside every transaction, record what came of it."""

from __future__ import annotations

import os
import socket
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager

from mdm.access import Principal, Role
from mdm.errors import LeaseLostError, MdmError, StoreBusyError
from mdm.failpoints import reach
from mdm.hub import Hub
from mdm_sync.publishing.batch import Batch, Change, Message, Outcome, Target
from mdm_sync.publishing.envelope import load_messages
from mdm_sync.publishing.recording import record
from mdm_sync.publishing.result import PublicationResult
from mdm_sync.publishing.starting import Start, begin, count_by_type, preview, why_closed
from mdm_sync.runs.lease import Lease, beating, hold
from mdm_sync.runs.manual import claim_by_hand
from mdm_sync.runs.queue import finish, release
from mdm_sync.targets.opening import open_target

BUSY_TRIES = 6
"""How often a receipt is written while another process holds the write lock; each try waits 5 seconds."""
Progress = Callable[[int, int], None]
"""Called with the deliveries done and the deliveries to do."""


class StoppedError(MdmError):
    """The process is shutting down; the run goes back to the queue."""


def worker_name() -> str:
    """A name that no other worker has: host, process and a random part."""
    return f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"


def publish(
    hub: Hub,
    target: str,
    *,
    run: Lease | None = None,
    dry_run: bool = False,
    progress: Progress | None = None,
    dev: bool = False,
    stopping: Callable[[], bool] = lambda: False,
) -> PublicationResult:
    """Deliver to a target every golden record that has changed since its last delivery, newest version only.

    Args:
        run: the claimed run to do; without one a run is made by hand, which takes failed deliveries along
            before their time and tries a target again that was switched off.
        dry_run: count what would be delivered, and write nothing.
        dev: let webhooks reach this machine.
        stopping: asked between deliveries; once true the run goes back to the queue.

    Raises:
        SettingsError: the target is unknown, or its settings cannot be used.
        TargetBusyError: another process is publishing to it.
        AddressRefusedError: a webhook's address must not be reached.
        UnwritableTargetError: a file target's folder cannot be written.
        LeaseLostError: another worker has taken the run over.
        StoppedError: `stopping` became true.
    """
    if run is not None:
        return _do(hub, run, progress or _quiet, stopping, dev=dev)
    open_target(hub, target, dev=dev)
    if dry_run:
        return preview(hub, target)
    result = PublicationResult(target, None)
    with closing(claim_by_hand(hub, target, worker_name())) as leases:
        for lease in leases:
            result = _do(hub, lease, progress or _quiet, stopping, dev=dev)
    return result


def _quiet(_done: int, _total: int) -> None:
    return None


def _do(
    hub: Hub, lease: Lease, progress: Progress, stopping: Callable[[], bool], *, dev: bool
) -> PublicationResult:
    with _ended(hub, lease), beating(hub, lease):
        output = open_target(hub, lease.target, dev=dev)
        result = _deliver(hub, lease, output, progress, stopping)
        finish(hub, lease, state="done", counts=_numbers(result), message=result.message)
        return result


@contextmanager
def _ended(hub: Hub, lease: Lease) -> Iterator[None]:
    """Leave no run behind as running: an error ends it, an interruption gives it back."""
    try:
        yield
    except LeaseLostError:
        raise
    except (StoppedError, StoreBusyError):
        release(hub, lease)
        raise
    except MdmError as exc:
        finish(hub, lease, state="failed", counts={}, message=str(exc))
        raise
    except BaseException:
        release(hub, lease)
        raise


def _deliver(
    hub: Hub, lease: Lease, output: Target, progress: Progress, stopping: Callable[[], bool]
) -> PublicationResult:
    reach("publish.after_claim")
    start = begin(hub, lease)
    if start.message:
        return PublicationResult(
            lease.target, lease.run_id, later=len(start.waiting.ready), message=start.message
        )
    batch = _batch(hub, lease, start, stopping)
    counts = {"delivered": 0, "failed": 0, "dead": 0, "superseded": 0}
    total = len(batch.changes)
    message = ""
    # Closing ends what the target holds open, also when recording fails.
    with closing(output.deliver(batch)) as waves:
        for outcomes in waves:
            reach("publish.after_send_before_record")
            for name, number in _recorded(hub, lease, outcomes).items():
                counts[name] += number
            progress(_done(counts), total)
            message = why_closed(hub, lease.target)
            if message:
                break
    left = total - _done(counts)
    by_type = count_by_type(batch.changes)
    held = len(start.waiting.held)
    return PublicationResult(
        lease.target, lease.run_id,
        delivered=counts["delivered"], failed=counts["failed"], dead=counts["dead"], held=held,
        superseded=counts["superseded"], later=start.waiting.later + left, by_type=by_type, message=message,
    )  # fmt: skip


def _recorded(hub: Hub, lease: Lease, outcomes: Sequence[Outcome]) -> dict[str, int]:
    """Record outcomes, and wait for a long load to end: what was delivered must not be delivered again."""
    for _ in range(BUSY_TRIES - 1):
        try:
            return record(hub, lease, outcomes)
        except StoreBusyError:
            continue
    return record(hub, lease, outcomes)


def _batch(hub: Hub, lease: Lease, start: Start, stopping: Callable[[], bool]) -> Batch:
    def messages(changes: Sequence[Change]) -> list[Message]:
        with hub.read(audience(hub, lease.target)) as session:
            return load_messages(hub, session, lease.target, changes)

    def pause_point() -> None:
        if stopping():
            raise StoppedError(f"Publication to {lease.target} is interrupted; the next start completes it.")

    def check() -> None:
        with hub.database.write(alone=False) as session:
            hold(session, lease, hub.clock())

    found = start.waiting
    mode = hub.settings.targets[lease.target].mode
    return Batch(
        lease, mode, found.ready, found.held, start.up_to, start.probing, messages, pause_point, check
    )


def audience(hub: Hub, target: str) -> Principal:
    """The target as a reader: it gets what its settings let it see, and its reads are kept as receipts."""
    sees = frozenset(hub.settings.targets[target].sees)
    return Principal(name=f"target:{target}", roles=frozenset({Role.viewer}), sees=sees, audited=False)


def _done(counts: dict[str, int]) -> int:
    return counts["delivered"] + counts["failed"] + counts["dead"]


def _numbers(result: PublicationResult) -> dict[str, int]:
    names = ("delivered", "failed", "dead", "held", "superseded", "later")
    return {name: getattr(result, name) for name in names}
