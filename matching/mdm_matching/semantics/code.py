"""Numbers and codes that whoever keeps the list has given out, and numbers whose issuer is not known."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from mdm_matching.semantics.joined_standards import parts_of, texts_of
from mdm_matching.semantics.number_signs import digits_of, first_parts_equal, one_apart, signs
from mdm_matching.semantics.packed_texts import PackedTexts, same
from mdm_matching.semantics.placeholders import is_placeholder
from mdm_matching.semantics.screening import Screen, Unlike
from mdm_matching.semantics.semantic_type import Level, SemanticType, Standard
from mdm_matching.semantics.string_measures import first_level
from mdm_matching.semantics.text import folded

_GROUP = re.compile(r"[a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Code(SemanticType):
    """A number or code given out by a system: a client number, a project code, a cost center.

    Case, punctuation, prefixes and leading zeros matter little: "PRJ-93083", "P93083" and "0093083" hold the
    same digits. Two systems may use the same code for different things, and re-use it: equal codes are
    evidence, never proof.
    """

    name: ClassVar[str] = "code"
    levels: ClassVar[tuple[Level, ...]] = (
        Level("same code", 0.55, 0.006),
        Level("same digits, other prefix or zeros", 0.14, 0.004),
        Level("one code ends with the other", 0.06, 0.003),
        Level("one sign apart or two swapped", 0.03, 0.060),
        Level("different code", 0.22, 0.927),
    )
    group: ClassVar[str] = "identity"
    shared_limit: ClassVar[int] = 20

    def standardise(self, value: str, context: str = "") -> Standard | None:
        text = signs(value)
        if not text or (text.isalpha() and (is_placeholder(value) or is_placeholder(text))):
            return None
        digits = digits_of(text)
        groups = _GROUP.findall(folded(value)) if not value.isalnum() else []
        tail = digits_of(groups[-1]) if len(groups) > 1 else ""
        keys = [text, *(f"d:{run}" for run in (digits, tail) if len(run) > 3)]
        return Standard(text, tuple(dict.fromkeys(keys)), (text[:6],), (digits,))

    def compare(self, left: Sequence[Standard], right: Sequence[Standard]) -> NDArray[np.uint8]:
        ends = np.fromiter((_ends(a, b) for a, b in zip(left, right, strict=True)), np.bool_, len(left))
        same_digits = first_parts_equal(left, right, shortest=3) & _letters_agree(left, right)
        return first_level([(same_digits, 1), (ends, 2), (one_apart(left, right), 3)], 4)

    def screen(self, values: Sequence[Standard]) -> Screen:
        texts = PackedTexts.of(texts_of(values))
        digits = parts_of(values, 0)
        return Unlike(4, (same(digits), PackedTexts.of(digits).same_end(4), texts.one_edit))


def _ends(left: Standard, right: Standard) -> bool:
    short, long = sorted((left.parts[0], right.parts[0]), key=len)
    return len(short) > 3 and long.endswith(short)


def _letters_agree(left: Sequence[Standard], right: Sequence[Standard]) -> NDArray[np.bool_]:
    """Whether the letters begin alike or one side has none: "PRJ" and "P" do, "A" and "B" do not."""
    letters = [
        ("".join(filter(str.isalpha, a.text)), "".join(filter(str.isalpha, b.text)))
        for a, b in zip(left, right, strict=True)
    ]
    return np.fromiter((not a or not b or a[0] == b[0] for a, b in letters), np.bool_, len(left))


@dataclass(frozen=True, slots=True)
class Identifier(SemanticType):
    """A number that names one real thing, but whose rules are not known, so that it cannot be checked.

    Such as a DUNS or social security number, or a tax id whose check digits do not hold. Equal numbers are
    strong evidence; one digit wrong is a likely slip; different numbers oppose a match but do not forbid it.
    """

    name: ClassVar[str] = "identifier"
    levels: ClassVar[tuple[Level, ...]] = (
        Level("same number", 0.88, 0.008),
        Level("same digits, prefix or zeros missing on one side", 0.03, 0.001),
        Level("one digit apart or two swapped", 0.04, 0.004),
        Level("different number", 0.05, 0.987),
    )
    group: ClassVar[str] = "identity"
    shared_limit: ClassVar[int] = 6

    def standardise(self, value: str, context: str = "") -> Standard | None:
        text = signs(value)
        if len(text) < 3 or not any(map(str.isdigit, text)) or len(set(text)) == 1:
            return None
        digits = digits_of(text)
        core = digits if len(digits) > 4 else text
        return Standard(text, (core,), (text[:5],), (core,))

    def compare(self, left: Sequence[Standard], right: Sequence[Standard]) -> NDArray[np.uint8]:
        equal = first_parts_equal(left, right, shortest=5)
        return first_level([(equal, 1), (one_apart(left, right, shortest=5), 2)], 3)

    def screen(self, values: Sequence[Standard]) -> Screen:
        texts = PackedTexts.of(texts_of(values))
        return Unlike(3, (texts.one_edit, same(parts_of(values, 0))))
