"""How the engine grows: CPU seconds by step, pairs and peak memory on generated people of several sizes.

    python matching/benchmarks/scaling.py [ROWS ...] [--kind people] [--online QUERIES] [--out FILE.json]

Each size runs in a process of its own, so that its peak memory is its own: input columns and result included.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from time import process_time

import numpy as np
from generator import KINDS, generate

from mdm_matching import MatchModel, MemoryIndex, evaluate, match

SIZES = (10_000, 100_000)
PREPARING = ("infer", "standardise")
KEYS = ("source", "record_id", "cluster_id")
Figures = dict[str, float]
Columns = Mapping[str, list[str | None]]


def figures(kind: str, rows: int, queries: int) -> Figures:
    """What one size took: CPU seconds, pairs, F1, gigabytes."""
    generated = generate(kind, rows)
    columns = {name: values for name, values in generated.items() if name not in KEYS}
    found = match(columns)
    again = match(columns, model=found.model)
    reached: Figures = {
        "rows": rows,
        "pairs": len(found.pairs.left),
        "planned_pairs": found.plan.pairs,
        "F1": round(evaluate(found.labels, generated["cluster_id"]).f1, 4),
        "standardise": round(sum(found.cpu[step] for step in PREPARING), 2),
        **{step: round(found.cpu[step], 2) for step in ("block", "compare", "train", "score", "cluster")},
        "to_clusters": _to_clusters(found.cpu),
        "with_model": _to_clusters(again.cpu) - again.cpu["train"],
        "peak_GB": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6, 2),
    }
    if queries:
        reached |= online(found.model, columns, queries)
    return {name: round(value, 4) for name, value in reached.items()}


def _to_clusters(cpu: Mapping[str, float]) -> float:
    """CPU seconds from standardised columns to clusters."""
    return round(sum(seconds for step, seconds in cpu.items() if step not in PREPARING), 2)


def online(model: MatchModel, columns: Columns, queries: int) -> Figures:
    """CPU milliseconds to add a record to an index of all the others, and to look one up."""
    index = MemoryIndex(model)
    rows = len(next(iter(columns.values())))
    begin = process_time()
    for row in range(rows):
        index.add(str(row), {name: values[row] for name, values in columns.items()})
    added = (process_time() - begin) / rows * 1000
    took = []
    for row in range(0, rows, max(1, rows // queries)):
        begin = process_time()
        index.query({name: values[row] for name, values in columns.items()})
        took.append((process_time() - begin) * 1000)
    p50, p99 = np.percentile(took, [50, 99]).tolist()
    return {"add_ms": added, "query_p50_ms": p50, "query_p99_ms": p99}


def table(sizes: list[Figures]) -> str:
    """The figures as a Markdown table, a size a row, with how much the CPU grew since the size before."""
    names = list(sizes[0])
    lines = [f"| {' | '.join(names)} | growth |", "|---" * (len(names) + 1) + "|"]
    before = None
    for reached in sizes:
        growth = f"x {reached['to_clusters'] / before['to_clusters']:.1f}" if before else ""
        lines.append(f"| {' | '.join(f'{reached[name]:,}' for name in names)} | {growth} |")
        before = reached
    return "\n".join(lines)


def main() -> int:
    """Measure each size and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("rows", type=int, nargs="*", default=list(SIZES))
    parser.add_argument("--kind", choices=sorted(KINDS), default="people")
    parser.add_argument("--online", type=int, default=0, help="how many records to look up in an index")
    parser.add_argument("--out", type=Path, help="where the figures go as JSON")
    parser.add_argument("--one", action="store_true", help="measure one size here and print it as JSON")
    chosen = parser.parse_args()
    if chosen.one:
        sys.stdout.write(json.dumps(figures(chosen.kind, chosen.rows[0], chosen.online)) + "\n")
        return 0
    options = ["--one", "--kind", chosen.kind, "--online", str(chosen.online)]
    sizes = [
        json.loads(subprocess.check_output([sys.executable, __file__, str(rows), *options], text=True))
        for rows in chosen.rows
    ]
    sys.stdout.write(table(sizes) + "\n")
    if chosen.out:
        chosen.out.write_text(json.dumps(sizes, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
