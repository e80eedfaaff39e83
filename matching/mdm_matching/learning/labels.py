"""Labels: pairs of records of which somebody said that they are the same thing, or that they are not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mdm_matching.errors import LabelError


@dataclass(frozen=True, slots=True, eq=False)
class Labels:
    """Judged pairs, left below right, ascending; no pair twice.

    Attributes:
        left: the one row of each pair.
        right: the other.
        same: what was said: True for the same thing, False for two different things.
    """

    left: NDArray[np.int32]
    right: NDArray[np.int32]
    same: NDArray[np.bool_]

    @classmethod
    def of(cls, judged: Iterable[tuple[int, int, bool]], rows: int) -> Labels:
        """The labels of pairs given as (row, row, same); of two about one pair, the later one counts.

        Raises:
            LabelError: a row is none of the `rows` records, or a record is judged against itself.
        """
        known: dict[tuple[int, int], bool] = {}
        for one, other, same in judged:
            if one == other:
                raise LabelError(f"row {one} is judged against itself")
            if min(one, other) < 0 or max(one, other) >= rows:
                raise LabelError(f"rows {one} and {other} are not both among the {rows} records")
            known[min(one, other), max(one, other)] = bool(same)
        ordered = sorted(known.items())
        return cls(
            np.array([pair[0] for pair, _ in ordered], np.int32),
            np.array([pair[1] for pair, _ in ordered], np.int32),
            np.array([same for _, same in ordered], np.bool_),
        )

    def __len__(self) -> int:
        return len(self.left)

    def settled(
        self, chance: NDArray[np.float64], pairs: tuple[NDArray[np.int32], NDArray[np.int32]]
    ) -> NDArray[np.float64]:
        """The chance of each pair (left below right) to be the same thing, 1 or 0 where it was judged."""
        if not len(self):
            return chance
        span = int(max(pairs[1].max(initial=0), self.right.max())) + 1
        judged = self.left.astype(np.int64) * span + self.right
        asked = pairs[0].astype(np.int64) * span + pairs[1]
        place = np.minimum(np.searchsorted(judged, asked), len(judged) - 1)
        return np.where(judged[place] == asked, self.same[place].astype(np.float64), chance)

    def verdicts(self, *, same: bool) -> NDArray[np.int64]:
        """The pairs of which this was said, as rows of two row numbers: what `cluster` takes."""
        chosen = self.same == same
        return np.column_stack([self.left[chosen], self.right[chosen]]).astype(np.int64)
