"""Training as a list of steps: frequencies, chance agreement, the mixture, thresholds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from mdm_matching.comparing.levels import BLANK, pair_levels
from mdm_matching.model.column_model import ColumnModel
from mdm_matching.model.match_model import MatchModel
from mdm_matching.scoring.pair_scores import score
from mdm_matching.scoring.probability import probability
from mdm_matching.semantics.semantic_type import Level
from mdm_matching.standardising.standard_table import StandardTable
from mdm_matching.training.expectation_maximisation import Trust, fitted, responsibilities
from mdm_matching.training.frequencies import with_frequencies, with_typical
from mdm_matching.training.patterns import Patterns, random_pairs, sampled_pairs
from mdm_matching.training.thresholds import best_threshold

Progress = Callable[[str], None]

# Candidate pairs that training looks at, at most.
_SAMPLE = 500_000
_RANDOM = 100_000
# An exclusive id on which more than this share of the same things differ is none.
_EXCLUSIVE_ERROR = 0.02


def train(
    model: MatchModel,
    table: StandardTable,
    left: NDArray[np.int32],
    right: NDArray[np.int32],
    *,
    progress: Progress | None = None,
) -> MatchModel:
    """The model with weights.

    Frequencies and thresholds fitted to records and their candidate pairs, without labels.
    """
    say = progress or (lambda _: None)
    left, right = sampled_pairs(table, left, right, _SAMPLE)
    if not len(left):
        return model
    say("counting values")
    paired = zip(model.columns, table.columns, strict=True)
    model = replace(model, columns=tuple(with_frequencies(own, column) for own, column in paired))
    say("comparing random pairs")
    model = replace(model, columns=_with_chance(model, table))
    say("fitting the mixture")
    levels = pair_levels(table, left, right)
    patterns = Patterns.of(levels)
    model = fitted(model, patterns, Trust())
    chances, _ = responsibilities(model, patterns.levels, patterns.counts)
    unlike = chances[:, [not kind.same for kind in model.kinds]].sum(axis=1)[patterns.of_pair]
    model = replace(model, columns=_with_typicals(model, table, left, levels, unlike))
    model = replace(model, columns=tuple(_checked(column) for column in model.columns))
    say("choosing thresholds")
    weight = score(model, table, left, right).weight
    threshold = best_threshold(weight, probability(weight))
    return model.with_thresholds(match=threshold, review=threshold - 5.0)


def _with_chance(model: MatchModel, table: StandardTable) -> tuple[ColumnModel, ...]:
    """The columns with u drawn towards what random pairs show."""
    levels = pair_levels(table, *random_pairs(table, _RANDOM))
    columns = []
    for place, column in enumerate(model.columns):
        own = levels[:, place]
        seen = np.bincount(own[own != BLANK], minlength=len(column.levels)).astype(np.float64)
        mixed = seen + 200 * np.array([level.u for level in column.levels])
        shares = (mixed / mixed.sum()).tolist()
        columns.append(
            replace(
                column,
                levels=tuple(
                    Level(x.label, x.m, max(u, 1e-7)) for x, u in zip(column.levels, shares, strict=True)
                ),
            )
        )
    return tuple(columns)


def _with_typicals(
    model: MatchModel,
    table: StandardTable,
    left: NDArray[np.int32],
    levels: NDArray[np.uint8],
    unlike: NDArray[np.float64],
) -> tuple[ColumnModel, ...]:
    columns = []
    for place, column in enumerate(model.columns):
        agree = levels[:, place] == 0
        columns.append(with_typical(column, table.columns[place], left[agree], unlike[agree]))
    return tuple(columns)


def _checked(column: ColumnModel) -> ColumnModel:
    """The column, no longer exclusive if the same things often differ in it."""
    return replace(column, exclusive=column.exclusive and column.levels[-1].m <= _EXCLUSIVE_ERROR)
