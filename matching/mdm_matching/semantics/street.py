"""Street lines and house numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from mdm_matching.semantics.joined_standards import parts_of
from mdm_matching.semantics.packed_texts import FEW, PackedTexts, Test, same
from mdm_matching.semantics.placeholders import says_nothing
from mdm_matching.semantics.screening import Screen, Unlike
from mdm_matching.semantics.semantic_type import Level, SemanticType, Standard
from mdm_matching.semantics.settling import settled
from mdm_matching.semantics.street_words import street_types, street_words
from mdm_matching.semantics.string_measures import edits, first_level, jaro_winkler
from mdm_matching.semantics.text import folded, skeleton
from mdm_matching.semantics.value_pairs import ValuePairs

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
        pairs = ValuePairs.of(left, right)
        numbers = pairs.sides(lambda value: value.parts[0])
        streets = pairs.sides(lambda value: value.parts[1])
        number = numbers[0] == numbers[1]
        numbered = (numbers[0] > 0) & (numbers[1] > 0)
        one_missing = (numbers[0] == 0) != (numbers[1] == 0)
        street = (streets[0] == streets[1]) & (streets[0] > 0)
        near = street.copy()
        for place in (1, 2):
            near[~near] = _near(pairs, place, np.flatnonzero(~near))
        digit = np.zeros(len(left), np.bool_)
        asked = np.flatnonzero(near & numbered & ~number)
        digit[asked] = edits(*pairs.texts(lambda value: value.parts[0], asked), most=1) == 1
        conditions = [
            (number & street, 1),
            (number & near, 2),
            (near & one_missing, 3),
            (near & digit, 4),
            (near, 5),
            (number & numbered, 6),
        ]
        return first_level(conditions, 7)

    def screen(self, values: Sequence[Standard]) -> Screen:
        runs = parts_of(values, 1)
        near = (_may_be_near(runs), _may_be_near(parts_of(values, 2)))
        return Unlike(7, (same(parts_of(values, 0)), same(runs), *near))


def _near(pairs: ValuePairs, place: int, asked: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether two street names are slips of the pen apart, or one of six letters or more is in the other.

    Args:
        place: which part of the values is the name.
        asked: the pairs to look at.
    """
    near = np.ones(len(asked), np.bool_)
    if len(asked) > FEW:
        perhaps = _may_be_near([value.parts[place] for value in pairs.values])
        near = perhaps(pairs.left[asked], pairs.right[asked])
    one, other = pairs.texts(lambda value: value.parts[place], asked[near])
    shorter = np.fromiter(map(min, map(len, one), map(len, other)), np.int32, len(one))
    distance = edits(one, other, most=3)
    slip = (distance <= 3) & (distance <= _slips_allowed(shorter))
    inside = np.fromiter(map(_inside, one, other), np.bool_, len(one))
    near[near] = (slip & (jaro_winkler(one, other) >= 0.8)) | inside
    return near


def _slips_allowed(shorter: NDArray[np.int32]) -> NDArray[np.int64]:
    return (shorter >= 4) + 0 + (shorter >= 8) + (shorter >= 13)


def _may_be_near(names: Sequence[str]) -> Test:
    packed = PackedTexts.of(names)
    slip, alike, inside = packed.within(_slips_allowed, 3), packed.alike(0.8), packed.one_inside(6)
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
