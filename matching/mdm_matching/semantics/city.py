"""Cities and regions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from mdm_matching.semantics.joined_standards import parts_of
from mdm_matching.semantics.packed_texts import PackedTexts, same
from mdm_matching.semantics.placeholders import says_nothing
from mdm_matching.semantics.screening import Screen, Unlike
from mdm_matching.semantics.semantic_type import Level, SemanticType, Standard
from mdm_matching.semantics.string_measures import first_level, jaro_winkler, slips_allowed, typing_slip
from mdm_matching.semantics.text import folded, skeleton, words
from mdm_matching.semantics.word_tables import lines, word_set

_IN_BRACKETS = re.compile(r"\([^)]*\)")
_SMALL_WORDS = word_set("city small words")


@cache
def _other_names() -> dict[str, str]:
    found: dict[str, str] = {}
    for line in lines("cities.txt"):
        own, _, rest = (part.strip() for part in line.partition(" | "))
        for name in rest.split(";"):
            found.setdefault(name.strip(), own)
    return found


def city_name(folded_name: str) -> str:
    """The spelling used for a city of several names: "munich" is "muenchen"; any other name as it is."""
    return _other_names().get(folded_name, folded_name)


@dataclass(frozen=True, slots=True)
class City(SemanticType):
    """A city, town or suburb.

    Cities are known by several names ("Munich" is "München"); "St" is "Saint"; what stands in brackets is set
    aside. Many records share a city, so agreement says little by itself.
    """

    name: ClassVar[str] = "city"
    levels: ClassVar[tuple[Level, ...]] = (
        Level("same city", 0.80, 0.22),
        Level("one name holds the other", 0.03, 0.008),
        Level("one slip of the pen apart", 0.05, 0.008),
        Level("different city", 0.12, 0.764),
    )
    group: ClassVar[str] = "address"

    def standardise(self, value: str, context: str = "") -> Standard | None:
        text = folded(value)
        tokens = words(_IN_BRACKETS.sub(" ", text) if "(" in text else text) or words(text)
        if says_nothing(tokens):
            return None
        tokens = ["saint" if token in ("st", "sankt", "ste") else token for token in tokens]
        name = " ".join(tokens)
        name = city_name(name)
        run = skeleton(name)
        return Standard(
            name, (), (run[:5],), (run, *(token for token in name.split() if token not in _SMALL_WORDS))
        )

    def compare(self, left: Sequence[Standard], right: Sequence[Standard]) -> NDArray[np.uint8]:
        one, other = [v.parts[0] for v in left], [v.parts[0] for v in right]
        inside = np.fromiter(
            (_holds(a.parts, b.parts) for a, b in zip(left, right, strict=True)), np.bool_, len(left)
        )
        near = typing_slip(one, other) | (jaro_winkler(one, other) >= 0.93)
        return first_level([(inside, 1), (near, 2)], 3)

    def screen(self, values: Sequence[Standard]) -> Screen:
        runs = parts_of(values, 0)
        packed = PackedTexts.of(runs)
        words = PackedTexts.of(["".join(value.parts[1:]) for value in values])
        held = words.one_inside(4)
        return Unlike(3, (same(runs), packed.within(slips_allowed, 2), packed.alike(0.93), held))


def _holds(left: tuple[str, ...], right: tuple[str, ...]) -> bool:
    """Whether the two are one spelling, or the words of one stand in the other: "halle", "halle saale"."""
    if left[0] == right[0]:
        return True
    short, long = sorted((set(left[1:]), set(right[1:])), key=len)
    return bool(short) and short <= long and max(map(len, short)) > 3


@dataclass(frozen=True, slots=True)
class Region(SemanticType):
    """A state, province, county or canton, by name or by its usual abbreviation: "California" is "CA"."""

    name: ClassVar[str] = "region"
    levels: ClassVar[tuple[Level, ...]] = (
        Level("same region", 0.91, 0.40),
        Level("one slip of the pen apart", 0.02, 0.01),
        Level("different region", 0.07, 0.59),
    )
    group: ClassVar[str] = "address"

    def standardise(self, value: str, context: str = "") -> Standard | None:
        tokens = words(value)
        if says_nothing(tokens):
            return None
        name = " ".join(tokens)
        return Standard(_regions().get(name, name))

    def compare(self, left: Sequence[Standard], right: Sequence[Standard]) -> NDArray[np.uint8]:
        one, other = [v.text for v in left], [v.text for v in right]
        long = np.fromiter(
            (min(len(a), len(b)) > 3 for a, b in zip(one, other, strict=True)), np.bool_, len(left)
        )
        return first_level([(long & typing_slip(one, other), 1)], 2)


@cache
def _regions() -> dict[str, str]:
    found: dict[str, str] = {}
    for line in lines("regions.txt"):
        name, short = (part.strip() for part in line.split("|"))
        for spelling in short.split(";"):
            found.setdefault(spelling.strip(), name)
    return found


@cache
def _region_names() -> frozenset[str]:
    return frozenset({*_regions(), *_regions().values()})


def is_region(folded_name: str) -> bool:
    """Whether a name is that of a region, or its usual abbreviation."""
    return folded_name in _region_names()


@cache
def region_words() -> frozenset[str]:
    """The words of which names of regions are made, abbreviations left out."""
    return frozenset(word for name in _regions().values() for word in name.split())
