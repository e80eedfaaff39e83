"""Postings: which rows of a large table hold each block key."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from mdm_matching.blocking.groups import sorted_once
from mdm_matching.blocking.key_kinds import key_kinds
from mdm_matching.blocking.lone_keys import lone_kinds
from mdm_matching.standardising.standard_table import StandardTable


@dataclass(frozen=True, slots=True)
class Postings:
    """One entry per row and key, ordered by key.

    Attributes:
        key: the key's fingerprint, ascending.
        row: a row that holds it.
    """

    key: NDArray[np.int64]
    row: NDArray[np.int32]

    @classmethod
    def of(cls, table: StandardTable, *, alone: bool) -> Postings:
        """The keys of every row of the table, and the mark of all it says.

        Args:
            table: the rows.
            alone: whether weak keys are looked up by themselves, too.
        """
        said = np.flatnonzero(table.contents >= 0)
        keys, rows = [table.contents[said]], [said.astype(np.int32)]
        bits = max(1, table.rows.bit_length())
        for kind in chain(key_kinds(table), lone_kinds(table) if alone else ()):
            codes, numbers = np.unique(kind.code, return_inverse=True)
            # A row may hold a key in several places of a value.
            packed = sorted_once(numbers.reshape(-1).astype(np.int64) << bits | kind.row)
            keys.append(kind.marks(codes)[packed >> bits])
            rows.append((packed & ((1 << bits) - 1)).astype(np.int32))
        key = np.concatenate(keys)
        keys.clear()
        order = np.argsort(key)
        return cls(key[order], np.concatenate(rows)[order])

    def rows_of(self, keys: Iterable[int]) -> list[NDArray[np.int32]]:
        """The rows that hold each of these keys."""
        asked = np.array(list(keys), np.int64)
        starts = np.searchsorted(self.key, asked, "left").tolist()
        ends = np.searchsorted(self.key, asked, "right").tolist()
        return [self.row[start:end] for start, end in zip(starts, ends, strict=True)]
