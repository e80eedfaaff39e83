"""Values out of a short list: a status, an industry, a gender, a job title."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from mdm_matching.semantics.placeholders import says_nothing
from mdm_matching.semantics.semantic_type import Level, SemanticType, Standard
from mdm_matching.semantics.string_measures import first_level, jaro_winkler
from mdm_matching.semantics.text import words

_SAME = {
    "male": "m", "man": "m", "maennlich": "m", "masculin": "m", "masculino": "m", "maschile": "m", "herr":
    "m", "homme": "m", "female": "f", "woman": "f", "weiblich": "f", "feminin": "f", "femenino": "f",
    "femminile": "f", "frau": "f", "femme": "f", "w": "f", "divers": "x", "nonbinary": "x", "true": "yes",
    "ja": "yes", "oui": "yes", "si": "yes", "nein": "no", "non": "no",
}  # fmt: skip
_SAYS_SOMETHING = frozenset({"no", "false", "other", "void", "sample", "default", "pending", "na"})


@dataclass(frozen=True, slots=True)
class Category(SemanticType):
    """A value out of a short list: a status, an industry, a gender, a job title, a venue.

    Many records share one, so agreement says little; how little, the rarity of the value tells.
    """

    name: ClassVar[str] = "category"
    levels: ClassVar[tuple[Level, ...]] = (
        Level("same value", 0.82, 0.28),
        Level("nearly the same value, or one holds the other", 0.05, 0.04),
        Level("different value", 0.13, 0.68),
    )
    group: ClassVar[str] = ""

    def standardise(self, value: str, context: str = "") -> Standard | None:
        tokens = words(value)
        if value.strip().endswith(".0") and len(tokens) == 2:
            tokens.pop()
        if not tokens or (says_nothing(tokens) and _SAYS_SOMETHING.isdisjoint(tokens)):
            return None
        text = " ".join(tokens)
        text = _SAME.get(text, text)
        # A value with digits is a code of something: there are many of them, so it narrows down.
        weak = (text,) if any(map(str.isdigit, text)) else ()
        return Standard(text, (), weak, tuple(text.split()))

    def compare(self, left: Sequence[Standard], right: Sequence[Standard]) -> NDArray[np.uint8]:
        one, other = [v.text for v in left], [v.text for v in right]
        near = np.fromiter(
            (_holds(a.parts, b.parts) for a, b in zip(left, right, strict=True)), np.bool_, len(left)
        )
        wordlike = np.fromiter(
            (
                a.replace(" ", "").isalpha() and b.replace(" ", "").isalpha()
                for a, b in zip(one, other, strict=True)
            ),
            np.bool_,
            len(left),
        )
        return first_level([(near | wordlike & (jaro_winkler(one, other) >= 0.92), 1)], 2)


def _holds(left: tuple[str, ...], right: tuple[str, ...]) -> bool:
    """Whether all words of one value stand in the other, or begin its words in order ("Cust Serv")."""
    one, other = set(left), set(right)
    if (one <= other or other <= one) and len("".join(one & other)) > 3:
        return True
    return len(left) == len(right) and all(_begins(a, b) for a, b in zip(left, right, strict=True))


def _begins(one: str, other: str) -> bool:
    if one == other:
        return True
    short, long = sorted((one, other), key=len)
    return len(short) > 2 and short.isalpha() and long.startswith(short)
