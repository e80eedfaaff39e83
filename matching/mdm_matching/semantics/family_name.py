"""Family names, with their particles, second parts and generations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from mdm_matching.semantics.packed_texts import PackedTexts, either, same
from mdm_matching.semantics.person_words import GENERATIONS, PARTICLES, sound
from mdm_matching.semantics.placeholders import says_nothing
from mdm_matching.semantics.screening import Screen, Unlike
from mdm_matching.semantics.semantic_type import Level, SemanticType, Standard
from mdm_matching.semantics.string_measures import first_level, jaro_winkler, slips_allowed, typing_slip
from mdm_matching.semantics.text import skeleton, words
from mdm_matching.semantics.value_pairs import ValuePairs


@dataclass(frozen=True, slots=True)
class FamilyName(SemanticType):
    """A person's family name.

    Accents, hyphens and particles ("van der", "de la") do not matter much, nor does the second part of a
    double name. People change family names, so another one is mild evidence against; "Jr" against "Sr" is
    strong.
    """

    name: ClassVar[str] = "family_name"
    levels: ClassVar[tuple[Level, ...]] = (
        Level("same family name", 0.80, 0.10),
        Level("same family name spelt otherwise", 0.035, 0.004),
        Level("one slip of the pen apart", 0.065, 0.006),
        Level("one part of a double name", 0.02, 0.006),
        Level("family names that sound alike", 0.02, 0.02),
        Level("same family name, other generation", 0.0005, 0.01),
        Level("given and family name the other way round", 0.008, 0.0002),
        Level("different family name", 0.0515, 0.8538),
    )
    group: ClassVar[str] = "name"
    key_space: ClassVar[str] = "name of a person"
    crossed_level: ClassVar[int] = 6

    def standardise(self, value: str, context: str = "") -> Standard | None:
        tokens = words(value)
        if not tokens or (says_nothing(tokens) and tokens != ["na"]):
            return None
        generation = ""
        if len(tokens) > 1 and tokens[-1] in GENERATIONS:
            generation = GENERATIONS[tokens.pop()]
        main = [token for token in tokens if token not in PARTICLES] or tokens
        text = " ".join(tokens) + (f" {generation}" if generation else "")
        heard = tuple(
            dict.fromkeys([sound("".join(main)), *(sound(part) for part in main if len(part) > 2)])
        )[:3]
        return Standard(text, (), heard, (generation, *main))

    def compare(self, left: Sequence[Standard], right: Sequence[Standard]) -> NDArray[np.uint8]:
        pairs = ValuePairs.of(left, right)
        bones = [_bones(value) for value in pairs.values]
        same, heard = pairs.equal(bones), pairs.equal(map(sound, bones))
        generations = pairs.sides(lambda value: value.parts[0])
        # Junior and the third are two people as well.
        other_generation = (generations[0] != generations[1]) & (generations[0] > 0) & (generations[1] > 0)
        double = pairs.flags(lambda value: len(value.parts) > 2)
        shared_part = double[0] | double[1]
        shared_part[shared_part] = _share_a_part(pairs, np.flatnonzero(shared_part))
        spelt = [[bones[place] for place in side.tolist()] for side in (pairs.left, pairs.right)]
        likeness, slip = jaro_winkler(*spelt), typing_slip(*spelt)
        conditions = [
            ((same | slip) & other_generation, 5),
            (same, 1),
            (slip, 2),
            (shared_part, 3),
            ((heard & (likeness >= 0.75)) | (likeness >= 0.91), 4),
        ]
        return first_level(conditions, 7)

    def screen(self, values: Sequence[Standard]) -> Screen:
        bones = [_bones(value) for value in values]
        packed = PackedTexts.of(bones)
        several = np.fromiter((len(value.parts) > 2 for value in values), np.bool_, len(values))
        heard = same(map(sound, bones))
        return Unlike(7, (packed.within(slips_allowed, 2), packed.alike(0.91), heard, either(several)))


def _bones(value: Standard) -> str:
    return "".join(map(skeleton, value.parts[1:]))


def _share_a_part(pairs: ValuePairs, asked: NDArray[np.int64]) -> list[bool]:
    """Whether the names of each of these pairs share a part that is a name: "Smith" and "Smith-Jones"."""
    sides = zip(pairs.left[asked].tolist(), pairs.right[asked].tolist(), strict=True)
    parts = [value.parts[1:] for value in pairs.values]
    return [any(len(part) > 2 and part in parts[other] for part in parts[one]) for one, other in sides]
