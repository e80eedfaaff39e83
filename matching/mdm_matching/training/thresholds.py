"""Thresholds: from which weight a pair should count as a match, as the fitted mixture expects it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def best_threshold(weight: NDArray[np.float64], chance: NDArray[np.float64]) -> float:
    """The weight in bits at which the expected F1 of the pairs is greatest.

    Args:
        weight: total weight of each candidate pair.
        chance: its probability to be the same thing, 0 to 1.
    """
    order = np.argsort(-weight, kind="stable")
    ranked = weight[order]
    hits = np.cumsum(chance[order])
    expected = 2 * hits / (np.arange(1, len(order) + 1) + hits[-1])
    # Pairs of equal weight stand or fall together.
    ends = np.append(ranked[1:] < ranked[:-1], True)
    best = int(np.where(ends, expected, -1.0).argmax())
    below = ranked[best + 1] if best + 1 < len(ranked) else ranked[best] - 1.0
    # A pair pays from half the best F1 on (https://doi.org/10.1007/978-3-662-44851-9_15), seen here or not.
    half = max(float(expected[best]) / 2, 1e-9)
    pays = min(float(np.log2(half / (1 - half))), float(ranked[best]))
    return float(np.floor(max((ranked[best] + below) / 2, pays) * 1000) / 1000)
