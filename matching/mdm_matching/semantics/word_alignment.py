"""Which words of one value answer to which words of another, for many pairs at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA
from rapidfuzz.process import cpdist

from mdm_matching.semantics.semantic_type import Standard
from mdm_matching.semantics.value_pairs import ValuePairs

# Words beyond this many of one value are not aligned.
MOST_WORDS = 16
# Pairs aligned at a time: bounds the memory at about 40 MB.
CHUNK = 20_000

EXACT, SLIP, SHORTENED, INITIAL = 1.0, 0.9, 0.85, 0.5


class Vocabulary:
    """The words of a batch by number, with what is asked of every word.

    Attributes:
        words: the words.
        sizes: how many letters each has.
        initials: the first letter of each, as its code point.
        alphabetic: whether each is of letters alone.
    """

    def __init__(self, words: list[str]) -> None:
        self.words = words
        self.sizes = np.fromiter(map(len, words), np.int32, len(words))
        self.initials = np.fromiter((ord(word[0]) for word in words), np.int32, len(words))
        self.alphabetic = np.fromiter(map(str.isalpha, words), np.bool_, len(words))

    def of(self, numbers: NDArray[np.int64]) -> list[str]:
        """The words with these numbers."""
        return [self.words[number] for number in numbers.tolist()]


Likeness = Callable[[Vocabulary, NDArray[np.int64], NDArray[np.int64]], NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class Alignment:
    """For every pair and every word of each side, how well the other side answers it.

    Attributes:
        left, right: likeness of each word to its best counterpart, 0 to 1; n pairs x words, 0 where there is
            no word.
        left_words, right_words: numbers of the words, -1 where there is none.
        words: the words by number.
    """

    left: NDArray[np.float32]
    right: NDArray[np.float32]
    left_words: NDArray[np.int32]
    right_words: NDArray[np.int32]
    words: list[str]

    def weights(self, weight: Callable[[str], float]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The weight of each word on both sides in hundredths, 0 where there is no word.

        Whole numbers, so that a sum is the same however wide the batch's arrays are.
        """
        table = np.fromiter((round(100 * weight(word)) for word in self.words), np.int64, len(self.words))
        table = np.append(table, 0)
        return np.take(table, self.left_words), np.take(table, self.right_words)

    def marks(self, holds: Callable[[str], bool]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """For each word on both sides whether it has a property."""
        table = np.fromiter((holds(word) for word in self.words), np.bool_, len(self.words))
        table = np.append(table, np.False_)
        return np.take(table, self.left_words), np.take(table, self.right_words)


def word_likeness(
    vocabulary: Vocabulary, left: NDArray[np.int64], right: NDArray[np.int64]
) -> NDArray[np.float32]:
    """Likeness of unequal words: 0.9 for a slip of the pen, 0.85 if shortened, 0.5 for an initial, else 0.

    A word with a digit is like no other: "B12" and "B13" are two things.
    """
    found = np.zeros(len(left), np.float32)
    sizes = vocabulary.sizes
    shorter = np.minimum(sizes[left], sizes[right])
    longer = np.maximum(sizes[left], sizes[right])
    wordlike = vocabulary.alphabetic[left] & vocabulary.alphabetic[right]
    same_initial = vocabulary.initials[left] == vocabulary.initials[right]
    found[wordlike & same_initial & (shorter == 1)] = INITIAL
    begins = np.flatnonzero(wordlike & same_initial & (shorter >= 3) & (longer > shorter))
    pairs = zip(vocabulary.of(left[begins]), vocabulary.of(right[begins]), strict=True)
    found[begins[[a.startswith(b) or b.startswith(a) for a, b in pairs]]] = SHORTENED
    near = np.flatnonzero(wordlike & (shorter >= 4) & (longer - shorter <= 2))
    one, other = vocabulary.of(left[near]), vocabulary.of(right[near])
    distance = (
        np.asarray(cpdist(one, other, scorer=OSA.distance, score_cutoff=2, dtype=np.int32))
        if one
        else np.zeros(0, np.int32)
    )
    found[near[distance <= 1 + (shorter[near] >= 8)]] = SLIP
    return found


def align(
    left: Sequence[Standard], right: Sequence[Standard], first: int = 0, likeness: Likeness = word_likeness
) -> Alignment:
    """Align the words of each pair of values, which are their parts from the `first` on.

    Symmetric in left and right.
    """
    pairs = ValuePairs.of(left, right)
    numbers: dict[str, int] = {}
    words = _numbered(pairs.values, first, numbers)
    left_words, right_words = words[pairs.left], words[pairs.right]
    vocabulary = Vocabulary(list(numbers))
    left_best = np.zeros(left_words.shape, np.float32)
    right_best = np.zeros(right_words.shape, np.float32)
    for start in range(0, len(left_words), CHUNK):
        part = slice(start, start + CHUNK)
        grid = _grid(left_words[part], right_words[part], vocabulary, likeness)
        left_best[part], right_best[part] = grid.max(axis=2), grid.max(axis=1)
    return Alignment(left_best, right_best, left_words, right_words, vocabulary.words)


def _numbered(values: Sequence[Standard], first: int, numbers: dict[str, int]) -> NDArray[np.int32]:
    """The words of each value as numbers, -1 after the last."""
    end = first + MOST_WORDS
    counts = [min(len(value.parts), end) - first for value in values]
    flat = [numbers.setdefault(word, len(numbers)) for value in values for word in value.parts[first:end]]
    width = max(1, max(counts, default=1))
    table = np.full((len(values), width), -1, np.int32)
    table[np.arange(width) < np.array(counts, np.int64).reshape(-1, 1)] = flat
    return table


def _grid(
    left: NDArray[np.int32], right: NDArray[np.int32], vocabulary: Vocabulary, likeness: Likeness
) -> NDArray[np.float32]:
    """Likeness of each word of the left to each of the right: pairs x left words x right words."""
    present = (left >= 0)[:, :, None] & (right >= 0)[:, None, :]
    same = (left[:, :, None] == right[:, None, :]) & present
    grid: NDArray[np.float32] = np.asarray(same, np.float32)
    open_pairs = present & ~same.any(axis=2)[:, :, None] & ~same.any(axis=1)[:, None, :]
    row, one, other = np.nonzero(open_pairs)
    if not len(row):
        return grid
    first, second = left[row, one].astype(np.int64), right[row, other].astype(np.int64)
    low, high = np.minimum(first, second), np.maximum(first, second)
    size = len(vocabulary.words)
    distinct, inverse = np.unique(low * size + high, return_inverse=True)
    grid[row, one, other] = likeness(vocabulary, distinct // size, distinct % size)[inverse.reshape(-1)]
    return grid
