"""Free text: descriptions, remarks, abstracts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from mdm_matching.semantics.model_numbers import number_keys
from mdm_matching.semantics.placeholders import says_nothing
from mdm_matching.semantics.semantic_type import Level, Standard
from mdm_matching.semantics.string_measures import first_level
from mdm_matching.semantics.text_likeness import TextLikeness
from mdm_matching.semantics.title import telling_pairs
from mdm_matching.semantics.title_words import text_words, title_weight
from mdm_matching.semantics.word_rarity import WordRarity

_WORD_LIMIT = 48


@dataclass(frozen=True, slots=True)
class FreeText(WordRarity):
    """A description, a remark, an abstract.

    Its rarer words and model numbers are what counts; order does not.
    """

    name: ClassVar[str] = "free_text"
    levels: ClassVar[tuple[Level, ...]] = (
        Level("same text", 0.18, 0.006),
        Level("nearly all words in common", 0.198, 0.012),
        Level("one text holds the other", 0.144, 0.03),
        Level("a model number or rare word in common", 0.10, 0.004),
        Level("most words in common", 0.126, 0.06),
        Level("some words in common", 0.144, 0.30),
        Level("different text", 0.108, 0.588),
    )
    group: ClassVar[str] = "name"

    def standardise(self, value: str, context: str = "") -> Standard | None:
        tokens = text_words(value[:4000])
        if says_nothing(tokens):
            return None
        kept = list(dict.fromkeys(tokens[:_WORD_LIMIT]))
        ranked = sorted(kept, key=lambda token: (-title_weight(token), -len(token), token))
        keys = number_keys(kept, 3) + telling_pairs(kept, 4)
        return Standard(" ".join(tokens), tuple(dict.fromkeys(keys)), tuple(ranked[:2]), ("", *ranked))

    def compare(self, left: Sequence[Standard], right: Sequence[Standard]) -> NDArray[np.uint8]:
        likeness = TextLikeness(left, right, self)
        conditions = [
            (likeness.share >= 0.9, 1),
            (likeness.inside >= 0.9, 2),
            (likeness.rare_shared, 3),
            (likeness.share >= 0.6, 4),
            (likeness.share >= 0.3, 5),
        ]
        return first_level(conditions, 6)
