"""What a round does in its own process, from opening the database to the last acknowledgement."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import examining
import ingesting
import stewarding

from mdm.hub import Hub, open_hub
from mdm.settings import Settings


def opened(url: str) -> Hub:
    """The hub on this database, not synced to the disk: `kill -9` takes nothing from the system's cache."""
    return open_hub(Settings(database_url=url, synchronous="NORMAL", **SETTINGS))


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


def examine(*, url: str, folder: str) -> dict[str, Any]:
    """What is wrong after a kill, and how many things were looked at."""
    hub = opened(url)
    found = examining.examine(hub, Path(folder))
    hub.close()
    return found
