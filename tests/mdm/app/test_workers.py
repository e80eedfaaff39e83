from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2
import pytest

from mdm.access import everything
from mdm.app import shelves
from mdm.app.issuer_sign_in import Journeys
from mdm.app.rates import Rates
from mdm.app.sessions import Sessions
from mdm.app.shelves import OwnShelf, SharedShelves, Shelf
from mdm.settings import RateSettings
from mdm.testing import NOON

PATIENCE = 60.0  # seconds


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Callable[[], SharedShelves]]:
    """Opens the same shared shelves once more, as another worker does."""
    made: list[SharedShelves] = []

    def another() -> SharedShelves:
        made.append(SharedShelves(tmp_path / "shelves.db"))
        return made[-1]

    yield another
    for one in made:
        one.close()


@pytest.fixture(params=["own", "shared"])
def shelf(request: pytest.FixtureRequest, opened: Callable[[], SharedShelves]) -> Shelf:
    return OwnShelf() if request.param == "own" else opened()("here")


def test_a_value_is_changed_as_a_whole_and_none_is_no_value(shelf: Shelf) -> None:
    seen = [shelf.change("k", lambda old: [*(old or []), 1]) for _ in range(2)]
    gone = shelf.change("k", lambda _: None)

    assert seen == [[1], [1, 1]]
    assert gone is None
    assert shelf.change("k", lambda old: [old]) == [None]


def test_what_was_touched_longest_ago_is_forgotten_first(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelves, "MOST", 3)
    for key in ("a", "b", "c", "a", "d"):
        shelf.change(key, lambda old: (old or 0) + 1)

    assert [shelf.change(key, lambda old: old) for key in ("a", "b", "c", "d")] == [2, None, 1, 1]


def test_a_change_that_fails_changes_nothing(shelf: Shelf) -> None:
    shelf.change("other", lambda _: 1)
    with pytest.raises(ZeroDivisionError):
        shelf.change("k", lambda _: 1 // 0)

    assert shelf.change("other", lambda old: old) == 1


def test_who_signed_in_at_one_worker_is_known_to_the_other(opened: Callable[[], SharedShelves]) -> None:
    one, other = (Sessions(lambda: NOON, opened()("session")) for _ in range(2))
    key = one.open(everything("Ada"))

    found = other.find(key)
    other.close(key)

    assert found is not None
    assert found.principal == everything("Ada")
    assert one.find(key) is None


def test_workers_count_requests_together(opened: Callable[[], SharedShelves]) -> None:
    settings = RateSettings(per_minute=60, burst=3)
    one, other = (Rates(settings, lambda: 0.0, opened()("rate")) for _ in range(2))

    waits = [rates.wait("ada") for rates in (one, other, one, other)]

    assert waits == [0.0, 0.0, 0.0, 1.0]


def test_a_journey_ends_once_at_whichever_worker(opened: Callable[[], SharedShelves]) -> None:
    one, other = (Journeys(lambda: 0.0, opened()("journey")) for _ in range(2))
    state, journey = one.begin("/console")

    assert other.end(state, journey.browser) == journey
    assert one.end(state, journey.browser) is None


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], str, str]]:
    """`mdm serve --workers 2`: the process, its address, and the administrator's key."""
    (tmp_path / "mdm.toml").write_text(
        'database_url = "sqlite:///hub.db"\n[auth.rates]\nper_minute = 1\nburst = 8\n', encoding="utf-8"
    )
    main = "from mdm.cli import main; main()"
    port = _free_port()
    process = subprocess.Popen(
        [sys.executable, "-c", main, "serve", "--role", "api", "--workers", "2", "--port", str(port)],
        cwd=tmp_path, env={k: v for k, v in os.environ.items() if not k.startswith("MDM_")},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    key = address = ""
    for line in process.stdout:
        key = key or "".join(re.findall(r"mdm_\w{20,}", line))
        if line.startswith("Serving at "):
            address = line.split()[2]
            break
    yield process, address, key
    process.kill()
    process.wait()
    process.stdout.close()


def _free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _children(pid: int) -> list[int]:
    """The worker processes; multiprocessing keeps a process of its own besides."""
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    return [int(child) for child in listed if b"spawn_main" in _command(child)]


def _command(pid: str) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:  # it has ended meanwhile
        return b""


def _until(condition: Callable[[], bool]) -> bool:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if condition():
            return True
        threading.Event().wait(0.1)  # what is waited for happens in other processes
    return False


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").split()[2] != "Z"
    except OSError:
        return False


def _answers(address: str) -> bool:
    try:
        return httpx2.get(f"{address}/healthz", trust_env=False, timeout=5).status_code == 200
    except httpx2.TransportError:
        return False


@pytest.mark.timeout(400)  # three processes start one after another
@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="worker processes are found through /proc")
def test_two_workers_answer_on_one_port_and_end_together(
    served: tuple[subprocess.Popen[str], str, str],
) -> None:
    process, address, key = served
    headers = {"Authorization": f"Bearer {key}"}
    codes = []
    for _ in range(10):  # each over a connection of its own, so that both workers take some
        answer = httpx2.get(f"{address}/api/v1/changes", headers=headers, trust_env=False)
        codes.append(answer.status_code)
    workers = _children(process.pid)
    os.kill(workers[0], signal.SIGKILL)
    replaced = _until(lambda: len(set(_children(process.pid)) - set(workers)) == 1)
    answering = _until(lambda: _answers(address))
    workers = _children(process.pid)
    process.send_signal(signal.SIGTERM)
    code = process.wait(PATIENCE)

    assert codes == [200] * 8 + [429] * 2
    assert replaced
    assert answering
    assert code == 0
    assert not any(_alive(worker) for worker in workers)


