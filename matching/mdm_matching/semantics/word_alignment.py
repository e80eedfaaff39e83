"""Which words of one value answer to which words of another, for many pairs at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA
from rapidfuzz.process import cpdist

# Words beyond this many of one value are not aligned.
MOST_WORDS = 16
# Pairs aligned at a time: bounds the memory at about 40 MB.
CHUNK = 20_000

EXACT, SLIP, SHORTENED, INITIAL = 1.0, 0.9, 0.85, 0.5

Likeness = Callable[[Sequence[str], Sequence[str]], NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class Alignment:
    """For every pair and every word of each side, how well the other side answers it.

    Attributes:
        left, right: likeness of each word to its best counterpart, 0 to 1; n pairs x words, 0 where there is no word.
        left_words, right_words: numbers of the words, -1 where there is none.
        vocabulary: the words by number.
    """

    left: NDArray[np.float32]
    right: NDArray[np.float32]
    left_words: NDArray[np.int32]
    right_words: NDArray[np.int32]
    vocabulary: list[str]

    def weights(self, weight: Callable[[str], float]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """The weight of each word on both sides, 0 where there is no word."""
        table = np.fromiter((weight(word) for word in self.vocabulary), np.float32, len(self.vocabulary))
        table = np.append(table, np.float32(0))
        return table[self.left_words], table[self.right_words]

    def marks(self, holds: Callable[[str], bool]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """For each word on both sides whether it has a property."""
        table = np.fromiter((holds(word) for word in self.vocabulary), np.bool_, len(self.vocabulary))
        table = np.append(table, np.False_)
        return table[self.left_words], table[self.right_words]


def word_likeness(left: Sequence[str], right: Sequence[str]) -> NDArray[np.float32]:
    """Likeness of unequal words: 0.9 for a slip of the pen, 0.85 for a shortened form, 0.5 for an initial, else 0.

    A word with a digit is like no other: "B12" and "B13" are two things.
    """
    sizes_left = np.fromiter(map(len, left), np.int32, len(left))
    sizes_right = np.fromiter(map(len, right), np.int32, len(right))
    shorter = np.minimum(sizes_left, sizes_right)
    distance = np.asarray(cpdist(left, right, scorer=OSA.distance, score_cutoff=2, dtype=np.int32))
    slip = (distance <= 2) & (distance <= (shorter >= 4) + 0 + (shorter >= 8))
    begins = np.fromiter(
        (a.startswith(b) or b.startswith(a) for a, b in zip(left, right, strict=True)), np.bool_, len(left)
    )
    wordlike = np.fromiter((a.isalpha() and b.isalpha() for a, b in zip(left, right, strict=True)), np.bool_, len(left))
    found = np.select([slip, begins & (shorter >= 3), begins & (shorter == 1)], [SLIP, SHORTENED, INITIAL], 0.0)
    return np.where(wordlike, found, 0.0).astype(np.float32)


def align(
    left: Sequence[Sequence[str]], right: Sequence[Sequence[str]], likeness: Likeness = word_likeness
) -> Alignment:
    """Align the words of each pair of word lists; symmetric in left and right."""
    numbers: dict[str, int] = {}
    left_words = _numbered(left, numbers)
    right_words = _numbered(right, numbers)
    vocabulary = list(numbers)
    left_best = np.zeros(left_words.shape, np.float32)
    right_best = np.zeros(right_words.shape, np.float32)
    for start in range(0, len(left_words), CHUNK):
        part = slice(start, start + CHUNK)
        grid = _grid(left_words[part], right_words[part], vocabulary, likeness)
        left_best[part], right_best[part] = grid.max(axis=2), grid.max(axis=1)
    return Alignment(left_best, right_best, left_words, right_words, vocabulary)


def _numbered(values: Sequence[Sequence[str]], numbers: dict[str, int]) -> NDArray[np.int32]:
    width = max(1, min(MOST_WORDS, max(map(len, values), default=1)))
    rows: dict[int, list[int]] = {}
    blank = [-1] * width
    table: list[list[int]] = []
    for value in values:
        row = rows.get(id(value))
        if row is None:
            own = [numbers.setdefault(word, len(numbers)) for word in value[:width]]
            row = rows[id(value)] = own + blank[len(own) :]
        table.append(row)
    return np.array(table, np.int32).reshape(len(values), width)


def _grid(
    left: NDArray[np.int32], right: NDArray[np.int32], vocabulary: list[str], likeness: Likeness
) -> NDArray[np.float32]:
    """Likeness of each word of the left to each of the right: pairs x left words x right words."""
    present = (left >= 0)[:, :, None] & (right >= 0)[:, None, :]
    same = (left[:, :, None] == right[:, None, :]) & present
    grid = same.astype(np.float32)
    open_pairs = present & ~same.any(axis=2)[:, :, None] & ~same.any(axis=1)[:, None, :]
    row, one, other = np.nonzero(open_pairs)
    if not len(row):
        return grid
    first, second = left[row, one].astype(np.int64), right[row, other].astype(np.int64)
    low, high = np.minimum(first, second), np.maximum(first, second)
    distinct, inverse = np.unique(low * len(vocabulary) + high, return_inverse=True)
    a = [vocabulary[number] for number in (distinct // len(vocabulary)).tolist()]
    b = [vocabulary[number] for number in (distinct % len(vocabulary)).tolist()]
    grid[row, one, other] = likeness(a, b)[inverse.reshape(-1)]
    return grid
