"""Bands: keys are taken from the rarest to the commonest, as long as the pairs that they add pay."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# The most holders of each band's keys, the rarest band first.
_BANDS = (4, 8, 12, 16, 24, 32, 48, 64, 80)
# So few pairs are always worth it.
ALWAYS = 20_000
# A band pays if at least this share of the pairs it adds is the same thing.
_PAYS = 0.01
# How many of a band's pairs are judged.
JUDGED = 4_000


@dataclass(frozen=True, slots=True)
class KeyReach:
    """How common the keys are that make candidates: what matching found to pay.

    Attributes:
        shared: how many records may hold a key, at most.
        alone: how many may hold a weak key that makes candidates by itself, at most; 1 if none does.
    """

    shared: int
    alone: int = 1


def bands(cap: int) -> tuple[int, ...]:
    """The most holders of each band's keys, ascending; the last is the cap."""
    return (*(band for band in _BANDS if band < cap), cap)


def goes_on(pairs: int, share: Callable[[], float]) -> bool:
    """Whether commoner keys are taken, too.

    Args:
        pairs: how many pairs there are, those of the band included.
        share: tells which share of the pairs that the band adds is the same thing; asked only if it matters.
    """
    return pairs <= ALWAYS or share() >= _PAYS


def judged(marks: NDArray[np.int64]) -> NDArray[np.int64]:
    """The places of the pairs of a band that are judged, by their marks: see `fingerprint.pair_marks`."""
    most = np.partition(marks, JUDGED - 1)[JUDGED - 1] if len(marks) > JUDGED else marks.max(initial=0)
    low = np.flatnonzero(marks <= most)
    return low[np.argsort(marks[low], kind="stable")[:JUDGED]]
