"""The small steps that a mapping may put between a source's field and an attribute."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from functools import partial
from typing import Any

from mdm.intake.amounts import number
from mdm.intake.moments import from_epoch, from_microsoft, iso_day

Transform = Callable[[Any], Any]

SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv"})


def first_line(value: Any) -> str:
    """The first line that is not blank."""
    return next((line.strip() for line in str(value).splitlines() if line.strip()), "")


def given_name(value: Any) -> str:
    """Of "Amara Ngozi Okoye" or "Okoye, Amara Ngozi": "Amara Ngozi". A single word is a family name."""
    return _names(value)[0]


def family_name(value: Any) -> str:
    """Of "Amara Okoye" or "Okoye, Amara": "Okoye"; particles (van, de la) stay with it."""
    return _names(value)[1]


def digits(value: Any) -> str:
    """The digits alone."""
    return re.sub(r"\D", "", str(value))


def cents(value: Any) -> float:
    """An amount in hundredths as a whole amount: 12345 is 123.45."""
    return number(value) / 100


def epoch_ms(value: Any) -> str:
    """Milliseconds since 1970 as an ISO instant."""
    return from_epoch(number(value))


def join(value: Any, separator: str = ", ") -> str:
    """A list as one text; blank parts are left out."""
    parts = value if isinstance(value, (list, tuple)) else [value]
    return separator.join(str(part).strip() for part in parts if part is not None and str(part).strip())


def split(value: Any, separator: str, index: int) -> str | None:
    """One part of a text; None if there are not so many."""
    parts = str(value).split(separator)
    return parts[index].strip() if -len(parts) <= index < len(parts) else None


def prefix(value: Any, text: str) -> str:
    """The value with a text before it."""
    return f"{text}{value}"


def remove_prefix(value: Any, text: str) -> str:
    """The value without the text it begins with."""
    return str(value).removeprefix(text)


PLAIN: dict[str, Transform] = {
    "strip": lambda value: str(value).strip(),
    "lower": lambda value: str(value).lower(),
    "upper": lambda value: str(value).upper(),
    "title": lambda value: str(value).title(),
    "first_line": first_line,
    "given_name": given_name,
    "family_name": family_name,
    "digits": digits,
    "cents": cents,
    "epoch_ms": epoch_ms,
    "ms_date": lambda value: from_microsoft(str(value)),
    "join": join,
}
NAMES = (*PLAIN, "date", "split", "prefix", "remove_prefix")


def compile_transform(text: str, date_formats: Sequence[str] = ()) -> Transform:
    """The transform that a mapping names, such as `lower`, `split:,:0`, `prefix:DE` or `join: / `.

    Raises:
        ValueError: there is none of that name, or its arguments are wrong; the message says so.
    """
    name, colon, argument = text.partition(":")
    if name == "date":
        return partial(iso_day, formats=tuple(date_formats))
    if name == "split":
        return _split(argument)
    if name == "join" and colon:
        return partial(join, separator=argument)
    if name in ("prefix", "remove_prefix"):
        if not argument:
            raise ValueError(f"{name} needs a text, as in {name}:DE")
        return partial(prefix if name == "prefix" else remove_prefix, text=argument)
    if name in PLAIN and not colon:
        return PLAIN[name]
    near = get_close_matches(name, NAMES, n=1)
    raise ValueError(f"there is no transform {text!r}{f'; did you mean {near[0]!r}?' if near else ''}")


def _split(argument: str) -> Transform:
    separator, colon, index = argument.rpartition(":")
    if not colon or not separator or not re.fullmatch(r"-?\d+", index):
        raise ValueError("split needs a separator and a position, as in split:,:0")
    return partial(split, separator=separator, index=int(index))


def _names(value: Any) -> tuple[str, str]:
    text = " ".join(str(value).split())
    family, comma, given = text.partition(",")
    if comma and given.strip().rstrip(".").lower() not in SUFFIXES:
        return given.strip(), family.strip()
    words = text.replace(",", " ").split()
    while len(words) > 1 and words[-1].rstrip(".").lower() in SUFFIXES:
        words.pop()
    start = len(words) - 1
    # Particles are written small: "Ludwig van Beethoven", "Ana de la Cruz".
    while start > 1 and words[start - 1].islower():
        start -= 1
    return " ".join(words[:start]), " ".join(words[max(start, 0) :])
