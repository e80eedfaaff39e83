"""Rarity: agreement on a rare value says more than agreement on a common one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from mdm_matching.comparing.levels import BLANK
from mdm_matching.model.column_model import ColumnModel
from mdm_matching.semantics.joined_standards import texts_at
from mdm_matching.slices import each_slice
from mdm_matching.standardising.standard_column import MISSING, StandardColumn

# A rare value adds at most this many bits, a common one takes at most as many away.
RARITY_LIMIT = 5.0
# Among so few pairs it is soon seen that none agrees.
_FEW = 200


@dataclass(frozen=True, slots=True)
class Rarity:
    """How much commoner than average the values of one column are.

    Attributes:
        codes: for each record the number of its value, -1 for none.
        depends: for each level 0..255 whether its weight depends on the value.
        bits: how much commoner than average each value is, in bits; 0 for no value, the last, and for values
            on which no pair agrees.
    """

    codes: NDArray[np.int32]
    depends: NDArray[np.bool_]
    bits: NDArray[np.float64]

    @classmethod
    def of(
        cls,
        model: ColumnModel,
        column: StandardColumn,
        levels: NDArray[np.uint8],
        pairs: tuple[NDArray[np.int32], NDArray[np.int32]],
    ) -> Rarity | None:
        """What these pairs of records need, of which `levels` are the levels in the column.

        None where frequency says nothing.
        """
        if model.rare <= 0 or not column.semantic.frequency_levels:
            return None
        codes, depends = column.live_codes, _depending(column.semantic.frequency_levels)
        if len(levels) <= _FEW and not depends[levels].any():
            return None
        used = np.zeros(len(column.standards) + 1, np.bool_)

        def work(part: slice) -> None:
            agreed = np.flatnonzero(depends[levels[part]])
            for ends in pairs:
                used[codes[ends[part][agreed]]] = True

        each_slice(len(levels), work)
        used[MISSING] = False
        places = np.flatnonzero(used)
        texts, frequencies, rare = texts_at(column.standards, places), model.frequencies, model.rare
        shares = np.fromiter((frequencies.get(text, rare) for text in texts), np.float64, len(places))
        bits = np.zeros(len(used))
        bits[places] = np.clip(np.log2(shares / model.typical), -RARITY_LIMIT, RARITY_LIMIT)
        return cls(codes, depends, bits)

    def of_pairs(
        self, levels: NDArray[np.uint8], left: NDArray[np.int32], right: NDArray[np.int32]
    ) -> NDArray[np.float64]:
        """For each pair, in bits, how much likelier than average two different things agree on this value.

        0 where the level does not depend on rarity. Where the two values differ, the commoner one counts.
        """
        bits = np.zeros(len(levels))
        agreed = np.flatnonzero(self.depends[levels])
        one, other = self.bits[self.codes[left[agreed]]], self.bits[self.codes[right[agreed]]]
        bits[agreed] = np.maximum(one, other)
        return bits


@cache
def _depending(frequency_levels: frozenset[int]) -> NDArray[np.bool_]:
    depends = np.zeros(BLANK + 1, np.bool_)
    depends[list(frequency_levels)] = True
    return depends
