"""Crossings: every pair inside a component, scored, with what bars it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mdm_matching.clustering.clustering import Cause
from mdm_matching.model.match_model import MatchModel
from mdm_matching.scoring.pair_scores import PairScores, score
from mdm_matching.standardising.standard_table import StandardTable

# Codes of the bars between two units, the strongest first.
BARS = (None, Cause.DISTINCT_VERDICT, Cause.EXCLUSIVE_ID, Cause.CONTRADICTION, Cause.CLEAN_SOURCE)
DISTINCT, EXCLUSIVE, CONTRADICTION, CLEAN_SOURCE = 1, 2, 3, 4


@dataclass(frozen=True, slots=True)
class KnownWeights:
    """The weights of scored edges, to be looked up by pair.

    Attributes:
        packed: first * rows + second of each pair, ascending.
        weight: its weight in bits.
        rows: how many rows there are.
    """

    packed: NDArray[np.int64]
    weight: NDArray[np.float64]
    rows: int

    @classmethod
    def of(
        cls, rows: int, left: NDArray[np.int64], right: NDArray[np.int64], weight: NDArray[np.float64]
    ) -> KnownWeights:
        """The weights of these pairs, whichever way round they are asked for."""
        packed = np.minimum(left, right).astype(np.int64) * rows + np.maximum(left, right)
        order = np.argsort(packed, kind="stable")
        return cls(packed[order], weight[order], rows)

    def find(
        self, left: NDArray[np.int64], right: NDArray[np.int64], otherwise: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """The weight of each pair, or what `otherwise` gives where no edge was scored."""
        if not len(self.packed):
            return otherwise
        packed = np.minimum(left, right).astype(np.int64) * self.rows + np.maximum(left, right)
        place = np.minimum(np.searchsorted(self.packed, packed), len(self.packed) - 1)
        return np.where(self.packed[place] == packed, self.weight[place], otherwise)


@dataclass(frozen=True, slots=True)
class Crossings:
    """Scores every pair inside a component; rows are numbered in the caller's order.

    Attributes:
        row: for each of these numbers the row of the table.
        known: the weights of scored edges inside components.
        distinct: the pairs that a verdict parts.
        clean: for each of these numbers that of its clean source, -1 for none.
    """

    model: MatchModel
    table: StandardTable
    row: NDArray[np.int64]
    known: KnownWeights
    distinct: KnownWeights
    clean: NDArray[np.int64]

    def of(
        self, left: NDArray[np.int64], right: NDArray[np.int64]
    ) -> tuple[NDArray[np.float64], NDArray[np.uint8]]:
        """The total weight of each pair of rows, and the code of what bars it, 0 for nothing."""
        model = self.model
        scores = score(model, self.table, self.row[left].astype(np.int32), self.row[right].astype(np.int32))
        # A pair without any evidence neither holds two groups together nor keeps them apart.
        silent = min(model.cohesion, model.match_threshold - 1.0)
        weight = self.known.find(left, right, np.where(scores.evidence == 0, silent, scores.weight))
        one_source = (self.clean[left] >= 0) & (self.clean[left] == self.clean[right])
        bars = np.where(one_source, CLEAN_SOURCE, 0).astype(np.uint8)
        against = _against(model, scores)
        bars = np.where(against > 0, against, bars)
        bars[self.distinct.find(left, right, np.zeros(len(left))) > 0] = DISTINCT
        return weight, bars


def contradicts(model: MatchModel, scores: PairScores) -> NDArray[np.bool_]:
    """For each scored pair whether it keeps two groups apart: exclusive ids that differ, or evidence."""
    return _against(model, scores) > 0


def _against(model: MatchModel, scores: PairScores) -> NDArray[np.uint8]:
    """For each scored pair the code of what its own evidence says against it, 0 for nothing."""
    bars = np.where(scores.evidence < -model.contradiction, CONTRADICTION, 0).astype(np.uint8)
    for place, column in enumerate(model.columns):
        if column.exclusive:
            bars[scores.levels[:, place] == len(column.levels) - 1] = EXCLUSIVE
    return bars
