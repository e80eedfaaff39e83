"""The figures that zero-configuration matching reaches on each bench set, as a Markdown table.

    MDM_BENCH_DATA=FOLDER python matching/benchmarks/figures.py [SET ...]

FOLDER holds one folder per set with `records.csv` or `records.parquet`; its columns `source`, `record_id`
and `cluster_id` are keys and truth, everything else is evidence. The source only serves to tell whether it
holds anything twice. Sets that are not there are named on
standard error.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from time import process_time

import duckdb
import numpy as np
from numpy.typing import NDArray

from mdm_matching import (
    Calibration,
    Evaluation,
    MatchResult,
    calibration,
    evaluate,
    match,
    pair_completeness,
    recall_at_precision,
)

SETS = (
    "febrl3",
    "febrl4",
    "rldata10000",
    "fake_1000",
    "historical_50k",
    "chicago_childcare",
    "dblp_acm",
    "abt_buy",
    "synth_people_10k",
    "synth_people_100k",
    "synth_orgs_10k",
    "synth_orgs_100k",
    "synth_projects_10k",
    "synth_costcenters_10k",
    "listed_companies",
    "leipzig_affiliations",
)
# Links of two clean sources: only pairs across them count.
LINKS = frozenset({"febrl4", "dblp_acm", "abt_buy"})
HEADS = (
    "set",
    "rows",
    "P",
    "R",
    "F1",
    "B-cubed F1",
    "pair completeness",
    "R at P .99",
    "calibration error",
    "true of those said .9",
    "candidates",
    "CPU s",
)
KEYS = ("source", "record_id", "cluster_id")


@dataclass(frozen=True, slots=True)
class Figures:
    """What one run on one set reached; shares are 0 to 1, seconds are CPU seconds of the whole run."""

    evaluation: Evaluation
    completeness: float
    recall_at_99: float
    calibration: Calibration
    rows: int
    candidates: int
    seconds: float


def records(folder: Path) -> dict[str, list[str | None]]:
    """The columns of a set as texts; None for no value."""
    path = next(path for path in (folder / "records.parquet", folder / "records.csv") if path.exists())
    if path.suffix == ".csv":
        relation = duckdb.read_csv(str(path), all_varchar=True, header=True, quotechar='"', escapechar='"')
    else:
        relation = duckdb.read_parquet(str(path))
    rows = relation.fetchall()
    names = relation.columns
    return {
        name: [None if row[place] is None else str(row[place]) for row in rows]
        for place, name in enumerate(names)
    }


def figures(folder: Path) -> Figures:
    """Match one set without any configuration, and judge the answer."""
    columns = records(folder)
    truth = columns["cluster_id"]
    origins = [value or "" for value in columns["source"]]
    sources = origins if folder.name in LINKS else None
    evidence = {name: values for name, values in columns.items() if name not in KEYS}
    begin = process_time()
    found = match(evidence, sources=origins)
    seconds = process_time() - begin
    left, right = found.pairs.left, found.pairs.right
    return Figures(
        evaluation=evaluate(found.labels, truth, sources=sources),
        completeness=pair_completeness(left, right, truth, sources=sources),
        recall_at_99=recall_at_99(found, truth, sources),
        calibration=calibration(*_counted(found, truth, sources)[1:]),
        rows=len(truth),
        candidates=len(left),
        seconds=seconds,
    )


def recall_at_99(found: MatchResult, truth: list[str | None], sources: list[str] | None) -> float:
    """Which share of the true pairs the best-ranked candidates hold of which 99 in 100 are true."""
    weight, _, same = _counted(found, truth, sources)
    completeness = pair_completeness(found.pairs.left, found.pairs.right, truth, sources=sources)
    return recall_at_precision(weight, same, round(int(same.sum()) / completeness)) if completeness else 0.0


def _counted(
    found: MatchResult, truth: list[str | None], sources: list[str] | None
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]:
    """Weight, probability and truth of the candidate pairs that count."""
    pairs = found.pairs
    names = np.array([value or f"unknown {row}" for row, value in enumerate(truth)])
    same = names[pairs.left] == names[pairs.right]
    if sources is None:
        return pairs.weight, pairs.probability, same
    origin = np.array(sources)
    across = origin[pairs.left] != origin[pairs.right]
    return pairs.weight[across], pairs.probability[across], same[across]


def row(name: str, reached: Figures) -> str:
    """One line of the table."""
    judged = reached.evaluation
    shares = (
        judged.precision,
        judged.recall,
        judged.f1,
        judged.bcubed_f1,
        reached.completeness,
        reached.recall_at_99,
    )
    sure = reached.calibration
    true = "" if sure.nine_in_ten is None else f"{sure.nine_in_ten:.2f} of {sure.pairs:,}"
    numbers = " | ".join(f"{share:.4f}" for share in shares)
    cost = f"{reached.candidates:,} | {reached.seconds:.1f}"
    return f"| {name} | {reached.rows:,} | {numbers} | {sure.error:.3f} | {true} | {cost} |"


def say(line: str) -> None:
    """Write one line at once, so that a long run can be followed."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> int:
    """Print the table of the sets that are there; 2 if no folder is named."""
    named = os.environ.get("MDM_BENCH_DATA")
    if not named:
        sys.stderr.write("Set MDM_BENCH_DATA to the folder that holds the bench sets.\n")
        return 2
    wanted = sys.argv[1:] or SETS
    say(f"| {' | '.join(HEADS)} |")
    say("|---" * len(HEADS) + "|")
    for name in wanted:
        folder = Path(named) / name
        if not any((folder / f"records.{ending}").exists() for ending in ("csv", "parquet")):
            sys.stderr.write(f"{name}: not there\n")
            continue
        say(row(name, figures(folder)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
