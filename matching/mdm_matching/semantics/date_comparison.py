"""How two dates differ: swapped, mistyped, close, or known in part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mdm_matching.semantics.semantic_type import Standard
from mdm_matching.semantics.string_measures import edits

Flags = NDArray[np.bool_]


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


def date_difference(left: Sequence[Standard], right: Sequence[Standard]) -> DateDifference:
    """What sets each pair of dates apart; `parts` are year, month and day, "" where unknown."""
    one, other = _numbers(left), _numbers(right)
    same = one == other
    whole = (one > 0).all(axis=1) & (other > 0).all(axis=1)
    swapped = whole & same[:, 0] & (one[:, 1] == other[:, 2]) & (one[:, 2] == other[:, 1])
    distance = edits(["".join(v.parts) for v in left], ["".join(v.parts) for v in right], most=1)
    unknown = (one == 0) | (other == 0)
    default = ((one[:, 1:] == 1).all(axis=1) | (other[:, 1:] == 1).all(axis=1)) & same[:, 0]
    known = same[:, 0] & ((same | unknown)[:, 1:]).all(axis=1)
    days = np.abs(_days(one) - _days(other))
    same_day = same[:, 1] & same[:, 2] & (one[:, 2] > 0)
    return DateDifference(
        swapped, whole & (distance <= 1), known & ~whole | default, same[:, 0], same_day, days
    )


def _numbers(values: Sequence[Standard]) -> NDArray[np.int64]:
    rows = [[int(part or 0) for part in value.parts] for value in values]
    return np.array(rows, np.int64).reshape(len(values), 3)


def _days(numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """Days since the year 0, near enough to tell how far apart two dates are."""
    return np.asarray(
        numbers[:, 0] * 365.2425 + np.maximum(numbers[:, 1] - 1, 0) * 30.44 + numbers[:, 2], np.int64
    )
