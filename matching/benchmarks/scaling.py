"""How the engine grows on generated records: CPU seconds, wall time and memory by size.

    python matching/benchmarks/scaling.py [ROWS ...] [--large] [--kind people] [--queries N] [--out FOLDER]

For each size: trained on the records, with the model that this gave, and one record against an index of all.
Every run has a process of its own, so that its peak memory, the input columns included, is its own. Without
sizes these are 10,000, 100,000 and 1,000,000 rows; `--large` adds 5,000,000. Figures are written after each
size as JSON, a Markdown table and a plot; what was measured before and is not asked for again stays.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from math import log10
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from generator import KINDS

from mdm_matching.charts.drawing import BLUE, GREEN, GREY, ORANGE, Axis, Plot, dot, key, path

SIZES = (10_000, 100_000, 1_000_000)
LARGE = 5_000_000
RUNS = Path(__file__).with_name("scaling_runs.py")
RESULTS = Path(__file__).parent / "results"
# What each size is held against: CPU seconds from standardised columns to clusters, and gigabytes.
TARGETS = {10_000: "2 s", 100_000: "6 s", 1_000_000: "25 s, 1.2 GB", LARGE: "150 s wall, 5 GB"}
_COLUMNS = {
    "pairs": "pairs", "F1": "F1", "standardise": "standardise", "block": "block", "compare": "compare",
    "train": "train", "score": "score", "cluster": "cluster", "to_clusters": "to clusters",
    "to_clusters_wall": "wall", "peak_GB": "GB", "trained_to_clusters": "with a model",
    "trained_peak_GB": "GB", "index_build": "index", "index_GB": "GB", "query_p50_ms": "p50 ms",
    "query_p99_ms": "p99 ms", "add_ms": "add ms", "yardstick": "yardstick",
}  # fmt: skip
Figures = dict[str, float]
Sizes = dict[int, Figures]


def measured(kind: str, rows: int, queries: int) -> Figures:
    """Everything that is measured of one size."""
    with TemporaryDirectory() as folder:
        _run("generate", kind, str(rows), folder)
        found = _run("train", folder)
        trained = _run("model", folder)
        found |= {f"trained_{name}": trained[name] for name in ("to_clusters", "to_clusters_wall", "peak_GB")}
        if queries:
            index = _run("index", folder, str(queries))
            found |= {name: value for name, value in index.items() if name not in ("yardstick", "load")}
    return {name: round(value, 4) for name, value in found.items()}


def _run(*arguments: str) -> Figures:
    printed = subprocess.check_output([sys.executable, str(RUNS), *arguments], text=True)
    found: Figures = json.loads(printed) if printed else {}
    return found


def table(sizes: Sizes) -> str:
    """The figures as a Markdown table, a size a row, and to which power of the rows the CPU seconds grew."""
    header = ["rows", *_COLUMNS.values(), "growth", "target"]
    lines = [f"| {' | '.join(header)} |", "|---" * len(header) + "|"]
    before: tuple[int, Figures] | None = None
    for rows, found in sorted(sizes.items()):
        cells = [_cell(name, found.get(name)) for name in _COLUMNS]
        growth = _growth(before, (rows, found)) if before else ""
        lines.append(f"| {rows:,} | {' | '.join(cells)} | {growth} | {TARGETS.get(rows, '')} |")
        before = rows, found
    return "\n".join(lines) + "\n"


def _cell(name: str, value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if name == "pairs" else f"{value:.4f}" if name == "F1" else f"{value:,.2f}"


def _growth(before: tuple[int, Figures], now: tuple[int, Figures]) -> str:
    """To which power of the rows the CPU seconds grow: 1 is in step with the rows."""
    rows = log10(now[0] / before[0])
    return f"rows^{log10(now[1]['to_clusters'] / before[1]['to_clusters']) / rows:.2f}" if rows else ""


def plot(sizes: Sizes) -> str:
    """CPU seconds against rows, both on scales of powers of ten."""
    series: Sequence[tuple[str, str, str]] = (
        ("to_clusters", "to clusters, trained", BLUE),
        ("trained_to_clusters", "with a model", GREEN),
        ("standardise", "standardise", GREY),
        ("to_clusters_wall", "to clusters, wall", ORANGE),
    )
    ordered = sorted(sizes.items())
    most = max((found.get(name, 1.0) for _, found in ordered for name, *_ in series), default=1.0)
    across = Axis("rows", log10(ordered[0][0]) - 0.2, log10(ordered[-1][0]) + 0.2, counts=True)
    drawn = Plot(
        "Seconds by number of records", across, Axis("seconds", 0, log10(1 + most) + 0.2, counts=True)
    )
    marks: list[str] = []
    for name, title, colour in series:
        points = [(log10(rows), log10(1 + found[name])) for rows, found in ordered if name in found]
        marks.append(path([(drawn.at_x(x), drawn.at_y(y)) for x, y in points], colour))
        for (x, y), (rows, found) in zip(points, ordered, strict=False):
            tip = f"{title}: {rows:,} rows, {found.get(name, 0):,.1f} s"
            marks.append(dot((drawn.at_x(x), drawn.at_y(y)), colour, tip))
    marks.append(key(drawn, [(title, colour) for _, title, colour in series]))
    return drawn.drawn(marks)


def write(sizes: Sizes, kind: str, folder: Path) -> None:
    """The figures as JSON, table and plot."""
    folder.mkdir(parents=True, exist_ok=True)
    kept: dict[str, Any] = {str(rows): found for rows, found in sorted(sizes.items())}
    (folder / f"scaling_{kind}.json").write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    (folder / f"scaling_{kind}.md").write_text(table(sizes), encoding="utf-8")
    (folder / f"scaling_{kind}.svg").write_text(plot(sizes), encoding="utf-8")


def known(kind: str, folder: Path) -> Sizes:
    """What was measured before."""
    path_of_results = folder / f"scaling_{kind}.json"
    if not path_of_results.exists():
        return {}
    return {int(rows): found for rows, found in json.loads(path_of_results.read_text("utf-8")).items()}


def main() -> int:
    """Measure each size, print and write the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("rows", type=int, nargs="*", help="10000 100000 1000000 if none is given")
    parser.add_argument("--large", action="store_true", help="5,000,000 rows as well")
    parser.add_argument("--kind", choices=sorted(KINDS), default="people")
    parser.add_argument("--queries", type=int, default=500, help="records to look up; 0 for no index")
    parser.add_argument("--out", type=Path, default=RESULTS, help="the folder for the figures")
    chosen = parser.parse_args()
    asked = [*(chosen.rows or SIZES), *([LARGE] if chosen.large else [])]
    sizes = known(chosen.kind, chosen.out)
    for rows in asked:
        sys.stderr.write(f"{rows:,} rows ...\n")
        sizes[rows] = measured(chosen.kind, rows, chosen.queries)
        write(sizes, chosen.kind, chosen.out)
    sys.stdout.write(table({rows: sizes[rows] for rows in asked}))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
