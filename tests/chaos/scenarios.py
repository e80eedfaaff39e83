"""What a round does in its own process, from opening the database to the last acknowledgement."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import erasures
import examining
import ingesting
import machine
import stewarding
import tampering
import twins

from mdm.hub import Hub, open_hub
from mdm.settings import Settings


def opened(url: str, folder: str = "") -> Hub:
    """The hub on this database, not synced to the disk: `kill -9` takes nothing from the system's cache."""
    trust = (
        {"folder": str(Path(folder) / "trust"), "checkpoint_events": 10**9}
        if folder
        else {"checkpoint_events": 10**9}
    )
    return open_hub(Settings(database_url=url, synchronous="NORMAL", trust=trust, **SETTINGS))


SETTINGS: dict[str, Any] = {"targets": {"lake": {"kind": "file", "path": "lake"}}}


def warm_up() -> None:
    """Import and compile whatever the scenarios need, on a database that is thrown away."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/warm.db"
        take_in(url=url, folder=folder, batches=3)
        steward(url=url, folder=folder, seed=1)
        examine(url=url, folder=folder)


def prepare(*, url: str, folder: str, firms: int = 0) -> None:
    """Create the schema, and some firms with their twins."""
    hub = opened(url)
    ingesting.take_in(hub, Path(folder), batches=firms)
    hub.close()


def migrate(*, url: str, folder: str) -> None:
    """Open the hub on an empty database."""
    opened(url).close()


def take_in(*, url: str, folder: str, batches: int) -> int:
    """Take in batches, from the first one that was not acknowledged; how many."""
    hub = opened(url)
    done = ingesting.take_in(hub, Path(folder), batches=batches)
    hub.close()
    return done


def steward(*, url: str, folder: str, seed: int) -> int:
    """Do what stewards do, once; how many steps were acknowledged."""
    hub = opened(url)
    done = stewarding.work(hub, Path(folder), seed)
    hub.close()
    return done


def bring(*, url: str, folder: str, writer: int, likeness: str, first: int, last: int) -> dict[str, int]:
    """Bring firms as one of several writers."""
    hub = opened(url)
    done = twins.bring(hub, writer, likeness, range(first, last))
    hub.close()
    return done


def judge(*, url: str, folder: str, writers: int, first: int, last: int) -> dict[str, Any]:
    """What the writers left."""
    hub = opened(url)
    found = twins.judge(hub, writers, range(first, last))
    hub.close()
    return found


def tamper(*, url: str, folder: str, seed: int) -> dict[str, Any]:
    """Attack the event log."""
    hub = opened(url, folder)
    found = tampering.attack(hub, seed)
    hub.close()
    return found


def erase(*, url: str, folder: str, seed: int) -> dict[str, Any]:
    """Erase people who came in through every path."""
    hub = opened(url, folder)
    found = erasures.run(hub, seed)
    hub.close()
    return found


def drive(*, examples: int, steps: int) -> int:
    """Drive hubs at random beside a model."""
    machine.run(examples, steps)
    return examples


def examine(*, url: str, folder: str) -> dict[str, Any]:
    """What is wrong after a kill, and how many things were looked at."""
    hub = opened(url)
    found = examining.examine(hub, Path(folder))
    hub.close()
    return found
