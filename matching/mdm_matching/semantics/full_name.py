"""Whole names of people in one column, and people whom a record only mentions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from mdm_matching.semantics.full_name_comparison import full_name_levels
from mdm_matching.semantics.given_name_kin import roots
from mdm_matching.semantics.person_words import (
    PARTICLES,
    PersonWords,
    begins_like_a_title,
    person_words,
    sound,
)
from mdm_matching.semantics.placeholders import is_placeholder, says_nothing
from mdm_matching.semantics.semantic_type import Level, SemanticType, Standard


@dataclass(frozen=True, slots=True)
class FullName(SemanticType):
    """A person's whole name.

    "Smith, John" is "John Smith"; titles are set aside; initials, short forms ("Bob" for Robert) and left-out
    middle names agree. The same family name with another given name points to a relative; "Jr" against "Sr"
    to father and son.
    """

    name: ClassVar[str] = "full_name"
    levels: ClassVar[tuple[Level, ...]] = (
        Level("same name", 0.45, 0.010),
        Level("same name in other order or spelling", 0.05, 0.002),
        Level("same name, given name shortened, an initial or left out", 0.20, 0.010),
        Level("same name but for slips of the pen", 0.12, 0.008),
        Level("one name is a part of the other", 0.06, 0.04),
        Level("same family name, other given name", 0.04, 0.30),
        Level("same given name, other family name", 0.04, 0.15),
        Level("same name, other generation", 0.0005, 0.005),
        Level("different name", 0.0395, 0.475),
    )
    group: ClassVar[str] = "name"

    def standardise(self, value: str, context: str = "") -> Standard | None:
        found = None if is_placeholder(value) else person_words(value)
        if found is None or says_nothing([*found.given, *found.family]):
            return None
        return Standard(_text(found), self._keys(found), self._weak_keys(found), _parts(found))

    def _keys(self, person: PersonWords) -> tuple[str, ...]:
        names = [
            *person.given,
            *(part for part in person.family if part not in PARTICLES or len(person.family) == 1),
        ]
        names = [part for part in names if len(part) > 1][-4:]
        heard = [sound(part) for part in names]
        keys = [f"{min(pair)} {max(pair)}" for pair in combinations(heard, 2)]
        first = next((part for part in person.given if len(part) > 1), "")
        if first and heard:
            keys += [
                f"{min(pair)} {max(pair)}" for root in roots(first) for pair in [(sound(root), heard[-1])]
            ]
        return tuple(dict.fromkeys(keys))

    def _weak_keys(self, person: PersonWords) -> tuple[str, ...]:
        last = sound(person.family[-1])
        first = next((sound(part) for part in person.given if len(part) > 1), "")
        return (last, first) if first and first != last else (last,)

    def compare(self, left: Sequence[Standard], right: Sequence[Standard]) -> NDArray[np.uint8]:
        return full_name_levels(left, right)


def _text(person: PersonWords) -> str:
    """The name in order; the family name first where the given name in front would be read as a title."""
    after = [person.generation] if person.generation else []
    if begins_like_a_title([*person.given, *person.family, *after]):
        return f"{' '.join(person.family)}, {' '.join([*person.given, *after])}"
    return " ".join([*person.given, *person.family, *after])


def _parts(person: PersonWords) -> tuple[str, ...]:
    """Generation, number of given names, given names, family names without particles."""
    family = tuple(part for part in person.family if part not in PARTICLES) or person.family
    return (person.generation, str(len(person.given)), *person.given, *family)


@dataclass(frozen=True, slots=True)
class RelatedPerson(FullName):
    """A person whom the record mentions: its manager, owner or contact.

    Read like a full name; but one person looks after many records, and is replaced in time, so that agreement
    says little and difference less.
    """

    name: ClassVar[str] = "related_person"
    levels: ClassVar[tuple[Level, ...]] = (
        Level("same person", 0.62, 0.05),
        Level("same person, name in other order or spelling", 0.06, 0.003),
        Level("same person, given name shortened, an initial or left out", 0.12, 0.006),
        Level("same person but for slips of the pen", 0.03, 0.004),
        Level("one name is a part of the other", 0.02, 0.02),
        Level("same family name, other given name", 0.005, 0.02),
        Level("same given name, other family name", 0.01, 0.03),
        Level("same name, other generation", 0.001, 0.001),
        Level("different person", 0.134, 0.866),
    )
    group: ClassVar[str] = "relation"

    def _keys(self, person: PersonWords) -> tuple[str, ...]:
        return ()

    def _weak_keys(self, person: PersonWords) -> tuple[str, ...]:
        return (sound(person.family[-1]) + (person.given[0][0] if person.given else ""),)
