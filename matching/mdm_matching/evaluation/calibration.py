"""Calibration: whether scores mean what they say, in two numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_BINS = 10
# The pairs that are said to be true nine times in ten.
_NINE_IN_TEN = (0.85, 0.95)


@dataclass(frozen=True, slots=True)
class Calibration:
    """What the probabilities of scored pairs are worth against the truth.

    Attributes:
        error: mean distance of what was said from what is true over the tenths of probability, 0 (calibrated)
            to 1, each tenth counting by its pairs. Pairs below 1 in 100 are left out: nearly all differ.
        nine_in_ten: share of the pairs said to be true with 0.85 to 0.95 that are true; None for no pairs.
        pairs: how many pairs that share is of.
    """

    error: float
    nine_in_ten: float | None
    pairs: int


def calibration(probability: NDArray[np.float64], same: NDArray[np.bool_]) -> Calibration:
    """How well the probabilities of pairs foretell whether they are the same thing.

    Ten pairs said to be true with 0.8, of which seven are true, have an error of 0.1.

    Args:
        probability: what was said of each pair, 0 to 1.
        same: whether it is the same thing.
    """
    likely = probability >= 0.01
    said, true = probability[likely], same[likely].astype(np.float64)
    tenth = np.minimum((said * _BINS).astype(np.int64), _BINS - 1)
    apart = np.abs(np.bincount(tenth, said, minlength=_BINS) - np.bincount(tenth, true, minlength=_BINS))
    low, high = _NINE_IN_TEN
    band = same[(probability >= low) & (probability < high)]
    return Calibration(
        float(apart.sum()) / max(len(said), 1), float(band.mean()) if len(band) else None, len(band)
    )
