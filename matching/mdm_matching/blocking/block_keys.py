"""Block keys: fingerprints of what a record and its duplicate are likely to share."""

from __future__ import annotations

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
    parts = [_row_keys(column, weak=False) for column in table.columns] + [_compounds(table)]
    places = [*range(len(table.columns)), COMPOUND]
    columns = np.array(
        [p for p, part in zip(places, parts, strict=True) for _ in range(part.shape[1])], np.int16
    )
    matrix = np.hstack(parts)
    order = np.argsort(matrix, axis=1, kind="stable")
    matrix = np.take_along_axis(matrix, order, axis=1)
    kept = matrix >= 0
    kept[:, 1:] &= matrix[:, 1:] != matrix[:, :-1]
    rows, taken = np.nonzero(kept)
    row = rows.astype(np.int32)
    return BlockKeys(row, matrix[rows, taken], columns[order[rows, taken]], table.companions[row])


def _row_keys(column: StandardColumn, *, weak: bool) -> NDArray[np.int64]:
    """The keys of each record's value; -1 pads the rows. A value without force has none."""
    keys = column.weak_keys if weak else column.keys
    padded = np.vstack([keys, np.full((1, keys.shape[1]), -1, np.int64)])
    codes = column.live_codes
    return padded[np.where(codes < 0, len(keys), codes)]


def _compounds(table: StandardTable) -> NDArray[np.int64]:
    """The compound keys of each record; -1 pads the rows."""
    weak = [_row_keys(column, weak=True) for column in table.columns]
    bearing = [place for place, keys in enumerate(weak) if keys.shape[1]]
    pairs = sorted(combinations(bearing, 2), key=lambda pair: _commonness(table, pair))
    made = np.full((table.rows, COMPOUND_LIMIT), -1, np.int64)
    used = np.zeros(table.rows, np.int64)
    for left, right in pairs:
        for one in weak[left].T:
            for other in weak[right].T:
                rows = np.flatnonzero((one >= 0) & (other >= 0) & (used < COMPOUND_LIMIT))
                made[rows, used[rows]] = mixed(one[rows], other[rows])
                used[rows] += 1
    return made[:, : int(used.max(initial=0))]


def _commonness(table: StandardTable, pair: tuple[int, int]) -> tuple[float, int, int]:
    """How often two different things agree on both columns, by their types; ties by place.

    The parts of a name come first: of all that two records of one thing hold, both mostly hold those.
    """
    left, right = (table.columns[place].semantic for place in pair)
    if left.group == right.group == "name":
        return (0.0, *pair)
    return (left.levels[0].u * right.levels[0].u, *pair)
