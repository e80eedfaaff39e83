"""Candidates: the pairs of records that share a block key which is not too common."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mdm_matching.blocking.block_keys import COMPOUND, BlockKeys
from mdm_matching.blocking.junk import junk_keys
from mdm_matching.standardising.standard_table import StandardTable

# Pairs made before duplicates are taken out; bounds the memory.
_CHUNK = 4_000_000


@dataclass(frozen=True, slots=True)
class CappedKey:
    """A block key that made no candidates because too many records hold it.

    Attributes:
        column: name of the column; "" for a key made of two columns.
        key: its fingerprint.
        holders: how many records hold it.
        example: one record that holds it.
    """

    column: str
    key: int
    holders: int
    example: int


@dataclass(frozen=True, slots=True)
class Candidates:
    """Pairs worth comparing: left below right, ascending, no pair twice.

    Attributes:
        left: the one record of each pair.
        right: the other.
        capped: the keys that made no candidates, most common first.
    """

    left: NDArray[np.int32]
    right: NDArray[np.int32]
    capped: tuple[CappedKey, ...]


def junk_of(table: StandardTable) -> NDArray[np.int64]:
    """The keys of values that records of too many different names share."""
    keys = table.block_keys()
    limits = np.array([column.semantic.shared_limit for column in table.columns] + [0], np.int64)
    return junk_keys(keys.key, keys.companion, limits[keys.column])


def candidates(table: StandardTable, *, cap: int) -> Candidates:
    """All pairs that share a key held by at most `cap` records, and the pairs of equal records.

    However many records are equal in everything, each makes one pair with the first of them, so that no cap parts them.
    """
    keys = table.block_keys()
    order = np.lexsort((keys.row, keys.key))
    key, row = keys.key[order], keys.row[order]
    starts = np.flatnonzero(np.append(True, key[1:] != key[:-1])) if len(key) else np.zeros(0, np.int64)
    sizes = np.diff(np.append(starts, len(key)))
    packed = [_equal_records(table)]
    packed += _pairs_of_groups(row, starts, sizes, cap=cap, rows=table.rows)
    pairs = np.unique(np.concatenate(packed))
    left, right = np.divmod(pairs, max(table.rows, 1))
    return Candidates(left.astype(np.int32), right.astype(np.int32), _capped(table, keys, order, starts, sizes, cap))


def _pairs_of_groups(
    row: NDArray[np.int32], starts: NDArray[np.int64], sizes: NDArray[np.int64], *, cap: int, rows: int
) -> list[NDArray[np.int64]]:
    """The pairs within each group of at most `cap` records, packed as left * rows + right, chunk by chunk."""
    parts: list[NDArray[np.int64]] = []
    waiting: list[NDArray[np.int64]] = []
    count = 0
    for size in np.unique(sizes[(sizes > 1) & (sizes <= cap)]).tolist():
        one, other = np.triu_indices(size, 1)
        begins = starts[sizes == size]
        step = max(1, _CHUNK // len(one))
        for begin in range(0, len(begins), step):
            base = begins[begin : begin + step, None]
            waiting.append((row[base + one].astype(np.int64) * rows + row[base + other]).ravel())
            count += waiting[-1].size
            if count > _CHUNK:
                parts.append(np.unique(np.concatenate(waiting)))
                waiting, count = [], 0
    return parts + ([np.unique(np.concatenate(waiting))] if waiting else [])


def _equal_records(table: StandardTable) -> NDArray[np.int64]:
    contents = table.contents
    said = np.flatnonzero(contents >= 0)
    _, first, group = np.unique(contents[said], return_index=True, return_inverse=True)
    leader = said[first][group]
    others = leader != said
    packed: NDArray[np.int64] = leader[others].astype(np.int64) * table.rows + said[others]
    return packed


def _capped(
    table: StandardTable,
    keys: BlockKeys,
    order: NDArray[np.int64],
    starts: NDArray[np.int64],
    sizes: NDArray[np.int64],
    cap: int,
) -> tuple[CappedKey, ...]:
    over = np.flatnonzero(sizes > cap)
    over = over[np.lexsort((keys.key[order[starts[over]]], -sizes[over]))]
    found = []
    for group in over.tolist():
        entry = int(order[starts[group]])
        column = int(keys.column[entry])
        name = "" if column == COMPOUND else table.columns[column].name
        found.append(CappedKey(name, int(keys.key[entry]), int(sizes[group]), int(keys.row[entry])))
    return tuple(found)
