"""Agglomeration: groups of one component join best first, checked group to group."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# A single pair counts in an average with at most and at least this many bits.
_MOST = 15.0
_LEAST = -5.0


@dataclass(frozen=True)
class Component:
    """Units (records, or equal records together) that match edges hold together, in the caller's order.

    Attributes:
        weight: square matrix of total match weights in bits.
        barred: square matrix: the code of the bar between two units, 0 for none.
        sizes: how many records each unit stands for.
        bound: for each unit the first unit that verdicts bind it to, itself if none.
    """

    weight: NDArray[np.float64]
    barred: NDArray[np.uint8]
    sizes: NDArray[np.int64]
    bound: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Rules:
    """When two groups join.

    Attributes:
        match: bits that the best pair across must reach.
        cohesion: bits that the pairs across must reach on average.
        margin: bits by which the better of two contradicting groups must lead.
    """

    match: float
    cohesion: float
    margin: float


def split(component: Component, rules: Rules) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """For each unit the first unit of its group, and whether it stands alone because it is ambiguous."""
    ambiguous = np.zeros(len(component.sizes), np.bool_)
    while True:
        groups = _joined(component, rules, ambiguous)
        found = _ambiguous(component, rules, groups, ambiguous)
        if not found.any():
            return groups, ambiguous
        ambiguous = ambiguous | found


def _joined(component: Component, rules: Rules, alone: NDArray[np.bool_]) -> NDArray[np.int64]:
    """For each unit the first unit of its group, when the best pair of groups joins until none may."""
    crossing = _Crossing.of(component, alone)
    groups = component.bound.copy()
    able = crossing.able(np.arange(len(groups)), rules)
    partner = able.argmax(axis=1)
    value = able.max(axis=1)
    while True:
        one = int(value.argmax())
        if value[one] == -np.inf:
            return groups
        one, other = sorted((one, int(partner[one])))
        groups[groups == other] = one
        crossing.fold(one, other)
        row = crossing.able(np.array([one]), rules)[0]
        able[one], able[:, one], able[other], able[:, other] = row, row, -np.inf, -np.inf
        better = (row > value) | ((row == value) & (one < partner))
        partner[better], value[better] = one, row[better]
        stale = ~better & ((partner == one) | (partner == other))
        stale[[one, other]] = True
        partner[stale], value[stale] = able[stale].argmax(axis=1), able[stale].max(axis=1)


@dataclass(frozen=True)
class _Crossing:
    """What lies between each two groups; a group stands in the row of its first unit. Folding changes it.

    Attributes:
        sizes: records in each group, 0 for a row that has none.
        sums: sum of the weights of the pairs across, each clipped.
        best: the best weight across.
        shut: whether the two may not join.
    """

    sizes: NDArray[np.float64]
    sums: NDArray[np.float64]
    best: NDArray[np.float64]
    shut: NDArray[np.bool_]

    @classmethod
    def of(cls, component: Component, alone: NDArray[np.bool_]) -> _Crossing:
        """The groups that verdicts bind; all other units on their own."""
        sizes = component.sizes.astype(np.float64)
        sums = np.clip(component.weight, _LEAST, _MOST) * sizes[:, None] * sizes[None, :]
        shut = (component.barred > 0) | alone[:, None] | alone[None, :]
        np.fill_diagonal(shut, val=True)
        crossing = cls(sizes, sums, component.weight.copy(), shut)
        for unit in np.flatnonzero(component.bound != np.arange(len(sizes))).tolist():
            crossing.fold(int(component.bound[unit]), unit)
        return crossing

    def fold(self, one: int, other: int) -> None:
        """Join the group `other` into the group `one`."""
        self.sums[one] += self.sums[other]
        self.sums[:, one] = self.sums[one]
        self.best[one] = np.maximum(self.best[one], self.best[other])
        self.best[:, one] = self.best[one]
        self.shut[one] |= self.shut[other]
        self.shut[one, one] = True
        self.shut[:, one] = self.shut[one]
        self.shut[other] = True
        self.shut[:, other] = True
        self.sizes[one] += self.sizes[other]
        self.sizes[other] = 0

    def able(self, rows: NDArray[np.int64], rules: Rules) -> NDArray[np.float64]:
        """For these groups and all others the average weight across.

        It is minus infinity where they may not join.
        """
        average = self.sums[rows] / np.maximum(self.sizes[rows, None] * self.sizes[None, :], 1.0)
        barred = self.shut[rows] | (self.best[rows] < rules.match) | (average < rules.cohesion)
        return np.where(barred, -np.inf, average)


def _ambiguous(
    component: Component, rules: Rules, groups: NDArray[np.int64], known: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Units that match another group, contradicting their own, nearly as well as their own."""
    found = np.zeros(len(groups), np.bool_)
    if (groups == groups[0]).all():
        return found
    barred = component.barred > 0
    bound = np.bincount(component.bound, minlength=len(groups)) > 1
    linked = (component.weight >= rules.match) & (groups[:, None] != groups[None, :])
    for unit in np.flatnonzero(linked.any(axis=1) & ~known & ~bound[component.bound]).tolist():
        own = groups == groups[unit]
        own[unit] = False
        if not own.any():
            continue
        home = component.weight[unit, own].max()
        for rival in np.unique(groups[linked[unit]]).tolist():
            there = groups == rival
            if barred[unit, there].any() or known[there].all() or not barred[np.ix_(own, there)].any():
                continue
            if home - component.weight[unit, there].max() < rules.margin:
                found[unit] = True
    return found
