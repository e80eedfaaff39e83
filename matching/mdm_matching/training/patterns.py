"""Agreement patterns: which combinations of levels occur, and how often; all that training looks at."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mdm_matching.comparing.levels import BLANK, distinct_rows
from mdm_matching.fingerprint import pair_marks
from mdm_matching.slices import each_slice
from mdm_matching.standardising.standard_table import StandardTable


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
    table: StandardTable, left: NDArray[np.int32], right: NDArray[np.int32], limit: int
) -> NDArray[np.int64]:
    """The places of at most about `limit` of the pairs, chosen by what their records say."""
    if len(left) <= limit:
        return np.arange(len(left), dtype=np.int64)
    contents, below = table.contents, marks_below(limit, len(left))
    chosen = np.empty(len(left), np.bool_)

    def work(part: slice) -> None:
        chosen[part] = pair_marks(contents[left[part]], contents[right[part]]) < below

    each_slice(len(left), work)
    return np.flatnonzero(chosen)


def marks_below(limit: int, pairs: int) -> int:
    """The mark below which about `limit` of so many pairs, which are more, have theirs."""
    return int(2**63 * (limit / pairs))


def among(
    table: StandardTable,
    pairs: tuple[NDArray[np.int32], NDArray[np.int32]],
    known: tuple[NDArray[np.int32], NDArray[np.int32]],
) -> NDArray[np.bool_]:
    """For each pair whether it is one of the known ones, whichever way round."""
    left, right = known
    if not ((left[1:] >= left[:-1]).all() and (left <= right).all()):
        packed = np.sort(np.minimum(*known).astype(np.int64) * table.rows + np.maximum(*known))
        left, right = (part.astype(np.int32) for part in np.divmod(packed, max(table.rows, 1)))
    low, high = np.minimum(*pairs), np.maximum(*pairs)
    starts = np.searchsorted(left, low, "left")
    counts = np.searchsorted(left, low, "right") - starts
    # Every known pair that begins with the same record as a drawn one.
    drawn = np.repeat(np.arange(len(low)), counts)
    places = np.repeat(starts - (np.cumsum(counts) - counts), counts) + np.arange(len(drawn))
    met = right[places] == high[drawn]
    return np.bincount(drawn[met], minlength=len(low)) > 0


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
