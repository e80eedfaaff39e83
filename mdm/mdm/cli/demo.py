"""`mdm demo`: one invented firm, from eight systems' exports to golden records: query, review, publish."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mdm.cli.output import counted, note, progress, say, say_table

if TYPE_CHECKING:
    from mdm.demo.deployment import Deployment
    from mdm.demo.quality import Quality
    from mdm.hub import Hub
    from mdm.loading import Counts

PORTS = 20
"""Ports tried from the wanted one on."""

PATIENCE = 40.0
"""Seconds to wait for the first scheduled publication."""


def demo_command(
    folder: Annotated[
        Path, typer.Option("--folder", help="Where the demo keeps its things; rebuilt on each run.")
    ] = Path("demo"),
    port: Annotated[int, typer.Option("--port", min=1, max=65000, help="Port, or the next free one.")] = 8000,
    seed: Annotated[int, typer.Option("--seed", help="Another seed invents another firm.")] = 7,
) -> None:
    """Invent a consulting firm, load what its eight systems export, publish it once, and serve it."""
    from mdm.app import claim_port, serve
    from mdm.demo.deployment import fresh_deployment, write_settings
    from mdm.demo.receiver import Receiver
    from mdm.hub import open_hub
    from mdm.settings import load_settings

    _forget_environment()
    began = time.monotonic()
    with claim_port("127.0.0.1", port, tries=PORTS) as listener:
        deployment = fresh_deployment(folder)
        receiver = Receiver(deployment.secret, deployment.received)
        write_settings(deployment, receiver.address)
        receiver.start()
        hub = open_hub(load_settings(deployment.config))
        try:
            _invent(deployment, seed)
            _load(hub, deployment)
            _tell_quality(hub, deployment)
            serve(
                hub,
                dev=True,
                listener=listener,
                ready=lambda address: _announce(hub, deployment, address, began),
            )
        finally:
            hub.close()
            receiver.stop()


def _forget_environment() -> None:
    """The demo has its own settings; what the environment says of another deployment must not reach them."""
    for name in [name for name in os.environ if name.startswith("MDM_")]:
        note(f"The demo ignores {name}.")
        del os.environ[name]


def _invent(deployment: Deployment, seed: int) -> None:
    from mdm.demo.generate import generate

    summary = generate(deployment.data, seed=seed)
    things = ", ".join(counted(number, *_noun(name)) for name, number in sorted(summary.things.items()))
    say(f"One invented firm ({things})")
    say(f"scattered over {len(summary.systems)} systems: {', '.join(summary.systems)}.")
    say("")


def _noun(entity_type: str) -> tuple[str, str]:
    from mdm.entities import load_registry

    declared = load_registry()[entity_type]
    return declared.name.replace("_", " "), declared.plural.replace("_", " ")


def _load(hub: Hub, deployment: Deployment) -> None:
    """Load every export through its mapping, in the manifest's order."""
    from mdm.load_plan import LoadRequest
    from mdm.loading import Counts, load_files

    manifest = json.loads((deployment.data / "manifest.json").read_text(encoding="utf-8"))
    loads = manifest["loads"] if isinstance(manifest, Mapping) else manifest
    began, total = time.monotonic(), Counts()
    with progress() as advance:
        for load in loads:
            request = LoadRequest(
                source=load["source"],
                entity_type=load["entity"],
                files=tuple(deployment.data / name for name in load["files"]),
                mapping=load["mapping"],
                author="demo",
            )
            result = load_files(hub, request, advance)
            _add(total, result.counts)
    seconds = time.monotonic() - began
    say(
        f"Loaded {counted(total.rows, 'row')} from {counted(len(loads), 'export')} in {seconds:.0f} s; "
        f"{counted(total.quarantined, 'row')} in quarantine (mdm quarantine list)."
    )
    say("")


def _add(total: Counts, more: Counts) -> None:
    for name, number in asdict(more).items():
        setattr(total, name, getattr(total, name) + number)


def _tell_quality(hub: Hub, deployment: Deployment) -> None:
    """Precision and recall per entity type, against the truth that no matcher saw."""
    from mdm.demo.quality import measure, read_truth

    with hub.read() as session:
        found = measure(
            session, read_truth(deployment.data / "truth.csv"), [t.name for t in hub.registry.in_order]
        )
    header = (
        "entity type",
        "source records",
        "real things",
        "golden records",
        "precision",
        "recall",
        "conflicts",
    )
    say_table(header, [_quality_row(quality) for quality in found])
    say("")
    waiting = sum(quality.tasks for quality in found)
    say(
        f"{counted(waiting, 'conflict waits', 'conflicts wait')} for a steward: "
        "in the console, or mdm steward list."
    )


def _quality_row(quality: Quality) -> tuple[str, ...]:
    # A type of which every record is a thing of its own has no pairs to find or to miss.
    rates = ["no pairs" if rate is None else f"{rate:.3f}" for rate in (quality.precision, quality.recall)]
    numbers = [f"{number:,}" for number in (quality.records, quality.things, quality.golden)]
    return (quality.entity_type, *numbers, *rates, f"{quality.tasks:,}")


def _announce(hub: Hub, deployment: Deployment, address: str, began: float) -> None:
    """Wait for the first scheduled publication beside the server, then say where to look.

    The address is the last line.
    """

    def wait_and_say() -> None:
        say(_published(hub))
        say("")
        say(f"Try a command on it:  mdm --config {_short(deployment.config)} verify")
        say(
            "GraphQL with examples at /graphql, the stewards' console at /console "
            f"({time.monotonic() - began:.0f} s in all; Ctrl-C stops)."
        )
        print(f"Open {address}", flush=True)  # noqa: T201  # the last line, at once

    threading.Thread(target=wait_and_say, name="demo-announcement", daemon=True).start()


def _short(path: Path) -> str:
    return os.path.relpath(path) if path.is_relative_to(Path.cwd()) else str(path)


def _published(hub: Hub) -> str:
    """What the first scheduled run of every target delivered."""
    from sqlalchemy import func, select
    from sqlmodel import col

    from mdm.store.publishing import PublicationRun, Receipt

    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with hub.read() as session:
            done = set(
                session.scalars(select(col(PublicationRun.target)).where(col(PublicationRun.state) == "done"))
            )
            if done >= hub.settings.targets.keys():
                query = (
                    select(col(Receipt.target), func.count())
                    .where(col(Receipt.outcome) == "delivered")
                    .group_by(col(Receipt.target))
                )
                delivered = dict(session.execute(query).all())
                words = [
                    f"{counted(delivered.get(name, 0), 'golden record')} to {name} ({target.kind})"
                    for name, target in hub.settings.targets.items()
                ]
                return f"Published by cron: {', '.join(words)}."
        time.sleep(0.2)
    return f"No scheduled publication within {PATIENCE:.0f} s; see the console's page of publications."
