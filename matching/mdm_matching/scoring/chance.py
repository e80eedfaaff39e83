"""Chance: how likely pairs of a table's records are the same thing."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from mdm_matching.model.match_model import MatchModel
from mdm_matching.scoring.pair_scores import score
from mdm_matching.scoring.probability import probability
from mdm_matching.standardising.standard_table import StandardTable


def chance_of(
    model: MatchModel, table: StandardTable
) -> Callable[[NDArray[np.int32], NDArray[np.int32]], NDArray[np.float64]]:
    """Tells of pairs of rows the probability, 0 to 1, that they are one thing."""
    return lambda left, right: probability(score(model, table, left, right).weight)
