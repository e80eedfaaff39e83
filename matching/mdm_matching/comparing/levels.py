"""Levels of agreement of pairs.

Equal values are told by their codes; each distinct pair of unequal values is compared once.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from mdm_matching.comparing.crosswise import Crosswise
from mdm_matching.comparing.few_levels import BLANK, few_levels, levels_of_first
from mdm_matching.fingerprint import mixed
from mdm_matching.memory import Memory
from mdm_matching.memory.writer import Writer
from mdm_matching.semantics.joined_standards import standards_at
from mdm_matching.semantics.screening import OPEN, Screen
from mdm_matching.semantics.value_pairs import Taken
from mdm_matching.slices import each_slice
from mdm_matching.standardising.standard_column import StandardColumn
from mdm_matching.standardising.standard_table import StandardTable

__all__ = ["BLANK", "column_levels", "distinct_rows", "pair_levels", "patterns_of"]

# Bits that hold a level; blank is the greatest number of so many.
_BITS = 5
# Distinct value pairs compared at a time; bounds the memory.
_CHUNK = 500_000
# Bytes that a pair takes while it is compared, and a value while it is made ready for that.
_EACH, _VALUE = 56, 200
# Pairs compared crosswise at a time.
_SLICE = 250_000
# So few pairs are told faster one by one.
_FEW = 200
# From so many pairs on, and so many for each value, a screen is worth its making.
_SCREENED = 2_000
_SCREENED_PER_VALUE = 0.05
# Columns of so few values keep the level of every pair of them in a table of at most 16 MB.
_TABLED = 4_000


def pair_levels(
    table: StandardTable,
    left: NDArray[np.int32],
    right: NDArray[np.int32],
    *,
    part_done: Callable[[float], None] | None = None,
) -> NDArray[np.uint8]:
    """One row per pair, one column per column of the table: the index of its level.

    255 where a value is missing.

    Args:
        part_done: told the share of the columns that is done, 0 to 1.
    """
    levels = np.empty((len(left), len(table.columns)), np.uint8)
    for place, column in enumerate(table.columns):
        levels[:, place] = column_levels(column, left, right)
        if part_done:
            part_done((place + 1) / len(table.columns))
    crosswise = Crosswise.of(table)
    if crosswise is not None:
        each_slice(
            len(left), lambda part: crosswise.mark(table, left[part], right[part], levels[part]), _SLICE
        )
    return levels


def first_levels(table: StandardTable) -> NDArray[np.uint8]:
    """What `pair_levels` gives of the first record with each of the others, where these are few."""
    if table.rows > _FEW:
        others = np.arange(1, table.rows, dtype=np.int32)
        return pair_levels(table, np.zeros(len(others), np.int32), others)
    levels = np.column_stack([levels_of_first(column) for column in table.columns])
    crosswise = Crosswise.of_first(table)
    if crosswise is not None:
        others = np.arange(1, table.rows, dtype=np.int32)
        crosswise.mark(table, np.zeros(len(others), np.int32), others, levels)
    return levels


def levels_in_slices(
    table: StandardTable,
    pairs: tuple[NDArray[np.int32], NDArray[np.int32]],
    memory: Memory,
    part_done: Callable[[float], None],
) -> NDArray[np.uint8]:
    """What `pair_levels` gives of any number of pairs, in a file if it does not fit.

    Args:
        part_done: told the share of the pairs that is done, 0 to 1.
    """
    width = len(table.columns)
    memory.check(max((len(column.standards) for column in table.columns), default=0) * _VALUE)
    written = Writer(memory, "levels of agreement", np.zeros((0, width), np.uint8))
    for part in memory.slices(len(pairs[0]), _EACH + width):
        whole = len(pairs[0]) == part.stop - part.start
        left, right = (ends[part] for ends in pairs)
        written.add(pair_levels(table, left, right, part_done=part_done if whole else None))
        part_done(part.stop / len(pairs[0]))
    return written.done()


def column_levels(
    column: StandardColumn, left: NDArray[np.int32], right: NDArray[np.int32]
) -> NDArray[np.uint8]:
    """The level of each pair in one column; 255 where a value is missing."""
    if len(left) <= _FEW and isinstance(column.standards, tuple):
        return few_levels(column, left, right)
    levels = np.empty(len(left), np.uint8)
    codes, screen, texts = column.live_codes, _screen(column, len(left)), _texts(column)

    def work(part: slice) -> None:
        levels[part] = _quickly(codes[left[part]], codes[right[part]], texts, screen)

    each_slice(len(left), work)
    still_open = np.flatnonzero(levels == OPEN)
    if len(still_open):
        one, other = codes[left[still_open]], codes[right[still_open]]
        levels[still_open] = _compared(column, one, other)
    return levels


def _screen(column: StandardColumn, pairs: int) -> Screen | None:
    """The column's screen, unless the pairs are too few to make one for them."""
    worth = max(_SCREENED, _SCREENED_PER_VALUE * len(column.standards))
    return column.screen if pairs >= worth or "screen" in vars(column) else None


