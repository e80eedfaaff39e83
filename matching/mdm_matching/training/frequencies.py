"""Frequencies: how common each value is among the records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from mdm_matching.model.column_model import ColumnModel
from mdm_matching.semantics.joined_standards import texts_at
from mdm_matching.standardising.standard_column import StandardColumn

# A model names at most this many common values per column.
NAMED = 20_000
# A value held so often at most is as rare as one never seen.
RARE = 2


def with_frequencies(model: ColumnModel, column: StandardColumn) -> ColumnModel:
    """The column with the shares of its common values; unchanged where rarity says nothing."""
    held = column.live_codes[column.live_codes >= 0]
    if not column.semantic.frequency_levels or len(held) < 2:
        return model
    texts = column.text_codes[held]
    counts = np.bincount(texts)
    common = np.flatnonzero(counts > RARE)
    # Texts are numbered as they first occur.
    before = np.maximum.accumulate(np.append(np.int32(-1), column.text_codes[:-1]))
    first = np.flatnonzero(column.text_codes > before)
    names = texts_at(column.standards, first[common])
    held_by = list(zip(names, counts[common].tolist(), strict=True))
    if len(held_by) > NAMED:
        held_by = sorted(held_by, key=lambda named: (-named[1], named[0]))[:NAMED]
    sizes, values = np.unique(counts[counts > 0], return_counts=True)
    return of_counts(model, held_by, dict(zip(sizes.tolist(), values.tolist(), strict=True)))


def of_counts(
    model: ColumnModel, common: Iterable[tuple[str, int]], values: Mapping[int, int]
) -> ColumnModel:
    """The column with the shares that counting its values gives.

    Args:
        common: the values that more than two records hold, the most common 20,000 of them, with their counts.
        values: for each count how many values that many records hold.
    """
    counts = np.array(sorted(values), np.float64)
    times = np.array([values[int(count)] for count in counts], np.float64)
    total = int((counts * times).sum())
    rare = RARE / total
    shares = {text: round(count / total, 9) for text, count in common}
    typical = _typical(counts, times, total)
    return replace(model, frequencies=shares, rare=round(rare, 9), typical=round(max(typical, rare), 9))


def _typical(counts: NDArray[np.float64], times: NDArray[np.float64], total: int) -> float:
    """The share of a value on which two records agree, on average in bits; pairs grow with its square."""
    pairs = counts * (counts - 1.0) * times
    if not pairs.any():
        return 0.0
    logs = np.log2(np.maximum(counts, float(RARE)) / total)
    return float(np.exp2((pairs * logs).sum() / pairs.sum()))