@pytest.mark.timeout(400)  # three processes start one after another
@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="worker processes are found through /proc")
def test_workers_end_when_the_process_that_started_them_is_gone(
    served: tuple[subprocess.Popen[str], str, str],
) -> None:
    process, address, _ = served
    workers = _children(process.pid)
    process.kill()
    process.wait()

    assert len(workers) == 2
    assert _until(lambda: not any(_alive(worker) for worker in workers))
    assert not _answers(address)


SLOW_WORKERS = """
import multiprocessing, socket, sys, threading, time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ONCE = Path(sys.argv[1])
STUCK = sys.argv[2].split(",")


@dataclass(frozen=True)
class Work:  # as light as can be, because each process loads it
    place: str
    answers: Any


def work(task, bound):
    if task.place in STUCK and not (ONCE.exists() and sys.argv[3] == "once"):
        ONCE.touch()
        threading.Event().wait()
    task.answers.set()
    threading.Event().wait()


def main():
    import structlog
    from mdm.app import workers

    structlog.configure(processors=[structlog.processors.KeyValueRenderer(["next"])])
    workers.SLOW, workers.HOPELESS = 4.0, 15.0
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        tasks = [Work(place, multiprocessing.get_context("spawn").Event()) for place in ("0", "1")]
        running = workers.Workers(work, bound, tasks)

        def stop():
            until = time.monotonic() + 60
            while not all(task.answers.is_set() for task in tasks) and time.monotonic() < until:
                time.sleep(0.1)
            print("answering", [task.answers.is_set() for task in tasks], flush=True)
            running._stopping.set()

        def ready():
            print("ready", flush=True)
            threading.Thread(target=stop).start()

        try:
            running.run(ready)
        except workers.WorkersError as error:
            print("refused:", error, flush=True)


if __name__ == "__main__":
    main()
"""


def slow_workers(folder: Path, stuck: str, often: str) -> str:
    """What is said where some workers are stuck at their start, once or always."""
    script = folder / "slow_workers.py"
    script.write_text(SLOW_WORKERS, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(script), str(folder / "once"), stuck, often],
        capture_output=True, text=True, check=False, timeout=180,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.timeout(200)  # processes start one after another
def test_a_worker_that_is_stuck_at_its_start_is_told_of_and_started_anew_while_the_other_serves(
    tmp_path: Path,
) -> None:
    said = slow_workers(tmp_path, "1", "once")

    steps = re.findall("next='([a-z]+)'", said)
    assert (steps[0], steps[-1]) == ("tell", "again")
    assert said.index("ready") < said.index("'again'") < said.index("answering [True, True]")


@pytest.mark.timeout(200)  # processes start one after another
def test_where_no_worker_ever_answers_the_server_says_so_and_ends(tmp_path: Path) -> None:
    said = slow_workers(tmp_path, "0,1", "always")

    assert "ready" not in said
    assert "refused: No worker answered within 15 seconds, nor the second time." in said
