"""How much of two titles or texts answer to each other: words by their weight, and model numbers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mdm_matching.semantics.model_numbers import begins_model_number, is_model_number
from mdm_matching.semantics.semantic_type import Standard
from mdm_matching.semantics.word_alignment import (
    SHORTENED,
    SLIP,
    Alignment,
    Likeness,
    Vocabulary,
    align,
    word_likeness,
)
from mdm_matching.semantics.word_rarity import WordRarity

# A word that is misspelt in more than this share of its uses is not misspelt: there are two words.
_SLIPS = 0.1


def text_word_likeness(
    vocabulary: Vocabulary, left: NDArray[np.int64], right: NDArray[np.int64]
) -> NDArray[np.float32]:
    """Likeness as `word_likeness` has it, and 0.85 for a model number that begins another one."""
    found = word_likeness(vocabulary, left, right)
    codes = np.fromiter(map(is_model_number, vocabulary.words), np.bool_, len(vocabulary.words))
    both = codes[left] & codes[right] & (vocabulary.initials[left] == vocabulary.initials[right])
    asked = np.flatnonzero(both)
    pairs = zip(vocabulary.of(left[asked]), vocabulary.of(right[asked]), strict=True)
    begun = np.fromiter((begins_model_number(*pair) for pair in pairs), np.bool_, len(asked))
    found[asked[begun]] = SHORTENED
    return found


def _counted_likeness(rarity: WordRarity) -> Likeness:
    """Likeness in which two words that many records hold are no slips of each other: slips are rare."""

    def likeness(
        vocabulary: Vocabulary, left: NDArray[np.int64], right: NDArray[np.int64]
    ) -> NDArray[np.float32]:
        found = text_word_likeness(vocabulary, left, right)
        shares = np.fromiter((rarity.words.get(word, 0.0) for word in vocabulary.words), np.float64)
        rarer, commoner = np.minimum(shares[left], shares[right]), np.maximum(shares[left], shares[right])
        found[(found == np.float32(SLIP)) & (rarer > _SLIPS * commoner)] = 0.0
        return found

    return likeness


class TextLikeness:
    """How much of two texts' words answer to each other, by weight.

    Attributes:
        share: weight of the answered words of both sides over the weight of all, 0 to 1.
        inside: weight of the answered words of the lighter side over its weight, 0 to 1; 0 where it has just
            one word.
        rest: the share among the words that are no model numbers.
        codes_clash: both sides carry model numbers that the other lacks, and share none.
        code_shared: both sides carry one model number that hardly another record holds, and do not both
            carry others.
        code_begun: a model number of one side begins one of the other, likewise.
        words_clash: both sides carry words that many records hold and the other lacks.
        rare_shared: both sides carry one rare word, or one model number until words are counted.
    """

    def __init__(self, left: Sequence[Standard], right: Sequence[Standard], rarity: WordRarity) -> None:
        aligned = align(left, right, first=1, likeness=_counted_likeness(rarity))
        mine, theirs = aligned.weights(rarity.weight)
        codes = aligned.marks(is_model_number)
        held_left = np.where(aligned.left >= SHORTENED, mine, 0)
        held_right = np.where(aligned.right >= SHORTENED, theirs, 0)
        total_left, total_right = _some(mine), _some(theirs)
        self.share = (held_left.sum(axis=1) + held_right.sum(axis=1)) / (total_left + total_right)
        rest = _some(np.where(codes[0], 0, mine)) + _some(np.where(codes[1], 0, theirs))
        held_rest = np.where(codes[0], 0, held_left).sum(axis=1) + np.where(codes[1], 0, held_right).sum(
            axis=1
        )
        self.rest = held_rest / rest
        inside_left, inside_right = held_left.sum(axis=1) / total_left, held_right.sum(axis=1) / total_right
        lighter = np.select(
            [total_left < total_right, total_left > total_right],
            [inside_left, inside_right],
            np.maximum(inside_left, inside_right),
        )
        fewest = np.minimum((aligned.left_words >= 0).sum(axis=1), (aligned.right_words >= 0).sum(axis=1))
        self.inside = np.where(fewest > 1, lighter, 0)
        self._weigh_codes(aligned, codes, rarity)
        known = aligned.marks(rarity.words.__contains__)
        self.words_clash = _any(known[0] & (aligned.left < SHORTENED)) & _any(
            known[1] & (aligned.right < SHORTENED)
        )

    def _weigh_codes(
        self, aligned: Alignment, codes: tuple[NDArray[np.bool_], NDArray[np.bool_]], rarity: WordRarity
    ) -> None:
        """What the model numbers of both sides say, and rare words."""
        rare = aligned.marks(rarity.is_rare)[0]
        same, answered = aligned.left >= 1, aligned.left >= SHORTENED
        open_both = _any(codes[0] & ~answered) & _any(codes[1] & (aligned.right < SHORTENED))
        self.codes_clash = open_both & ~_any(codes[0] & answered)
        self.code_shared = _any(codes[0] & rare & same) & ~open_both
        self.code_begun = _any(codes[0] & rare & answered & ~same) & ~open_both
        self.rare_shared = _any((rare if rarity.rare_word else codes[0]) & same)


def _any(marks: NDArray[np.bool_]) -> NDArray[np.bool_]:
    return np.asarray(marks.any(axis=1))


def _some(weights: NDArray[np.int64]) -> NDArray[np.int64]:
    """The weight of each row, never nothing."""
    return np.asarray(np.maximum(weights.sum(axis=1), 1))
