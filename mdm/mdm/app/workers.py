"""Several processes that answer on one port: started, replaced when one dies, ended together.

What has to be one for all of them is: who is signed in and how often somebody asked lie on shared shelves,
figures for Prometheus in files of a common folder, and everything else in the database, as the answers kept
for an Idempotency-Key. The first worker alone runs the scheduler.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import wait
from multiprocessing.context import SpawnProcess
from multiprocessing.synchronize import Event
from pathlib import Path

import structlog

from mdm.app.application import Role
from mdm.app.metrics import FIGURES_FOLDER
from mdm.app.patience import Start, Step
from mdm.errors import MdmError

SLOW = 120.0  # seconds between two words about a worker that does not answer yet
HOPELESS = 600.0  # seconds after which it is started anew
LOOK = 0.5  # seconds between two looks at whether to stop
PAUSE = 1.0  # seconds before a worker that died is replaced

logger = structlog.get_logger("mdm.app")
spawn = multiprocessing.get_context("spawn")


class WorkersError(MdmError):
    """A worker did not come up."""


@dataclass(frozen=True)
class Work:
    """What one worker is told; it opens the hub itself.

    Attributes:
        config: the deployment's mdm.toml; None as `load_settings` takes it.
        shared: the folder that the workers share.
        answers: set while it answers.
    """

    config: Path | None
    dev: bool
    role: Role
    shared: Path
    answers: Event

    @property
    def shelves(self) -> Path:
        """The file of the shared shelves."""
        return self.shared / "shelves.db"


Target = Callable[[Work, socket.socket], None]


@dataclass
class Workers:
    """The workers of one port.

    Attributes:
        target: what a worker runs; importable, because it runs in a new process.
    """

    target: Target
    bound: socket.socket
    tasks: Sequence[Work]
    _running: dict[int, SpawnProcess] = field(default_factory=dict)
    _starts: dict[int, Start] = field(default_factory=dict)
    _stopping: threading.Event = field(default_factory=threading.Event)

    def run(self, ready: Callable[[], None]) -> None:
        """Start them, call `ready` once they answer, and keep them running until told to stop.

        While one is slow to start the others serve: it is told of, waited for, and in the end started anew.

        Raises:
            WorkersError: one of them ended before it answered, or none answered even the second time.
        """
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: self._stopping.set())
        try:
            for place in range(len(self.tasks)):
                self._start(place)
            self._await_answers()
            if not self._stopping.is_set():
                ready()
            while not self._stopping.is_set():
                wait([process.sentinel for process in self._running.values()], timeout=LOOK)
                self._replace_dead()
                self._see_to_slow()
        finally:
            self._end()

    def _start(self, place: int) -> None:
        self.tasks[place].answers.clear()
        process = spawn.Process(target=self.target, args=(self.tasks[place], self.bound))
        process.start()
        self._running[place] = process
        self._starts[place] = Start(time.monotonic())

    def _await_answers(self) -> None:
        """Until all answer, or some do and the others are slow."""
        begun, again = time.monotonic(), 0
        while not self._stopping.wait(LOOK):
            waiting = [place for place in self._running if not self.tasks[place].answers.is_set()]
            some = len(waiting) < len(self._running)
            if not waiting or (some and time.monotonic() - begun >= SLOW):
                return
            if not all(self._running[place].is_alive() for place in waiting):
                raise WorkersError("A worker did not start; the lines above say why.")
            again += self._see_to_slow()
            if again > len(self._running):
                raise WorkersError(f"No worker answered within {HOPELESS:,.0f} seconds, nor the second time.")

    def _see_to_slow(self) -> int:
        """Tell of workers that are slow to start, and start hopeless ones anew; returns how many of these."""
        replaced, now = 0, time.monotonic()
        for place, start in list(self._starts.items()):
            if self.tasks[place].answers.is_set():
                del self._starts[place]
                continue
            step = start.step(now, slow=SLOW, hopeless=HOPELESS)
            if step is Step.wait:
                continue
            logger.warning(
                "worker slow to start", worker=place, seconds=round(now - start.at), next=str(step)
            )
            if step is Step.again:
                replaced += 1
                self._running[place].kill()
                self._running[place].join()
                self._start(place)
        return replaced

    def _replace_dead(self) -> None:
        for place, process in list(self._running.items()):
            if process.is_alive() or self._stopping.is_set():
                continue
            logger.error("worker died", worker=place, exit_code=process.exitcode)
            if not self._stopping.wait(PAUSE):
                self._start(place)

    def _end(self) -> None:
        for process in self._running.values():
            process.terminate()
        for process in self._running.values():
            process.join()


def tasks_for(config: Path | None, *, dev: bool, role: Role, count: int, shared: Path) -> list[Work]:
    """What each of `count` workers is told: the first one has the role, the others serve the API."""
    roles: list[Role] = [role, *(["api"] * (count - 1))]  # type: ignore[list-item]  # mypy widens the text
    return [Work(config, dev, one, shared, spawn.Event()) for one in roles]


def shared_folder() -> tempfile.TemporaryDirectory[str]:
    """A folder that only this user may enter; the workers' figures for Prometheus go below it."""
    folder = tempfile.TemporaryDirectory(prefix="mdm-workers-", ignore_cleanup_errors=True)
    figures = Path(folder.name) / "figures"
    figures.mkdir()
    # The library reads it when it is imported, in the new processes.
    os.environ[FIGURES_FOLDER] = str(figures)
    return folder


def stop_with_parent(stop: Callable[[], None]) -> None:
    """Call `stop` when the process that started this one is gone, however it ended."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch() -> None:
        wait([parent.sentinel])
        stop()

    threading.Thread(target=watch, name="parent", daemon=True).start()
