"""Lone keys: weak keys that make candidates alone where few enough records hold them.

A family name says little among a million people and much among a thousand; a record that lost its birth date
and its town can be found by nothing else. How far such keys go is judged by what they find.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mdm_matching.blocking.bands import ALWAYS
from mdm_matching.blocking.block_keys import BlockKeys, in_order
from mdm_matching.blocking.groups import Groups
from mdm_matching.blocking.key_kinds import KeyKind, weak_kind
from mdm_matching.blocking.pair_sets import joined, pairs_within
from mdm_matching.memory import Memory

if TYPE_CHECKING:
    from mdm_matching.standardising.standard_table import StandardTable

# Lone keys are taken from the rarest to the commonest, in bands of this many holders.
_BANDS = (2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 80)
# A band pays if at least this share of the pairs it adds is the same thing.
PAYS = 0.03
# All lone keys together add at most this many pairs a record, or as many as are always worth it.
_MOST = 8

Expected = Callable[[NDArray[np.int64]], float]


def lone_bands(cap: int) -> tuple[int, ...]:
    """The most holders of each band's lone keys, ascending; the last is the cap."""
    return (*(band for band in _BANDS if band < cap), cap)


def lone_room(rows: int) -> int:
    """How many pairs the lone keys of so many records add at most."""
    return max(_MOST * rows, ALWAYS)


def most_lone_pairs(table: StandardTable) -> int:
    """How many pairs the lone keys of a table add at most, known before any is made."""
    if not any(column.weak_key_codes.width for column in table.columns):
        return 0
    return min(lone_room(table.rows), table.rows * (table.rows - 1) // 2)


def lone_kinds(table: StandardTable) -> Iterator[KeyKind]:
    """The weak keys of each column alone; columns whose keys are of one space together."""
    spaces: dict[str, list[int]] = {}
    for place, column in enumerate(table.columns):
        if column.weak_key_codes.width:
            spaces.setdefault(column.key_space, []).append(place)
    for places in spaces.values():
        yield weak_kind(table, places)


def lone_block_keys(table: StandardTable) -> BlockKeys:
    """The weak keys of every record, each by itself, ordered by record; no entry twice.

    A key that a record holds in two columns of one key space is said to be of the first of them.
    """
    kinds = list(lone_kinds(table))
    row = np.concatenate([np.zeros(0, np.int32), *(kind.row for kind in kinds)])
    key = np.concatenate([np.zeros(0, np.int64), *(kind.marks(kind.code) for kind in kinds)])
    column = np.concatenate(
        [np.zeros(0, np.int16), *(np.full(len(kind.row), kind.column, np.int16) for kind in kinds)]
    )
    return in_order(table, row, key, column)


def with_lone_pairs(
    table: StandardTable, pairs: NDArray[np.int64], cap: int, expected: Expected, memory: Memory
) -> tuple[NDArray[np.int64], int]:
    """The pairs, those that share a weak key of one column added as long as they pay, and how far they do.

    How far is how many records may hold such a key; 1 if none pays.

    Args:
        table: the records.
        pairs: the pairs known so far, packed as left * rows + right, ascending.
        cap: how many records may hold a key that makes candidates.
        expected: the share of the pairs it is given that is probably the same thing; 1 for none.
        memory: what there is room for.
    """
    groups = [Groups.of(kind, table.rows) for kind in lone_kinds(table)]
    room, reached = lone_room(table.rows), 1
    for most in lone_bands(cap):
        if sum(kind.expected(reached, most) for kind in groups) > room:
            break
        within = pairs_within(groups, reached, most, table.rows, memory)
        more, new = joined(pairs, within, table.rows, memory)
        if len(more) > ALWAYS and expected(new) < PAYS:
            break
        pairs, reached, room = more, most, room - len(new)
    return pairs, reached
