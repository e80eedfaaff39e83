"""Affiliations of authors: the institution found among departments, addresses and countries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from mdm_matching.semantics.affiliation_comparison import affiliation_levels, is_common, is_wide_place
from mdm_matching.semantics.affiliation_reading import read_affiliation
from mdm_matching.semantics.city import city_name
from mdm_matching.semantics.name_words import FUNCTION_WORDS
from mdm_matching.semantics.organisation_name import name_words
from mdm_matching.semantics.placeholders import is_placeholder, says_nothing
from mdm_matching.semantics.semantic_type import Level, SemanticType, Standard
from mdm_matching.semantics.settling import settled
from mdm_matching.semantics.text import skeleton

# Words of a name that make keys, and initials of that many words.
_NAMED_BY, _INITIALS = 4, (3, 4, 5, 6)
# Words that initials leave out; some stand for others as well: the L of UCLA is "los".
_UNSAID = frozenset({"of", "the", "and", "for"})
# Of shorter words too few consonants are left.
_SHORT = 5


@dataclass(frozen=True, slots=True)
class Affiliation(SemanticType):
    """Where an author works, as printed on a publication.

    Of "Department of Computer Science, University of Passau, 94030 Passau, Germany; e-mail: ..." the
    institution and its town count: departments, streets, countries and mail addresses are set aside. Words of
    the institution's own and places tell it; "university", "research", "laboratory" tell less. Initials stand
    for the words they begin. One name in two towns is mostly two sites.
    """

    name: ClassVar[str] = "affiliation"
    levels: ClassVar[tuple[Level, ...]] = (
        Level("same institution and town", 0.34, 0.004),
        Level("same institution, spelt, ordered or shortened differently, or one town unsaid", 0.30, 0.008),
        Level("same institution, initials on one side", 0.04, 0.002),
        Level("same institution, other part", 0.06, 0.015),
        Level("one name has a further word, same town", 0.05, 0.008),
        Level("one name has a further word", 0.07, 0.03),
        Level("same institution, other town", 0.05, 0.10),
        Level("some words of its own in common", 0.05, 0.12),
        Level("different institution", 0.04, 0.713),
    )
    group: ClassVar[str] = "name"

    def standardise(self, value: str, context: str = "") -> Standard | None:
        return None if is_placeholder(value) else settled(self._once, value)

    def _once(self, value: str) -> Standard | None:
        reading = read_affiliation(value)
        core = [city_name(word) for word in name_words(" ".join(reading.institution))[0]]
        if says_nothing(core):
            return None
        core = list(dict.fromkeys(core))
        town = tuple(word for word in reading.place if word not in core)
        said = " ".join(core)
        return Standard(
            f"{said}, {' '.join(town)}" if town else said,
            _keys(core, town),
            tuple(dict.fromkeys(skeleton(word)[:5] for word in (*_telling(core)[:2], *town[:2]))),
            (str(len(core)), _run(core), *core, *town),
            "department and address set aside" if len(said) + 3 < len(value) else "",
        )

    def compare(self, left: Sequence[Standard], right: Sequence[Standard]) -> NDArray[np.uint8]:
        return affiliation_levels(left, right)


def _telling(core: list[str]) -> list[str]:
    """The words of the institution that say something: its own, then places, then common ones."""
    words = [word for word in core if word not in FUNCTION_WORDS] or core
    return sorted(words, key=lambda word: (is_common(word), is_wide_place(word)))


def _run(core: list[str]) -> str:
    """The words that tell the institution, run together."""
    words = [word for word in core if word not in FUNCTION_WORDS]
    return "".join(skeleton(word) for word in words if not is_common(word)) or "".join(words or core)


def _keys(core: list[str], town: tuple[str, ...]) -> tuple[str, ...]:
    telling = _telling(core)
    bones = [skeleton(word) for word in telling]
    own = [word for word in telling if not is_common(word) and not is_wide_place(word)]
    keys = ["".join(sorted(bones))]
    keys += [_pair(*pair) for pair in combinations(bones[:_NAMED_BY], 2)]
    keys += [_pair(bone, skeleton(word)) for bone, word in product(bones[:2], town)]
    keys += [f"w:{skeleton(word)}" for word in (*own[:3], *town[:2])]
    keys += [f"c:{_consonants(word)}" for word in own[:2] if len(word) > _SHORT]
    for unsaid in (FUNCTION_WORDS, _UNSAID):
        first = [word[0] for word in (*core, *town) if word not in unsaid]
        keys += ["i:" + "".join(first[:count]) for count in _INITIALS if count <= len(first)]
    keys += [f"i:{word}" for word in own if 2 < len(word) < 7]
    return tuple(dict.fromkeys(keys))


def _consonants(word: str) -> str:
    """The first letter and the consonants behind it, which most slips of the pen leave in their order."""
    return word[0] + "".join(letter for letter in word[1:] if letter not in "aeiouy")


def _pair(one: str, other: str) -> str:
    return f"{min(one, other)} {max(one, other)}"
