"""How alike two affiliations are: the institutions word by word, beside the towns they are in."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mdm_matching.semantics.city import region_words
from mdm_matching.semantics.country_codes import country_name_words
from mdm_matching.semantics.initials import initials_run
from mdm_matching.semantics.name_words import FUNCTION_WORDS, is_place_word, is_trade_word
from mdm_matching.semantics.organisation_comparison import same_run, trade_likeness
from mdm_matching.semantics.semantic_type import Standard
from mdm_matching.semantics.string_measures import first_level
from mdm_matching.semantics.value_pairs import ValuePairs
from mdm_matching.semantics.word_alignment import Alignment, align
from mdm_matching.semantics.word_tables import word_set

# A word of a name counts as answered from this likeness on, a town's from that on.
_ANSWERED, _SAME_TOWN = 0.8, 0.9
# Initials have so many letters; two letters will do where every other word is answered: "UW Madison".
_FEWEST, _MOST = 3, 6
_COMMON = word_set("affiliation common")
# The places of a value's words among its parts: after how many of them name the institution, and its run.
FIRST = 2

Flags = NDArray[np.bool_]


def is_common(word: str) -> bool:
    """Whether a word says what an institution is, not which one: "university", "research", "laboratory"."""
    return word in _COMMON or is_trade_word(word)


def is_wide_place(word: str) -> bool:
    """Whether a word says in which country, region or large city an institution is."""
    return is_place_word(word) or word in country_name_words() or word in region_words()


def affiliation_levels(left: Sequence[Standard], right: Sequence[Standard]) -> NDArray[np.uint8]:
    """Level of each pair of affiliations; the levels are those of `Affiliation`.

    `parts` are how many words name the institution, those of them that tell it run together, the words, and
    the words of the town.
    """
    aligned = align(left, right, first=FIRST, likeness=trade_likeness)
    by_initials = _answer_initials(aligned, left, right)
    one, other = _Side(aligned, left, left=True), _Side(aligned, right, left=False)
    shared, own_shared = one.telling & other.telling, one.own & other.own
    complete = one.complete & other.complete
    pairs = ValuePairs.of(left, right)
    run = np.zeros(len(left), np.bool_)
    unsure = np.flatnonzero(~complete & ~(one.common_open | other.common_open))
    run[unsure] = same_run(pairs, unsure)[unsure]
    both_common = one.common_open & other.common_open
    same = run | (complete & shared & (~(one.common_open | other.common_open) | (own_shared & ~both_common)))
    part = complete & own_shared & both_common
    far = one.town_open & other.town_open & ~(one.town | other.town)
    near = one.town | other.town
    inside = shared & ((one.complete & ~one.common_open) | (other.complete & ~other.common_open))
    inside |= own_shared & (one.complete | other.complete)
    conditions = [
        ((same | part) & far, 6),
        (same & by_initials, 2),
        (same, 1),
        (part, 3),
        (inside & near & ~far, 4),
        (inside & ~far, 5),
        (own_shared, 7),
    ]
    return first_level(conditions, 8)


class _Side:
    """What the other side answers of the words of one side, pair by pair.

    Attributes:
        complete: every word that tells the institution is answered.
        telling: one of them is.
        own: a word of the institution's own is, neither a place nor common.
        common_open: a common word is not answered.
        town: a word of the town is answered.
        town_open: a word of the town is not.
    """

    def __init__(self, aligned: Alignment, values: Sequence[Standard], *, left: bool) -> None:
        side = 0 if left else 1
        numbers, best = (aligned.left_words, aligned.left) if left else (aligned.right_words, aligned.right)
        counts = np.fromiter((int(value.parts[0]) for value in values), np.int64, len(values))
        institution = np.arange(numbers.shape[1]) < counts[:, None]
        present = (numbers >= 0) & ~aligned.marks(FUNCTION_WORDS.__contains__)[side]
        common = aligned.marks(is_common)[side] & present & institution
        place = aligned.marks(is_wide_place)[side]
        telling = present & institution & ~common
        # "Institute of Technology" has no word of its own: then every word tells.
        nameless = ~_any(telling)[:, None]
        telling |= nameless & common
        common &= ~nameless
        town = present & ~institution
        answered = best >= _ANSWERED
        self.complete: Flags = ~_any(telling & ~answered)
        self.telling: Flags = _any(telling & answered)
        self.own: Flags = _any(telling & answered & ~place & ~nameless)
        self.common_open: Flags = _any(common & ~answered)
        self.town: Flags = _any(town & (best >= _SAME_TOWN))
        self.town_open: Flags = _any(town & (best < _SAME_TOWN))


def _any(marks: Flags) -> Flags:
    """For each row whether any word of it is marked."""
    return np.asarray(marks.any(axis=1))


def _answer_initials(aligned: Alignment, left: Sequence[Standard], right: Sequence[Standard]) -> Flags:
    """Let initials and the words they stand for answer each other: "IIT Bombay"; where that is the case."""
    short = aligned.marks(_may_be_initials)
    asked = (short[0] & (aligned.left < _ANSWERED)).any(axis=1)
    asked |= (short[1] & (aligned.right < _ANSWERED)).any(axis=1)
    found = np.zeros(len(left), np.bool_)
    for row in np.flatnonzero(asked).tolist():
        one, other = left[row].parts, right[row].parts
        found[row] = _answer(aligned.left[row], one, aligned.right[row], other)
        found[row] |= _answer(aligned.right[row], other, aligned.left[row], one)
    return found


def _may_be_initials(word: str) -> bool:
    return 2 <= len(word) <= _MOST and word.isalpha() and not is_common(word) and not is_wide_place(word)


def _answer(
    short: NDArray[np.float32], one: Sequence[str], long: NDArray[np.float32], other: Sequence[str]
) -> bool:
    found = False
    name = one[FIRST : FIRST + min(int(one[0]), len(short))]
    for place, word in enumerate(name):
        beside = [other for other in range(len(name)) if other != place]
        sure = bool(beside) and bool((short[beside] >= _ANSWERED).all())
        if short[place] < _ANSWERED and _may_be_initials(word) and (sure or len(word) >= _FEWEST):
            told = initials_run(word, other[FIRST : FIRST + len(long)])
            if told:
                short[place] = 1.0
                long[told] = 1.0
                found = True
    return found
