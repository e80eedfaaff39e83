"""How alike two whole names of people are, word by word and in any order."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mdm_matching.semantics.given_name_kin import are_kin
from mdm_matching.semantics.semantic_type import Standard
from mdm_matching.semantics.string_measures import first_level
from mdm_matching.semantics.text import skeleton
from mdm_matching.semantics.value_pairs import Places, ValuePairs, numbered
from mdm_matching.semantics.word_alignment import INITIAL, SHORTENED, SLIP, Vocabulary, align, word_likeness

_KIN = 0.8


def name_likeness(
    vocabulary: Vocabulary, left: NDArray[np.int64], right: NDArray[np.int64]
) -> NDArray[np.float32]:
    """Likeness of unequal words: 0.95 other spelling, 0.9 slip, 0.8 short or kin, 0.5 initial, else 0."""
    found = word_likeness(vocabulary, left, right)
    found[found == SHORTENED] = _KIN
    kin = map(are_kin, vocabulary.of(left), vocabulary.of(right))
    found[np.fromiter(kin, np.bool_, len(left))] = _KIN
    bones = numbered(map(skeleton, vocabulary.words))
    found[bones[left] == bones[right]] = 0.95
    return found


def full_name_levels(left: Sequence[Standard], right: Sequence[Standard]) -> NDArray[np.uint8]:
    """Level of each pair of whole names; the levels are those of `FullName`."""
    pairs = ValuePairs.of(left, right)
    aligned = align(left, right, first=2, likeness=name_likeness)
    given = np.fromiter((int(value.parts[1]) for value in pairs.values), np.int32, len(pairs.values))
    mine = _Side(aligned.left, aligned.left_words, given[pairs.left])
    theirs = _Side(aligned.right, aligned.right_words, given[pairs.right])
    generations = _differ(*pairs.sides(lambda value: value.parts[0]))
    run = _runs_agree(pairs) & ~generations
    whole = mine.whole & theirs.whole
    at_ends = (
        mine.family & theirs.family & (mine.inside | theirs.inside) & (mine.first_given | theirs.first_given)
    )
    both_given = mine.has_given & theirs.has_given
    loose = whole | at_ends | (mine.inside & theirs.inside)
    conditions = [
        (loose & generations, 7),
        (mine.spelt & theirs.spelt, 1),
        (run, 1),
        (mine.without_slip & theirs.without_slip & at_ends & both_given, 2),
        (whole, 3),
        (at_ends & both_given, 3),
        ((mine.inside | theirs.inside), 4),
        (mine.family & theirs.family, 5),
        (mine.first_given & theirs.first_given & both_given, 6),
    ]
    return first_level(conditions, 8)


class _Side:
    """What the words of one side's name found on the other side, pair by pair."""

    def __init__(
        self, best: NDArray[np.float32], numbers: NDArray[np.int32], given: NDArray[np.int32]
    ) -> None:
        width = np.arange(best.shape[1])
        present = numbers >= 0
        is_given = present & (width < given[:, None])
        is_family = present & ~is_given
        answered = best >= INITIAL
        full = best >= _KIN
        self.whole = (answered | ~present).all(axis=1) & full.any(axis=1)
        self.spelt = ((best >= 0.95) | ~present).all(axis=1)
        self.without_slip = ~(present & (best == np.float32(SLIP))).any(axis=1)
        self.inside = (answered | ~present).all(axis=1) & full.any(axis=1)
        self.family = (full & is_family).any(axis=1)
        self.has_given = is_given.any(axis=1)
        self.first_given = self.has_given & answered[:, 0]


def _differ(left: Places, right: Places) -> NDArray[np.bool_]:
    """Whether both sides name a generation, and not the same."""
    differ: NDArray[np.bool_] = (left != right) & (left > 0) & (right > 0)
    return differ


def _runs_agree(pairs: ValuePairs) -> NDArray[np.bool_]:
    """Whether the names are equal but for blanks: "van den berg" and "vandenberg"."""
    one, other = pairs.sides(lambda value: "." + "".join(map(skeleton, value.parts[2:])))
    agree: NDArray[np.bool_] = one == other
    return agree
