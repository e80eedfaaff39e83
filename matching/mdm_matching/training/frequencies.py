"""Frequencies: how common each value is among the records."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

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
    # Pairs of records that agree on a value grow with the square of its holders.
    pairs = counts * (counts - 1.0)
    logs = np.log2(np.maximum(counts / total, rare))
    typical = float(np.exp2((pairs * logs).sum() / pairs.sum())) if pairs.any() else rare
    return replace(model, frequencies=shares, rare=round(rare, 9), typical=round(max(typical, rare), 9))
