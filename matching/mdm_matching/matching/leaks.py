"""Leaks: a column of evidence that looks like the answer, such as a truth left in the file by mistake."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mdm_matching.standardising.standard_column import MISSING
from mdm_matching.standardising.standard_table import StandardTable

# Fewer pairs than this say nothing.
_FEWEST = 10
# Share of the joined pairs that agree in the column, and of the agreeing pairs that are joined.
_TELLING = 0.95


def leaks(table: StandardTable, labels: NDArray[np.int32]) -> tuple[str, ...]:
    """Names of the columns that every record fills and that alone would give nearly the same clusters."""
    joined = _pairs(labels.astype(np.int64))
    if joined < _FEWEST:
        return ()
    found = []
    for column in table.columns:
        if len(column.standards) < 2 or (column.codes == MISSING).any():
            continue
        equal = _pairs(column.codes.astype(np.int64))
        both = _pairs(labels.astype(np.int64) * len(column.standards) + column.codes)
        if both >= _TELLING * max(equal, joined):
            found.append(column.name)
    return tuple(found)


def _pairs(groups: NDArray[np.int64]) -> int:
    """How many pairs of records are of one group."""
    ordered = np.sort(groups)
    starts = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1])[: len(ordered)])
    sizes = np.diff(np.append(starts, len(ordered)))
    return int((sizes * (sizes - 1) // 2).sum())
