"""Lists of people in one column, such as the authors of a publication."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from mdm_matching.semantics.full_name_comparison import name_likeness
from mdm_matching.semantics.person_words import PARTICLES, person_words, sound
from mdm_matching.semantics.placeholders import is_placeholder
from mdm_matching.semantics.semantic_type import Level, SemanticType, Standard
from mdm_matching.semantics.settling import settled
from mdm_matching.semantics.string_measures import first_level
from mdm_matching.semantics.text import folded, words
from mdm_matching.semantics.word_alignment import align

_BETWEEN = re.compile(r";|\band\b|\bund\b|&|\+|\|")
_ANSWERED = 0.8


@dataclass(frozen=True, slots=True)
class PersonList(SemanticType):
    """Several people in one column, such as authors.

    The same people in any order, with initials or full given names.
    """

    name: ClassVar[str] = "person_list"
    levels: ClassVar[tuple[Level, ...]] = (
        Level("same people", 0.52, 0.010),
        Level("same people, named or ordered differently", 0.30, 0.012),
        Level("the people of one list stand in the other", 0.08, 0.03),
        Level("some people in common", 0.06, 0.12),
        Level("different people", 0.04, 0.828),
    )
    group: ClassVar[str] = "relation"

    def standardise(self, value: str, context: str = "") -> Standard | None:
        return None if is_placeholder(value) else settled(self._once, value)

    def _once(self, value: str) -> Standard | None:
        families: list[str] = []
        names: list[str] = []
        for name in people(value):
            found = person_words(name)
            if found is None:
                continue
            main = [part for part in found.family if part not in PARTICLES] or list(found.family)
            families.append("".join(main))
            names.append(" ".join((*found.given, *found.family)))
        if not names:
            return None
        heard = [sound(family) for family in families]
        weak = dict.fromkeys((heard[0], "".join(sorted(heard))[:24]))
        return Standard(", ".join(names), (), tuple(weak), tuple(families))

    def compare(self, left: Sequence[Standard], right: Sequence[Standard]) -> NDArray[np.uint8]:
        aligned = align(left, right, likeness=name_likeness)
        mine, theirs = aligned.left_words >= 0, aligned.right_words >= 0
        held_left = (mine & (aligned.left >= _ANSWERED)).sum(axis=1)
        held_right = (theirs & (aligned.right >= _ANSWERED)).sum(axis=1)
        whole_left, whole_right = held_left == mine.sum(axis=1), held_right == theirs.sum(axis=1)
        conditions = [
            (whole_left & whole_right, 1),
            ((whole_left | whole_right) & (held_left > 0), 2),
            ((held_left > 0) | (held_right > 0), 3),
        ]
        return first_level(conditions, 4)


def people(value: str) -> list[str]:
    """The names in a list, separated by ";", "and", or commas that do not part family from given names."""
    text = folded(value)
    pieces = [piece.strip(" ,") for piece in _BETWEEN.split(text)]
    pieces = [piece for piece in pieces if piece]
    if ";" in value or (all(piece.count(",") == 1 for piece in pieces) and len(pieces) > 1):
        return pieces
    names: list[str] = []
    for piece in pieces:
        parts = [part.strip() for part in piece.split(",") if part.strip()]
        single = [len(words(part)) == 1 for part in parts]
        names += [f"{parts[0]}, {parts[1]}"] if len(parts) == 2 and single[0] else parts
    return names
