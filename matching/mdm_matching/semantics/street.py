"""Street lines and house numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from mdm_matching.semantics.packed_texts import PackedTexts, Test, same
from mdm_matching.semantics.placeholders import says_nothing
from mdm_matching.semantics.screening import Screen, Unlike
from mdm_matching.semantics.semantic_type import Level, SemanticType, Standard
from mdm_matching.semantics.settling import settled
from mdm_matching.semantics.street_words import street_types, street_words
from mdm_matching.semantics.string_measures import edits, first_level, jaro_winkler
from mdm_matching.semantics.text import folded, skeleton

# What the rules for numbers, flats and types leave as it is.
_SETTLED = re.compile(r"\d{1,5}(?: (?:[a-z]{2,}|[nsew]))+")
_NOT_WORD = re.compile(r"[^a-z0-9]")


@dataclass(frozen=True, slots=True)
class Street(SemanticType):
    """A street with its house number.

    "St", "Street" and "Straße" are one word, and where the number stands does not matter; flat or floor are
    set aside. Another number in the same street is another door. An address is shared by households,
    neighbours and firms of one building.
    """

    name: ClassVar[str] = "street"
    levels: ClassVar[tuple[Level, ...]] = (
        Level("same street and number", 0.55, 0.08),
        Level("same street and number, written otherwise", 0.10, 0.012),
        Level("same number, street a slip of the pen apart", 0.09, 0.012),
        Level("same street, number missing on one side", 0.03, 0.008),
        Level("same street, number a digit apart", 0.02, 0.012),
        Level("same street, other number", 0.02, 0.04),
        Level("same number, other street", 0.02, 0.03),
        Level("different street", 0.17, 0.806),
    )
    group: ClassVar[str] = "address"

    def standardise(self, value: str, context: str = "") -> Standard | None:
        found = self._once(value)
        return found if found is None or _SETTLED.fullmatch(found.text) else settled(self._once, value)

    def _once(self, value: str) -> Standard | None:
        found = street_words(folded(value))
        if not found.number and says_nothing(list(found.street)):
            return None
        street = " ".join(found.street)
        text = f"{found.number} {street}" if found.number and street else found.number or street
        if found.unit:
            text += f" unit {found.unit}"
        types = street_types()
        main = [token for token in found.street if token not in types] or found.street
        run = skeleton("".join(main))
        weak = (f"{found.number} {run[:4]}",) if found.number else (run[:8],) if run else ()
        keys = (f"{found.number} {run}",) if found.number and run else ()
        note = f"unit {found.unit} set aside" if found.unit else ""
        return Standard(text, keys, weak, (found.number, run, "".join(found.street), found.unit), note)

    def compare(self, left: Sequence[Standard], right: Sequence[Standard]) -> NDArray[np.uint8]:
        size = len(left)
        pairs = [(a.parts, b.parts) for a, b in zip(left, right, strict=True)]
        number = np.fromiter((a[0] == b[0] for a, b in pairs), np.bool_, size)
        numbered = np.fromiter((a[0] != "" and b[0] != "" for a, b in pairs), np.bool_, size)
        one_missing = np.fromiter((((a[0] == "") != (b[0] == "")) for a, b in pairs), np.bool_, size)
        street = np.fromiter((a[1] == b[1] and a[1] != "" for a, b in pairs), np.bool_, size)
        one, other = [a[1] for a, _ in pairs], [b[1] for _, b in pairs]
        whole_one, whole_other = [a[2] for a, _ in pairs], [b[2] for _, b in pairs]
        near = _near(one, other) | _near(whole_one, whole_other)
        digit = edits([a[0] for a, _ in pairs], [b[0] for _, b in pairs], most=1) == 1
        conditions = [
            (number & street, 1),
            (number & near, 2),
            (street & one_missing, 3),
            (near & one_missing, 3),
            ((street | near) & digit & numbered, 4),
            ((street | near), 5),
            (number & numbered, 6),
        ]
        return first_level(conditions, 7)

    def screen(self, values: Sequence[Standard]) -> Screen:
        runs = [value.parts[1] for value in values]
        near = (_may_be_near(runs), _may_be_near([value.parts[2] for value in values]))
        return Unlike(7, (same(value.parts[0] for value in values), same(runs), *near))


def _near(left: Sequence[str], right: Sequence[str]) -> NDArray[np.bool_]:
    """Whether two street names are slips of the pen apart, or one of six letters or more is in the other."""
    shorter = np.fromiter(
        (min(len(a), len(b)) for a, b in zip(left, right, strict=True)), np.int32, len(left)
    )
    distance = edits(left, right, most=3)
    slip = (distance <= 3) & (distance <= _slips_allowed(shorter))
    inside = np.fromiter((_inside(a, b) for a, b in zip(left, right, strict=True)), np.bool_, len(left))
    return (slip & (jaro_winkler(left, right) >= 0.8)) | inside


def _slips_allowed(shorter: NDArray[np.int32]) -> NDArray[np.int64]:
    return (shorter >= 4) + 0 + (shorter >= 8) + (shorter >= 13)


def _may_be_near(names: Sequence[str]) -> Test:
    packed = PackedTexts.of(names)
    slip, alike, inside = packed.within(_slips_allowed), packed.alike(0.8), packed.one_inside(6)
    return lambda left, right: slip(left, right) & alike(left, right) | inside(left, right)


def _inside(left: str, right: str) -> bool:
    short, long = (left, right) if len(left) <= len(right) else (right, left)
    return len(short) > 5 and short in long


@dataclass(frozen=True, slots=True)
class StreetNumber(SemanticType):
    """A house number in a column of its own.

    Weak by itself; with the street it tells one door from the next.
    """

    name: ClassVar[str] = "street_number"
    levels: ClassVar[tuple[Level, ...]] = (
        Level("same house number", 0.82, 0.08),
        Level("same number, letter or flat missing on one side", 0.03, 0.005),
        Level("one digit apart", 0.06, 0.06),
        Level("different house number", 0.09, 0.855),
    )
    group: ClassVar[str] = "address"

    def standardise(self, value: str, context: str = "") -> Standard | None:
        text = _NOT_WORD.sub("", folded(value).removesuffix(".0")).lstrip("0")
        if not text or not any(sign.isdigit() for sign in text):
            return None
        digits = re.match(r"\D*(\d*)", text)
        return Standard(text, (), (text,), (digits.group(1) if digits else "",))

    def compare(self, left: Sequence[Standard], right: Sequence[Standard]) -> NDArray[np.uint8]:
        one, other = [v.parts[0] for v in left], [v.parts[0] for v in right]
        same = np.fromiter((a == b and a != "" for a, b in zip(one, other, strict=True)), np.bool_, len(left))
        return first_level(
            [(same, 1), (edits([v.text for v in left], [v.text for v in right], most=1) <= 1, 2)], 3
        )
