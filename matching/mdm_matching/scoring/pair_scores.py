"""Pair scores: the match weight of each pair, the same to the last bit whatever else is scored beside it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mdm_matching.comparing.levels import distinct_rows, pair_levels
from mdm_matching.model.match_model import MatchModel
from mdm_matching.scoring.kind_weights import KindWeights, total
from mdm_matching.scoring.rarity import pair_commonness
from mdm_matching.standardising.standard_table import StandardTable

# Decimals to which weights are rounded, far below what any weight means
# (vector units may differ in the last bit).
_DECIMALS = 6
_CHUNK = 250_000


@dataclass(frozen=True, slots=True)
class PairScores:
    """The scores of pairs, in the order in which they were asked for.

    Attributes:
        weight: total match weight in bits: evidence and prior.
        evidence: what the columns say alone, in bits; blanks count nothing.
        levels: one row per pair, one column per column of the model; 255 where a value is missing.
    """

    weight: NDArray[np.float64]
    evidence: NDArray[np.float64]
    levels: NDArray[np.uint8]


def score(
    model: MatchModel,
    table: StandardTable,
    left: NDArray[np.int32],
    right: NDArray[np.int32],
    *,
    levels: NDArray[np.uint8] | None = None,
) -> PairScores:
    """The match weight of each pair (left[k], right[k]) of records; compared unless levels are given."""
    left, right = np.asarray(left, np.int32), np.asarray(right, np.int32)
    weights = KindWeights.of(model)
    levels = pair_levels(table, left, right) if levels is None else levels
    evidence = np.empty(len(left))
    for begin in range(0, len(left), _CHUNK):
        part = slice(begin, begin + _CHUNK)
        evidence[part] = evidence_of(model, weights, table, levels[part], (left[part], right[part]))
    return PairScores(np.round(evidence + model.prior, _DECIMALS), evidence, levels)


def evidence_of(
    model: MatchModel,
    weights: KindWeights,
    table: StandardTable,
    levels: NDArray[np.uint8],
    pairs: tuple[NDArray[np.int32], NDArray[np.int32]],
) -> NDArray[np.float64]:
    """The evidence of pairs whose levels are known, in bits."""
    logs = kind_logs(model, weights, table, levels, pairs)
    same = total(logs[:, weights.side(same=True)])
    different = total(logs[:, weights.side(same=False)])
    rounded: NDArray[np.float64] = np.round(same - different, _DECIMALS)
    return rounded


def kind_logs(
    model: MatchModel,
    weights: KindWeights,
    table: StandardTable,
    levels: NDArray[np.uint8],
    pairs: tuple[NDArray[np.int32], NDArray[np.int32]],
) -> NDArray[np.float64]:
    """For each pair and kind, log2 of the kind's share times the likelihood of the levels in it."""
    patterns, of_pair = distinct_rows(levels)
    by_pattern = np.repeat(weights.shares[None, :], len(patterns), axis=0)
    for place in range(len(model.columns)):
        by_pattern += weights.by_level[place][patterns[:, place]]
    logs = by_pattern[of_pair]
    for place, column in enumerate(model.columns):
        bits = pair_commonness(column, table.columns[place], levels[:, place], *pairs)
        if bits is not None:
            rows = np.flatnonzero(bits)
            logs[np.ix_(rows, weights.by_chance[place])] += bits[rows, None]
    return logs
