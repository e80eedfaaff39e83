"""How alike two names of organisations are: word by word, own words before trade words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mdm_matching.semantics.name_words import FUNCTION_WORDS, names_a_part, trade_words_of, word_weight
from mdm_matching.semantics.packed_texts import PackedTexts
from mdm_matching.semantics.semantic_type import Standard
from mdm_matching.semantics.string_measures import edits, first_level, jaro_winkler, lengths
from mdm_matching.semantics.text import skeleton
from mdm_matching.semantics.value_pairs import ValuePairs
from mdm_matching.semantics.word_alignment import SHORTENED, SLIP, Alignment, Vocabulary, align, word_likeness

# A word counts as answered from this likeness on.
_ANSWERED = 0.8
# A word from this weight on is the firm's own.
_OWN = 0.9
Flags = NDArray[np.bool_]


def organisation_levels(left: Sequence[Standard], right: Sequence[Standard]) -> NDArray[np.uint8]:
    """Level of each pair of names; the levels are those of `OrganisationName`.

    `parts` are the legal form, the words run together, and the words.
    """
    aligned = align(left, right, first=2, likeness=trade_likeness)
    left_rest, right_rest = _Rest(aligned, left=True), _Rest(aligned, left=False)
    pairs = ValuePairs.of(left, right)
    runs = pairs.sides(lambda value: "." + value.parts[1])
    all_answered = left_rest.nothing & right_rest.nothing
    part_only = left_rest.part | right_rest.part
    same = all_answered | same_run(pairs, np.flatnonzero(~all_answered & ~part_only))
    exact = left_rest.all_exact & right_rest.all_exact | (runs[0] == runs[1])
    form, missing = _legal_forms(pairs)
    one_inside = (left_rest.nothing | right_rest.nothing) & (aligned_weight(aligned) >= 30)
    # A slip of a trade word ("optica") is an own word of one side alone.
    shared = left_rest.own_shared & right_rest.own_shared
    conditions = [
        (same & exact & missing, 1),
        (same & (form | missing), 2),
        (same, 3),
        (_initials(pairs), 4),
        (one_inside & shared & ~part_only, 5),
        (shared & part_only & ~(left_rest.own_missing & right_rest.own_missing), 6),
        (shared, 7),
    ]
    return first_level(conditions, 8)


def aligned_weight(aligned: Alignment) -> NDArray[np.int64]:
    """Weight of the words that the other side answers, in hundredths: the lesser of the two sides."""
    left, right = aligned.weights(word_weight)
    answered = ((left * (aligned.left >= _ANSWERED)), (right * (aligned.right >= _ANSWERED)))
    return np.asarray(np.minimum(*(part.sum(axis=1) for part in answered)), np.int64)


def trade_likeness(
    vocabulary: Vocabulary, left: NDArray[np.int64], right: NDArray[np.int64]
) -> NDArray[np.float32]:
    """Likeness of unequal words as `word_likeness` has it, and 0.9 for two spellings of one trade word.

    The beginning of a trade word is one: "log." of "logistics".
    """
    found = word_likeness(vocabulary, left, right)
    meanings = [trade_words_of(word) for word in vocabulary.words]
    some = np.fromiter(map(bool, meanings), np.bool_, len(meanings))
    asked = np.flatnonzero(some[left] & some[right] & (found < SLIP))
    pairs = zip(left[asked].tolist(), right[asked].tolist(), strict=True)
    same = np.fromiter((not meanings[a].isdisjoint(meanings[b]) for a, b in pairs), np.bool_, len(asked))
    found[asked[same]] = SLIP
    begun = np.flatnonzero(found == np.float32(SHORTENED))
    longer = np.where(
        vocabulary.sizes[left[begun]] > vocabulary.sizes[right[begun]], left[begun], right[begun]
    )
    trade = [word_weight(word) < _OWN for word in vocabulary.of(longer)]
    found[begun[trade]] = SLIP
    return found


class _Rest:
    """What the words of one side that the other does not answer are like, pair by pair."""

    def __init__(self, aligned: Alignment, *, left: bool) -> None:
        side = 0 if left else 1
        numbers = aligned.left_words if left else aligned.right_words
        best = aligned.left if left else aligned.right
        weights = aligned.weights(word_weight)[side]
        parts = aligned.marks(names_a_part)[side]
        filling = aligned.marks(FUNCTION_WORDS.__contains__)[side]
        present = (numbers >= 0) & ~filling
        own = weights >= 100 * _OWN
        # A trade word is shortened at will; of a brand, "quantum" is another one than "quantumscape".
        open_words = present & (best < np.where(own, SLIP, _ANSWERED).astype(np.float32))
        self.nothing: Flags = np.asarray(~open_words.any(axis=1))
        self.part: Flags = np.asarray((open_words & parts).any(axis=1))
        self.own_missing: Flags = np.asarray((open_words & own).any(axis=1))
        self.all_exact: Flags = np.asarray(~(present & (best < 1)).any(axis=1))
        self.own_shared: Flags = np.asarray((present & (best >= _ANSWERED) & own).any(axis=1))


def same_run(pairs: ValuePairs, asked: NDArray[np.int64]) -> Flags:
    """Whether the names are the same but for blanks and slips: "micro soft" and "microsoft".

    Args:
        asked: the pairs to look at; of the others it is not the case.
    """
    packed = PackedTexts.of([value.parts[1] for value in pairs.values])
    asked = asked[packed.within(_slips_allowed, 3)(pairs.left[asked], pairs.right[asked])]
    one, other = pairs.texts(lambda value: value.parts[1], asked)
    distance = edits(one, other, most=3)
    near = (distance <= 3) & (distance <= _slips_allowed(np.minimum(lengths(one), lengths(other))))
    near &= jaro_winkler(one, other) >= 0.88
    near &= np.fromiter(map(_same_digits, one, other), np.bool_, len(one))
    near &= (distance == 0) | _own_words_near(pairs, asked)
    found = np.zeros(len(pairs.left), np.bool_)
    found[asked[near]] = True
    return found


def _own_words_near(pairs: ValuePairs, asked: NDArray[np.int64]) -> Flags:
    """Whether the words of their own are the same but for slips: a long trade word allows no slip in a brand.

    "vor laboratories" and "aen laboratories" differ in few letters, but in all that tell them apart.
    """
    one, other = pairs.texts(own_run, asked)
    distance = edits(one, other, most=3)
    return np.asarray(distance <= _slips_allowed(np.minimum(lengths(one), lengths(other))))


def own_run(value: Standard) -> str:
    """The words of a name that say which firm it is, run together; all of them where none does."""
    words = value.parts[2:]
    own = [word for word in words if word_weight(word) >= _OWN]
    return "".join([skeleton(word) for word in own or words])


def _slips_allowed(shorter: NDArray[np.integer]) -> NDArray[np.int64]:
    return (shorter >= 5) + 0 + (shorter >= 10) + (shorter >= 18)


def _same_digits(left: str, right: str) -> bool:
    return _digits(left) == _digits(right)


def _digits(value: str) -> str:
    return "" if value.isalpha() else "".join(filter(str.isdigit, value))


def _legal_forms(pairs: ValuePairs) -> tuple[Flags, Flags]:
    """Whether both sides carry the same legal form (or none), and whether one side says less of it.

    It carries none, or "Co" where the other is a "Co Inc".
    """
    one, other = pairs.sides(lambda value: value.parts[0])
    less = (one == 0) != (other == 0)
    asked = np.flatnonzero((one != other) & ~less)
    forms = zip(*pairs.texts(lambda value: value.parts[0], asked), strict=True)
    less[asked] = [set(a.split()) < set(b.split()) or set(b.split()) < set(a.split()) for a, b in forms]
    return one == other, less


def _initials(pairs: ValuePairs) -> Flags:
    """Whether one name, of a single short word, is the initials of the other."""
    short = pairs.flags(lambda value: len(value.parts) == 3 and 3 <= len(value.parts[2]) <= 6)
    long = pairs.flags(lambda value: len(value.parts) > 3)
    found: Flags = (short[0] & long[1]) | (short[1] & long[0])
    values = pairs.values
    asked = zip(pairs.left[found].tolist(), pairs.right[found].tolist(), strict=True)
    found[found] = [
        is_initials(values[a].parts, values[b].parts) or is_initials(values[b].parts, values[a].parts)
        for a, b in asked
    ]
    return found


def is_initials(short: Sequence[str], long: Sequence[str]) -> bool:
    """Whether the first name is the initials of the second: "ibm" of International Business Machines."""
    letters, longer = short[2], long[2:]
    if len(longer) < 2 or not 3 <= len(letters) <= 6:
        return False
    telling = [word for word in longer if word not in FUNCTION_WORDS]
    initials = "".join(word[0] for word in telling)
    with_legal_form = initials + "".join(word[0] for word in long[0].split())
    return letters in (initials, "".join(word[0] for word in longer)) or (
        len(telling) > 1 and letters == with_legal_form
    )
