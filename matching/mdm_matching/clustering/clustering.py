"""What clustering takes and gives: scored edges in; labels and cuts out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from mdm_matching.memory import Memory
from mdm_matching.slices import each_slice

# Bytes that an edge takes while it is looked at.
_EACH = 40


class Cause(StrEnum):
    """Why two records of different clusters that look alike were not joined."""

    REVIEW = "review"  # likely enough to be looked at, not likely enough to be joined
    DISTINCT_VERDICT = "distinct_verdict"  # somebody said that records of the two groups are distinct
    EXCLUSIVE_ID = "exclusive_id"  # records of the two groups hold different ids that only one thing can have
    CONTRADICTION = "contradiction"  # records of the two groups speak clearly against each other
    CLEAN_SOURCE = "clean_source"  # both groups hold a record of one source that holds nothing twice
    AMBIGUOUS = "ambiguous"  # the record matches two groups that contradict each other, about equally well
    BRIDGE = "bridge"  # the groups hang together by too little
    VERDICT_CONFLICT = "verdict_conflict"  # verdicts say same and distinct of the same records


@dataclass(frozen=True, slots=True)
class Edges:
    """Scored pairs of records; no pair twice.

    Attributes:
        left: the one row of each pair.
        right: the other.
        weight: total match weight in bits.
    """

    left: NDArray[np.int32]
    right: NDArray[np.int32]
    weight: NDArray[np.float64]

    def at_least(self, weight: float, memory: Memory) -> Edges:
        """The edges of this weight or more."""
        return self._chosen(memory, lambda part: self.weight[part] >= weight)

    def within(self, piece: NDArray[np.int32], memory: Memory) -> Edges:
        """The edges within one component; for each row of the table its component is given."""
        return self._chosen(memory, lambda part: piece[self.left[part]] == piece[self.right[part]])

    def _chosen(self, memory: Memory, choose: Callable[[slice], NDArray[np.bool_]]) -> Edges:
        found = [(self.left[:0], self.right[:0], self.weight[:0])]
        for several in memory.slices(len(self.left), _EACH):
            chosen = np.empty(several.stop - several.start, np.bool_)

            def work(part: slice, begin: int = several.start, chosen: NDArray[np.bool_] = chosen) -> None:
                chosen[part] = choose(slice(begin + part.start, begin + part.stop))

            each_slice(len(chosen), work)
            found.append(
                (self.left[several][chosen], self.right[several][chosen], self.weight[several][chosen])
            )
        left, right, weight = zip(*found, strict=True)
        return Edges(np.concatenate(left), np.concatenate(right), np.concatenate(weight))


@dataclass(frozen=True, slots=True)
class Cut:
    """A pair that looks alike and was kept apart, or a pair of clashing verdicts.

    Attributes:
        left: the row that comes first in the caller's order.
        right: the other row.
        weight: total match weight in bits.
        cause: why.
        text: the same in words.
    """

    left: int
    right: int
    weight: float
    cause: Cause
    text: str


@dataclass(frozen=True, slots=True)
class Clustering:
    """Which rows are one thing.

    Attributes:
        labels: for each row the row of its cluster that comes first in the caller's order.
        cuts: what was kept apart, ordered by the caller's order of the two rows.
    """

    labels: NDArray[np.int32]
    cuts: tuple[Cut, ...]


TEXTS = {
    Cause.REVIEW: "likely, but not likely enough to join without a look",
    Cause.DISTINCT_VERDICT: "a verdict says that records of the two groups are distinct",
    Cause.EXCLUSIVE_ID: "the two groups hold different ids of which one thing can have only one",
    Cause.CONTRADICTION: "records of the two groups contradict each other",
    Cause.CLEAN_SOURCE: "both groups hold a record of one source that holds nothing twice",
    Cause.AMBIGUOUS: "one record matches two contradicting groups about equally well",
    Cause.BRIDGE: "too little holds the two groups together",
    Cause.VERDICT_CONFLICT: "verdicts say both same and distinct of these records",
}
