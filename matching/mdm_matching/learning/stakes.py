"""Stakes: how many pairs of records an answer about one pair would decide, and how likely it is to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mdm_matching.scoring.probability import probability

# A single pair counts in an average with at least and at most this many bits.
_LEAST, _MOST = -5.0, 15.0


@dataclass(frozen=True, slots=True, eq=False)
class Stakes:
    """The candidate pairs that alone could change the clusters.

    Attributes:
        place: which of the candidate pairs it is.
        wrong: the chance, 0 to 1, that what the clusters now say of it is wrong.
        pairs: how many pairs of records change sides if it is.
        joined: whether its two records are in one cluster now.
    """

    place: NDArray[np.int64]
    wrong: NDArray[np.float64]
    pairs: NDArray[np.float64]
    joined: NDArray[np.bool_]


def stakes(
    clusters: NDArray[np.int32],
    pairs: tuple[NDArray[np.int32], NDArray[np.int32]],
    weight: NDArray[np.float64],
    order: NDArray[np.int64],
    same: NDArray[np.int64],
) -> Stakes:
    """What is at stake between clusters and within them.

    Between two clusters it is their best pair: to join them joins every record of the one to every record of
    the other. Within a cluster it is each pair of its strongest spanning tree: it holds two parts together.

    Args:
        clusters: for each row its cluster.
        pairs: the candidate pairs.
        weight: the weight of each in bits.
        order: the candidate pairs from the best to the worst, ties settled.
        same: rows of two row numbers each that are known to be the same thing.
    """
    left, right = pairs
    inside = (clusters[left] == clusters[right])[order]
    held, parts = _holding(order[inside], pairs, len(clusters), same)
    best, chance = _between(order[~inside], (clusters[left], clusters[right]), weight)
    sizes = np.bincount(clusters, minlength=len(clusters))
    across = sizes[clusters[left[best]]] * sizes[clusters[right[best]]]
    return Stakes(
        np.append(held, best),
        np.append(1.0 - probability(weight[held]), chance),
        np.append(parts, across).astype(np.float64),
        np.append(np.ones(len(held), np.bool_), np.zeros(len(best), np.bool_)),
    )


def _between(
    order: NDArray[np.int64],
    clusters: tuple[NDArray[np.int32], NDArray[np.int32]],
    weight: NDArray[np.float64],
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The best pair between each two clusters, and the chance that they are one, by all pairs between."""
    one, other = (part[order].astype(np.int64) for part in clusters)
    span = int(max(one.max(initial=0), other.max(initial=0))) + 1
    packed = np.minimum(one, other) * span + np.maximum(one, other)
    _, first, group = np.unique(packed, return_index=True, return_inverse=True)
    summed = np.bincount(group, np.clip(weight[order], _LEAST, _MOST), minlength=len(first))
    mean = summed / np.maximum(np.bincount(group, minlength=len(first)), 1)
    return order[first], probability(mean)


def _holding(
    order: NDArray[np.int64],
    pairs: tuple[NDArray[np.int32], NDArray[np.int32]],
    rows: int,
    same: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The pairs of the strongest spanning trees, and how many pairs of records each holds together.

    Parts that known sameness holds together need no pair.
    """
    parent, size = list(range(rows)), [1] * rows
    for one, other in same.tolist():
        _united(parent, size, one, other)
    places, counts = [], []
    left, right = (part[order].tolist() for part in pairs)
    for place, one, other in zip(order.tolist(), left, right, strict=True):
        count = _united(parent, size, one, other)
        if count:
            places.append(place)
            counts.append(count)
    return np.array(places, np.int64), np.array(counts, np.int64)


def _united(parent: list[int], size: list[int], one: int, other: int) -> int:
    """How many pairs of records the union of the two trees joins; 0 if they are one already."""
    one, other = _root(parent, one), _root(parent, other)
    if one == other:
        return 0
    count = size[one] * size[other]
    if size[one] < size[other]:
        one, other = other, one
    parent[other] = one
    size[one] += size[other]
    return count


def _root(parent: list[int], node: int) -> int:
    while parent[node] != node:
        parent[node] = parent[parent[node]]
        node = parent[node]
    return node
