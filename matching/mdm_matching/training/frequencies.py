"""Frequencies: how common each value is among the records."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from mdm_matching.model.column_model import ColumnModel
from mdm_matching.standardising.standard_column import StandardColumn

# A model names at most this many common values per column.
_NAMED = 20_000


def with_frequencies(model: ColumnModel, column: StandardColumn) -> ColumnModel:
    """The column with the shares of its common values; unchanged where rarity says nothing."""
    held = column.live_codes[column.live_codes >= 0]
    if not column.semantic.frequency_levels or len(held) < 2:
        return model
    texts = column.text_codes[held]
    counts = np.bincount(texts)
    total = len(held)
    # A value held once or twice is as rare as one never seen.
    rare = 2.0 / total
    names: dict[int, str] = {}
    for standard, text in zip(column.standards, column.text_codes.tolist(), strict=True):
        names.setdefault(text, standard.text)
    common = np.flatnonzero(counts > 2)
    common = common[np.lexsort((common, -counts[common]))][:_NAMED]
    shares = {names[text]: round(float(counts[text]) / total, 9) for text in common.tolist()}
    agreeing = float((counts * (counts - 1.0)).sum()) / (total * (total - 1.0))
    return replace(model, frequencies=shares, rare=round(rare, 9), typical=round(max(agreeing, rare), 9))


def with_typical(
    model: ColumnModel, column: StandardColumn, rows: NDArray[np.int32], chance: NDArray[np.float64]
) -> ColumnModel:
    """The column with the typical share of the values on which pairs of different things agree.

    Args:
        rows: one record of each candidate pair that agrees in this column.
        chance: how likely that pair is to be two different things, 0 to 1.
    """
    if model.rare <= 0:
        return model
    shares = np.fromiter(
        (model.frequencies.get(s.text, model.rare) for s in column.standards),
        np.float64,
        len(column.standards),
    )
    held = column.live_codes[rows]
    weight = float(chance.sum())
    mean = (float((np.log2(shares[held]) * chance).sum()) + 10 * np.log2(model.typical)) / (weight + 10)
    return replace(model, typical=round(float(np.exp2(mean)), 9))
