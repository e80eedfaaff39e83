"""Birth dates that come in three columns: year, month and day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from mdm_matching.semantics.semantic_type import Level, SemanticType, Standard
from mdm_matching.semantics.string_measures import edits, first_level


def _whole_number(value: str, lowest: int, highest: int) -> str:
    text = value.strip().removesuffix(".0")
    if not (text.isascii() and text.isdigit()) or len(text) > 4 or not lowest <= int(text) <= highest:
        return ""
    return str(int(text))


@dataclass(frozen=True, slots=True)
class BirthYear(SemanticType):
    """The year of a birth date that comes in three columns.

    A neighbouring year or one digit wrong is a likely slip.
    """

    name: ClassVar[str] = "birth_year"
    levels: ClassVar[tuple[Level, ...]] = (
        Level("same birth year", 0.93, 0.025),
        Level("one year apart, or one digit", 0.045, 0.12),
        Level("different birth year", 0.025, 0.855),
    )
    group: ClassVar[str] = "identity"

    def standardise(self, value: str, context: str = "") -> Standard | None:
        text = _whole_number(value, 1500, 2100)
        return Standard(text, (), (text,)) if text else None

    def compare(self, left: Sequence[Standard], right: Sequence[Standard]) -> NDArray[np.uint8]:
        one, other = [v.text for v in left], [v.text for v in right]
        near = np.abs(np.array(one, np.int64) - np.array(other, np.int64)) == 1
        return first_level([(near | (edits(one, other, most=1) <= 1), 1)], 2)


@dataclass(frozen=True, slots=True)
class BirthMonth(SemanticType):
    """The month of a birth date that comes in three columns."""

    name: ClassVar[str] = "birth_month"
    levels: ClassVar[tuple[Level, ...]] = (
        Level("same birth month", 0.955, 0.09),
        Level("different birth month", 0.045, 0.91),
    )
    group: ClassVar[str] = "identity"

    def standardise(self, value: str, context: str = "") -> Standard | None:
        text = _whole_number(value, 1, 12)
        return Standard(text, (), (text,)) if text else None

    def compare(self, left: Sequence[Standard], right: Sequence[Standard]) -> NDArray[np.uint8]:
        return np.ones(len(left), np.uint8)


@dataclass(frozen=True, slots=True)
class BirthDay(SemanticType):
    """The day of a birth date that comes in three columns. One digit wrong is a likely slip."""

    name: ClassVar[str] = "birth_day"
    levels: ClassVar[tuple[Level, ...]] = (
        Level("same birth day", 0.94, 0.034),
        Level("one digit apart", 0.035, 0.26),
        Level("different birth day", 0.025, 0.706),
    )
    group: ClassVar[str] = "identity"

    def standardise(self, value: str, context: str = "") -> Standard | None:
        text = _whole_number(value, 1, 31)
        return Standard(text, (), (text,)) if text else None

    def compare(self, left: Sequence[Standard], right: Sequence[Standard]) -> NDArray[np.uint8]:
        slip = edits([v.text for v in left], [v.text for v in right], most=1) <= 1
        return first_level([(slip, 1)], 2)
