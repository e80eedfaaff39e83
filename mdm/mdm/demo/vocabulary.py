"""The word lists that the invented firm is made of, as they lie in `words/`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from random import Random


@dataclass(frozen=True, slots=True)
class Place:
    """A town with its patterns: `#` stands for a digit, `@` for a letter.

    Attributes:
        telephone: country code, area code and subscriber pattern, such as ("44", "117", "4960###").
    """

    country: str
    city: str
    region: str
    postcode: str
    telephone: tuple[str, str, str]
    streets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Culture:
    """Given names of women and men with their short forms (empty if there is none), and family names."""

    women: tuple[tuple[str, str], ...]
    men: tuple[tuple[str, str], ...]
    families: tuple[str, ...]


def _lines(name: str) -> list[list[str]]:
    text = files("mdm.demo.words").joinpath(name).read_text(encoding="utf-8")
    return [line.split("|") for line in text.splitlines() if line and not line.startswith("#")]


@cache
def _lists() -> dict[str, tuple[str, ...]]:
    return {kind: tuple(text.split(";")) for name in ("firms.txt", "work.txt") for kind, text in _lines(name)}


def words(kind: str) -> tuple[str, ...]:
    """The words of one kind, such as `topic` or `trade.de`."""
    return _lists()[kind]


@cache
def table(kind: str) -> dict[str, str]:
    """A list of `left:right` words as a mapping, such as country code to currency."""
    return {left: right for left, _, right in (word.partition(":") for word in words(kind))}


@cache
def places() -> tuple[Place, ...]:
    """Every town, in the order of the list."""
    return tuple(_place(line) for line in _lines("places.txt"))


def _place(line: list[str]) -> Place:
    country, city, region, postcode, telephone, streets = line
    code, area, subscriber = telephone.split(" ")
    return Place(country, city, region, postcode, (code, area, subscriber), tuple(streets.split(";")))


@cache
def culture(name: str) -> Culture:
    """The names of one culture, such as `de`."""
    found = {kind: text.split(" ") for code, kind, text in _lines("people.txt") if code == name}
    women, men = (tuple(_with_nickname(word) for word in found[kind]) for kind in "fm")
    return Culture(women, men, tuple(word.replace("_", " ") for word in found["s"]))


def _with_nickname(word: str) -> tuple[str, str]:
    name, _, nickname = word.replace("_", " ").partition("/")
    return name, nickname


def fill(pattern: str, rng: Random) -> str:
    """A pattern with its digits and letters drawn: "LS# #@@" becomes "LS4 2QK"."""
    letters = "ABDEFGHJLNPQRSTUWXYZ"
    drawn = {"#": lambda: str(rng.randrange(10)), "@": lambda: rng.choice(letters)}
    return "".join(drawn[sign]() if sign in drawn else sign for sign in pattern)


def happens(rng: Random, share: float) -> bool:
    """Whether something that befalls this share of cases (0 to 1) befalls this one."""
    return rng.random() < share
