"""Cuts: the pairs that look alike and were kept apart, each with its cause."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mdm_matching.clustering.clustering import TEXTS, Cause, Cut
from mdm_matching.clustering.crossings import BARS, DISTINCT, KnownWeights
from mdm_matching.model.match_model import MatchModel


@dataclass(frozen=True)
class Parted:
    """What agglomeration has decided so far; filled component by component, rows in the caller's order.

    Attributes:
        labels: for each row the first row of its group.
        ambiguous: whether the row stands alone because two contradicting groups want it.
        bars: for two groups (the first first) the code of the strongest bar between them.
    """

    labels: NDArray[np.int64]
    ambiguous: NDArray[np.bool_]
    bars: dict[tuple[int, int], int]

    @classmethod
    def apart(cls, rows: int) -> Parted:
        """Every row alone."""
        return cls(np.arange(rows, dtype=np.int64), np.zeros(rows, np.bool_), {})

    def note_bars(self, one: NDArray[np.int64], other: NDArray[np.int64], codes: NDArray[np.uint8]) -> None:
        """Remember what bars the groups of these rows from each other."""
        groups = np.sort(np.column_stack([self.labels[one], self.labels[other]]), axis=1)
        for (left, right), code in zip(groups.tolist(), codes.tolist(), strict=True):
            if left != right:
                self.bars[left, right] = min(code, self.bars.get((left, right), code))

    def cause(self, one: int, other: int) -> Cause:
        """Why two rows whose weight reaches the match threshold are in different groups."""
        if self.ambiguous[one] or self.ambiguous[other]:
            return Cause.AMBIGUOUS
        left, right = int(self.labels[one]), int(self.labels[other])
        return BARS[self.bars.get((min(left, right), max(left, right)), 0)] or Cause.BRIDGE


def cuts(
    model: MatchModel,
    parted: Parted,
    edges: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]],
    distinct: KnownWeights,
    clashes: list[tuple[int, int]],
) -> list[Cut]:
    """The cuts among scored edges and verdicts, ordered.

    An edge in the review zone that a verdict settles is none.
    """
    left, right, weight = np.minimum(edges[0], edges[1]), np.maximum(edges[0], edges[1]), edges[2]
    labels = parted.labels
    settled = distinct.find(left, right, np.zeros(len(left))) > 0
    matches = weight >= model.match_threshold
    cut = (labels[left] != labels[right]) & (weight >= model.review_threshold) & (matches | ~settled)
    places = np.flatnonzero(cut)
    places = places[np.lexsort((right[places], left[places]))]
    found = [Cut(a, b, 0.0, Cause.VERDICT_CONFLICT, TEXTS[Cause.VERDICT_CONFLICT]) for a, b in clashes]
    for place in places.tolist():
        one, other = int(left[place]), int(right[place])
        cause = Cause.REVIEW
        if matches[place]:
            cause = (BARS[DISTINCT] if settled[place] else None) or parted.cause(one, other)
        found.append(Cut(one, other, float(weight[place]), cause, TEXTS[cause]))
    return sorted(found, key=lambda item: (item.left, item.right))
