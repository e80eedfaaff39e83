"""Screens: a quick look at pairs of values that spares most of them the full comparison."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from mdm_matching.semantics.packed_texts import Test
from mdm_matching.semantics.value_pairs import Places

# Level of a pair that only the full comparison can tell.
OPEN = 254


class Screen(Protocol):
    """What is known of pairs of a column's values before they are compared in full."""

    def levels(self, left: Places, right: Places) -> NDArray[np.uint8]:
        """The level of each pair of places, whose texts differ; OPEN where it cannot be told."""
        ...


@dataclass(frozen=True, slots=True)
class Unlike:
    """A screen that tells the pairs which are certainly at the last level.

    Attributes:
        last: the last level.
        tests: a pair that may agree in one of these ways is open.
    """

    last: int
    tests: tuple[Test, ...]

    def levels(self, left: Places, right: Places) -> NDArray[np.uint8]:
        """The last level, or OPEN."""
        found = np.zeros(len(left), np.bool_)
        for test in self.tests:
            found |= test(left, right)
        return np.where(found, np.uint8(OPEN), np.uint8(self.last))
