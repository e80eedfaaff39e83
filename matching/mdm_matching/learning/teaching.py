"""Teaching: labelled pairs correct the weights of a fitted model, as far as they are many enough to do so.

Each correction is a number of bits added at a level of agreement: the most probable one, given the labels and
the belief that the fitted weights are about right (a logistic regression with a Gaussian prior). Because it
asks only what is likely given how a pair looks, it is not led astray by questions that were chosen because
they were hard.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import log

import numpy as np
from numpy.typing import NDArray

from mdm_matching.comparing.levels import BLANK
from mdm_matching.learning.labels import Labels
from mdm_matching.model.match_model import MatchModel
from mdm_matching.scoring.pair_scores import score
from mdm_matching.standardising.standard_table import StandardTable

_BIT = log(2.0)  # natural log odds
_ROUNDS = 50
_SETTLED = 1e-9
# Decimals of a correction; far below what any weight means.
_DECIMALS = 6


@dataclass(frozen=True, slots=True)
class Doubt:
    """How far off the fitted weights are thought to be: standard deviations.

    Attributes:
        prior: of the prior, in bits.
        scale: of the factor by which all weights together are too large or too small.
        column: of the same factor of one column.
        level: of one level's weight, in bits.
    """

    prior: float = 3.0
    scale: float = 0.1
    column: float = 0.1
    level: float = 1.0


def taught(model: MatchModel, table: StandardTable, labels: Labels, doubt: Doubt | None = None) -> MatchModel:
    """The model with its weights corrected by labelled pairs; unchanged without any.

    Args:
        model: fitted already, or the defaults.
        table: the records that the labels speak of.
        labels: judged pairs.
        doubt: how readily the model gives way.
    """
    if not len(labels):
        return model
    plain = replace(model, columns=tuple(replace(column, taught=()) for column in model.columns))
    scores = score(plain, table, labels.left, labels.right)
    levers = _Levers.of(plain, doubt or Doubt())
    moved = _most_probable(levers.seen(scores.levels), levers.spread, scores.weight, labels.same)
    prior, bits = levers.bits(moved)
    columns = tuple(
        replace(column, taught=tuple(np.round(own, _DECIMALS).tolist()))
        for column, own in zip(plain.columns, bits, strict=True)
    )
    return replace(plain, columns=columns, prior=round(plain.prior + prior, _DECIMALS))


@dataclass(frozen=True, slots=True)
class _Levers:
    """What may be moved: the prior, all weights, each column's weights, each level's weight.

    Attributes:
        weights: per column the fitted bits of each level.
        spread: standard deviation of each lever, in that order.
    """

    weights: tuple[NDArray[np.float64], ...]
    spread: NDArray[np.float64]

    @classmethod
    def of(cls, model: MatchModel, doubt: Doubt) -> _Levers:
        weights = tuple(np.array([level.weight for level in column.levels]) for column in model.columns)
        levels = sum(map(len, weights))
        spread = [doubt.prior, doubt.scale, *[doubt.column] * len(weights), *[doubt.level] * levels]
        return cls(weights, np.array(spread))

    def seen(self, levels: NDArray[np.uint8]) -> NDArray[np.float64]:
        """One row per pair: by how many bits its weight moves with each lever."""
        by_column, by_level = [], []
        for place, weights in enumerate(self.weights):
            own = levels[:, place]
            by_column.append(np.append(weights, np.zeros(BLANK + 1 - len(weights)))[own])
            by_level.append((own[:, None] == np.arange(len(weights))).astype(np.float64))
        columns = np.column_stack(by_column)
        return np.column_stack([np.ones(len(levels)), columns.sum(axis=1), columns, *by_level])

    def bits(self, moved: NDArray[np.float64]) -> tuple[float, list[NDArray[np.float64]]]:
        """What the levers add to the prior and, column by column, to each level."""
        count = len(self.weights)
        scale, columns, rest = moved[1], moved[2 : 2 + count], moved[2 + count :]
        ends = np.cumsum([len(weights) for weights in self.weights])[:-1]
        parts = np.split(rest, ends)
        return float(moved[0]), [
            (scale + columns[place]) * weights + parts[place] for place, weights in enumerate(self.weights)
        ]


def _most_probable(
    seen: NDArray[np.float64],
    spread: NDArray[np.float64],
    weight: NDArray[np.float64],
    same: NDArray[np.bool_],
) -> NDArray[np.float64]:
    """The moves that best explain the labels, by Newton's method; small moves are likelier than large."""
    pull = np.diag(1.0 / spread**2)
    moved = np.zeros(len(spread))
    for _ in range(_ROUNDS):
        chance = 1.0 / (1.0 + np.exp(-np.clip((weight + seen @ moved) * _BIT, -500, 500)))
        slope = _BIT * seen.T @ (chance - same) + pull @ moved
        bend = _BIT**2 * (seen.T * (chance * (1 - chance))) @ seen + pull
        step = np.linalg.solve(bend, slope)
        # A longer step could overshoot where the chances are all but certain.
        step *= min(1.0, 2.0 / max(float(np.abs(seen @ step).max()), 1e-12))
        moved = moved - step
        if float(np.abs(step).max()) < _SETTLED:
            break
    return moved
