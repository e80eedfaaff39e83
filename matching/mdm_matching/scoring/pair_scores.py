"""Pair scores: the match weight of each pair, the same to the last bit whatever else is scored beside it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mdm_matching.comparing.levels import pair_levels, patterns_of
from mdm_matching.model.match_model import MatchModel
from mdm_matching.scoring.kind_weights import KindWeights, total
from mdm_matching.scoring.rarity import Rarity
from mdm_matching.slices import each_slice
from mdm_matching.standardising.standard_table import StandardTable

# Decimals to which weights are rounded, far below what any weight means
# (vector units may differ in the last bit).
_DECIMALS = 6

_Ends = tuple[NDArray[np.int32], NDArray[np.int32]]


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
    levels = pair_levels(table, left, right) if levels is None else levels
    evidence = evidence_of(model, KindWeights.of(model), table, levels, (left, right))
    return PairScores(np.round(evidence + model.prior, _DECIMALS), evidence, levels)


def weight_of(
    model: MatchModel, table: StandardTable, levels: NDArray[np.uint8], pairs: _Ends
) -> NDArray[np.float64]:
    """The weights that `score` gives pairs whose levels are known, in less room."""
    weight = evidence_of(model, KindWeights.of(model), table, levels, pairs)
    weight += model.prior
    return np.round(weight, _DECIMALS, out=weight)


def evidence_of(
    model: MatchModel,
    weights: KindWeights,
    table: StandardTable,
    levels: NDArray[np.uint8],
    pairs: _Ends,
) -> NDArray[np.float64]:
    """The evidence of pairs whose levels are known, in bits."""
    evidence = np.empty(len(levels))
    rarities = _rarities(model, table, pairs)
    sides = weights.side(same=True), weights.side(same=False)

    def work(part: slice) -> None:
        logs = _logs(weights, rarities, levels[part], (pairs[0][part], pairs[1][part]))
        same, different = (total(logs[side]) for side in sides)
        evidence[part] = np.round(same - different, _DECIMALS)

    each_slice(len(levels), work)
    return evidence


def kind_logs(
    model: MatchModel,
    weights: KindWeights,
    table: StandardTable,
    levels: NDArray[np.uint8],
    pairs: _Ends,
) -> NDArray[np.float64]:
    """For each kind and pair, log2 of the kind's share times the likelihood of the levels in it."""
    return _logs(weights, _rarities(model, table, pairs), levels, pairs)


def _rarities(model: MatchModel, table: StandardTable, pairs: _Ends) -> list[Rarity | None]:
    columns = zip(model.columns, table.columns, strict=True)
    return [Rarity.of(own, column, *pairs) for own, column in columns]


def _logs(
    weights: KindWeights, rarities: list[Rarity | None], levels: NDArray[np.uint8], pairs: _Ends
) -> NDArray[np.float64]:
    patterns, of_pair = patterns_of(levels)
    by_pattern = np.repeat(weights.shares[:, None], len(patterns), axis=1)
    for place, by_level in enumerate(weights.by_level):
        by_pattern += by_level.T[:, patterns[:, place]]
    logs = np.take(by_pattern, of_pair, axis=1)
    for place, rarity in enumerate(rarities):
        if rarity is not None:
            bits = rarity.of_pairs(levels[:, place], *pairs)
            for kind in np.flatnonzero(weights.by_chance[place]).tolist():
                logs[kind] += bits
    return logs
