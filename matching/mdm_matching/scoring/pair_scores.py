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
# Of so few pairs each is taken for a pattern of its own.
_FEW = 200

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
    rarities = _rarities(model, table, levels, pairs)
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
    return _logs(weights, _rarities(model, table, levels, pairs), levels, pairs)


def _rarities(
    model: MatchModel, table: StandardTable, levels: NDArray[np.uint8], pairs: _Ends
) -> list[Rarity | None]:
    columns = zip(model.columns, table.columns, levels.T, strict=True)
    return [Rarity.of(own, column, found, pairs) for own, column, found in columns]


def _logs(
    weights: KindWeights, rarities: list[Rarity | None], levels: NDArray[np.uint8], pairs: _Ends
) -> NDArray[np.float64]:
    if len(levels) <= _FEW:
        logs = _by_pattern(weights, levels)
    else:
        patterns, of_pair = patterns_of(levels)
        logs = np.take(_by_pattern(weights, patterns), of_pair, axis=1)
    for place, rarity in enumerate(rarities):
        if rarity is not None:
            bits = rarity.of_pairs(levels[:, place], *pairs)
            for kind in np.flatnonzero(weights.by_chance[place]).tolist():
                logs[kind] += bits
    return logs


def _by_pattern(weights: KindWeights, patterns: NDArray[np.uint8]) -> NDArray[np.float64]:
    logs: NDArray[np.float64] = np.repeat(weights.shares[:, None], len(patterns), axis=1)
    for place, by_level in enumerate(weights.by_level):
        logs += by_level.T[:, patterns[:, place]]
    return logs
