"""Connected components by label propagation with pointer jumping."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def components(size: int, left: NDArray[np.int64], right: NDArray[np.int64]) -> NDArray[np.int64]:
    """For each of `size` nodes the smallest node that it is connected to, itself included."""
    labels = np.arange(size, dtype=np.int64)
    while len(left):
        one, other = labels[left], labels[right]
        lower = np.minimum(one, other)
        np.minimum.at(labels, np.maximum(one, other), lower)
        while True:
            jumped = labels[labels]
            if np.array_equal(jumped, labels):
                break
            labels = jumped
        apart = labels[left] != labels[right]
        left, right = left[apart], right[apart]
    return labels


def capped_components(
    size: int, left: NDArray[np.int64], right: NDArray[np.int64], weight: NDArray[np.float64], cap: int
) -> NDArray[np.int64]:
    """Components of at most `cap` nodes.

    The strongest edges join first; one that would make too large a piece does not. For the rare component
    that is too large to compare in full.
    """
    parent = list(range(size))
    held = [1] * size

    def root(node: int) -> int:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for place in np.lexsort((right, left, -weight)).tolist():
        one, other = sorted((root(int(left[place])), root(int(right[place]))))
        if one != other and held[one] + held[other] <= cap:
            parent[other] = one
            held[one] += held[other]
    return np.array([root(node) for node in range(size)], np.int64)
