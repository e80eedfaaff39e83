"""Which numbers of authorities are well formed, by the rules of their country."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Protocol, cast

from stdnum import lei
from stdnum.exceptions import ValidationError

from mdm_matching.semantics.country_codes import country_code
from mdm_matching.semantics.number_signs import signs
from mdm_matching.semantics.register_numbers import german_register_number
from mdm_matching.semantics.word_tables import lines

# Countries whose register numbers, or whose citizens' numbers, carry no check digit that could be tested.
_NO_CHECK_DIGIT = frozenset({"US"})
_UNTESTED_NATIONAL = frozenset({"GB", "RS", "SG", "AR", "IL", "CO", "CL"})
_COUNTRY_OF_PREFIX = {"EL": "GR", "XI": "GB", "UK": "GB"}
_PREFIXED = re.compile(r"([a-z]{2})(?=[a-z0-9]*\d)")


def _table(column: int) -> dict[str, str]:
    """For each country the modules that know its numbers of one sort."""
    rows = [[cell.strip() for cell in line.split("|")] for line in lines("number_rules.txt")]
    return {row[0]: row[column] for row in rows if row[column]}


_TAX, _REGISTER, _NATIONAL = _table(1), _table(2), _table(3)


class _Rules(Protocol):
    def compact(self, number: str) -> str: ...
    def is_valid(self, number: str) -> bool: ...


@dataclass(frozen=True, slots=True)
class Checked:
    """A number of an authority that is well formed as far as can be told.

    Attributes:
        number: its signs without the country's letters.
        country: two letters, "" if not known.
        checked: whether check digits were tested and hold.
        note: what a steward should know about it.
        court: which court of the country gave it out, "" if not known or if all of them number as one.
    """

    number: str
    country: str
    checked: bool
    note: str = ""
    court: str = ""


def checked_tax_id(value: str, context: str = "") -> Checked | None:
    """A tax id with its country, from its first letters or `context`; None if it breaks the rules."""
    text = signs(value)
    if not 4 < len(text) < 25 or not any(map(str.isdigit, text)) or len(set(text)) < 3:
        return None
    for country in _countries(text, context, _TAX):
        number = _passing(value, text, country, _TAX[country])
        if number:
            return Checked(number, country, checked=country not in _NO_CHECK_DIGIT)
    named = _countries(text, context, _TAX)
    if named:
        return None
    return _opaque(text, context)


def checked_register_number(value: str, context: str = "") -> Checked | None:
    """A number in a public register; None if it breaks the rules of a register that has check digits.

    Registers number from one, so a number of zeros, such as HRB 0, stands for one that is not known.
    """
    text = signs(value)
    if len(text) < 3 or not any(sign.isdigit() and sign != "0" for sign in text) or len(set(text)) < 2:
        return None
    country = country_code(context) if context else ""
    german = german_register_number(text) if country in ("", "DE") else None
    if german:
        note = f"court {german.court}" if german.court else ""
        return Checked(german.number, "DE", checked=False, note=note, court=german.court)
    if country in _REGISTER:
        number = _passing(value, text, country, _REGISTER[country])
        return Checked(number, country, checked=True) if number else None
    if text.isdigit():
        text = text.zfill(8) if country == "GB" else text.lstrip("0")
    return Checked(text, country, checked=False, note="not checked") if len(text) > 2 else None


def checked_national_id(value: str, context: str = "") -> Checked | None:
    """A person's number with the state; None if it breaks the rules of its country."""
    text = signs(value)
    if (
        not 3 < len(text) < 25
        or not any(map(str.isdigit, text))
        or len(set(text)) < 3
        or text in "01234567890123456789"
    ):
        return None
    country = country_code(context) if context else ""
    if country in _NATIONAL and country not in _UNTESTED_NATIONAL:
        number = _passing(value, text, country, _NATIONAL[country])
        return Checked(number, country, checked=country not in _NO_CHECK_DIGIT) if number else None
    return Checked(text, country, checked=False, note="not checked")


def checked_lei(value: str) -> str:
    """A legal entity identifier in capitals; "" if it is none."""
    text = signs(value).upper()
    return text if len(text) == 20 and lei.is_valid(text) else ""


def _opaque(text: str, context: str) -> Checked | None:
    """A number of a country without known rules, kept as it stands."""
    country = country_code(context) if context else ""
    found = _PREFIXED.match(text)
    if found and not country:
        country = country_code(found.group(1))
    if country and text.startswith(country.lower()) and any(map(str.isdigit, text[2:])):
        text = text[2:]
    return Checked(
        text, country, checked=False, note="country not known, not checked" if not country else "not checked"
    )


def _countries(text: str, context: str, table: dict[str, str]) -> list[str]:
    """The countries whose rules a number may follow: that of its first letters, then that of the context."""
    found = _PREFIXED.match(text)
    prefix = found.group(1).upper() if found else ""
    named = [_COUNTRY_OF_PREFIX.get(prefix, prefix), country_code(context) if context else ""]
    return [country for country in dict.fromkeys(named) if country in table]


@cache
def _rules(country: str, modules: str) -> tuple[_Rules, ...]:
    return tuple(cast(_Rules, import_module(f"stdnum.{module}")) for module in modules.split())


def _passing(value: str, text: str, country: str, modules: str) -> str:
    """The number without its country's letters if one of the country's rules holds for it, else ""."""
    letters = tuple(
        prefix for prefix, of in (*_COUNTRY_OF_PREFIX.items(), (country, country)) if of == country
    )
    bare = next((text[2:] for prefix in letters if text.startswith(prefix.lower())), text)
    for rules in _rules(country, modules):
        for spelling in dict.fromkeys((bare, text, value)):
            try:
                if rules.is_valid(spelling):
                    number = rules.compact(spelling).lower()
                    return next(
                        (number[2:] for prefix in letters if number.startswith(prefix.lower())), number
                    )
            except (ValidationError, ValueError, IndexError):
                continue
    return ""