def _texts(column: StandardColumn) -> NDArray[np.int32] | None:
    """The numbers of the values' texts; None if no two values have the same text."""
    texts = column.text_codes
    return texts if len(texts) and int(texts[-1]) != len(texts) - 1 else None


def _quickly(
    one: NDArray[np.int32],
    other: NDArray[np.int32],
    texts: NDArray[np.int32] | None,
    screen: Screen | None,
) -> NDArray[np.uint8]:
    """The levels of pairs of values as far as codes and screen tell them, else OPEN."""
    levels = np.zeros(len(one), np.uint8)
    missing = (one | other) < 0  # MISSING is the only negative code
    levels[missing] = BLANK
    unequal = np.flatnonzero((one != other) & ~missing)
    if texts is not None:
        unequal = unequal[texts[one[unequal]] != texts[other[unequal]]]
    if len(unequal):
        levels[unequal] = OPEN if screen is None else screen.levels(one[unequal], other[unequal])
    return levels


def _compared(column: StandardColumn, one: NDArray[np.int32], other: NDArray[np.int32]) -> NDArray[np.uint8]:
    """The levels of pairs of values, each distinct pair compared once."""
    size = len(column.standards)
    packed = np.minimum(one, other).astype(np.int64) * size + np.maximum(one, other)
    if size <= _TABLED and len(packed) > size:
        table = np.zeros(size * size, np.uint8)
        table[packed] = 1
        distinct = np.flatnonzero(table)
        table[distinct] = _of_distinct(column, distinct)
        return table[packed]
    distinct, back = np.unique(packed, return_inverse=True)
    return _of_distinct(column, distinct)[back]


def _of_distinct(column: StandardColumn, distinct: NDArray[np.int64]) -> NDArray[np.uint8]:
    found = np.empty(len(distinct), np.uint8)
    for begin in range(0, len(distinct), _CHUNK):
        lows, highs = np.divmod(distinct[begin : begin + _CHUNK], len(column.standards))
        used, places = np.unique(np.append(lows, highs), return_inverse=True)
        values = standards_at(column.standards, used)
        left, right = (Taken(values, part) for part in np.split(places.astype(np.int32), 2))
        found[begin : begin + _CHUNK] = column.semantic.compare(left, right)
    return found


def distinct_rows(levels: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """The distinct rows of levels, in an order of their own, and for each pair the number of its row."""
    marks = np.zeros(len(levels), np.int64)
    for column in levels.T:
        marks = mixed(marks, column.astype(np.int64))
    _, first, of_pair = np.unique(marks, return_index=True, return_inverse=True)
    return levels[first], of_pair


def patterns_of(levels: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """What `distinct_rows` gives of few rows, faster and in another order.

    A number for each row is sorted together with the row's place.
    """
    place_bits = max(1, len(levels).bit_length())
    places = np.arange(len(levels), dtype=np.int64)
    of_pair, bits = np.zeros(len(levels), np.int64), 0
    packed = of_pair
    for column in levels.T:
        if bits + _BITS + place_bits > 63:
            of_pair, bits = _numbered(packed, places, place_bits), place_bits
            packed = of_pair
        packed = packed << _BITS | column & ((1 << _BITS) - 1)
        bits += _BITS
    of_pair = _numbered(packed, places, place_bits)
    first = np.empty(int(of_pair.max(initial=-1)) + 1, np.int64)
    first[of_pair] = places
    return levels[first], of_pair


def _numbered(values: NDArray[np.int64], places: NDArray[np.int64], bits: int) -> NDArray[np.int64]:
    """For each value its number among the distinct ones, ascending."""
    ordered = np.sort(values << bits | places)
    own = ordered & ((1 << bits) - 1)
    ordered >>= bits
    numbers = np.empty(len(values), np.int64)
    numbers[own] = np.cumsum(np.append(False, ordered[1:] != ordered[:-1])[: len(ordered)])
    return numbers
