"""Groups: the records that hold each block key, and how many pairs they make."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mdm_matching.blocking.key_kinds import KeyKind, Marks, key_kinds

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
    return [Groups.of(kind, table.rows) for kind in key_kinds(table)]


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
