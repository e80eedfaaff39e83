"""Sets of pairs: packed as left * rows + right, ascending, none twice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from mdm_matching.blocking.groups import Groups, sorted_once
from mdm_matching.slices import each_slice

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
            together = np.concatenate([done, *waiting])
            waiting, count = [], 0
            done = sorted_once(together)
    return sorted_once(np.concatenate([done, *waiting])) if waiting else done


def joined(known: NDArray[np.int64], more: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """All pairs of both, and those of `more` that were not known; everything ascending and distinct."""
    # The last bit says where a pair comes from, so that of two equal ones the known one stands first.
    both = np.empty(len(known) + len(more), np.int64)
    np.left_shift(known, 1, out=both[: len(known)])
    np.left_shift(more, 1, out=both[len(known) :])
    both[len(known) :] |= 1
    both.sort()
    fresh = both & 1 == 1
    both >>= 1
    again = np.append(False, both[1:] == both[:-1])[: len(both)]
    return both[~again], both[fresh & ~again]


def ends_of(pairs: NDArray[np.int64], rows: int) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """The one and the other record of each pair."""
    left, right = np.empty(len(pairs), np.int32), np.empty(len(pairs), np.int32)

    def work(part: slice) -> None:
        left[part], right[part] = np.divmod(pairs[part], max(rows, 1))

    each_slice(len(pairs), work)
    return left, right
