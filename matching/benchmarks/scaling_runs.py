"""One run of the engine on generated records, in a process of its own: what it took.

    python matching/benchmarks/scaling_runs.py generate KIND ROWS FOLDER
    python matching/benchmarks/scaling_runs.py train|model|index FOLDER [QUERIES]

`generate` writes a file per column, so that no run pays for the making of its records; `train` also leaves
its model in the folder, which `model` and `index` use.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from time import perf_counter, process_time

import numpy as np
from generator import generate

from mdm_matching import MatchModel, MemoryIndex, evaluate, match

PREPARING = ("infer", "standardise")
STEPS = ("block", "compare", "train", "score", "cluster")
KEYS = ("source", "record_id", "cluster_id")
Figures = dict[str, float]
Columns = dict[str, list[str | None]]
# Numbers sorted to see how fast the machine is while the run goes on.
_YARDSTICK = 5_000_000


def write_records(kind: str, rows: int, folder: Path) -> None:
    """Generated records, a file per column with a value per line; an empty line is no value."""
    for name, values in generate(kind, rows).items():
        (folder / f"{name}.txt").write_text("\n".join(value or "" for value in values), encoding="utf-8")


def read_records(folder: Path) -> tuple[Columns, list[str]]:
    """The evidence, and the true cluster of each record; equal values are one object."""
    columns: Columns = {}
    for path in sorted(folder.glob("*.txt")):
        known: dict[str, str] = {}
        values = path.read_text(encoding="utf-8").split("\n")
        columns[path.stem] = [known.setdefault(value, value) if value else None for value in values]
    truth = [str(label) for label in columns["cluster_id"]]
    return {name: values for name, values in columns.items() if name not in KEYS}, truth


def matched(columns: Columns, truth: list[str], folder: Path, *, trained: bool) -> Figures:
    """What matching took, with a model that is there or one trained on the records."""
    model = MatchModel.load(folder / "model.json") if trained else None
    begin = perf_counter()
    found = match(columns, model=model)
    wall, peak = perf_counter() - begin, peak_gigabytes()
    if model is None:
        found.model.save(folder / "model.json")
    return {
        "pairs": len(found.pairs.left),
        "F1": round(evaluate(found.labels, truth).f1, 4),
        "standardise": sum(found.cpu.get(step, 0.0) for step in PREPARING),
        **{step: found.cpu[step] for step in STEPS},
        "to_clusters": to_clusters(found.cpu),
        "to_clusters_wall": to_clusters(found.timings),
        "wall": wall,
        "peak_GB": peak,
    }


def to_clusters(seconds: Mapping[str, float]) -> float:
    """Seconds from standardised columns to clusters."""
    return sum(took for step, took in seconds.items() if step not in PREPARING)


def looked_up(columns: Columns, folder: Path, queries: int) -> Figures:
    """What it took to make an index of all records, to look some up and to add some again."""
    rows = len(next(iter(columns.values())))
    model = MatchModel.load(folder / "model.json")
    begin = process_time()
    index = MemoryIndex.of(model, [str(row) for row in range(rows)], columns)
    built, peak = process_time() - begin, peak_gigabytes()
    asked = [
        {name: values[row] for name, values in columns.items()}
        for row in range(0, rows, max(1, rows // queries))
    ]
    wall, cpu, hits = [], [], []
    for record in asked:
        begin, started = process_time(), perf_counter()
        hits.append(len(index.query(record)))
        wall.append((perf_counter() - started) * 1000)
        cpu.append((process_time() - begin) * 1000)
    begin = process_time()
    for place, record in enumerate(asked):
        index.add(f"new {place}", record)
    return {
        "index_build": built,
        "index_GB": peak,
        "hits": float(np.median(hits)),
        "query_p50_ms": float(np.percentile(cpu, 50)),
        "query_p99_ms": float(np.percentile(cpu, 99)),
        "query_wall_p50_ms": float(np.percentile(wall, 50)),
        "query_wall_p99_ms": float(np.percentile(wall, 99)),
        "add_ms": (process_time() - begin) / len(asked) * 1000,
    }


def forget_peak() -> None:
    """Count the peak of memory from here on, where the system can (Linux)."""
    try:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    except OSError:
        sys.stderr.write("the peak of memory counts the reading of the records as well\n")


def peak_gigabytes() -> float:
    """The most memory that this process has held since `forget_peak`."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text(encoding="ascii"))
    return int(found.group(1)) / 1e6 if found else float("nan")


def yardstick() -> float:
    """CPU seconds to sort five million numbers: more than usual means that others slow the machine down."""
    numbers = np.random.default_rng(1).integers(0, 2**62, _YARDSTICK)
    begin = process_time()
    np.sort(numbers, kind="stable")
    return process_time() - begin


def main() -> int:
    """Do what the arguments say and print the figures as JSON."""
    what, *rest = sys.argv[1:]
    if what == "generate":
        write_records(rest[0], int(rest[1]), Path(rest[2]))
        return 0
    folder = Path(rest[0])
    columns, truth = read_records(folder)
    forget_peak()
    speed = yardstick()
    if what == "index":
        found = looked_up(columns, folder, int(rest[1]))
    else:
        found = matched(columns, truth, folder, trained=what == "model")
    found |= {"yardstick": speed, "load": os.getloadavg()[0]}
    sys.stdout.write(json.dumps(found) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
