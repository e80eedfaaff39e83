"""Sets of pairs: packed as left * rows + right, ascending, none twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from mdm_matching.blocking.groups import Followed, Groups, sorted_once
from mdm_matching.memory import Memory
from mdm_matching.memory.writer import Writer
from mdm_matching.slices import each_slice

# Bytes that a pair takes while it is made, sorted and told from those that are known.
_EACH = 56

Pairs = NDArray[np.int64]
NO_PAIRS: Pairs = np.zeros(0, np.int64)


def pairs_within(
    groups: Sequence[Groups], above: int, most: int, rows: int, memory: Memory
) -> Iterator[tuple[int, Pairs]]:
    """The pairs that share a key which more than `above` and at most `most` records hold.

    They come in parts: all pairs whose left record is below a number, which stands before them, and is in no
    earlier part.
    """
    followed = [kind.followed(above, most) for kind in groups]
    counts = np.zeros(rows, np.int64)
    for kind in followed:
        counts += kind.counts(rows)
    before = np.append(0, np.cumsum(counts))
    del counts
    begin = 0
    while begin < rows and before[-1] > before[begin]:
        room = before[begin] + memory.fitting(_EACH)
        # What one record begins is never divided: it is little.
        end = max(begin + 1, int(np.searchsorted(before, room, "right")) - 1)
        made = np.empty(int(before[end] - before[begin]), np.int64)
        _fill(made, followed, (begin, end), rows)
        yield end, sorted_once(made)
        begin = end


def _fill(made: Pairs, followed: Sequence[Followed], span: tuple[int, int], rows: int) -> None:
    place = 0
    for kind in followed:
        for part in kind.pairs(span, rows):
            made[place : place + len(part)] = part
            place += len(part)


def joined(known: Pairs, more: Iterable[tuple[int, Pairs]], rows: int, memory: Memory) -> tuple[Pairs, Pairs]:
    """All pairs of both, and those of `more` that were not known; everything ascending and distinct."""
    both = Writer(memory, "candidate pairs", NO_PAIRS)
    fresh = Writer(memory, "candidate pairs of a band of keys", NO_PAIRS)
    begin = 0
    for left, part in more:
        end = int(np.searchsorted(known, left * rows))
        for few, beside in _side_by_side(known[begin:end], part, memory):
            together, new = _joined(few, beside)
            both.add(together)
            fresh.add(new)
        begin = end
    rest = known[begin:]
    for some in memory.slices(len(rest), rest.itemsize):
        both.add(rest[some])
    return both.done(), fresh.done()


def _side_by_side(known: Pairs, more: Pairs, memory: Memory) -> Iterator[tuple[Pairs, Pairs]]:
    """What is known, slice by slice, with those of `more` that belong beside it."""
    begin, taken = 0, 0
    while (end := begin + memory.fitting(_EACH)) < len(known):
        beside = int(np.searchsorted(more, known[end]))
        yield known[begin:end], more[taken:beside]
        begin, taken = end, beside
    yield known[begin:], more[taken:]


def _joined(known: Pairs, more: Pairs) -> tuple[Pairs, Pairs]:
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


def ends_of(pairs: Pairs, rows: int, memory: Memory) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """The one and the other record of each pair."""
    nobody = np.zeros(0, np.int32)
    lefts, rights = (Writer(memory, f"{side} records of pairs", nobody) for side in ("left", "right"))
    for part in memory.slices(len(pairs), 24):
        left, right = _ends(pairs[part], max(rows, 1))
        lefts.add(left)
        rights.add(right)
    return lefts.done(), rights.done()


def _ends(pairs: Pairs, rows: int) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    left, right = np.empty(len(pairs), np.int32), np.empty(len(pairs), np.int32)

    def work(part: slice) -> None:
        left[part], right[part] = np.divmod(pairs[part], rows)

    each_slice(len(pairs), work)
    return left, right
