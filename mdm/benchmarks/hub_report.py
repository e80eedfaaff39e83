"""The results of the hub's benchmark as a table and a plot."""

from __future__ import annotations

import json
from collections.abc import Sequence
from math import log10
from pathlib import Path
from typing import Any

from mdm_matching.charts.drawing import BLUE, GREEN, GREY, Axis, Plot, dot, key, line, path, text

BASE = 100_000
"""Records at which growth begins to be judged."""

COLOURS = {"sqlite": BLUE, "postgresql": GREEN}
HEAD = (
    "database", "records", "CPU s", "s", "records / CPU s", "growth", "peak GiB", "database GiB",
    "single p50 ms", "p99 ms", "its CPU p50 ms", "sync p50 ms",
    "verify CPU s", "replay CPU s", "load", "commit",
)  # fmt: skip

Result = dict[str, Any]


def write_report(folder: Path) -> str:
    """Write `hub.md` and `hub.svg` from all results in a folder; returns the tables."""
    ordered, alone = _results(folder, "hub"), _results(folder, "single")
    parts = [table(ordered), steps(ordered), *([singles(alone)] if alone else [])]
    report = "\n\n".join(parts) + "\n"
    (folder / "hub.md").write_text(report, encoding="utf-8")
    (folder / "hub.svg").write_text(plot(ordered) + "\n", encoding="utf-8")
    return report


def _results(folder: Path, kind: str) -> list[Result]:
    """What was measured, by database and size."""
    found = [json.loads(path.read_text(encoding="utf-8")) for path in folder.glob(f"{kind}.*.json")]
    return sorted(found, key=lambda one: (one["database"] != "sqlite", one["rows"]))


def table(results: Sequence[Result]) -> str:
    """A line per database and size; growth is CPU time against linear growth from 100,000 records on."""
    rows = (f"| {' | '.join(_cells(found, growth(found, results)))} |" for found in results)
    return "\n".join((f"| {' | '.join(HEAD)} |", "|---" * len(HEAD) + "|", *rows))


def growth(found: Result, results: Sequence[Result]) -> float | None:
    """How many times more CPU a record takes than at 100,000 records; None for smaller sizes."""
    base = next((r for r in results if r["rows"] == BASE and r["database"] == found["database"]), None)
    if base is None or found["rows"] < BASE:
        return None
    return float(found["bulk"]["cpu"] / found["rows"] / (base["bulk"]["cpu"] / base["rows"]))


def _cells(found: Result, grown: float | None) -> list[str]:
    bulk, single, check = found["bulk"], found.get("single"), found.get("check", {})
    asked = (("hub_ms", "p50"), ("hub_ms", "p99"), ("cpu_ms", "p50"), ("sync_ms", "p50"))
    ones = [str(single[what][share]) if single else "" for what, share in asked]
    return [
        found["database"],
        f"{found['rows']:,}",
        f"{bulk['cpu']:,}",
        f"{bulk['seconds']:,}",
        f"{found['rows'] / bulk['cpu']:,.0f}",
        "" if grown is None else f"x {grown:.2f}",
        str(found["peak_gib"]),
        str(found["database_gib"]),
        *ones,
        str(check.get("verify", "")),
        str(check.get("replay", "")),
        f"{found['machine']['load_before']:.1f} to {found['machine']['load_after']:.1f}",
        found["machine"]["commit"],
    ]


def singles(results: Sequence[Result]) -> str:
    """Records that arrived one by one at a hub that was loaded before, a line per database and size."""
    asked = (("hub_ms", "p50"), ("hub_ms", "p95"), ("hub_ms", "p99"), ("cpu_ms", "p50"), ("sync_ms", "p50"))
    heads = [
        "one by one at a loaded hub",
        "live records",
        *(f"{what[:-3]} {share} ms" for what, share in asked),
    ]
    lines = [f"| {' | '.join((*heads, 'load', 'commit'))} |", "|---" * (len(heads) + 2) + "|"]
    for found in results:
        told = [str(found["single"][what][share]) for what, share in asked]
        load = f"{found['machine']['load_before']:.1f} to {found['machine']['load_after']:.1f}"
        cells = (found["database"], f"{found['rows']:,}", *told, load, found["machine"]["commit"])
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def steps(results: Sequence[Result]) -> str:
    """CPU milliseconds per record by step, a column per size."""
    names = list(results[0]["bulk"]["steps"]) if results else []
    heads = [f"{found['database']} {found['rows']:,}" for found in results]
    lines = [f"| CPU ms per record | {' | '.join(heads)} |", "|---" * (len(heads) + 1) + "|"]
    for name in names:
        shares = (found["bulk"]["steps"].get(name, 0.0) / found["rows"] * 1000 for found in results)
        lines.append(f"| {name} | {' | '.join(f'{share:.3f}' for share in shares)} |")
    return "\n".join(lines)


def plot(results: Sequence[Result]) -> str:
    """CPU time per record over the number of records, with the most that the target allows."""
    each = [found["bulk"]["cpu"] / found["rows"] * 1000 for found in results] or [1.0]
    sizes = [log10(found["rows"]) for found in results] or [4.0]
    drawn = Plot(
        "CPU time of a bulk load per record",
        Axis("records in all, as a power of ten", min(4.0, *sizes), max(6.0, *sizes)),
        Axis("CPU ms per record", 0.0, max(each) * 1.2),
    )
    marks = [key(drawn, list(COLOURS.items()))]
    for database, colour in COLOURS.items():
        own = [found for found in results if found["database"] == database]
        points = [(found, found["bulk"]["cpu"] / found["rows"] * 1000) for found in own]
        at = [(drawn.at_x(log10(found["rows"])), drawn.at_y(value)) for found, value in points]
        marks.append(path(at, colour))
        for place, (found, value) in zip(at, points, strict=True):
            marks.append(dot(place, colour, f"{database}, {found['rows']:,} records: {value:.2f} ms"))
            if found["rows"] == BASE:
                high = drawn.at_y(value * 1.15)
                end = (drawn.at_x(drawn.x.high), high)
                marks.append(line((place[0], high), end, GREY, dashed=True))
                marks.append(text((place[0], high - 6), f"{database}: 1.15 times linear"))
    return drawn.drawn(marks)
