"""Candidates: the pairs of records that share a block key which is not too common."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mdm_matching.blocking.block_keys import COMPOUND, BlockKeys
from mdm_matching.blocking.junk import junk_keys
from mdm_matching.fingerprint import mixed
from mdm_matching.standardising.standard_table import StandardTable

Chance = Callable[[NDArray[np.int32], NDArray[np.int32]], NDArray[np.float64]]

# Keys are taken from the rarest to the commonest, in bands of this many holders.
_BANDS = (4, 8, 12, 16, 24, 32, 48, 64, 80)
# So few pairs are always worth it.
_ALWAYS = 20_000
# A band pays if at least this share of the pairs it adds is the same thing, judged by this many of them.
_PAYS = 0.01
_JUDGED = 4_000
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


def candidates(table: StandardTable, *, cap: int, chance: Chance | None = None) -> Candidates:
    """All pairs that share a key held by at most `cap` records, and the pairs of equal records.

    However many records are equal in everything, each makes one pair with the first of them, so that no cap
    parts them.

    Args:
        table: the records.
        cap: how many records may hold a key that makes candidates.
        chance: where given, tells how likely pairs are to be the same thing; the commoner the keys, the less
            they pay,
            and keys so common that hardly any of the pairs they add is one make no candidates.
    """
    groups = _Groups.of(table.block_keys())
    pairs = np.sort(_equal_records(table))
    reached = 1
    for most in (*(band for band in _BANDS if band < cap), cap):
        found = np.unique(np.concatenate([*groups.pairs(reached, most, table.rows), pairs[:0]]))
        new = found[~_among(found, pairs)]
        pairs, reached = _merged(pairs, new), most
        if chance and len(pairs) > _ALWAYS and _expected(table, new, chance) < _PAYS:
            break
    left, right = np.divmod(pairs, max(table.rows, 1))
    return Candidates(left.astype(np.int32), right.astype(np.int32), groups.capped(table, reached))


def _among(values: NDArray[np.int64], known: NDArray[np.int64]) -> NDArray[np.bool_]:
    if not len(known):
        return np.zeros(len(values), np.bool_)
    met: NDArray[np.bool_] = known[np.minimum(np.searchsorted(known, values), len(known) - 1)] == values
    return met


def _merged(known: NDArray[np.int64], new: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.sort(np.concatenate([known, new]), kind="stable")


def _expected(table: StandardTable, pairs: NDArray[np.int64], chance: Chance) -> float:
    """The share of the pairs that are probably the same thing, judged by some of them.

    It is 1 where there are none.
    """
    if not len(pairs):
        return 1.0
    left, right = (part.astype(np.int32) for part in np.divmod(pairs, table.rows))
    one, other = table.contents[left], table.contents[right]
    chosen = np.argsort(mixed(np.minimum(one, other), np.maximum(one, other)), kind="stable")[:_JUDGED]
    return float(chance(left[chosen], right[chosen]).mean())


@dataclass(frozen=True, slots=True)
class _Groups:
    """The records that hold each key.

    Attributes:
        row: the records, key by key.
        starts: where each key's records begin.
        sizes: how many they are.
        keys: the key itself.
        columns: the column it is of.
    """

    row: NDArray[np.int32]
    starts: NDArray[np.int64]
    sizes: NDArray[np.int64]
    keys: NDArray[np.int64]
    columns: NDArray[np.int16]

    @classmethod
    def of(cls, keys: BlockKeys) -> _Groups:
        order = np.argsort(keys.key, kind="stable")
        key = keys.key[order]
        starts = np.flatnonzero(np.append(True, key[1:] != key[:-1])[: len(key)])
        sizes = np.diff(np.append(starts, len(key)))
        return cls(keys.row[order], starts, sizes, key[starts], keys.column[order[starts]])

    def pairs(self, above: int, most: int, rows: int) -> list[NDArray[np.int64]]:
        """The pairs within each group of more than `above` and at most `most` records.

        They are packed as left * rows + right.
        """
        parts: list[NDArray[np.int64]] = []
        waiting: list[NDArray[np.int64]] = []
        count = 0
        for size in np.unique(self.sizes[(self.sizes > above) & (self.sizes <= most)]).tolist():
            one, other = np.triu_indices(size, 1)
            begins = self.starts[self.sizes == size]
            step = max(1, _CHUNK // len(one))
            for begin in range(0, len(begins), step):
                members = self.row[begins[begin : begin + step, None] + np.arange(size)].astype(np.int64)
                waiting.append((members[:, one] * rows + members[:, other]).ravel())
                count += waiting[-1].size
                if count > _CHUNK:
                    parts.append(np.unique(np.concatenate(waiting)))
                    waiting, count = [], 0
        return parts + waiting

    def capped(self, table: StandardTable, cap: int) -> tuple[CappedKey, ...]:
        """The keys that more than `cap` records hold, the commonest first."""
        over = np.flatnonzero(self.sizes > cap)
        over = over[np.lexsort((self.keys[over], -self.sizes[over]))]
        found = []
        for group in over.tolist():
            column = int(self.columns[group])
            name = "" if column == COMPOUND else table.columns[column].name
            example = int(self.row[self.starts[group]])
            found.append(CappedKey(name, int(self.keys[group]), int(self.sizes[group]), example))
        return tuple(found)


def _equal_records(table: StandardTable) -> NDArray[np.int64]:
    contents = table.contents
    said = np.flatnonzero(contents >= 0)
    _, first, group = np.unique(contents[said], return_index=True, return_inverse=True)
    leader = said[first][group]
    others = leader != said
    packed: NDArray[np.int64] = leader[others].astype(np.int64) * table.rows + said[others]
    return packed
