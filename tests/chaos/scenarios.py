"""What a round does in its own process, from opening the database to the last acknowledgement."""

from __future__ import annotations

import traceback
from pathlib import Path
from typing import Any

import contending
import erasures
import examining
import ingesting
import machine
import round_trips
import stewarding
import tampering
import twins
from databases import renew
from sqlalchemy import event, make_url

from mdm.hub import Hub, open_hub
from mdm.settings import Settings
from mdm.store.migration import upgrade
from mdm.strong_ids import fill_strong_ids
from mdm.testing import NOON

SETTINGS: dict[str, Any] = {"targets": {"lake": {"kind": "file", "path": "lake"}}}

_warm: dict[str, Hub] = {}
"""A hub per kind of database with its statements compiled; after a fork it is pointed elsewhere."""


def opened(url: str, folder: str = "") -> Hub:
    """The hub on this database, not synced to the disk: `kill -9` takes nothing from the system's cache."""
    settings = _settings(url, folder)
    warm = _warm.get(make_url(url).get_backend_name())
    if warm is None:
        return open_hub(settings)
    point_at(warm, settings)
    upgrade(warm.database, warm.golden_tables, lambda session: fill_strong_ids(session, warm.registry))
    return warm


def _settings(url: str, folder: str) -> Settings:
    trust: dict[str, Any] = {"checkpoint_events": 10**9}
    if folder:
        trust["folder"] = str(Path(folder) / "trust")
    return Settings(database_url=url, synchronous="NORMAL", trust=trust, **SETTINGS)


def _stopped(url: str, folder: str) -> Hub:
    """The hub on this database, with a clock that stands."""
    hub = opened(url, folder)
    hub.clock = lambda: NOON
    return hub


def point_at(hub: Hub, settings: Settings) -> None:
    """Let a hub work on another database of the same kind; what it has compiled stays."""
    hub.close()
    hub.settings = settings
    hub.database.url = make_url(settings.store_url)
    hub.__dict__.pop("checkpoints", None)


def _follow(hub: Hub) -> None:
    """Let the hub's engine connect to where its URL says, not to where it was made."""

    @event.listens_for(hub.database.engine, "do_connect")
    def connect(dialect: Any, _record: object, positional: list[Any], named: dict[str, Any]) -> None:
        there, those = dialect.create_connect_args(hub.database.url)
        positional[:] = there
        named.update(those)


def warm_up(*, url: str, folder: str) -> None:
    """Compile whatever the scenarios need, on a database that is thrown away."""
    for part in ("once", "twice"):
        take_in(url=url, folder=folder, batches=4)
        steward(url=url, folder=folder, seed=len(part))
        examine(url=url, folder=folder)
        if not _warm:
            hub = opened(url)
            _follow(hub)
            _warm[hub.database.url.get_backend_name()] = hub
    for hub in _warm.values():
        hub.close()


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


def bring(*, url: str, folder: str, writer: int, first: int, last: int) -> dict[str, int]:
    """Bring firms as one of several writers."""
    hub = opened(url)
    done = twins.bring(hub, writer, range(first, last))
    hub.close()
    return done


def judge(*, url: str, folder: str, writers: int, first: int, last: int) -> dict[str, Any]:
    """What the writers left."""
    hub = opened(url)
    found = twins.judge(hub, writers, range(first, last))
    hub.close()
    return found


def tamper(*, url: str, folder: str, seed: int, tampers: int) -> dict[str, Any]:
    """Attack the event log."""
    hub = opened(url, folder)
    found = tampering.attack(hub, seed, tampers)
    hub.close()
    return found


def erase(*, url: str, folder: str, seed: int, people: int) -> dict[str, Any]:
    """Erase people who came in through every path."""
    hub = opened(url, folder)
    found = erasures.run(hub, seed, people)
    hub.close()
    return found


def contend(*, url: str, again: str, folder: str, seed: int, operations: int) -> dict[str, Any]:
    """Several stewards at once on one hub, then the same one after the other on another."""
    hub, other = _stopped(url, folder), open_hub(_settings(again, f"{folder}/again"), clock=lambda: NOON)
    found = contending.at_once(hub, other, seed, operations)
    hub.close()
    other.close()
    return found


def travel(*, url: str, folder: str, seed: int, trips: int, firms: int) -> dict[str, Any]:
    """Merges that are taken back."""
    hub = _stopped(url, folder)
    found = round_trips.many_trips(hub, seed, trips, firms)
    hub.close()
    return found


def drive(*, url: str, folder: str, template: str, seed: int, runs: int, steps: int) -> dict[str, Any]:
    """Drive hubs at random beside a model; the steps that led to a failure, if there is one."""

    def empty_hub() -> Hub:
        hub = _stopped(url, folder)
        hub.close()
        renew(url, template)
        return hub

    try:
        machine.run(empty_hub, seed, runs, steps)
    except Exception:  # noqa: BLE001 - whatever it was, the campaign reports it with its seed
        failures = [f"seed {seed}: {traceback.format_exc()[-4000:]}"]
        return {"runs": runs, "steps": runs * steps, "failed": 1, "failures": failures}
    return {"runs": runs, "steps": runs * steps, "failed": 0, "failures": []}


def examine(*, url: str, folder: str) -> dict[str, Any]:
    """What is wrong after a kill, and how many things were looked at."""
    hub = opened(url)
    found = examining.examine(hub, Path(folder))
    hub.close()
    return found
