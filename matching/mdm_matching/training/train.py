"""Training as a list of steps: frequencies, chance agreement, the mixture, thresholds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from mdm_matching.comparing.levels import BLANK, pair_levels
from mdm_matching.learning.labels import Labels
from mdm_matching.learning.teaching import taught
from mdm_matching.model.column_model import ColumnModel
from mdm_matching.model.kind import Kind
from mdm_matching.model.match_model import MatchModel
from mdm_matching.scoring.pair_scores import score
from mdm_matching.scoring.probability import probability
from mdm_matching.standardising.standard_table import StandardTable
from mdm_matching.training.expectation_maximisation import Rest, Trust, fitted, responsibilities
from mdm_matching.training.frequencies import with_frequencies
from mdm_matching.training.patterns import Patterns, among, random_pairs, sampled_pairs, telling
from mdm_matching.training.thresholds import best_threshold

Progress = Callable[[str], None]

# Candidate pairs that training looks at, at most.
_SAMPLE = 300_000
_RANDOM = 40_000
# So few candidate pairs teach nothing: the defaults stand.
_FEWEST = 30
# An exclusive id on which more than this share of the same things differ is none.
_EXCLUSIVE_ERROR = 0.02


def train(
    model: MatchModel,
    table: StandardTable,
    left: NDArray[np.int32],
    right: NDArray[np.int32],
    *,
    levels: NDArray[np.uint8] | None = None,
    labels: Labels | None = None,
    progress: Progress | None = None,
) -> MatchModel:
    """The model fitted to records and their candidate pairs; as it is if they are few and none is judged.

    Args:
        model: where to start from, and what the fit is drawn towards.
        table: the records.
        left: the one record of each candidate pair.
        right: the other.
        levels: what comparing the candidate pairs gave, if that is known already.
        labels: judged pairs, candidates or not: they correct the weights that were fitted without them.
        progress: called with the name of each step when it begins.
    """
    say = progress or (lambda _: None)
    labels = labels or Labels.of((), table.rows)
    if len(left) < _FEWEST:
        return taught(model, table, labels)
    say("counting values")
    paired = zip(model.columns, table.columns, strict=True)
    model = replace(model, columns=tuple(with_frequencies(own, column) for own, column in paired))
    say("comparing pairs")
    some = sampled_pairs(table, left, right, _SAMPLE)
    pairs = (left[some], right[some])
    compared = pair_levels(table, *pairs) if levels is None else levels[some]
    patterns = Patterns.of(compared, len(left) / len(some))
    rest = _rest(model, table, (left, right), patterns)
    say("fitting the mixture")
    model = fitted(_spread(model, len(left), rest.pairs), patterns, rest, Trust())
    model = replace(model, columns=tuple(_checked(column) for column in model.columns))
    model = taught(model, table, labels)
    say("choosing thresholds")
    weight = score(model, table, *pairs, levels=compared).weight
    threshold = best_threshold(weight, labels.settled(probability(weight), pairs))
    return model.with_thresholds(match=threshold, review=threshold - 5.0)


def _rest(
    model: MatchModel,
    table: StandardTable,
    pairs: tuple[NDArray[np.int32], NDArray[np.int32]],
    patterns: Patterns,
) -> Rest:
    """What pairs look like that the mixture cannot judge.

    These are the pairs that are no candidates, judged by some drawn at random, and candidates of which too
    few columns say anything: of those the chance to be different counts, as the defaults see it.
    """
    drawn = random_pairs(table, _RANDOM)
    levels = pair_levels(table, *drawn)[~among(table, drawn, pairs)]
    others = max(table.rows * (table.rows - 1) / 2 - len(pairs[0]), 0.0)
    each = others / max(len(levels), 1)
    seen = []
    for place, column in enumerate(model.columns):
        own = levels[:, place]
        counts = np.bincount(own[own != BLANK], minlength=len(column.levels))
        seen.append((counts + np.array([level.u for level in column.levels])) * each)
    chances, _ = responsibilities(model, patterns.levels, patterns.counts)
    unlike = chances[:, [not kind.same for kind in model.kinds]].sum(axis=1) * patterns.counts
    return Rest(others, tuple(seen), np.where(telling(patterns.levels), 0.0, unlike))


def _spread(model: MatchModel, candidates: int, rest: float) -> MatchModel:
    """The model with prior and shares of all pairs, where the defaults speak of candidates alone."""
    share = candidates / max(candidates + rest, 1.0)
    kinds = []
    for kind in model.kinds:
        if kind.same:
            kinds.append(kind)
        elif kind.levels:
            kinds.append(replace(kind, share=kind.share * share))
        else:
            levels = {column.name: tuple(level.u for level in column.levels) for column in model.columns}
            kinds.append(replace(kind, share=1.0 - share))
            kinds.append(Kind("alike", same=False, share=kind.share * share, chance=True, levels=levels))
    return replace(model, kinds=tuple(kinds), prior=model.prior + float(np.log2(share)))


def _checked(column: ColumnModel) -> ColumnModel:
    """The column, no longer exclusive if the same things often differ in it."""
    return replace(column, exclusive=column.exclusive and column.levels[-1].m <= _EXCLUSIVE_ERROR)
