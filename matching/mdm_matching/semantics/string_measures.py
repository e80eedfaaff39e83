"""Likeness of many pairs of strings at once, and the choice of the first level that holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA, Indel, JaroWinkler
from rapidfuzz.process import cpdist

Flags = NDArray[np.bool_]
Size = TypeVar("Size", np.int32, np.int64)


def jaro_winkler(left: Sequence[str], right: Sequence[str]) -> NDArray[np.float32]:
    """Jaro-Winkler likeness of each pair, 0 for nothing in common to 1 for equal."""
    if not len(left):
        return np.zeros(0, np.float32)
    return np.asarray(cpdist(left, right, scorer=JaroWinkler.similarity, dtype=np.float32))


def edits(left: Sequence[str], right: Sequence[str], *, most: int = 3) -> NDArray[np.int32]:
    """How many letters each pair differs by: dropped, added, changed or swapped with a neighbour.

    At most `most` + 1.
    """
    if not len(left):
        return np.zeros(0, np.int32)
    return np.asarray(cpdist(left, right, scorer=OSA.distance, score_cutoff=most, dtype=np.int32))


def overlap(left: Sequence[str], right: Sequence[str]) -> NDArray[np.float32]:
    """Share of letters that each pair has in common in the same order, 0 to 1."""
    if not len(left):
        return np.zeros(0, np.float32)
    return np.asarray(cpdist(left, right, scorer=Indel.normalized_similarity, dtype=np.float32))


def lengths(values: Sequence[str]) -> NDArray[np.int64]:
    """Number of letters of each string."""
    return np.fromiter(map(len, values), np.int64, len(values))


def equal(left: Sequence[str], right: Sequence[str]) -> Flags:
    """Whether each pair is the same string and not empty."""
    return np.fromiter((a == b and a != "" for a, b in zip(left, right, strict=True)), np.bool_, len(left))


def typing_slip(left: Sequence[str], right: Sequence[str]) -> Flags:
    """Whether each pair differs by a slip of the pen: one letter, two from nine letters on.

    Short words never.
    """
    distance = edits(left, right, most=2)
    return (distance <= 2) & (distance <= slips_allowed(np.minimum(lengths(left), lengths(right))))


def slips_allowed(shorter: NDArray[Size]) -> NDArray[np.int64]:
    """How many edits of a text are a slip of the pen, by the length of the shorter of the two."""
    return (shorter >= 4) + 0 + (shorter >= 9)


def first_level(conditions: Sequence[tuple[Flags, int]], otherwise: int) -> NDArray[np.uint8]:
    """For each pair the level of the first condition that holds, else the last level."""
    chosen = np.full(len(conditions[0][0]), otherwise, np.uint8)
    for flags, level in reversed(conditions):
        chosen[flags] = level
    return chosen
