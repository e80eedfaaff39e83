"""Telephone and fax numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import ClassVar

import numpy as np
import phonenumbers
from numpy.typing import NDArray

from mdm_matching.semantics.country_codes import country_code
from mdm_matching.semantics.joined_standards import parts_of
from mdm_matching.semantics.packed_texts import PackedTexts
from mdm_matching.semantics.screening import Screen, Unlike
from mdm_matching.semantics.semantic_type import Level, SemanticType, Standard
from mdm_matching.semantics.string_measures import edits, first_level

_MARKS = str.maketrans("", "", " \t-./()\u00a0\u2010\u2011\u2012\u2013'")
_EXTENSION = re.compile(r"(?:ext\.?|extension|x|dw|durchwahl|poste|#|;ext=)\s*(\d{1,6})\s*$", re.IGNORECASE)
_TRUNK_ZERO = re.compile(r"\(0\)")
_FIRST_NUMBER = re.compile(r"\+?[\d\s\-./()]{5,}")
# Shorter than this is an extension, longer no number at all (ITU E.164).
SHORTEST, LONGEST = 5, 15
# Countries whose national numbers keep their leading zero abroad.
_KEEPS_ZERO = frozenset({"IT", "SM", "VA"})


@dataclass(frozen=True, slots=True)
class Phone(SemanticType):
    """A telephone or fax number.

    Spaces, brackets, "00" or "+", and the zero before the area code do not matter; an extension is set aside.
    A number without its country or area code agrees with the longer one that ends like it. A switchboard or a
    household's number loses its force when many differently named records hold it.

    Attributes:
        country: the column that says in which country a number without country code is.
    """

    country: str | None = None
    name: ClassVar[str] = "phone"
    levels: ClassVar[tuple[Level, ...]] = (
        Level("same number", 0.60, 0.04),
        Level("same number, country or area code missing on one side", 0.08, 0.005),
        Level("one digit apart or two swapped", 0.04, 0.003),
        Level("same exchange, other extension", 0.05, 0.02),
        Level("different number", 0.23, 0.932),
    )
    group: ClassVar[str] = "contact"
    shared_limit: ClassVar[int] = 10

    @property
    def context(self) -> str | None:
        return self.country

    def standardise(self, value: str, context: str = "") -> Standard | None:
        digits = value.translate(_MARKS)
        note = ""
        if not digits.isdigit() or not digits.isascii():
            digits, note = _taken_apart(value)
        if digits[:2] == "00":
            digits = "+" + digits[2:]
        bare = digits.lstrip("+")
        if not SHORTEST <= len(bare) <= LONGEST or len(set(bare)) == 1 or bare in "0123456789012345":
            return None
        text = digits if digits[0] == "+" else _national(bare, context)
        if not text:
            return None
        bare = text.lstrip("+")
        return Standard(
            text, (bare[-9:], f"7:{bare[-7:]}") if len(bare) > 7 else (bare, f"7:{bare}"), (), (bare,), note
        )

    def compare(self, left: Sequence[Standard], right: Sequence[Standard]) -> NDArray[np.uint8]:
        one, other = [v.parts[0] for v in left], [v.parts[0] for v in right]
        pairs = list(zip(one, other, strict=True))
        ends = np.fromiter((_ends_like(a, b) for a, b in pairs), np.bool_, len(pairs))
        near = np.fromiter((len(a) > 6 and len(b) > 6 for a, b in pairs), np.bool_, len(pairs))
        exchange = np.fromiter((_same_exchange(a, b) for a, b in pairs), np.bool_, len(pairs))
        tails_left, tails_right = [a[-10:] for a in one], [b[-10:] for b in other]
        slip = (np.minimum(edits(one, other, most=1), edits(tails_left, tails_right, most=1)) <= 1) & near
        return first_level([(ends, 1), (slip & ~exchange, 2), (slip, 2), (exchange, 3)], 4)

    def screen(self, values: Sequence[Standard]) -> Screen:
        digits = parts_of(values, 0)
        numbers = PackedTexts.of(digits)
        near = [numbers.one_edit]
        if numbers.longest > 10:
            near.append(PackedTexts.of([number[-10:] for number in digits]).one_edit)
        return Unlike(4, (numbers.same_end(7), *near, numbers.same_start(5)))


def _taken_apart(value: str) -> tuple[str, str]:
    """The digits of a number that is written with more than digits, and what was set aside."""
    note = ""
    text = _TRUNK_ZERO.sub("", value)
    found = _EXTENSION.search(text)
    if found and found.start() > 4:
        text, note = text[: found.start()], f"extension {found.group(1)} set aside"
    digits = text.translate(_MARKS)
    if digits[:1] == "+" and digits[1:].isdigit() and digits.isascii():
        return digits, note
    if digits.isdigit() and digits.isascii():
        return digits, note
    if any(sign.isalpha() for sign in digits):
        spelled = phonenumbers.convert_alpha_characters_in_number(digits)
        if (
            spelled.lstrip("+").isdigit()
            and sum(map(str.isalpha, digits)) <= 7
            and digits[:3].lstrip("+").isdigit()
        ):
            return spelled, note
    number = _FIRST_NUMBER.search(text)
    if number is None:
        return "", note
    digits = number.group().translate(_MARKS)
    kept = digits[:1] + digits[1:].replace("+", "")
    return (kept, note) if kept.lstrip("+").isdigit() else ("", note)


@cache
def _calling_code(country: str) -> str:
    code = phonenumbers.country_code_for_region(country)
    return str(code) if code else ""


def _national(bare: str, context: str) -> str:
    """A number without country code: with that of its country if it is known, else without leading zeros."""
    country = country_code(context) if context else ""
    code = _calling_code(country) if country else ""
    if not code:
        return bare.lstrip("0") if len(bare.lstrip("0")) >= SHORTEST else ""
    if code == "1":
        return "+" + bare if len(bare) == 11 and bare[0] == "1" else "+1" + bare if len(bare) == 10 else bare
    if bare[0] == "0" and country not in _KEEPS_ZERO:
        return f"+{code}{bare.lstrip('0')}"
    if bare.startswith(code) and len(bare) > len(code) + 8:
        return "+" + bare
    return f"+{code}{bare}"


def _ends_like(left: str, right: str) -> bool:
    """Whether one number is the other without its first digits; seven digits at least must be the same."""
    short, long = (left, right) if len(left) <= len(right) else (right, left)
    return len(short) > 6 and long.endswith(short)


def _same_exchange(left: str, right: str) -> bool:
    """Whether two numbers begin alike and differ within their last four digits."""
    return len(left) == len(right) > 8 and left[:-4] == right[:-4]
