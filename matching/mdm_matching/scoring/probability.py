"""Probability: what a match weight means."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def probability(weight: NDArray[np.float64]) -> NDArray[np.float64]:
    """The probability, 0 to 1, that a total weight in bits implies: 0 bits is 0.5, 10 bits 0.999.

    -10 bits 0.001.
    """
    chance: NDArray[np.float64] = 1.0 / (1.0 + np.exp2(-np.clip(np.asarray(weight, np.float64), -1000, 1000)))
    return chance
