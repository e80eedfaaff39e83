"""Agreement patterns: which combinations of levels occur, and how often; all that training looks at."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mdm_matching.comparing.levels import BLANK, distinct_rows
from mdm_matching.fingerprint import pair_marks
from mdm_matching.memory import Memory
from mdm_matching.slices import each_slice
from mdm_matching.standardising.standard_table import StandardTable

# Bytes that a pair takes while it is looked at.
_EACH = 24
# Drawn pairs looked up at a time.
_ASKED = 4_000

_Ends = tuple[NDArray[np.int32], NDArray[np.int32]]


@dataclass(frozen=True, slots=True)
class Patterns:
    """Distinct rows of levels.

    Attributes:
        levels: one row per pattern, one column per column of the model; 255 for blank.
        counts: how many pairs show it.
        of_pair: for each pair the number of its pattern.
    """

    levels: NDArray[np.uint8]
    counts: NDArray[np.float64]
    of_pair: NDArray[np.int64]

    @classmethod
    def of(cls, levels: NDArray[np.uint8], scale: float = 1.0) -> Patterns:
        """The patterns of pairs, each of which stands for `scale`; ordered by the patterns alone."""
        patterns, of_pair = distinct_rows(levels)
        return cls(
            patterns, (np.bincount(of_pair, minlength=len(patterns)) * scale).astype(np.float64), of_pair
        )

    @classmethod
    def counted(cls, levels: NDArray[np.uint8], counts: NDArray[np.int64], scale: float) -> Patterns:
        """The same from distinct rows of levels and how many pairs show each, whatever their order."""
        patterns, place = distinct_rows(levels)
        ordered = np.empty(len(patterns), np.int64)
        ordered[place] = counts
        return cls(patterns, (ordered * scale).astype(np.float64), np.zeros(0, np.int64))


def sampled_pairs(
    table: StandardTable, left: NDArray[np.int32], right: NDArray[np.int32], limit: int, memory: Memory
) -> NDArray[np.int64]:
    """The places of at most about `limit` of the pairs, chosen by what their records say."""
    if len(left) <= limit:
        return np.arange(len(left), dtype=np.int64)
    contents, below = table.contents, marks_below(limit, len(left))
    found = []
    for several in memory.slices(len(left), _EACH):
        lefts, rights = left[several], right[several]
        chosen = np.empty(len(lefts), np.bool_)

        def work(part: slice, ends: _Ends = (lefts, rights), chosen: NDArray[np.bool_] = chosen) -> None:
            chosen[part] = pair_marks(contents[ends[0][part]], contents[ends[1][part]]) < below

        each_slice(len(lefts), work)
        found.append(several.start + np.flatnonzero(chosen))
    return np.concatenate(found)


def taken(levels: NDArray[np.uint8], places: NDArray[np.int64], memory: Memory) -> NDArray[np.uint8]:
    """The rows of levels at these ascending places, read part by part."""
    found = [levels[:0]]
    for part in memory.slices(len(levels), levels.shape[1]):
        begin, end = np.searchsorted(places, (part.start, part.stop))
        found.append(levels[places[begin:end]])
    return np.concatenate(found)


def marks_below(limit: int, pairs: int) -> int:
    """The mark below which about `limit` of so many pairs, which are more, have theirs."""
    return int(2**63 * (limit / pairs))


def among(
    table: StandardTable,
    pairs: _Ends,
    known: _Ends,
    memory: Memory,
) -> NDArray[np.bool_]:
    """For each pair whether it is one of the known ones, whichever way round."""
    left, right = known
    if not _in_order(left, right, memory):
        packed = np.sort(np.minimum(*known).astype(np.int64) * table.rows + np.maximum(*known))
        left, right = (part.astype(np.int32) for part in np.divmod(packed, max(table.rows, 1)))
    low, high = np.minimum(*pairs), np.maximum(*pairs)
    found = [
        _met(low[begin : begin + _ASKED], high[begin : begin + _ASKED], left, right)
        for begin in range(0, len(low), _ASKED)
    ]
    memory.release()
    return np.concatenate([np.zeros(0, np.bool_), *found])


def _met(
    low: NDArray[np.int32], high: NDArray[np.int32], left: NDArray[np.int32], right: NDArray[np.int32]
) -> NDArray[np.bool_]:
    """Which pairs of a lower and a higher record are among others, which are in order."""
    starts = np.searchsorted(left, low, "left")
    counts = np.searchsorted(left, low, "right") - starts
    # Every known pair that begins with the same record as a drawn one.
    drawn = np.repeat(np.arange(len(low)), counts)
    places = np.repeat(starts - (np.cumsum(counts) - counts), counts) + np.arange(len(drawn))
    met = right[places] == high[drawn]
    asked: NDArray[np.bool_] = np.bincount(drawn[met], minlength=len(low)) > 0
    return asked


def _in_order(left: NDArray[np.int32], right: NDArray[np.int32], memory: Memory) -> bool:
    """Whether no pair has its left record above its right one, nor below that of an earlier pair."""
    for part in memory.slices(len(left), _EACH):
        lefts = left[max(part.start - 1, 0) : part.stop]
        if not ((lefts[1:] >= lefts[:-1]).all() and (left[part] <= right[part]).all()):
            return False
    return True


def random_pairs(table: StandardTable, count: int) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """`count` pairs of different records drawn at random, the same whatever the order of the rows."""
    order = np.argsort(table.contents, kind="stable").astype(np.int32)
    one, other = drawn_ranks(table.rows, count)
    return order[one], order[other]


def drawn_ranks(rows: int, count: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """`count` pairs of different numbers from 0 to rows - 1 drawn at random, always the same ones.

    They count the records in the order of their contents. None are drawn where there is no pair.
    """
    if rows < 2:
        nothing = np.zeros(0, np.int64)
        return nothing, nothing
    draw = np.random.default_rng(20_240_229)
    one = draw.integers(0, rows, count)
    return one, (one + draw.integers(1, rows, count)) % rows


def telling(levels: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """For each row whether three columns or more say something, so that each can be judged by the others.

    With fewer, a mixture of two kinds is not determined by the patterns
    (https://doi.org/10.1214/09-AOS689).
    """
    judged: NDArray[np.bool_] = (levels != BLANK).sum(axis=1) > 2
    return judged
