"""Agglomeration: groups of one component join best first, checked group to group."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# A single pair counts in an average with at most this many bits either way.
_CLIP = 15.0


@dataclass(frozen=True)
class Component:
    """Units (records, or equal records together) that match edges hold together, ordered as the caller orders.

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
    groups = component.bound.copy()
    size = len(groups)
    member = groups[:, None] == np.arange(size)[None, :]
    sizes = member.T @ component.sizes
    clipped = np.clip(component.weight, -_CLIP, _CLIP) * np.outer(component.sizes, component.sizes)
    sums = member.T.astype(float) @ clipped @ member
    barred = component.barred > 0
    barred = barred | alone[:, None] | alone[None, :]
    shut = (member.T.astype(np.int64) @ barred @ member) > 0
    best = _folded_best(component.weight, groups)
    shut |= (sizes == 0)[:, None] | (sizes == 0)[None, :]
    np.fill_diagonal(shut, val=True)
    while True:
        average = sums / np.maximum(np.outer(sizes, sizes), 1)
        able = np.where(shut | (best < rules.match) | (average < rules.cohesion), -np.inf, average)
        one, other = divmod(int(able.argmax()), size)
        if able[one, other] == -np.inf:
            return groups
        one, other = min(one, other), max(one, other)
        groups[groups == other] = one
        sums[one] += sums[other]
        sums[:, one] = sums[one]
        shut[one] |= shut[other]
        shut[one, one] = True
        shut[:, one] = shut[one]
        best[one] = np.maximum(best[one], best[other])
        best[:, one] = best[one]
        sizes[one] += sizes[other]
        sizes[other] = 0
        shut[other] = True
        shut[:, other] = True


def _folded_best(weight: NDArray[np.float64], groups: NDArray[np.int64]) -> NDArray[np.float64]:
    """The best weight between each two groups."""
    best = weight.copy()
    for unit in np.flatnonzero(groups != np.arange(len(groups))).tolist():
        lead = groups[unit]
        best[lead] = np.maximum(best[lead], best[unit])
        best[:, lead] = np.maximum(best[:, lead], best[:, unit])
    return best


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
