"""Training as a list of steps: frequencies, chance agreement, the mixture, thresholds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from mdm_matching.comparing.levels import pair_levels
from mdm_matching.learning.labels import Labels
from mdm_matching.learning.teaching import taught
from mdm_matching.memory import Memory
from mdm_matching.model.match_model import MatchModel
from mdm_matching.scoring.pair_scores import score
from mdm_matching.scoring.probability import probability
from mdm_matching.standardising.standard_table import StandardTable
from mdm_matching.training.fit import FEWEST, RANDOM, SAMPLE, Seen, fit, with_threshold
from mdm_matching.training.frequencies import with_frequencies
from mdm_matching.training.patterns import Patterns, among, random_pairs, sampled_pairs, taken
from mdm_matching.training.thresholds import best_threshold

Progress = Callable[[str], None]

# Bytes that a pair of the sample takes while the mixture is fitted.
_EACH = 130


def train(
    model: MatchModel,
    table: StandardTable,
    left: NDArray[np.int32],
    right: NDArray[np.int32],
    *,
    levels: NDArray[np.uint8] | None = None,
    labels: Labels | None = None,
    memory: Memory | None = None,
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
        memory: what there is room for.
        progress: called with the name of each step when it begins.
    """
    say = progress or (lambda _: None)
    labels = labels or Labels.of((), table.rows)
    if len(left) < FEWEST:
        return taught(model, table, labels)
    say("counting values")
    paired = zip(model.columns, table.columns, strict=True)
    model = replace(model, columns=tuple(with_frequencies(own, column) for own, column in paired))
    say("comparing pairs")
    memory = memory or Memory.of(None)
    some = sampled_pairs(table, left, right, SAMPLE, memory)
    memory.check(len(some) * _EACH)
    pairs = (left[some], right[some])
    compared = pair_levels(table, *pairs) if levels is None else taken(levels, some, memory)
    drawn = random_pairs(table, RANDOM)
    by_chance = pair_levels(table, *drawn)[~among(table, drawn, (left, right), memory)]
    patterns = Patterns.of(compared, len(left) / len(some))
    say("fitting the mixture")
    model = taught(fit(model, Seen(table.rows, len(left), patterns, by_chance)), table, labels)
    say("choosing thresholds")
    weight = score(model, table, *pairs, levels=compared).weight
    threshold = best_threshold(weight, labels.settled(probability(weight), pairs))
    return with_threshold(model, threshold)
