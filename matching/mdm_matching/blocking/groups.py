"""Groups: the records that hold each block key, and how many pairs they make."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mdm_matching.blocking.key_kinds import KeyKind, Marks, key_kinds
from mdm_matching.memory import Memory

if TYPE_CHECKING:
    from mdm_matching.standardising.standard_table import StandardTable

# Bytes that a record takes for each key while the keys are put in order.
_EACH = 32
# Pairs made at a time; they fit the cache.
_CHUNK = 65_536


@dataclass(frozen=True, slots=True)
class Groups:
    """The records that hold each key of one kind, for the keys that two or more hold.

    Attributes:
        kind: the columns that make the keys.
        column: index of the column that the keys are of; -1 if two make them.
        row: the records key by key, ascending within a key.
        starts: where each key's records begin.
        sizes: how many they are.
        codes: the number of the key.
        held: how many keys of this kind the records hold, lone ones included.
        marks: the fingerprints of the keys with these numbers.
    """

    kind: tuple[str, ...]
    column: int
    row: NDArray[np.int32]
    starts: NDArray[np.int64]
    sizes: NDArray[np.int64]
    codes: NDArray[np.int64]
    held: int
    marks: Marks

    @classmethod
    def of(cls, kind: KeyKind, rows: int) -> Groups:
        """The groups of one kind of keys, held by records numbered below `rows`."""
        row, code = _in_order(kind.row, kind.code, kind.span, rows)
        twin = code[1:] == code[:-1]
        starts = np.flatnonzero(np.append(True, ~twin)[: len(code)])
        sizes = np.diff(np.append(starts, len(code)))
        several = sizes > 1
        kept = np.repeat(several, sizes)
        starts, sizes = starts[several], sizes[several]
        codes = code[starts]
        starts = np.cumsum(sizes) - sizes
        return cls(kind.columns, kind.column, row[kept], starts, sizes, codes, kind.held, kind.marks)

    def followed(self, above: int, most: int) -> Followed:
        """The records of the groups of more than `above` and at most `most` records."""
        chosen = (self.sizes > above) & (self.sizes <= most)
        sizes = self.sizes[chosen].astype(np.int32)
        ends = np.cumsum(sizes, dtype=np.int32)
        places = np.arange(int(ends[-1]) if len(ends) else 0, dtype=np.int32)
        row = self.row[np.repeat((self.starts[chosen] + sizes - ends).astype(np.int32), sizes) + places]
        return Followed(row, np.repeat(ends - 1, sizes) - places)

    def expected(self, above: int, most: int) -> int:
        """How many pairs `pairs` makes."""
        sizes = self.sizes[(self.sizes > above) & (self.sizes <= most)]
        return int((sizes * (sizes - 1) // 2).sum())


@dataclass(frozen=True, slots=True)
class Followed:
    """Records in groups, each with the number of those that follow it in its group.

    Attributes:
        row: the records group by group, ascending within a group.
        after: how many records of the same group come after each.
    """

    row: NDArray[np.int32]
    after: NDArray[np.int32]

    def counts(self, rows: int) -> NDArray[np.int64]:
        """For each record of `rows` how many pairs it begins."""
        return np.bincount(self.row, self.after, rows).astype(np.int64)

    def pairs(self, span: tuple[int, int], rows: int) -> Iterator[NDArray[np.int64]]:
        """The pairs that a record from the one number to below the other begins, not all distinct.

        They are packed as left * rows + right, and come in parts of bounded size.
        """
        begin, end = span
        chosen = self.after > 0
        if begin > 0 or end < rows:
            chosen &= (self.row >= begin) & (self.row < end)
        places = np.flatnonzero(chosen)
        ends = np.cumsum(self.after[places], dtype=np.int64)
        first = 0
        while first < len(places):
            done = int(ends[first - 1]) if first else 0
            last = max(first + 1, int(np.searchsorted(ends, done + _CHUNK, "right")))
            yield self._pairs(places[first:last], rows)
            first = last

    def _pairs(self, places: NDArray[np.int64], rows: int) -> NDArray[np.int64]:
        after = self.after[places]
        made = np.repeat(self.row[places].astype(np.int64) * rows, after)
        # The place of the other record: one more from pair to pair, and from each record on anew.
        other = np.ones(len(made), np.int64)
        begins = np.cumsum(after) - after
        other[begins] = places + 1
        other[begins[1:]] -= (places + after)[:-1]
        np.cumsum(other, out=other)
        made += self.row[other]
        return made


def groups_of(table: StandardTable, memory: Memory) -> list[Groups]:
    """The groups of every kind of key of the table."""
    found = []
    for kind in key_kinds(table):
        memory.check(len(kind.row) * _EACH)
        found.append(Groups.of(kind, table.rows))
    return found


def _in_order(
    row: NDArray[np.int32], code: NDArray[np.int64], span: int, rows: int
) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """The entries by key and record, none twice: a record may hold a key in several places of a value."""
    bits = rows.bit_length()
    if span.bit_length() + bits > 63:
        known, code = np.unique(code, return_inverse=True)
        code = code.reshape(-1)
    else:
        known = None
    # One number sorts several times faster than two.
    packed = sorted_once((code << bits) | row)
    code = packed >> bits
    own: NDArray[np.int32] = (packed & ((1 << bits) - 1)).astype(np.int32)
    return own, code if known is None else known[code]


def sorted_once(values: NDArray[np.int64]) -> NDArray[np.int64]:
    """The distinct values, ascending; faster than np.unique, which hashes them. Sorts the values in place."""
    values.sort()
    once: NDArray[np.int64] = values[np.append(True, values[1:] != values[:-1])[: len(values)]]
    return once
