"""Pairs of values as numbers: what is asked of a value is asked once, however many pairs it is in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np
from numpy.typing import NDArray

from mdm_matching.semantics.semantic_type import Standard

Places = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Taken(Sequence[Standard]):
    """Values taken from a list, as one side of many pairs.

    Attributes:
        values: the list, each value once.
        places: which of them, pair by pair.
    """

    values: Sequence[Standard]
    places: Places

    def __len__(self) -> int:
        return len(self.places)

    def __iter__(self) -> Iterator[Standard]:
        return map(self.values.__getitem__, self.places.tolist())

    @overload
    def __getitem__(self, index: int) -> Standard: ...
    @overload
    def __getitem__(self, index: slice) -> Taken: ...
    def __getitem__(self, index: int | slice) -> Standard | Taken:
        if isinstance(index, slice):
            return Taken(self.values, self.places[index])
        return self.values[int(self.places[index])]


@dataclass(frozen=True, slots=True)
class ValuePairs:
    """Pairs of values by their places in one list.

    Attributes:
        values: the list.
        left: for each pair the place of the one value.
        right: of the other.
    """

    values: Sequence[Standard]
    left: Places
    right: Places

    @classmethod
    def of(cls, left: Sequence[Standard], right: Sequence[Standard]) -> ValuePairs:
        """The pairs (left[k], right[k])."""
        if isinstance(left, Taken) and isinstance(right, Taken) and left.values is right.values:
            return cls(left.values, left.places, right.places)
        size = len(left)
        return cls(
            [*left, *right], np.arange(size, dtype=np.int32), np.arange(size, 2 * size, dtype=np.int32)
        )

    def sides(self, ask: Callable[[Standard], str]) -> tuple[Places, Places]:
        """Numbers for what each side answers: equal numbers are equal texts, 0 is no text."""
        answers = numbered(map(ask, self.values))
        return answers[self.left], answers[self.right]

    def equal(self, answers: Iterable[str]) -> NDArray[np.bool_]:
        """Whether both sides have the same of these answers, one for each of `values`."""
        numbers = numbered(answers)
        equal: NDArray[np.bool_] = numbers[self.left] == numbers[self.right]
        return equal

    def flags(self, ask: Callable[[Standard], bool]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Whether each side has a property."""
        answers = np.fromiter(map(ask, self.values), np.bool_, len(self.values))
        return answers[self.left], answers[self.right]

    def texts(
        self, ask: Callable[[Standard], str], pairs: NDArray[np.int64] | None = None
    ) -> tuple[list[str], list[str]]:
        """What the sides of these pairs, or of all, answer."""
        left, right = (self.left, self.right) if pairs is None else (self.left[pairs], self.right[pairs])
        answers = list(map(ask, self.values))
        return [answers[place] for place in left.tolist()], [answers[place] for place in right.tolist()]


def numbered(texts: Iterable[str]) -> Places:
    """Numbers for texts: equal numbers are equal texts, 0 is no text."""
    known: dict[str, int] = {"": 0}
    return np.fromiter((known.setdefault(text, len(known)) for text in texts), np.int32)
