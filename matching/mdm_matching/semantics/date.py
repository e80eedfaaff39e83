"""Birth dates and other dates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from mdm_matching.semantics.calendar_dates import PartialDate, read_date
from mdm_matching.semantics.date_comparison import DateScreen, difference_of, numbers_of
from mdm_matching.semantics.screening import Screen
from mdm_matching.semantics.semantic_type import Level, SemanticType, Standard
from mdm_matching.semantics.string_measures import first_level

_EARLIEST_BIRTH = 1500


def _standard(found: PartialDate, keys: tuple[str, ...], weak: tuple[str, ...]) -> Standard:
    parts = (
        f"{found.year:04d}",
        f"{found.month:02d}" if found.month else "",
        f"{found.day:02d}" if found.day else "",
    )
    return Standard(found.iso(), keys, weak, parts, found.doubt)


@dataclass(frozen=True, slots=True)
class BirthDate(SemanticType):
    """A birth date.

    ISO dates, 19900314, 14.03.1990 and named months are understood; an impossible date is no evidence. Day
    and month swapped, or one digit wrong, is still strong; a year alone, or 1 January that may stand for
    "some day that year", is weak.

    Attributes:
        order: how 03/04/1990 is read: "dmy" or "mdy"; without it just the year of such a date counts.
    """

    order: str = ""
    name: ClassVar[str] = "birth_date"
    levels: ClassVar[tuple[Level, ...]] = (
        Level("same birth date", 0.86, 0.008),
        Level("day and month swapped", 0.012, 0.0008),
        Level("one digit apart or two swapped", 0.045, 0.004),
        Level("agree as far as known", 0.02, 0.008),
        Level("same day of another year", 0.008, 0.004),
        Level("same year", 0.010, 0.03),
        Level("different birth date", 0.045, 0.9452),
    )
    group: ClassVar[str] = "identity"

    def standardise(self, value: str, context: str = "") -> Standard | None:
        found = read_date(value, self.order)
        if found is None or found.year < _EARLIEST_BIRTH:
            return None
        whole = found.day > 0 and not (found.day == 1 and found.month == 1)
        iso = found.iso()
        weak = (iso, f"m{iso[:7]}", f"d{iso[5:]}") if whole else (f"y{found.year}",)
        return _standard(found, (), weak)

    def compare(self, left: Sequence[Standard], right: Sequence[Standard]) -> NDArray[np.uint8]:
        return _birth_levels(numbers_of(left), numbers_of(right))

    def screen(self, values: Sequence[Standard]) -> Screen:
        return DateScreen.of(values, _birth_levels, 6)


def _birth_levels(left: NDArray[np.int64], right: NDArray[np.int64]) -> NDArray[np.uint8]:
    difference = difference_of(left, right)
    conditions = [
        (difference.swapped, 1),
        (difference.as_far_as_known, 3),
        (difference.slip, 2),
        (difference.same_day, 4),
        (difference.same_year, 5),
    ]
    return first_level(conditions, 6)


@dataclass(frozen=True, slots=True)
class Date(SemanticType):
    """A date of the business: a start, an end, a signature, a year of publication.

    Plans move, so nearby dates agree in part. Read like a birth date.

    Attributes:
        order: how 03/04/1990 is read: "dmy" or "mdy"; without it just the year of such a date counts.
    """

    order: str = ""
    name: ClassVar[str] = "date"
    levels: ClassVar[tuple[Level, ...]] = (
        Level("same date", 0.72, 0.04),
        Level("day and month swapped, or one digit apart", 0.05, 0.008),
        Level("agree as far as known", 0.04, 0.02),
        Level("within a month", 0.10, 0.08),
        Level("within a year", 0.05, 0.22),
        Level("different date", 0.04, 0.632),
    )
    group: ClassVar[str] = "time"

    def standardise(self, value: str, context: str = "") -> Standard | None:
        found = read_date(value, self.order)
        return None if found is None else _standard(found, (), (found.iso(),))

    def compare(self, left: Sequence[Standard], right: Sequence[Standard]) -> NDArray[np.uint8]:
        return _date_levels(numbers_of(left), numbers_of(right))

    def screen(self, values: Sequence[Standard]) -> Screen:
        return DateScreen.of(values, _date_levels, 5, near=366)


def _date_levels(left: NDArray[np.int64], right: NDArray[np.int64]) -> NDArray[np.uint8]:
    difference = difference_of(left, right)
    years = (left[:, 1] == 0) | (right[:, 1] == 0)
    conditions = [
        ((difference.swapped | difference.slip) & (difference.days > 31), 1),
        (difference.as_far_as_known & years, 2),
        ((difference.days <= 31) & ~years, 3),
        (difference.days <= 366, 4),
    ]
    return first_level(conditions, 5)
