"""What every contender shares: the records it gets, and the answer it leaves. Only numpy is needed.

    python CONTENDER.py SET RECORDS.csv TRUTH.txt ANSWER.npz

RECORDS.csv holds source, record_id and the evidence, never the truth. TRUTH.txt holds one line per record; it
answers the questions of a contender that asks some, and is read for nothing else.
"""

from __future__ import annotations

import csv
import json
import os
import resource
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

Columns = dict[str, list[str | None]]
# links of two sources
LINKS = ("febrl4", "dblp_acm", "abt_buy")


class NoSetUpError(Exception):
    """The contender publishes no set-up for data of this kind."""


def cpu() -> float:
    """CPU seconds of this process and its children."""
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in spent)


def read(path: str) -> Columns:
    """The records by column; None for no value."""
    with Path(path).open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    return {name: [row[place] or None for row in rows[1:]] for place, name in enumerate(rows[0])}


def components(rows: int, left: Sequence[int], right: Sequence[int]) -> np.ndarray:
    """Connected components, for contenders that leave clustering to others."""
    parent = list(range(rows))

    def root(node: int) -> int:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for one, other in zip(left, right, strict=True):
        parent[root(int(one))] = root(int(other))
    return np.array([root(row) for row in range(rows)])


def contend(solve: Callable[[str, Columns, Callable[[int, int], bool]], dict[str, object]]) -> None:
    """Run a contender: `solve(set, columns, same)` gives labels, and left, right, score of scored pairs."""
    name, records, truth, out = sys.argv[1:5]
    columns = read(records)
    answers = Path(truth).read_text(encoding="utf-8").splitlines()
    wall, begin = time.perf_counter(), cpu()
    try:
        found = solve(name, columns, lambda a, b: answers[a] == answers[b] != "")
    except NoSetUpError as missing:
        Path(out).with_suffix(".json").write_text(json.dumps({"no_set_up": str(missing)}), encoding="utf-8")
        return
    peak = sum(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    note = {
        "wall_seconds": round(time.perf_counter() - wall, 2),
        "cpu_seconds": round(cpu() - begin, 2),
        "peak_mb": round(peak / 1024),
        "load": os.getloadavg()[0],
        **{key: found[key] for key in ("version", "answers") if key in found},
    }
    np.savez_compressed(out, **{key: np.asarray(found[key]) for key in ("labels", "left", "right", "score")})
    Path(out).with_suffix(".json").write_text(json.dumps(note), encoding="utf-8")
