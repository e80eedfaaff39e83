"""Postcodes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from mdm_matching.semantics.joined_standards import parts_of, texts_of
from mdm_matching.semantics.packed_texts import PackedTexts, same
from mdm_matching.semantics.screening import Screen, Unlike
from mdm_matching.semantics.semantic_type import Level, SemanticType, Standard
from mdm_matching.semantics.string_measures import edits, first_level
from mdm_matching.semantics.text import folded

_NOT_WORD = re.compile(r"[^a-z0-9]")
_LONG_ZIP = re.compile(r"(\d{5})-?(\d{4})")
_COUNTRY_PREFIX = re.compile(
    r"(?:a|b|ch|cz|d|dk|f|fin|fi|fl|gr|h|hr|i|l|lt|lv|md|n|nl|p|pl|ro|s|se|si|sk|us|de|at|be|fr|it|es|e)"
    r"[- ](?=\d)"
)
_BRITISH = re.compile(r"[a-z]{1,2}\d[a-z\d]?\d[a-z]{2}")
LONGEST = 10


@dataclass(frozen=True, slots=True)
class Postcode(SemanticType):
    """A postcode.

    Spaces, case, a country's letter in front ("D-10115") and the last four digits of a long US ZIP code do
    not matter. Two postcodes of one district agree in part.
    """

    name: ClassVar[str] = "postcode"
    levels: ClassVar[tuple[Level, ...]] = (
        Level("same postcode", 0.74, 0.12),
        Level("same but for a leading zero", 0.01, 0.002),
        Level("one digit apart or two swapped", 0.06, 0.03),
        Level("same district", 0.05, 0.09),
        Level("different postcode", 0.14, 0.758),
    )
    group: ClassVar[str] = "address"

    def standardise(self, value: str, context: str = "") -> Standard | None:
        text = folded(value).strip()
        text = text.removesuffix(".0")
        text = _COUNTRY_PREFIX.sub("", text, count=1) if not text[:1].isdigit() else text
        found = _LONG_ZIP.fullmatch(text)
        if found:
            text = found.group(1)
        text = _NOT_WORD.sub("", text)
        if (
            not 2 < len(text) <= LONGEST
            or not any(map(str.isdigit, text))
            or set(text) <= {"0"}
            or text in ("99999", "12345")
        ):
            return None
        return Standard(text, (), (text,), (text.lstrip("0"), district(text)))

    def compare(self, left: Sequence[Standard], right: Sequence[Standard]) -> NDArray[np.uint8]:
        pairs = [(a.parts, b.parts) for a, b in zip(left, right, strict=True)]
        zero = np.fromiter((a[0] == b[0] for a, b in pairs), np.bool_, len(pairs))
        area = np.fromiter((a[1] == b[1] for a, b in pairs), np.bool_, len(pairs))
        slip = edits([v.text for v in left], [v.text for v in right], most=1) <= 1
        return first_level([(zero, 1), (slip, 2), (area, 3)], 4)

    def screen(self, values: Sequence[Standard]) -> Screen:
        texts = PackedTexts.of(texts_of(values))
        zero, area = (same("." + part for part in parts_of(values, place)) for place in (0, 1))
        return Unlike(4, (texts.one_edit, zero, area))


def district(text: str) -> str:
    """The part of a postcode that names a district: "en9" of "en92ln", "101" of "10115"."""
    return text[:-3] if _BRITISH.fullmatch(text) else text[:3]
