"""Verdicts as constraints: same must be linked, distinct must not, and where the two clash neither wins."""

from __future__ import annotations

from collections import deque

import numpy as np
from numpy.typing import NDArray

from mdm_matching.clustering.components import components


def standing_sames(
    size: int, same: NDArray[np.int64], distinct: NDArray[np.int64]
) -> tuple[NDArray[np.int64], list[tuple[int, int]]]:
    """The same verdicts that no distinct verdict contradicts, and the distinct pairs that clash with others.

    Where same verdicts lead from one record of a distinct pair to the other, every verdict on the shortest
    way is
    suspended, until no way is left. Nodes are numbered in the caller's order, which settles ties.

    Args:
        size: how many nodes there are.
        same: rows of two nodes each.
        distinct: rows of two nodes each.
    """
    same = np.unique(np.sort(same, axis=1), axis=0)
    clashes: list[tuple[int, int]] = []
    for one, other in np.unique(np.sort(distinct, axis=1), axis=0).tolist():
        found = False
        while len(same):
            labels = components(size, same[:, 0], same[:, 1])
            if labels[one] != labels[other]:
                break
            found = True
            way = _shortest_way(same[labels[same[:, 0]] == labels[one]], one, other)
            same = same[[(a, b) not in way for a, b in same.tolist()]]
        if found:
            clashes.append((one, other))
    return same, clashes


def _shortest_way(same: NDArray[np.int64], start: int, goal: int) -> set[tuple[int, int]]:
    neighbours: dict[int, list[int]] = {}
    for one, other in same.tolist():
        neighbours.setdefault(one, []).append(other)
        neighbours.setdefault(other, []).append(one)
    before = {start: start}
    waiting = deque([start])
    while goal not in before:
        node = waiting.popleft()
        for near in sorted(neighbours[node]):
            if near not in before:
                before[near] = node
                waiting.append(near)
    way = set()
    while goal != start:
        way.add((min(goal, before[goal]), max(goal, before[goal])))
        goal = before[goal]
    return way
