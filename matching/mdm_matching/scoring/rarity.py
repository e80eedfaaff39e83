"""Rarity: agreement on a rare value says more than agreement on a common one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mdm_matching.comparing.levels import BLANK
from mdm_matching.model.column_model import ColumnModel
from mdm_matching.standardising.standard_column import StandardColumn

# A rare value adds at most this many bits, a common one takes at most as many away.
RARITY_LIMIT = 5.0


def commonness(model: ColumnModel, column: StandardColumn) -> NDArray[np.float64] | None:
    """For each distinct value how much commoner than average it is, in bits.

    None where frequency says nothing.
    """
    if model.rare <= 0:
        return None
    shares = np.fromiter(
        (model.frequencies.get(standard.text, model.rare) for standard in column.standards),
        np.float64,
        len(column.standards),
    )
    return np.clip(np.log2(shares / model.typical), -RARITY_LIMIT, RARITY_LIMIT)


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
    by_value = commonness(model, column)
    if by_value is None or not column.semantic.frequency_levels:
        return None
    depends = np.zeros(BLANK + 1, np.bool_)
    depends[list(column.semantic.frequency_levels)] = True
    padded = np.append(by_value, 0.0)
    bits = np.maximum(padded[column.live_codes[left]], padded[column.live_codes[right]])
    return np.where(depends[levels], bits, 0.0)
