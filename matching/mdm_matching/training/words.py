"""Words: how many records hold each word of titles and texts, learnt before anything is compared."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from mdm_matching.model.match_model import MatchModel
from mdm_matching.semantics.word_rarity import WordRarity, word_shares
from mdm_matching.standardising.standard_column import StandardColumn
from mdm_matching.standardising.standard_table import StandardTable


def with_words(model: MatchModel, table: StandardTable) -> tuple[MatchModel, StandardTable]:
    """The model and the table whose types weigh words by how rare they are among these records.

    Unchanged where no column's type weighs words.
    """
    columns, own = list(table.columns), list(model.columns)
    for place, column in enumerate(columns):
        if isinstance(column.semantic, WordRarity):
            semantic = _counted(column, column.semantic)
            columns[place] = column.weighing(semantic)
            own[place] = replace(own[place], semantic=semantic)
    return replace(model, columns=tuple(own)), replace(table, columns=tuple(columns))


def _counted(column: StandardColumn, semantic: WordRarity) -> WordRarity:
    held = np.bincount(column.codes[column.codes >= 0], minlength=len(column.standards))
    words, rare = word_shares([standard.parts[1:] for standard in column.standards], held.tolist())
    return replace(semantic, words=words, rare_word=rare)
