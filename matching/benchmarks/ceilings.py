"""What a model that is told the truth reaches on our candidates, and how far along it we are.

    MDM_BENCH_DATA=FOLDER python matching/benchmarks/ceilings.py [SET ...]

The candidates and their levels of agreement are those of zero configuration. A gradient-boosting model
(scikit-learn, in an environment of its own) learns from four fifths of the clusters which pairs are the same
thing and is asked about the last fifth, five times over; its answers are clustered like ours. Beyond that
ceiling neither weights nor thresholds lead: only better candidates, levels or standard forms do.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from contenders import PEERS, Contender, python_of
from figures import KEYS, LINKS, SETS, recall_at_99, records, say
from numpy.typing import NDArray

from mdm_matching import Edges, MatchResult, cluster, evaluate, match, pair_completeness, standardise
from mdm_matching.blocking.candidates import junk_of
from mdm_matching.clustering.clean_sources import source_codes
from mdm_matching.comparing.levels import BLANK
from mdm_matching.scoring.rarity import Rarity
from mdm_matching.standardising.standard_table import StandardTable

TOLD = Contender("told", "told_the_truth.py", ("scikit-learn==1.9.1", "numpy"))
HEADS = (
    "set",
    "ours F1",
    "ceiling F1",
    "along",
    "ceiling P",
    "ceiling R",
    "pair completeness",
    "our R at P .99",
    "ceiling R at P .99",
)
_FOLDS = 5
_NOBODY = np.zeros((0, 2), np.int64)


@dataclass(frozen=True, slots=True)
class Ceiling:
    """What both reach after clustering, and how much of it their best-ranked pairs hold, 0 to 1."""

    ours: float
    told: float
    precision: float
    recall: float
    completeness: float
    ours_at_99: float
    told_at_99: float

    def row(self, name: str) -> str:
        """One line of the table."""
        shares = (self.ours, self.told, self.ours / max(self.told, 1e-9))
        numbers = (*shares, self.precision, self.recall, self.completeness, self.ours_at_99, self.told_at_99)
        return f"| {name} | {' | '.join(f'{number:.3f}' for number in numbers)} |"


def ceiling(folder: Path, python: Path) -> Ceiling:
    """Match one set, and let the model that is told the truth judge the same candidates."""
    columns = records(folder)
    truth, origins = columns["cluster_id"], [value or "" for value in columns["source"]]
    evidence = {name: values for name, values in columns.items() if name not in KEYS}
    found = match(evidence, sources=origins)
    table = standardise(found.model, evidence)
    table = table.mute(junk_of(table))
    chance = _told(python, _features(found, table), truth, found)
    bits = np.log2(np.maximum(chance, 1e-9) / np.maximum(1 - chance, 1e-9))
    model = found.model.with_thresholds(match=0.0, review=-5.0)
    labels = cluster(
        model,
        table,
        [f"{row:09d}" for row in range(table.rows)],
        Edges(found.pairs.left, found.pairs.right, bits),
        same=_NOBODY,
        distinct=_NOBODY,
        clean=source_codes(origins, found.clean, table.rows),
    ).labels
    sources = origins if folder.name in LINKS else None
    ours, told = (evaluate(one, truth, sources=sources) for one in (found.labels, labels))
    complete = pair_completeness(found.pairs.left, found.pairs.right, truth, sources=sources)
    ranked = (_at_99(found, weight, truth, sources) for weight in (found.pairs.weight, bits))
    return Ceiling(ours.f1, told.f1, told.precision, told.recall, complete, *ranked)


def _at_99(
    found: MatchResult, weight: NDArray[np.float64], truth: list[str | None], sources: list[str] | None
) -> float:
    """Recall at precision .99 of the candidates ranked by this weight."""
    return recall_at_99(replace(found, pairs=replace(found.pairs, weight=weight)), truth, sources)


def _features(found: MatchResult, table: StandardTable) -> NDArray[np.float64]:
    """The level of each column, how common the agreed value is, our weight, and the best rival's weight."""
    pairs = found.pairs
    made = [pairs.weight, *_rivals(pairs.left, pairs.right, pairs.weight, table.rows)]
    for place, column in enumerate(found.model.columns):
        own = pairs.levels[:, place]
        made.append(np.where(own == BLANK, np.nan, own.astype(np.float64)))
        rarity = Rarity.of(column, table.columns[place], own, (pairs.left, pairs.right))
        if rarity is not None:
            made.append(rarity.of_pairs(own, pairs.left, pairs.right))
    return np.column_stack(made)


def _rivals(
    left: NDArray[np.int32], right: NDArray[np.int32], weight: NDArray[np.float64], rows: int
) -> list[NDArray[np.float64]]:
    """The best weight of any pair of each of the two records."""
    best = np.full(rows, -np.inf)
    np.maximum.at(best, left, weight)
    np.maximum.at(best, right, weight)
    return [np.minimum(best[left], best[right]), np.maximum(best[left], best[right])]


def _told(
    python: Path, features: NDArray[np.float64], truth: list[str | None], found: MatchResult
) -> NDArray[np.float64]:
    """The chance of each pair, as the model says that has not seen the fold of its left record's cluster."""
    names = np.array([value or f"unknown {row}" for row, value in enumerate(truth)])
    numbers = np.unique(names, return_inverse=True)[1].reshape(-1)
    fold = np.random.default_rng(1).permutation(numbers.max() + 1) % _FOLDS
    same = numbers[found.pairs.left] == numbers[found.pairs.right]
    with tempfile.TemporaryDirectory() as folder:
        asked, answer = Path(folder, "asked.npz"), Path(folder, "answer.npy")
        np.savez(asked, features=features, same=same, fold=fold[numbers[found.pairs.left]])
        subprocess.run([str(python), str(PEERS / TOLD.script), str(asked), str(answer)], check=True)
        chance: NDArray[np.float64] = np.load(answer)
        return chance


def main() -> int:
    """Print the table of the sets that are there; 2 if no folder is named."""
    named = os.environ.get("MDM_BENCH_DATA")
    if not named:
        sys.stderr.write("Set MDM_BENCH_DATA to the folder that holds the bench sets.\n")
        return 2
    python = python_of(TOLD, Path(__file__).parent / ".environments")
    say(f"| {' | '.join(HEADS)} |")
    say("|---" * len(HEADS) + "|")
    for name in sys.argv[1:] or SETS:
        folder = Path(named) / name
        if not folder.is_dir():
            sys.stderr.write(f"{name}: not there\n")
            continue
        say(ceiling(folder, python).row(name))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
