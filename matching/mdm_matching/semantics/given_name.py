"""Given names: the first name, or all of a person's first names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from mdm_matching.semantics.given_name_kin import are_kin, roots
from mdm_matching.semantics.person_words import TITLES, sound
from mdm_matching.semantics.placeholders import says_nothing
from mdm_matching.semantics.semantic_type import Level, SemanticType, Standard
from mdm_matching.semantics.string_measures import first_level, jaro_winkler, lengths, typing_slip
from mdm_matching.semantics.text import skeleton, words
from mdm_matching.semantics.value_pairs import ValuePairs


@dataclass(frozen=True, slots=True)
class GivenName(SemanticType):
    """A person's first name, or first names.

    Accents and hyphens do not matter. "Bob" and "Robert", "Hans" and "Johannes" are forms of one name; an
    initial agrees with every name it begins; one of two first names may be left out. Another first name is
    strong evidence against: spouses, twins and parents share everything else.
    """

    name: ClassVar[str] = "given_name"
    levels: ClassVar[tuple[Level, ...]] = (
        Level("same given name", 0.70, 0.012),
        Level("same given name spelt otherwise", 0.03, 0.002),
        Level("one slip of the pen apart", 0.07, 0.005),
        Level("short form or other form of the name", 0.06, 0.008),
        Level("one of several given names", 0.03, 0.006),
        Level("initial of the name", 0.04, 0.02),
        Level("similar given names", 0.025, 0.02),
        Level("given and family name the other way round", 0.008, 0.0002),
        Level("different given name", 0.037, 0.9268),
    )
    group: ClassVar[str] = "name"
    key_space: ClassVar[str] = "name of a person"
    crossed_level: ClassVar[int] = 7

    def standardise(self, value: str, context: str = "") -> Standard | None:
        tokens = words(value)
        if len(tokens) > 1:
            tokens = [token for token in tokens if token not in TITLES or token == "m"] or tokens[-1:]
        if not tokens or (says_nothing(tokens) and tokens != ["na"]):
            return None
        return Standard(" ".join(tokens), (), self._weak_keys(tokens), tuple(tokens))

    def _weak_keys(self, tokens: list[str]) -> tuple[str, ...]:
        first = next((token for token in tokens if len(token) > 1), "")
        if not first:
            return ()
        return tuple(dict.fromkeys([sound(first), *(sound(root) for root in roots(first))]))

    def compare(self, left: Sequence[Standard], right: Sequence[Standard]) -> NDArray[np.uint8]:
        pairs = ValuePairs.of(left, right)
        bones = ["".join(map(skeleton, value.parts)) for value in pairs.values]
        spelling, heard = pairs.equal(bones), pairs.equal(map(sound, bones))
        spelt = [[bones[place] for place in side.tolist()] for side in (pairs.left, pairs.right)]
        relation = np.fromiter(
            (_relation(a.parts, b.parts) for a, b in zip(left, right, strict=True)), np.int8, len(left)
        )
        long = np.minimum(*map(lengths, spelt)) > 3
        likeness = jaro_winkler(*spelt)
        conditions = [
            (spelling | (relation == _REORDERED), 1),
            (relation == _KIN, 3),
            (typing_slip(*spelt), 2),
            (relation == _ONE_OF, 4),
            (relation == _INITIAL, 5),
            (long & ((likeness >= 0.88) | (heard & (likeness >= 0.75))) | (heard & (likeness >= 0.9)), 6),
        ]
        return first_level(conditions, len(self.levels) - 1)


_NONE, _REORDERED, _KIN, _ONE_OF, _INITIAL = range(5)


def _relation(left: tuple[str, ...], right: tuple[str, ...]) -> int:
    """How two lists of given names belong together, apart from their spelling."""
    if len(left) == 1 and len(right) == 1:
        one, other = left[0], right[0]
        if len(one) == 1 or len(other) == 1:
            return _INITIAL if one[0] == other[0] else _NONE
        return _KIN if are_kin(one, other) or _begins(one, other) else _NONE
    if set(left) == set(right):
        return _REORDERED
    short, long = sorted((left, right), key=lambda tokens: (len(tokens), tokens))
    full = [token for token in short if len(token) > 1]
    if len(left) == len(right) and not all(
        any(len(token) > 1 for token in tokens) for tokens in (left, right)
    ):
        full = []
    if full and set(full) <= set(long):
        return _ONE_OF
    if all(_answers(token, other) for token, other in zip(short, long, strict=False)):
        return _KIN if full else _INITIAL
    return _NONE


def _answers(token: str, other: str) -> bool:
    if len(token) == 1 or len(other) == 1:
        return token[0] == other[0]
    return are_kin(token, other) or _begins(token, other)


def _begins(one: str, other: str) -> bool:
    """Whether one name is the beginning of the other, three letters at least: "Santi" and "Santiago"."""
    short, long = (one, other) if len(one) < len(other) else (other, one)
    return len(short) > 2 and long.startswith(short)


@dataclass(frozen=True, slots=True)
class MiddleName(GivenName):
    """A person's middle name or its initial.

    Often left out, so it supports a match more than it opposes one.
    """

    name: ClassVar[str] = "middle_name"
    levels: ClassVar[tuple[Level, ...]] = (
        Level("same middle name", 0.45, 0.05),
        Level("same middle name spelt otherwise", 0.02, 0.002),
        Level("one slip of the pen apart", 0.03, 0.003),
        Level("short form or other form of the name", 0.02, 0.006),
        Level("one of several middle names", 0.03, 0.005),
        Level("initial of the name", 0.35, 0.07),
        Level("similar middle names", 0.01, 0.02),
        Level("different middle name", 0.09, 0.844),
    )

    key_space: ClassVar[str] = ""
    crossed_level: ClassVar[int] = 0

    def _weak_keys(self, tokens: list[str]) -> tuple[str, ...]:
        return ()
