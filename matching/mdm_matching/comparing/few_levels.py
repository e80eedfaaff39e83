"""Levels of few pairs, such as those of one record and what it may be: the same levels without arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mdm_matching.semantics.value_pairs import Taken

if TYPE_CHECKING:
    from mdm_matching.standardising.standard_column import StandardColumn

# Level of a pair of which one side has no value: it says nothing.
BLANK = 255


def levels_of_first(column: StandardColumn) -> NDArray[np.uint8]:
    """The level of the first record with each of the others; no value has lost its force."""
    own, *others = column.codes.tolist()
    if own < 0:
        return np.full(len(others), BLANK, np.uint8)
    mine, level = column.standards[own], [0] * len(column.standards)
    unequal = [code for code, value in enumerate(column.standards) if value.text != mine.text]
    if unequal:
        values = [mine, *(column.standards[code] for code in unequal)]
        places = np.arange(1, len(values), dtype=np.int32)
        compared = column.semantic.compare(Taken(values, places * 0), Taken(values, places))
        for code, found in zip(unequal, compared.tolist(), strict=True):
            level[code] = found
    return np.array([BLANK if code < 0 else level[code] for code in others], np.uint8)


def few_levels(
    column: StandardColumn, left: NDArray[np.int32], right: NDArray[np.int32]
) -> NDArray[np.uint8]:
    """The level of each pair in one column; 255 where a value is missing."""
    codes, standards = column.live_codes, column.standards
    levels = [0] * len(left)
    asked: dict[tuple[int, int], list[int]] = {}
    for place, pair in enumerate(zip(codes[left].tolist(), codes[right].tolist(), strict=True)):
        one, other = pair
        if one < 0 or other < 0:
            levels[place] = BLANK
        elif one != other and standards[one].text != standards[other].text:
            asked.setdefault(pair if one < other else (other, one), []).append(place)
    for found, places in zip(_compared(column, list(asked)), asked.values(), strict=True):
        for place in places:
            levels[place] = found
    return np.array(levels, np.uint8)


def _compared(column: StandardColumn, pairs: list[tuple[int, int]]) -> list[int]:
    if not pairs:
        return []
    used: dict[int, int] = {}
    ends = ([used.setdefault(pair[side], len(used)) for pair in pairs] for side in (0, 1))
    left, right = (np.array(places, np.int32) for places in ends)
    values = [column.standards[code] for code in used]
    compared = column.semantic.compare(Taken(values, left), Taken(values, right))
    levels: list[int] = compared.tolist()
    return levels
