"""Slices: long arrays worked on piece by piece, on two cores where there are two.

The pieces fit the processor's cache, and numpy lets other threads run while it works on one.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

# Entries of a piece.
SLICE = 65_536
# More threads than this wait for each other.
_MOST_THREADS = 4


def each_slice(count: int, work: Callable[[slice], None], size: int = SLICE) -> None:
    """Do the work on every piece of `count` entries; the pieces must not depend on each other."""
    if count <= size:
        if count:
            work(slice(0, count))
        return
    parts = [slice(begin, min(begin + size, count)) for begin in range(0, count, size)]
    threads = min(_MOST_THREADS, _cores(), len(parts))
    if threads < 2:
        for part in parts:
            work(part)
        return
    with ThreadPoolExecutor(threads) as pool:
        for _ in pool.map(work, parts):
            pass


def _cores() -> int:
    """How many processor cores this process may use."""
    if hasattr(os, "sched_getaffinity"):  # on Linux alone, where a container may be given few of many
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
