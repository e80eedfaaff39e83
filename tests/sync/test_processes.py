"""Real processes on one database: none publishes what another has, and a killed one loses nothing."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from publishing_hub import SECRET, all_rows, change_golden, file_target, opened, settings_of, webhook_target
from sqlalchemy import update
from standardwebhooks import Webhook

from mdm.hub import Hub
from mdm.store.publishing import OutboxRow, PublicationRun, Receipt
from mdm_sync import publish

PROCESS = Path(__file__).with_name("publishing_process.py")
PATIENCE = 60.0  # seconds


def settings_file(folder: Path, url: str, targets: dict[str, Any], *, schedules: bool = True) -> Path:
    """Settings for a process, each target published every second."""
    every_second = {f"{name}-now": {"target": name, "every_seconds": 1} for name in targets}
    document = {
        "database_url": url, "targets": targets, "schedules": every_second if schedules else {},
        "network": {"allow": ["127.0.0.0/8"]}, "synchronous": "NORMAL",
    }  # fmt: skip
    path = folder / "settings.json"
    path.write_text(json.dumps(document))
    return path


@contextmanager
def started(path: Path, fail_point: str = "") -> Iterator[subprocess.Popen[str]]:
    """A publishing process, ended at the end."""
    environment = os.environ | {"FAIL_POINT": fail_point}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen([sys.executable, PROCESS, path], env=environment, text=True, **pipes) as process:
        try:
            yield process
            if process.poll() is None:
                _output, errors = process.communicate(timeout=PATIENCE)  # closes its standard input
                assert (process.returncode, errors) == (0, "")
        except AssertionError as exc:
            process.kill()
            exc.add_note(f"The process said: {process.stderr.read()}")
            raise
        finally:
            process.kill()


def until(condition: Callable[[], bool], what: str) -> None:
    """Wait for a condition, for a minute at most."""
    deadline = time.monotonic() + PATIENCE
    pause = 0.02
    while not condition():
        assert time.monotonic() < deadline, f"waited {PATIENCE:g} s in vain until {what}"
        time.sleep(pause)


def settled(hub: Hub) -> bool:
    return all(row.state in ("sent", "superseded") for row in all_rows(hub, OutboxRow))


def verified(receiver) -> list[dict[str, Any]]:
    """The messages received, each signature checked, after a receiver's deduplication by id."""
    by_id: dict[str, dict[str, Any]] = {}
    for request in receiver.requests:
        content = Webhook(SECRET).verify(request.body, request.headers)
        assert by_id.setdefault(request.headers["webhook-id"], content) == content
    return list(by_id.values())


def published(folder: Path) -> list[dict[str, Any]]:
    """The messages in the files that manifests name."""
    found = []
    for path in sorted(folder.glob("manifest-*.json")):
        for entry in json.loads(path.read_text())["files"]:
            found += [json.loads(line) for line in (folder / entry["name"]).read_text().splitlines()]
    return found


def versions(messages: list[dict[str, Any]]) -> Counter[tuple[str, int]]:
    return Counter((message["subject"], message["data"]["version"]) for message in messages)


def test_two_processes_publish_each_due_time_and_each_version_once(
    database_url: str, tmp_path: Path, receiver
) -> None:
    folder = tmp_path / "out"
    targets = {"lake": file_target(folder), "crm": webhook_target(receiver.url, lanes=2)}
    path = settings_file(tmp_path, database_url, targets)
    with opened(settings_of(database_url, targets)) as hub:
        with started(path) as one, started(path) as other:
            assert [process.stdout.readline() for process in (one, other)] == ["ready\n", "ready\n"]
            for round in range(4):
                for number in range(5):
                    change_golden(hub, f"C{number}", name=f"Acme {round}")
                until(lambda: settled(hub), "every change is delivered")
        runs = all_rows(hub, PublicationRun)
        receipts = all_rows(hub, Receipt)

    assert Counter((run.schedule, run.due_at) for run in runs).most_common(1)[0][1] == 1
    assert {run.attempts for run in runs if run.state == "done"} == {1}
    assert all(run.due_at.microsecond == 0 for run in runs)
    for messages in (verified(receiver), published(folder)):
        assert set(versions(messages).values()) == {1}
        newest = {message["subject"]: message["data"]["version"] for message in messages}
        assert newest == {f"C{number}": 4 for number in range(5)}
    # Not even the wire saw a delivery twice: nobody was killed.
    assert len(receiver.requests) == len(verified(receiver))
    assert set(Counter((r.target, r.event_id) for r in receipts).values()) == {1}
    owners = [run for run in runs if run.counts.get("delivered")]
    assert owners


