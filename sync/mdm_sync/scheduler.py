"""The scheduler of one process: the clock that queues runs, and the workers that do them."""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections.abc import Callable, Mapping
from types import FrameType

from mdm.errors import LeaseLostError, MdmError, StoreError
from mdm.hub import Hub
from mdm.settings import ScheduleSettings
from mdm_sync.publishing.publication import StoppedError, publish, worker_name
from mdm_sync.runs.queue import claim
from mdm_sync.schedule.clock import ScheduleClock, timetables_of
from mdm_sync.targets.opening import check_targets

MOST_WORKERS = 4
POLL = 1.0  # seconds; how soon a run that another process queued is seen
STOP_SECONDS = 30.0

log = logging.getLogger(__name__)


class Scheduler:
    """Publishes on schedule until it is stopped. Any number of processes may run one on the same database.

    Args:
        dev: let webhooks reach this machine.
        schedules: gives the schedules as they are now; without it, those of the settings.
    """

    def __init__(
        self,
        hub: Hub,
        *,
        dev: bool = False,
        schedules: Callable[[], Mapping[str, ScheduleSettings]] | None = None,
    ) -> None:
        self._hub = hub
        self._dev = dev
        self._schedules = schedules or (lambda: hub.settings.schedules)
        self._stopping = threading.Event()
        self._wake = threading.Event()
        self._clock = ScheduleClock(hub, self._schedules, self._wake.set)
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Make up for missed due times, then tick and work, in threads.

        Raises:
            SettingsError: a target or a schedule cannot be used.
        """
        check_targets(self._hub, dev=self._dev)
        timetables_of(self._schedules(), self._hub.settings.targets)
        for number in range(min(MOST_WORKERS, len(self._hub.settings.targets))):
            thread = threading.Thread(target=self._work, name=f"mdm-worker-{number}", daemon=True)
            self._threads.append(thread)
            thread.start()
        self._clock.start()

    def stop(self, seconds: float = STOP_SECONDS) -> None:
        """Stop ticking, let deliveries under way end, and give unfinished runs back to the queue."""
        self._stopping.set()
        self._wake.set()
        self._clock.stop()
        deadline = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))

    def _work(self) -> None:
        owner = worker_name()
        while not self._stopping.is_set():
            if not self._do_one(owner):
                self._wake.wait(POLL)
                self._wake.clear()

    def _do_one(self, owner: str) -> bool:
        """Do one run; whether there was one."""
        lease = None
        try:
            lease = claim(self._hub, owner)
            if lease is None:
                return False
            result = publish(
                self._hub, lease.target, run=lease, dev=self._dev, stopping=self._stopping.is_set
            )
        except (LeaseLostError, StoppedError) as exc:
            log.info("%s", exc)
        except StoreError as exc:
            log.warning("the database cannot be used: %s", exc)
            return False
        except MdmError as exc:
            log.warning("publication to %s failed: %s", lease.target if lease else "?", exc)
            return lease is not None
        except Exception:  # the thread's edge: one broken run must not end every later one
            log.exception("publication to %s failed", lease.target if lease else "?")
            return False
        else:
            if result.message:
                log.warning("publication to %s: %s", result.target, result.message)
        return True


def run_scheduler(hub: Hub, *, dev: bool = False) -> None:
    """Publish on schedule until the process gets SIGTERM or SIGINT; to be called in the main thread.

    Raises:
        SettingsError: a target or a schedule cannot be used.
    """
    done = threading.Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        done.set()

    former = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGINT)}
    scheduler = Scheduler(hub, dev=dev)
    try:
        scheduler.start()
        done.wait()
    finally:
        scheduler.stop()
        for number, handler in former.items():
            signal.signal(number, handler)
