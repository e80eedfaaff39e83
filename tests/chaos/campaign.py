"""A long test in units: it stops when its time is up, goes on where it stopped, and keeps its figures."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from databases import Databases

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "docs" / "reliability"


@dataclass(frozen=True)
class Campaign:
    """One long test.

    Attributes:
        name: such as R1, and the name of its results.
        says: what it does, in a sentence of the documentation.
        units: how many units it has; each has a number from 0.
        unit: runs one; gives figures to be added up, and `failures` in words.
        kinds: the databases it runs on.
    """

    name: str
    says: str
    units: int
    unit: Callable[[Databases, int], Mapping[str, Any]]
    kinds: tuple[str, ...] = ("sqlite", "postgresql")


def commit() -> str:
    """The commit that is checked out, with a plus sign if files were changed since."""
    head = _git("rev-parse", "--short=10", "HEAD")
    changed = [line for line in _git("status", "--porcelain").splitlines() if "docs/reliability" not in line]
    return head + ("+" if changed else "")


def _git(*arguments: str) -> str:
    return subprocess.run(
        ["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.strip()


def results_of(campaign: Campaign, kind: str) -> dict[str, Any]:
    """What is known so far."""
    path = RESULTS / f"{campaign.name.lower()}-{kind}.json"
    known: dict[str, Any] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    return known if known.get("units") == campaign.units else _nothing_yet(campaign, kind)


def _nothing_yet(campaign: Campaign, kind: str) -> dict[str, Any]:
    about = {"campaign": campaign.name, "says": campaign.says, "database": kind, "units": campaign.units}
    return {**about, "done": 0, "seconds": 0, "cpu_seconds": 0, "figures": {}, "failures": [], "commits": []}


def go_on(
    campaign: Campaign, kind: str, made: Databases, *, until: float, start_again: bool
) -> dict[str, Any]:
    """Run units until the campaign or the time (of `time.monotonic`) is over; keep the results after each."""
    known = results_of(campaign, kind)
    if start_again:
        known = _nothing_yet(campaign, kind)
    known["commits"] = sorted({*known["commits"], commit()})
    while known["done"] < campaign.units and time.monotonic() < until:
        began, used = time.monotonic(), made.zygote.cpu
        try:
            found = campaign.unit(made, known["done"])
        except (
            RuntimeError
        ) as exc:  # the round itself broke: that is a finding, and the next one may tell more
            found = {"failed": 1, "failures": [f"unit {known['done']}: {exc}"]}
        for name, number in found.items():
            if name != "failures":
                known["figures"][name] = known["figures"].get(name, 0) + number
        known["failures"] = [*known["failures"], *found.get("failures", [])][:20]
        known["seconds"] = round(known["seconds"] + time.monotonic() - began, 1)
        known["cpu_seconds"] = round(known.get("cpu_seconds", 0) + made.zygote.cpu - used, 1)
        known["done"] += 1
        _keep(campaign, kind, known)
    return known


def _keep(campaign: Campaign, kind: str, known: Mapping[str, Any]) -> None:
    RESULTS.mkdir(parents=True, exist_ok=True)
    path = RESULTS / f"{campaign.name.lower()}-{kind}.json"
    unfinished = path.with_suffix(".tmp")
    unfinished.write_text(json.dumps(known, indent=2, ensure_ascii=False) + "\n", "utf-8")
    unfinished.replace(path)
