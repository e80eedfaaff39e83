"""Block keys: what each record is looked up by; records that share one are candidates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mdm_matching.blocking.key_kinds import COMPOUND, key_kinds
from mdm_matching.blocking.record_keys import record_keys

if TYPE_CHECKING:
    from mdm_matching.standardising.standard_table import StandardTable

# Of so many records the keys are found one by one.
_FEW = 8

__all__ = ["COMPOUND", "BlockKeys", "block_keys"]


@dataclass(frozen=True, slots=True)
class BlockKeys:
    """The block keys of all records, one entry per record and key, ordered by record; no entry twice.

    Attributes:
        row: the record.
        key: the key's fingerprint, 0 to 2**63 - 1, which also says the column: equal keys make a candidate
            pair.
        column: index of the column that the key is of; -1 for one made of two columns.
        companion: fingerprint of how the record is named: a key held under many companions is junk.
    """

    row: NDArray[np.int32]
    key: NDArray[np.int64]
    column: NDArray[np.int16]
    companion: NDArray[np.int64]


def block_keys(table: StandardTable) -> BlockKeys:
    """Every strong key of every value, and the compounds of weak keys of two columns."""
    if table.rows <= _FEW:
        return _of_few(table)
    kinds = list(key_kinds(table))
    row = np.concatenate([np.zeros(0, np.int32), *(kind.row for kind in kinds)])
    key = np.concatenate([np.zeros(0, np.int64), *(kind.marks(kind.code) for kind in kinds)])
    column = np.concatenate(
        [np.zeros(0, np.int16), *(np.full(len(kind.row), kind.column, np.int16) for kind in kinds)]
    )
    return in_order(table, row, key, column)


def in_order(
    table: StandardTable, row: NDArray[np.int32], key: NDArray[np.int64], column: NDArray[np.int16]
) -> BlockKeys:
    """These entries ordered by record and key, none twice."""
    order = np.lexsort((key, row))
    row, key = row[order], key[order]
    new = np.append(True, (row[1:] != row[:-1]) | (key[1:] != key[:-1]))[: len(row)]
    row = row[new]
    return BlockKeys(row, key[new], column[order][new], table.companions[row])


def _of_few(table: StandardTable) -> BlockKeys:
    found = [(row, *entry) for row in range(table.rows) for entry in record_keys(table, row)]
    entries = np.array(found, np.int64).reshape(-1, 3)
    row = entries[:, 0].astype(np.int32)
    return BlockKeys(row, entries[:, 1].copy(), entries[:, 2].astype(np.int16), table.companions[row])
