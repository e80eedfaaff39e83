"""Kinds of block keys: those of one column, and those that the weak keys of two columns make together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mdm_matching.fingerprint import mixed

if TYPE_CHECKING:
    from mdm_matching.standardising.standard_column import StandardColumn
    from mdm_matching.standardising.standard_table import StandardTable

# `column` of a key that two weak keys make together.
COMPOUND = -1
# A record makes at most this many compound keys, the rarest pairs of columns first.
COMPOUND_LIMIT = 40


@dataclass(frozen=True, slots=True)
class KeyKind:
    """The block keys of one kind; keys of two kinds are never equal.

    Attributes:
        columns: names of the columns that make the keys, one or two.
        column: index of the column that the keys are of; -1 if two make them.
        row: for each key a record that holds it.
        key: its fingerprint.
    """

    columns: tuple[str, ...]
    column: int
    row: NDArray[np.int32]
    key: NDArray[np.int64]


def key_kinds(table: StandardTable) -> Iterator[KeyKind]:
    """The kinds of keys one after the other, so that only one need be in memory at a time."""
    for place, column in enumerate(table.columns):
        if column.keys.shape[1]:
            codes = column.live_codes
            held = [_held(padded[codes]) for padded in _padded(column.keys)]
            yield _kind((column.name,), place, held)
    yield from _compounds(table)


def _padded(keys: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """The keys of each distinct value, place by place; code -1, no value, leads to no key."""
    return [np.append(column, np.int64(-1)) for column in keys.T]


def _held(keys: NDArray[np.int64]) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    rows = np.flatnonzero(keys >= 0)
    return rows.astype(np.int32), keys[rows]


def _kind(
    columns: tuple[str, ...], column: int, held: list[tuple[NDArray[np.int32], NDArray[np.int64]]]
) -> KeyKind:
    rows, keys = zip(*held, strict=True)
    return KeyKind(columns, column, np.concatenate(rows), np.concatenate(keys))


def _compounds(table: StandardTable) -> Iterator[KeyKind]:
    bearing = [place for place, column in enumerate(table.columns) if column.weak_keys.shape[1]]
    pairs = sorted(combinations(bearing, 2), key=lambda pair: commonness(table, pair))
    used = np.zeros(table.rows, np.uint8)
    for pair in pairs:
        left, right = (table.columns[place] for place in pair)
        held = list(_pair_keys(left, right, used))
        if held:
            yield _kind((left.name, right.name), COMPOUND, held)


def _pair_keys(
    left: StandardColumn, right: StandardColumn, used: NDArray[np.uint8]
) -> Iterator[tuple[NDArray[np.int32], NDArray[np.int64]]]:
    """The keys that two columns make together; counts in `used` how many each record has made."""
    ends_of = _padded(right.weak_keys)
    for one in _padded(left.weak_keys):
        begins = one[left.live_codes]
        for other in ends_of:
            ends = other[right.live_codes]
            rows = np.flatnonzero((begins >= 0) & (ends >= 0) & (used < COMPOUND_LIMIT))
            used[rows] += 1
            yield rows.astype(np.int32), mixed(begins[rows], ends[rows])


def commonness(table: StandardTable, pair: tuple[int, int]) -> tuple[float, int, int]:
    """How often two different things agree on both columns, by their types; ties by place.

    The parts of a name come first: of all that two records of one thing hold, both mostly hold those.
    """
    left, right = (table.columns[place].semantic for place in pair)
    if left.group == right.group == "name":
        return (0.0, *pair)
    return (left.levels[0].u * right.levels[0].u, *pair)
