"""Clean sources: systems that hold nothing twice, told by themselves or by how their records match."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mdm_matching.memory import Memory

# A source counts as clean if two of its own records are so much less likely to be one thing than one of its
# records and one of another source. Where sources hold duplicates of their own the ratio is about 1; matches
# that a model takes for granted wrongly keep it above 0.
_CLEAN = 0.15
# Pairs less likely than this tell more of the model's doubts than of the sources.
_SURE = 0.9
# Bytes that a pair takes while it is counted.
_EACH = 64
# Fewer matches across than this show nothing.
_FEWEST = 30.0


def clean_sources(
    sources: Sequence[str],
    left: NDArray[np.int32],
    right: NDArray[np.int32],
    chance: NDArray[np.float64],
    *,
    known: Sequence[str] | None = None,
    memory: Memory | None = None,
) -> tuple[str, ...]:
    """The sources that hold nothing twice as far as the candidate pairs show, in alphabetical order.

    Args:
        sources: for each record the source it comes from.
        left: the one record of each candidate pair.
        right: the other.
        chance: its probability to be the same thing, 0 to 1.
        known: the clean sources if somebody knows them.
        memory: what there is room for.
    """
    if known is not None:
        return tuple(sorted(set(known)))
    names, codes = np.unique(np.array(sources, dtype=np.str_), return_inverse=True)
    if len(names) < 2:
        return ()
    # Each sum adds up in the order of the pairs, whatever the slices.
    inside, beginning, ending = np.zeros((3, len(names)))
    for part in (memory or Memory.of(None)).slices(len(left), _EACH):
        sure = np.where(chance[part] >= _SURE, chance[part], 0.0)
        one, other = codes[left[part]], codes[right[part]]
        within = one == other
        np.add.at(inside, one[within], sure[within])
        np.add.at(beginning, one[~within], sure[~within])
        np.add.at(ending, other[~within], sure[~within])
    across = beginning + ending
    held = np.bincount(codes, minlength=len(names)).astype(np.float64)
    pairs_inside, pairs_across = held * (held - 1) / 2, held * (len(codes) - held)
    # The rates, each multiplied by both counts of pairs, so that nothing is divided by 0.
    clean = (across >= _FEWEST) & (inside * pairs_across <= _CLEAN * across * pairs_inside)
    return tuple(str(name) for name in names[clean])


def source_codes(sources: Sequence[str] | None, clean: Sequence[str], rows: int) -> NDArray[np.int64]:
    """For each record the number of its clean source, -1 where its source may hold a thing twice."""
    if sources is None:
        return np.full(rows, -1, np.int64)
    numbers = {name: place for place, name in enumerate(clean)}
    return np.fromiter((numbers.get(name, -1) for name in sources), np.int64, rows)


def of_two_sources(
    codes: NDArray[np.int64], left: NDArray[np.int32], right: NDArray[np.int32]
) -> NDArray[np.bool_]:
    """For each pair whether its records may be one thing: they are not of one clean source."""
    free: NDArray[np.bool_] = (codes[left] < 0) | (codes[left] != codes[right])
    return free
