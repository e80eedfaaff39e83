"""Sets of pairs: packed as left * rows + right, ascending, none twice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from mdm_matching.blocking.groups import Groups, sorted_once

# Pairs made before duplicates are taken out; bounds the memory.
_CHUNK = 4_000_000


def pairs_within(groups: Sequence[Groups], above: int, most: int, rows: int) -> NDArray[np.int64]:
    """The pairs that share a key which more than `above` and at most `most` records hold."""
    return _distinct(part for kind in groups for part in kind.pairs(above, most, rows))


def _distinct(parts: Iterable[NDArray[np.int64]]) -> NDArray[np.int64]:
    """The distinct pairs of all parts, ascending; the parts are put together before they become many."""
    done = np.zeros(0, np.int64)
    waiting: list[NDArray[np.int64]] = []
    count = 0
    for part in parts:
        waiting.append(part)
        count += len(part)
        if count > max(_CHUNK, len(done)):
            done = sorted_once(np.concatenate([done, *waiting]))
            waiting, count = [], 0
    return sorted_once(np.concatenate([done, *waiting]))


def joined(known: NDArray[np.int64], more: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """All pairs of both, and those of `more` that were not known; everything ascending and distinct."""
    # The last bit says where a pair comes from, so that of two equal ones the known one stands first.
    both = np.sort(np.concatenate([known << 1, more << 1 | 1]))
    fresh = both & 1 == 1
    both >>= 1
    again = np.append(False, both[1:] == both[:-1])[: len(both)]
    return both[~again], both[fresh & ~again]
