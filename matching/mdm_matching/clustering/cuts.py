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
        left, right = self.labels[one], self.labels[other]
        packed = np.minimum(left, right) * len(self.labels) + np.maximum(left, right)
        across = np.flatnonzero(left != right)
        across = across[np.lexsort((codes[across], packed[across]))]
        first = across[np.append(True, packed[across][1:] != packed[across][:-1])[: len(across)]]
        for pair, code in zip(packed[first].tolist(), codes[first].tolist(), strict=True):
            groups = divmod(pair, len(self.labels))
            self.bars[groups] = min(code, self.bars.get(groups, code))

    def cause(self, one: int, other: int) -> Cause:
        """Why two rows whose weight reaches the match threshold are in different groups."""
        if self.ambiguous[one] or self.ambiguous[other]:
            return Cause.AMBIGUOUS
        left, right = int(self.labels[one]), int(self.labels[other])
        return BARS[self.bars.get((min(left, right), max(left, right)), 0)] or Cause.BRIDGE


def cuts(  # each is another thing that decides
    model: MatchModel,
    parted: Parted,
    edges: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]],
    distinct: KnownWeights,
    clashes: list[tuple[int, int]],
    row: NDArray[np.int64],
) -> tuple[Cut, ...]:
    """The cuts among scored edges and verdicts, ordered, in rows of the table.

    An edge in the review zone that a verdict settles is none.

    Args:
        row: for each number in the caller's order, by which the rest goes, the row of the table.
    """
    left, right, weight = np.minimum(edges[0], edges[1]), np.maximum(edges[0], edges[1]), edges[2]
    labels = parted.labels
    settled = distinct.find(left, right, np.zeros(len(left))) > 0
    matches = weight >= model.match_threshold
    cut = (labels[left] != labels[right]) & (weight >= model.review_threshold) & (matches | ~settled)
    found = [(a, b, 0.0, Cause.VERDICT_CONFLICT) for a, b in clashes]
    for place in np.flatnonzero(cut).tolist():
        one, other = int(left[place]), int(right[place])
        cause = Cause.REVIEW
        if matches[place]:
            cause = (BARS[DISTINCT] if settled[place] else None) or parted.cause(one, other)
        found.append((one, other, float(weight[place]), cause))
    found.sort(key=lambda item: item[:2])
    return tuple(Cut(int(row[a]), int(row[b]), bits, cause, TEXTS[cause]) for a, b, bits, cause in found)
