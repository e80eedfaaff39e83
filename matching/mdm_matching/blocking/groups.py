"""Groups: the records that hold each block key, and how many pairs they make."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mdm_matching.blocking.key_kinds import KeyKind, key_kinds

if TYPE_CHECKING:
    from mdm_matching.standardising.standard_table import StandardTable

# Pairs made at a time; bounds the memory.
_CHUNK = 2_000_000


@dataclass(frozen=True, slots=True)
class Groups:
    """The records that hold each key of one kind, for the keys that two or more hold.

    Attributes:
        kind: the columns that make the keys.
        column: index of the column that the keys are of; -1 if two make them.
        row: the records key by key, ascending within a key.
        starts: where each key's records begin.
        sizes: how many they are.
        keys: the key itself.
        held: how many keys of this kind the records hold, lone ones included.
    """

    kind: tuple[str, ...]
    column: int
    row: NDArray[np.int32]
    starts: NDArray[np.int64]
    sizes: NDArray[np.int64]
    keys: NDArray[np.int64]
    held: int

    @classmethod
    def of(cls, kind: KeyKind) -> Groups:
        """The groups of one kind of keys."""
        shared = perhaps_held_by_more(kind.key, 1)
        row, key = kind.row[shared], kind.key[shared]
        order = np.argsort(key, kind="stable")
        row, key = row[order], key[order]
        twin = key[1:] == key[:-1]
        if (twin & (row[1:] <= row[:-1])).any():
            row, key = _in_order(row, key)
            twin = key[1:] == key[:-1]
        starts = np.flatnonzero(np.append(True, ~twin)[: len(key)])
        sizes = np.diff(np.append(starts, len(key)))
        several = sizes > 1
        kept = np.repeat(several, sizes)
        starts, sizes = starts[several], sizes[several]
        keys = key[starts]
        starts = np.cumsum(sizes) - sizes
        return cls(kind.columns, kind.column, row[kept], starts, sizes, keys, len(kind.key))

    def pairs(self, above: int, most: int, rows: int) -> Iterator[NDArray[np.int64]]:
        """The pairs within each group of more than `above` and at most `most` records, not all distinct.

        They are packed as left * rows + right, and come in parts of bounded size.
        """
        for size in np.unique(self.sizes[(self.sizes > above) & (self.sizes <= most)]).tolist():
            one, other = np.triu_indices(size, 1)
            begins = self.starts[self.sizes == size]
            step = max(1, _CHUNK // len(one))
            for begin in range(0, len(begins), step):
                members = self.row[begins[begin : begin + step, None] + np.arange(size)].astype(np.int64)
                yield (members[:, one] * rows + members[:, other]).ravel()

    def expected(self, above: int, most: int) -> int:
        """How many pairs `pairs` makes."""
        sizes = self.sizes[(self.sizes > above) & (self.sizes <= most)]
        return int((sizes * (sizes - 1) // 2).sum())


def groups_of(table: StandardTable) -> list[Groups]:
    """The groups of every kind of key of the table."""
    return [Groups.of(kind) for kind in key_kinds(table)]


def perhaps_held_by_more(keys: NDArray[np.int64], than: int) -> NDArray[np.int64]:
    """The places of the keys that occur more than `than` times, and of a few others."""
    if not len(keys):
        return np.zeros(0, np.int64)
    buckets = keys & ((2 << len(keys).bit_length()) - 1)
    return np.flatnonzero((np.bincount(buckets) > than)[buckets])


def _in_order(row: NDArray[np.int32], key: NDArray[np.int64]) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """The entries by key and record, none twice: a record may hold a key in several places of a value."""
    order = np.lexsort((row, key))
    row, key = row[order], key[order]
    new = np.append(True, (key[1:] != key[:-1]) | (row[1:] != row[:-1]))
    return row[new], key[new]