def test_each_second_has_its_run_while_a_process_is_up(sqlite_url: str, tmp_path: Path) -> None:
    targets = {"lake": file_target(tmp_path / "out")}
    path = settings_file(tmp_path, sqlite_url, targets)
    with opened(settings_of(sqlite_url, targets)) as hub:
        with started(path), started(path):
            until(lambda: len(all_rows(hub, PublicationRun)) >= 5, "five seconds were due")
        due = [run.due_at for run in all_rows(hub, PublicationRun)]

    steps = [later - earlier for earlier, later in pairwise(due)]
    assert set(steps) <= {timedelta(seconds=1), timedelta(seconds=2)}  # a busy machine may be late for one


@pytest.mark.parametrize("fail_point", ["after-claim", "before-record", "before-manifest"])
def test_a_process_killed_in_the_middle_leaves_no_second_effect(
    database_url: str, tmp_path: Path, receiver, fail_point: str
) -> None:
    folder = tmp_path / "out"
    # Each process has one target, so that it dies where the fail point says.
    target = (
        {"lake": file_target(folder)}
        if fail_point == "before-manifest"
        else {"crm": webhook_target(receiver.url, lanes=2)}
    )
    path = settings_file(tmp_path, database_url, target)
    with opened(settings_of(database_url, target)) as hub:
        for number in range(6):
            change_golden(hub, f"C{number}", name="Acme")
        with started(path, fail_point) as killed:
            assert (killed.wait(PATIENCE), killed.stderr.read()) == (-signal.SIGKILL, "")
        wire = len(receiver.requests)
        outlive_the_lease(hub)
        for name in target:
            publish(hub, name)
        runs = all_rows(hub, PublicationRun)
        receipts = all_rows(hub, Receipt)
        rows = all_rows(hub, OutboxRow)

    messages = published(folder) if fail_point == "before-manifest" else verified(receiver)
    assert versions(messages) == {(f"C{number}", 1): 1 for number in range(6)}
    assert wire == (2 if fail_point == "before-record" else 0)
    assert len(receiver.requests) <= 6 + wire
    assert [row.state for row in rows] == ["sent"] * 6
    assert [receipt.outcome for receipt in receipts] == ["delivered"] * 6
    assert [run.attempts for run in runs if run.kind == "scheduled" and run.state == "done"] == [2]


def outlive_the_lease(hub: Hub) -> None:
    """Let the dead process's lease run out, as it would half a minute later."""
    with hub.database.write(alone=False) as session:
        running = update(PublicationRun).where(PublicationRun.state == "running")
        past = hub.clock() - timedelta(seconds=1)
        session.execute(running.values(lease_until=past))


def test_a_process_that_is_asked_to_stop_leaves_no_run_as_running(
    sqlite_url: str, tmp_path: Path, receiver
) -> None:
    targets = {"crm": webhook_target(receiver.url, lanes=1)}
    path = settings_file(tmp_path, sqlite_url, targets)
    with opened(settings_of(sqlite_url, targets)) as hub:
        for number in range(200):
            change_golden(hub, f"C{number}", name="Acme")
        with started(path):
            until(lambda: len(receiver.requests) > 3, "deliveries have begun")
        states = {run.state for run in all_rows(hub, PublicationRun)}
        publish(hub, "crm")

        assert "running" not in states
        assert settled(hub)
        assert len(receiver.requests) == len(verified(receiver)) == 200
