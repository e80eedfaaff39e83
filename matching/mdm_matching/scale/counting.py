"""Counting kernels: what training wants to know of the records, counted where they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from mdm_matching.model.match_model import MatchModel
from mdm_matching.scale.gathering import Columns, Kernel, kernel
from mdm_matching.scale.packing import compared_table
from mdm_matching.semantics.word_rarity import WordRarity, word_holders
from mdm_matching.standardising.standard_column import StandardColumn

if TYPE_CHECKING:
    from pyarrow import RecordBatch  # pyright: ignore[reportMissingImports]  # of the extra `spark`


def weighs_words(model: MatchModel) -> bool:
    """Whether a column's type weighs words by how rare they are."""
    return any(isinstance(column.semantic, WordRarity) for column in model.columns)


def word_kernel(document: str) -> Kernel:
    """Canonical records in; (place, text, held) out: how many hold each word, and "" for any value."""

    def run(batch: RecordBatch) -> Iterator[Columns]:
        table = compared_table(MatchModel.from_json(document), [(batch, "")])
        for place, column in enumerate(table.columns):
            if isinstance(column.semantic, WordRarity):
                held = _held(column)
                words = word_holders([own.parts[1:] for own in column.standards], held)
                yield _counted(place, {"": sum(held), **words})

    return kernel(run)


def text_kernel(document: str) -> Kernel:
    """Canonical records in; (place, text, held) out: how many hold each value whose rarity counts."""

    def run(batch: RecordBatch) -> Iterator[Columns]:
        table = compared_table(MatchModel.from_json(document), [(batch, "")])
        for place, column in enumerate(table.columns):
            if column.semantic.frequency_levels:
                texts: Counter[str] = Counter()
                for standard, count in zip(column.standards, _held(column), strict=True):
                    texts[standard.text] += count
                yield _counted(place, texts)

    return kernel(run)


def _held(column: StandardColumn) -> list[int]:
    """How many records hold each distinct value."""
    counts = np.bincount(column.codes[column.codes >= 0], minlength=len(column.standards))
    return [int(count) for count in counts]


def _counted(place: int, held: dict[str, int]) -> Columns:
    counts = np.fromiter(held.values(), np.int64, len(held))
    return {"place": np.full(len(held), place, np.int64), "text": list(held), "held": counts}
