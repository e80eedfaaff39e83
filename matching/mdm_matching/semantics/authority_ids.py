"""Numbers that an authority gives out once: tax, register and national numbers, legal entity identifiers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from mdm_matching.semantics.check_digits import (
    Checked,
    checked_lei,
    checked_national_id,
    checked_register_number,
    checked_tax_id,
)
from mdm_matching.semantics.number_signs import first_parts_equal, one_apart
from mdm_matching.semantics.register_numbers import other_court
from mdm_matching.semantics.semantic_type import Level, SemanticType, Standard
from mdm_matching.semantics.string_measures import first_level


def _standard(found: Checked | None) -> Standard | None:
    """`parts` are the number without its country, the country, "checked" if check digits hold, the court."""
    if found is None:
        return None
    text = found.country + found.number + (f"amtsgericht{found.court}" if found.court else "")
    checked = "checked" if found.checked else ""
    return Standard(
        text, (found.number,), (), (found.number, found.country, checked, found.court), found.note
    )


def _without_zeros(found: Standard | None) -> Standard | None:
    """The same with a number that is compared without leading zeros, which registers write or leave out."""
    if found is None or not found.parts[0].isdigit():
        return found
    number = found.parts[0].lstrip("0")
    return replace(found, keys=(number,), parts=(number, *found.parts[1:]))


def _elsewhere(left: Sequence[Standard], right: Sequence[Standard]) -> NDArray[np.bool_]:
    """Whether both sides name a country or court and not the same: a firm may hold a number in each."""
    pairs = ((a.parts, b.parts) for a, b in zip(left, right, strict=True))
    return np.fromiter(
        ((a[1] != b[1] and a[1] != "" != b[1]) or other_court(a[3], b[3]) for a, b in pairs),
        np.bool_,
        len(left),
    )


def _unproven(left: Sequence[Standard], right: Sequence[Standard]) -> NDArray[np.bool_]:
    """Whether the check digits of one side are not known to hold, so that a slip is possible."""
    return np.fromiter(
        (not (a.parts[2] and b.parts[2]) for a, b in zip(left, right, strict=True)), np.bool_, len(left)
    )


def _authority_levels(left: Sequence[Standard], right: Sequence[Standard]) -> NDArray[np.uint8]:
    """The levels that tax ids, register numbers and national ids have in common."""
    elsewhere = _elsewhere(left, right)
    conditions = [
        (first_parts_equal(left, right) & ~elsewhere, 1),
        (elsewhere, 3),
        (one_apart(left, right, shortest=6) & _unproven(left, right), 2),
    ]
    return first_level(conditions, 4)


@dataclass(frozen=True, slots=True)
class TaxId(SemanticType):
    """A tax id: a VAT number, a company's or a person's tax number.

    Its check digits are tested by the rules of its country, which its first letters or the country column
    name; one that fails is no evidence. Two different valid numbers of one country are two taxpayers, so a
    link between them is forbidden. A branch with the company's own number is the company.

    Attributes:
        country: the column that says which country a number without country letters is of.
    """

    country: str | None = None
    name: ClassVar[str] = "tax_id"
    levels: ClassVar[tuple[Level, ...]] = (
        Level("same tax id", 0.93, 0.008),
        Level("same number, country missing on one side", 0.03, 0.002),
        Level("one sign apart, not checked", 0.015, 0.003),
        Level("tax ids of two countries", 0.02, 0.06),
        Level("two different tax ids", 0.005, 0.927),
    )
    group: ClassVar[str] = "identity"
    exclusive: ClassVar[bool] = True
    shared_limit: ClassVar[int] = 8

    @property
    def context(self) -> str | None:
        return self.country

    def standardise(self, value: str, context: str = "") -> Standard | None:
        return _standard(checked_tax_id(value, context))

    def compare(self, left: Sequence[Standard], right: Sequence[Standard]) -> NDArray[np.uint8]:
        return _authority_levels(left, right)


@dataclass(frozen=True, slots=True)
class RegistrationNumber(SemanticType):
    """A number in a public register of companies, such as HRB 12345 or a Companies House number.

    Registers of one country number alike, so the register's letters count. Two different numbers of one
    country forbid a link, but not those of two German courts: each numbers by itself, and a firm that moves
    gets a number of the other.

    Attributes:
        country: the column that says which country's register it is.
    """

    country: str | None = None
    name: ClassVar[str] = "registration_number"
    levels: ClassVar[tuple[Level, ...]] = (
        Level("same register number", 0.92, 0.01),
        Level("same number, country or court missing on one side", 0.03, 0.003),
        Level("one sign apart, not checked", 0.02, 0.005),
        Level("registers of two countries or courts", 0.02, 0.06),
        Level("two different register numbers", 0.01, 0.922),
    )
    group: ClassVar[str] = "identity"
    exclusive: ClassVar[bool] = True
    shared_limit: ClassVar[int] = 8

    @property
    def context(self) -> str | None:
        return self.country

    def standardise(self, value: str, context: str = "") -> Standard | None:
        return _without_zeros(_standard(checked_register_number(value, context)))

    def compare(self, left: Sequence[Standard], right: Sequence[Standard]) -> NDArray[np.uint8]:
        return _authority_levels(left, right)


@dataclass(frozen=True, slots=True)
class NationalId(SemanticType):
    """A person's number with the state: a social security or identity number.

    Check digits are tested where the country is known and has them; a number that fails is no evidence. Two
    different valid numbers of one country forbid a link.

    Attributes:
        country: the column that says which country the number is of.
    """

    country: str | None = None
    name: ClassVar[str] = "national_id"
    levels: ClassVar[tuple[Level, ...]] = (
        Level("same national id", 0.94, 0.004),
        Level("same number, country missing on one side", 0.02, 0.001),
        Level("one sign apart, not checked", 0.025, 0.003),
        Level("national ids of two countries", 0.01, 0.02),
        Level("two different national ids", 0.005, 0.972),
    )
    group: ClassVar[str] = "identity"
    exclusive: ClassVar[bool] = True
    shared_limit: ClassVar[int] = 5

    @property
    def context(self) -> str | None:
        return self.country

    def standardise(self, value: str, context: str = "") -> Standard | None:
        return _standard(checked_national_id(value, context))

    def compare(self, left: Sequence[Standard], right: Sequence[Standard]) -> NDArray[np.uint8]:
        return _authority_levels(left, right)


@dataclass(frozen=True, slots=True)
class Lei(SemanticType):
    """A legal entity identifier (ISO 17442): 20 signs with two check digits.

    One that fails them is no evidence.
    """

    name: ClassVar[str] = "lei"
    levels: ClassVar[tuple[Level, ...]] = (
        Level("same legal entity identifier", 0.99, 0.002),
        Level("two different legal entity identifiers", 0.01, 0.998),
    )
    group: ClassVar[str] = "identity"
    exclusive: ClassVar[bool] = True
    shared_limit: ClassVar[int] = 8

    def standardise(self, value: str, context: str = "") -> Standard | None:
        number = checked_lei(value)
        return Standard(number, (number,)) if number else None

    def compare(self, left: Sequence[Standard], right: Sequence[Standard]) -> NDArray[np.uint8]:
        return np.ones(len(left), np.uint8)
