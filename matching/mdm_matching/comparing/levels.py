"""Levels of agreement of pairs.

Equal values are told by their codes; each distinct pair of unequal values is compared once.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mdm_matching.comparing.crosswise import Crosswise
from mdm_matching.fingerprint import mixed
from mdm_matching.semantics.screening import OPEN
from mdm_matching.semantics.value_pairs import Taken
from mdm_matching.standardising.joined_standards import standards_at
from mdm_matching.standardising.standard_column import MISSING, StandardColumn
from mdm_matching.standardising.standard_table import StandardTable

# Level of a pair of which one side has no value: it says nothing.
BLANK = 255
# Distinct value pairs compared at a time; bounds the memory.
_CHUNK = 500_000
# Pairs screened at a time, so that they stay in the processor's cache.
_SLICE = 100_000
# From so many pairs on a screen is worth its making.
_SCREENED = 2_000


def pair_levels(table: StandardTable, left: NDArray[np.int32], right: NDArray[np.int32]) -> NDArray[np.uint8]:
    """One row per pair, one column per column of the table: the index of its level.

    255 where a value is missing.
    """
    levels = np.empty((len(left), len(table.columns)), np.uint8)
    for place, column in enumerate(table.columns):
        levels[:, place] = column_levels(column, left, right)
    crosswise = Crosswise.of(table)
    if crosswise is not None:
        crosswise.mark(table, left, right, levels)
    return levels


def column_levels(
    column: StandardColumn, left: NDArray[np.int32], right: NDArray[np.int32]
) -> NDArray[np.uint8]:
    """The level of each pair in one column; 255 where a value is missing."""
    one, other = column.live_codes[left], column.live_codes[right]
    levels = np.zeros(len(one), np.uint8)
    missing = (one == MISSING) | (other == MISSING)
    levels[missing] = BLANK
    texts = np.append(column.text_codes, np.int32(0))
    unequal = np.flatnonzero(~missing & (texts[one] != texts[other]))
    if len(unequal):
        levels[unequal] = _of_unequal(column, one[unequal], other[unequal])
    return levels


def _of_unequal(
    column: StandardColumn, one: NDArray[np.int32], other: NDArray[np.int32]
) -> NDArray[np.uint8]:
    """The levels of pairs of values whose texts differ; those that the type's screen leaves open in full."""
    screen = column.screen if len(one) >= _SCREENED else None
    if screen is None:
        return _compared(column, one, other)
    levels = np.empty(len(one), np.uint8)
    for begin in range(0, len(one), _SLICE):
        part = slice(begin, begin + _SLICE)
        levels[part] = screen.levels(one[part], other[part])
    still_open = np.flatnonzero(levels == OPEN)
    if len(still_open):
        levels[still_open] = _compared(column, one[still_open], other[still_open])
    return levels


def _compared(column: StandardColumn, one: NDArray[np.int32], other: NDArray[np.int32]) -> NDArray[np.uint8]:
    """The levels of pairs of values, each distinct pair compared once."""
    size = len(column.standards)
    packed = np.minimum(one, other).astype(np.int64) * size + np.maximum(one, other)
    distinct, back = np.unique(packed, return_inverse=True)
    found = np.empty(len(distinct), np.uint8)
    for begin in range(0, len(distinct), _CHUNK):
        lows, highs = np.divmod(distinct[begin : begin + _CHUNK], size)
        used, places = np.unique(np.append(lows, highs), return_inverse=True)
        values = standards_at(column.standards, used)
        left, right = (Taken(values, part) for part in np.split(places.astype(np.int32), 2))
        found[begin : begin + _CHUNK] = column.semantic.compare(left, right)
    return found[back]


def distinct_rows(levels: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """The distinct rows of levels, in an order of their own, and for each pair the number of its row."""
    marks = np.zeros(len(levels), np.int64)
    for column in levels.T:
        marks = mixed(marks, column.astype(np.int64))
    _, first, of_pair = np.unique(marks, return_index=True, return_inverse=True)
    return levels[first], of_pair
