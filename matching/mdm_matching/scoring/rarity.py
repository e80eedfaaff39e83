"""Rarity: agreement on a rare value says more than agreement on a common one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mdm_matching.comparing.levels import BLANK
from mdm_matching.model.column_model import ColumnModel
from mdm_matching.standardising.joined_standards import texts_at
from mdm_matching.standardising.standard_column import MISSING, StandardColumn

# A rare value adds at most this many bits, a common one takes at most as many away.
RARITY_LIMIT = 5.0


def commonness(
    model: ColumnModel, column: StandardColumn, codes: NDArray[np.int32]
) -> NDArray[np.float64] | None:
    """For each of these values how much commoner than average it is, in bits; 0 for code -1, no value.

    None where frequency says nothing.
    """
    if model.rare <= 0:
        return None
    used = np.zeros(len(column.standards) + 1, np.bool_)
    used[codes] = True
    used[MISSING] = False
    places = np.flatnonzero(used)
    frequencies, rare = model.frequencies, model.rare
    texts = texts_at(column.standards, places)
    shares = np.fromiter((frequencies.get(text, rare) for text in texts), np.float64, len(places))
    bits = np.zeros(len(used))
    bits[places] = np.clip(np.log2(shares / model.typical), -RARITY_LIMIT, RARITY_LIMIT)
    by_code: NDArray[np.float64] = bits[codes]
    return by_code


def pair_commonness(
    model: ColumnModel,
    column: StandardColumn,
    levels: NDArray[np.uint8],
    left: NDArray[np.int32],
    right: NDArray[np.int32],
) -> NDArray[np.float64] | None:
    """For each pair, in bits, how much likelier than average two different things agree on just this value.

    0 where the level does not depend on rarity. Where the two values differ, the commoner one counts.
    """
    if model.rare <= 0 or not column.semantic.frequency_levels:
        return None
    depends = np.zeros(BLANK + 1, np.bool_)
    depends[list(column.semantic.frequency_levels)] = True
    bits = np.zeros(len(levels))
    agreed = np.flatnonzero(depends[levels])
    codes = column.live_codes
    found = commonness(model, column, np.append(codes[left[agreed]], codes[right[agreed]]))
    if found is not None:
        bits[agreed] = np.maximum(*np.split(found, 2))
    return bits
