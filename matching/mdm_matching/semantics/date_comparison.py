"""How two dates differ: swapped, mistyped, close, or known in part."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mdm_matching.semantics.joined_standards import parts_of
from mdm_matching.semantics.semantic_type import Standard
from mdm_matching.semantics.value_pairs import Taken

Flags = NDArray[np.bool_]
# Of each of eight digits the part of the date that holds it, its power of ten, and its place among four bits.
_PART_OF_DIGIT = np.array([0, 0, 0, 0, 1, 1, 2, 2])
_POWER_OF_DIGIT = np.array([1000, 100, 10, 1, 10, 1, 10, 1])
_SHIFT_OF_DIGIT = 16 ** np.arange(7, -1, -1)
# The lowest bit of each digit.
_EACH_DIGIT = 0x11111111


@dataclass(frozen=True, slots=True)
class DateDifference:
    """For each pair of dates what sets them apart.

    Attributes:
        swapped: day and month change places, or the digits of the year's end do.
        slip: one digit differs or two neighbours are swapped, both dates whole.
        as_far_as_known: one is known in part, or is a 1 January that may stand for "some day", and nothing
            contradicts.
        same_year: the years are equal.
        same_day: month and day are equal, the years not.
        days: how many days lie between them; 0 is used for unknown months and days.
    """

    swapped: Flags
    slip: Flags
    as_far_as_known: Flags
    same_year: Flags
    same_day: Flags
    days: NDArray[np.int64]


def numbers_of(values: Sequence[Standard]) -> NDArray[np.int64]:
    """Year, month and day of each date, 0 where unknown: one row per date."""
    if isinstance(values, Taken):
        return numbers_of(values.values)[values.places]
    columns = [[int(part or 0) for part in parts_of(values, place)] for place in range(3)]
    return np.array(columns, np.int64).T.copy()


def difference_of(one: NDArray[np.int64], other: NDArray[np.int64]) -> DateDifference:
    """What sets each pair of dates apart, given by their numbers."""
    same = one == other
    whole = (one > 0).all(axis=1) & (other > 0).all(axis=1)
    swapped = whole & same[:, 0] & (one[:, 1] == other[:, 2]) & (one[:, 2] == other[:, 1])
    unknown = (one == 0) | (other == 0)
    default = ((one[:, 1:] == 1).all(axis=1) | (other[:, 1:] == 1).all(axis=1)) & same[:, 0]
    known = same[:, 0] & ((same | unknown)[:, 1:]).all(axis=1)
    days = np.abs(_days(one) - _days(other))
    same_day = same[:, 1] & same[:, 2] & (one[:, 2] > 0)
    slip = whole & _slip(_digits(one), _digits(other))
    return DateDifference(swapped, slip, known & ~whole | default, same[:, 0], same_day, days)


def _digits(numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """The eight digits of each whole date, four bits each."""
    digits = numbers[:, _PART_OF_DIGIT] // _POWER_OF_DIGIT % 10
    packed: NDArray[np.int64] = digits @ _SHIFT_OF_DIGIT
    return packed


def _slip(one: NDArray[np.int64], other: NDArray[np.int64]) -> Flags:
    """Whether one of eight digits differs, or two neighbours are swapped."""
    apart = one ^ other
    differing = (apart | apart >> 1 | apart >> 2 | apart >> 3) & _EACH_DIGIT
    count = np.bitwise_count(differing)
    found: Flags = count <= 1
    lower = differing & differing >> 4
    neighbours = np.flatnonzero((count == 2) & (lower != 0))
    if len(neighbours):
        one, other, lower = one[neighbours], other[neighbours], lower[neighbours]
        pair = lower * 255
        own = one & pair
        found[neighbours] = (own >> 4 | own << 4) & pair == other & pair
    return found


def _days(numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """Days since the year 0, near enough to tell how far apart two dates are."""
    return np.asarray(
        numbers[:, 0] * 365.2425 + np.maximum(numbers[:, 1] - 1, 0) * 30.44 + numbers[:, 2], np.int64
    )


@dataclass(frozen=True, slots=True)
class DateScreen:
    """Dates as numbers, which tell the level of every pair.

    Most pairs have another year, another day and too many other digits for a slip: they are at the last level
    unless few days lie between them.

    Attributes:
        numbers: year, month and day of each value, 0 where unknown.
        digits: the eight digits of each, four bits each.
        days: days since the year 0.
        levels_of: the level of each pair with these numbers.
        last: the last level.
        near: days within which a pair may be at another level though nothing else is alike; 0 for none.
    """

    numbers: NDArray[np.int64]
    digits: NDArray[np.uint32]
    days: NDArray[np.int32]
    levels_of: Callable[[NDArray[np.int64], NDArray[np.int64]], NDArray[np.uint8]]
    last: int
    near: int

    @classmethod
    def of(
        cls,
        values: Sequence[Standard],
        levels_of: Callable[[NDArray[np.int64], NDArray[np.int64]], NDArray[np.uint8]],
        last: int,
        near: int = 0,
    ) -> DateScreen:
        """The dates of these values."""
        numbers = numbers_of(values)
        digits, days = _digits(numbers).astype(np.uint32), _days(numbers).astype(np.int32)
        return cls(numbers, digits, days, levels_of, last, near)

    def levels(self, left: NDArray[np.int32], right: NDArray[np.int32]) -> NDArray[np.uint8]:
        """The level of each pair of places; none is open."""
        apart = self.digits[left] ^ self.digits[right]
        told = apart >> 16 == 0  # the same year
        told |= apart & 0xFFFF == 0  # the same month and day
        # A bit for each of the eight digits that differs.
        other = (apart | apart >> 1 | apart >> 2 | apart >> 3) & 0x11111111
        told |= np.bitwise_count(other) <= 2
        if self.near:
            told |= np.abs(self.days[left] - self.days[right]) <= self.near
        levels = np.full(len(left), self.last, np.uint8)
        asked = np.flatnonzero(told)
        if len(asked):
            levels[asked] = self.levels_of(self.numbers[left[asked]], self.numbers[right[asked]])
        return levels
