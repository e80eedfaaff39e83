"""Key codes: the block keys of a column's values as numbers that are small and equal where the keys are."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from mdm_matching.fingerprint import fingerprints

# Code of no key; it pads the rows.
NO_KEY = -1
# Code of any key that a single record holds, so that it makes no pair.
LONE = -2


@dataclass(frozen=True)
class KeyCodes:
    """The keys of one column's values.

    Attributes:
        column: the column's name, or what columns that share their keys are called; part of every key.
        codes: one row per value: the numbers of its keys, LONE or NO_KEY.
        texts: the key with each number; empty if `known` says their fingerprints.
        known: the fingerprint of each key, if it was worked out already.
    """

    column: str
    codes: NDArray[np.int32]
    texts: Sequence[str]
    known: NDArray[np.int64] | None = None

    @classmethod
    def of(cls, column: str, texts: Iterable[tuple[str, ...]]) -> KeyCodes:
        """The keys of each value."""
        numbering = Numbering(column)
        numbering.add(texts)
        return numbering.done()

    @property
    def width(self) -> int:
        """How many keys a value has at most."""
        return int(self.codes.shape[1])

    @property
    def count(self) -> int:
        """How many different keys have a number."""
        return len(self.texts) if self.known is None else len(self.known)

    def marks(self, codes: NDArray[np.integer]) -> NDArray[np.int64]:
        """The fingerprints of the keys with these numbers, 0 to 2**63 - 1; they also say the column."""
        some, places = np.unique(codes, return_inverse=True)
        known = self._fingerprints(some.tolist()) if self.known is None else self.known[some]
        marks: NDArray[np.int64] = known[places.reshape(-1)]
        return marks

    def padded(self) -> list[NDArray[np.int32]]:
        """The keys place by place; number -1, no value, leads to no key."""
        return [np.append(column, np.int32(NO_KEY)) for column in self.codes.T]

    def marked(self) -> KeyCodes:
        """The same keys in less room: they keep their numbers and fingerprints and lose their texts."""
        return KeyCodes(self.column, self.codes, (), self._fingerprints(list(range(self.count))))

    def shared(self, holders: NDArray[np.int64]) -> KeyCodes:
        """The same keys in less room: those of a single record lose their number, the others their text.

        Args:
            holders: how many records hold each value.
        """
        if not self.width:
            return self
        filled = self.codes >= 0
        held = np.repeat(holders, filled.sum(axis=1))
        several = np.bincount(self.codes[filled], held, minlength=self.count) > 1
        places = np.flatnonzero(several)
        numbers = np.full(self.count + 1, LONE, np.int32)
        numbers[places] = np.arange(len(places))
        numbers[-1] = NO_KEY
        return KeyCodes(self.column, numbers[self.codes], (), self._fingerprints(places.tolist()))

    def _fingerprints(self, codes: list[int]) -> NDArray[np.int64]:
        return key_marks(self.column, (self.texts[code] for code in codes))


def key_marks(column: str, texts: Iterable[str]) -> NDArray[np.int64]:
    """The fingerprints of a column's keys, which also say the column."""
    return fingerprints(f"{column}\x1f{text}" for text in texts)


def in_one_numbering(several: Sequence[KeyCodes]) -> list[KeyCodes]:
    """The keys of several columns, numbered so that equal keys of any of them have one number."""
    own = [keys.marks(np.arange(keys.count)) for keys in several]
    known = np.unique(np.concatenate(own), return_index=True)[0]  # sorts, which is faster than to hash
    renumbered = []
    for keys, marks in zip(several, own, strict=True):
        numbers = np.append(np.searchsorted(known, marks), (LONE, NO_KEY)).astype(np.int32)
        renumbered.append(KeyCodes(keys.column, numbers[keys.codes], (), known))
    return renumbered


@dataclass(frozen=True, slots=True)
class Numbering:
    """Numbers the keys of a column's values, which may come in parts."""

    column: str
    _numbers: dict[str, int] = field(default_factory=dict[str, int])
    _flat: array[int] = field(default_factory=lambda: array("i"))
    _counts: array[int] = field(default_factory=lambda: array("i"))

    def add(self, texts: Iterable[tuple[str, ...]]) -> None:
        """The keys of further values."""
        numbers = self._numbers
        for own in texts:
            self._counts.append(len(own))
            self._flat.extend([numbers.setdefault(text, len(numbers)) for text in own])

    def done(self) -> KeyCodes:
        """The keys of all values."""
        counts = np.array(self._counts, np.int32)
        width = int(counts.max(initial=0))
        codes = np.full((len(counts), width), NO_KEY, np.int32)
        codes[np.arange(width) < counts[:, None]] = np.array(self._flat, np.int32)
        return KeyCodes(self.column, codes, tuple(self._numbers))
