"""German register numbers: a number is given once by each court, so the court belongs to it."""

from __future__ import annotations

import re
from dataclasses import dataclass

_COURTS = r"(?:amtsgericht|ag)?"
_REGISTER = r"(hra|hrb|gnr|pr|vr)(\d{1,7})"
# Behind the number stand letters of its own, such as the B of Berlin, the court, or both.
_BEHIND = r"(?:([a-z]{0,2})(?:amtsgericht([a-z]{3,}))?|([a-z]{3,}))"
_GERMAN = re.compile(rf"(?:de(?=hra|hrb|gnr|pr|vr))?{_COURTS}([a-z]*?){_REGISTER}{_BEHIND}")
_NO_COURT = re.compile("handelsregister|registergericht|registernummer|amtsgericht|nummer")
_SHORTEST = 3


@dataclass(frozen=True, slots=True)
class GermanRegisterNumber:
    """A number such as HRB 12345, taken apart.

    Attributes:
        number: the register's letters, the number without leading zeros, and letters behind it.
        court: which court keeps the register, as one word; "" if that is not said.
    """

    number: str
    court: str


def german_register_number(signs: str) -> GermanRegisterNumber | None:
    """The number in these lower-case letters and digits; None if they are no German register number."""
    found = _GERMAN.fullmatch(signs)
    if not found:
        return None
    before, register, number, suffix, marked, behind = found.groups()
    courts = (_NO_COURT.sub("", said or "") for said in (before, marked, behind))
    court = next((court for court in courts if len(court) >= _SHORTEST), "")
    return GermanRegisterNumber(f"{register}{number.lstrip('0')}{suffix or ''}", court)


def other_court(one: str, other: str) -> bool:
    """Whether both sides name a court and not the same: "Arden" and "Arden (Oldtown)" are one."""
    return bool(one and other) and one not in other and other not in one
