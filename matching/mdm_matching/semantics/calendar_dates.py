"""Reading dates as people and systems write them, without guessing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from mdm_matching.semantics.text import folded

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[t ]\d.*)?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_YEAR_FIRST = re.compile(r"(\d{4})[./](\d{1,2})[./](\d{1,2})(?:[t ]\d.*)?")
_DOTTED = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})(?:[t ]\d.*)?")
_SLASHED = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})(?:[t ]\d.*)?")
_YEAR = re.compile(r"(\d{4})(?:\.0)?")
_YEAR_MONTH = re.compile(r"(\d{4})[-/](\d{1,2})")
_MONTH_YEAR = re.compile(r"(\d{1,2})[/.](\d{4})")
_DAY_NAMED = re.compile(
    r"(?:[a-z]{2,10},?\s+)?(\d{1,2})(?:st|nd|rd|th|\.|er)?[\s-]+(?:de\s+)?([a-z]{3,12})\.?,?[\s-]+(?:de\s+)?(\d{4})"
)
_NAMED_DAY = re.compile(r"([a-z]{3,12})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")
_NAMED_MONTH = re.compile(r"([a-z]{3,12})\.?,?\s+(\d{4})")
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar janvier enero ene gennaio gen januari jaenner janeiro",
            "february feb februar fevrier fev febrero febbraio februari fevereiro",
            "march mar maerz marz mars marzo maart mrt marco mrz",
            "april apr avril abril aprile avr abr",
            "may mai mayo maggio mei mag maio",
            "june jun juni juin junio giugno giu junho",
            "july jul juli juillet julio luglio lug julho",
            "august aug aout agosto ago augustus",
            "september sep sept septembre septiembre settembre set setembro",
            "october oct oktober okt octobre octubre ottobre ott outubro",
            "november nov novembre noviembre novembro",
            "december dec dezember dez decembre diciembre dicembre dic dezembro dis",
        ),
        start=1,
    )
    for name in names.split()
}
EARLIEST, LATEST = 1000, 2999


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A calendar date as far as it is known: month and day are 0 where they are not.

    Attributes:
        year: 1000 to 2999.
        month: 1 to 12, 0 for unknown.
        day: 1 to 31, 0 for unknown.
        doubt: what keeps it from being whole, "" if nothing.
    """

    year: int
    month: int = 0
    day: int = 0
    doubt: str = ""

    def iso(self) -> str:
        """The date as 1990-03-14, 1990-03 or 1990."""
        if not self.month:
            return f"{self.year:04d}"
        return f"{self.year:04d}-{self.month:02d}" + (f"-{self.day:02d}" if self.day else "")


def read_date(value: str, order: str = "") -> PartialDate | None:
    """The date that a value states; None if it states none or an impossible one.

    ISO dates, 19900314, 14.03.1990, "14 March 1990" and bare years need no order. 03/04/1990 needs one: "dmy"
    or "mdy"; without it just the year counts, unless one of the two numbers is above 12.
    """
    text = value.strip()
    if not text or not any("0" <= sign <= "9" for sign in text):
        return None
    for pattern in (_ISO, _COMPACT, _YEAR_FIRST):
        found = pattern.fullmatch(text if pattern is _COMPACT else text.lower())
        if found:
            year, month, day = map(int, found.groups())
            return _checked(year, month, day)
    return _read_written(folded(text), order)


def _read_written(text: str, order: str) -> PartialDate | None:
    if found := _YEAR.fullmatch(text):
        return _checked(int(found.group(1)), 0, 0)
    if found := _DOTTED.fullmatch(text):
        day, month, year = map(int, found.groups())
        return _checked(year, month, day)
    if found := _SLASHED.fullmatch(text):
        return _ordered(*map(int, found.groups()), order=order)
    if found := _YEAR_MONTH.fullmatch(text):
        return _checked(int(found.group(1)), int(found.group(2)), 0, month_needed=True)
    if found := _MONTH_YEAR.fullmatch(text):
        return _checked(int(found.group(2)), int(found.group(1)), 0, month_needed=True)
    if (found := _DAY_NAMED.fullmatch(text)) and found.group(2) in _MONTHS:
        return _checked(int(found.group(3)), _MONTHS[found.group(2)], int(found.group(1)))
    if (found := _NAMED_DAY.fullmatch(text)) and found.group(1) in _MONTHS:
        return _checked(int(found.group(3)), _MONTHS[found.group(1)], int(found.group(2)))
    if (found := _NAMED_MONTH.fullmatch(text)) and found.group(1) in _MONTHS:
        return _checked(int(found.group(2)), _MONTHS[found.group(1)], 0)
    return None


def _ordered(first: int, second: int, year: int, *, order: str) -> PartialDate | None:
    if order == "dmy" or (not order and first > 12) or first == second:
        return _checked(year, second, first)
    if order == "mdy" or (not order and second > 12):
        return _checked(year, first, second)
    known = _checked(year, 0, 0)
    return PartialDate(known.year, doubt="day and month cannot be told apart") if known else None


def _checked(year: int, month: int, day: int, *, month_needed: bool = False) -> PartialDate | None:
    """The date if it exists; a zero for the day, or for month and day, means that they are not known."""
    if not EARLIEST <= year <= LATEST or (month_needed and not month) or not 0 <= month <= 12:
        return None
    if day:
        try:
            date(year, month, day)
        except ValueError:
            return None
    return PartialDate(year, month, day)
