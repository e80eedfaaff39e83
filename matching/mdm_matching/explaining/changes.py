"""Changes: the smallest improvement of agreement that would make two records match."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, product

import numpy as np
from numpy.typing import NDArray

from mdm_matching.comparing.levels import BLANK, pair_levels
from mdm_matching.model.match_model import MatchModel
from mdm_matching.scoring.kind_weights import KindWeights
from mdm_matching.scoring.pair_scores import evidence_of
from mdm_matching.standardising.standard_table import StandardTable

# Variants weighed at a time, and the number of columns up to which combinations are tried.
_CHUNK = 200_000
_MOST_COLUMNS = 3


@dataclass(frozen=True, slots=True)
class Change:
    """Another level of agreement in one column.

    Attributes:
        column: the column.
        label: the level it has.
        to: the level it would need.
        gain: by how many bits the weight of the column's level would grow.
    """

    column: str
    label: str
    to: str
    gain: float

    def __str__(self) -> str:
        return f"{self.column} had said {self.to!r} instead of {self.label!r} ({self.gain:+.1f} bits)"


def smallest_change(
    model: MatchModel, table: StandardTable, left: int, right: int
) -> tuple[Change, ...] | None:
    """The fewest columns, then the fewest bits, that lift a pair to the threshold.

    Empty if it is there already, None if no three columns together lift it there.
    """
    pair = np.array([left], np.int32), np.array([right], np.int32)
    levels = pair_levels(table, *pair)
    if _weights(model, table, levels, pair)[0] >= model.match_threshold:
        return ()
    better = [_better(model, place, int(levels[0, place])) for place in range(len(model.columns))]
    for count in range(1, min(_MOST_COLUMNS, len(model.columns)) + 1):
        variants = _variants(better, count)
        if not variants or len(variants) > _CHUNK:
            continue
        changed = np.repeat(levels, len(variants), axis=0)
        for row, variant in enumerate(variants):
            for place, level in variant:
                changed[row, place] = level
        weight = _weights(model, table, changed, pair)
        enough = np.flatnonzero(weight >= model.match_threshold)
        if len(enough):
            best = int(enough[np.argsort(weight[enough], kind="stable")[0]])
            return tuple(_change(model, place, int(levels[0, place]), to) for place, to in variants[best])
    return None


def _better(model: MatchModel, place: int, level: int) -> list[tuple[int, int]]:
    """The levels of a column that say more for sameness than this one."""
    column = model.columns[place]
    now = 0.0 if level == BLANK else column.bits(level)
    return [(place, other) for other in range(len(column.levels)) if column.bits(other) > now]


def _variants(better: list[list[tuple[int, int]]], count: int) -> list[tuple[tuple[int, int], ...]]:
    return [
        variant
        for places in combinations(range(len(better)), count)
        for variant in product(*(better[place] for place in places))
    ]


def _weights(
    model: MatchModel,
    table: StandardTable,
    levels: NDArray[np.uint8],
    pair: tuple[NDArray[np.int32], NDArray[np.int32]],
) -> NDArray[np.float64]:
    ends = tuple(np.repeat(end, len(levels)) for end in pair)
    evidence = evidence_of(model, KindWeights.of(model), table, levels, (ends[0], ends[1]))
    return np.round(evidence + model.prior, 6)


def _change(model: MatchModel, place: int, level: int, to: int) -> Change:
    column = model.columns[place]
    label, now = ("no evidence", 0.0) if level == BLANK else (column.levels[level].label, column.bits(level))
    return Change(column.name, label, column.levels[to].label, round(column.bits(to) - now, 6))
