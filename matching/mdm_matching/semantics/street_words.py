"""The parts of a street line: house number, street, and the flat or floor in it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from mdm_matching.semantics.text import words_of_folded
from mdm_matching.semantics.word_tables import lines, word_set

_UNIT_WORDS = word_set("street_words unit words")
_NEEDS_NUMBER = word_set("street_words needs number")
_NUMBER = re.compile(r"\d{1,5}[a-z]?")
_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th)")
_BOX = re.compile(
    r"\b(?:p\s*o\s*box|post\s*office\s*box|pobox|postfach|postbus|bp|apartado|"
    r"casella postale|locked bag|gpo box)\b"
)
_JOINED = re.compile(
    r"([a-z]{3,}?)(strasse|straat|str|weg|gasse|allee|platz|damm|ufer|ring|laan|gracht|plein|gatan|vagen|vaegen|vej|gade|veien)$"
)
_NO = re.compile(r"\b(?:no|nr|num|numero|number|hausnummer)\b\.?\s*(?=\d)")
_RANGE = re.compile(r"(?<!\S)(\d{1,5}[a-z]?)\s*[-/\u2013]\s*(\d{1,5}[a-z]?)(?=[\s,]|$)")
_DIRECTIONS = word_set("street_words directions")


@cache
def _spellings() -> dict[str, str]:
    found: dict[str, str] = {}
    for line in lines("street_words.txt"):
        head, _, rest = line.partition("|")
        for token in (head.strip(), *rest.split()):
            found.setdefault(token, head.strip())
    return found


@cache
def street_types() -> frozenset[str]:
    """Words that say what kind of way a street is, or which end of it: they may be left out."""
    return frozenset(_spellings().values()) - {"saint", "hl", "mt", "row", "gate"}


@dataclass(frozen=True, slots=True)
class StreetWords:
    """A street line taken apart, all words folded.

    Attributes:
        number: the house number, "" if there is none; of a range the first.
        street: the words of the street in one spelling.
        unit: flat, floor or suite with its number, "" if there is none.
    """

    number: str
    street: tuple[str, ...]
    unit: str


def street_words(folded_value: str) -> StreetWords:
    """The parts of a street line: "Flat 3, 12a Hauptstraße" is number 12a, street "haupt st", unit 3."""
    text = folded_value
    if "-" in text or "/" in text:
        text = _RANGE.sub(r"\1 ", text)
    if "box" in text or "post" in text or "bp" in text or "bag" in text:
        text = _BOX.sub("pobox", text.replace(".", " "))
    if "no" in text or "nr" in text or "nu" in text or "ha" in text:
        text = _NO.sub("", text)
    tokens = words_of_folded(text)
    unit = ""
    while len(tokens) > 2 and not _UNIT_WORDS.isdisjoint(tokens):
        tokens, found = _without_unit(tokens)
        if not found:
            break
        unit = unit or found
    tokens, number = _without_number(tokens)
    return StreetWords(number, tuple([part for token in tokens for part in _one_spelling(token)]), unit)


def _without_unit(tokens: list[str]) -> tuple[list[str], str]:
    for place, token in enumerate(tokens):
        if token not in _UNIT_WORDS or len(tokens) < 3:
            continue
        after = tokens[place + 1] if place + 1 < len(tokens) else ""
        numbered = after[:1].isdigit() or (len(after) == 1 and after.isalpha())
        if numbered:
            return tokens[:place] + tokens[place + 2 :], after
        before = tokens[place - 1] if place else ""
        if _ORDINAL.fullmatch(before) and token in ("floor", "fl", "stock", "etage", "og"):
            return tokens[: place - 1] + tokens[place + 1 :], before
        if token not in _NEEDS_NUMBER and place > 1 and after and len(after) < 5 and place + 2 == len(tokens):
            return tokens[:place], after
    return tokens, ""


def _without_number(tokens: list[str]) -> tuple[list[str], str]:
    """The words without the house number: the first number of the line, else the last.

    An ordinal is a street's name.
    """
    if len(tokens) < 2:
        return tokens, ""
    if tokens[0].isdigit() and len(tokens[0]) < 6 and len(tokens[1]) > 1:
        return tokens[1:], tokens[0].lstrip("0") or "0"
    tokens = _joined_letters(tokens)
    numbers = [
        place
        for place, t in enumerate(tokens)
        if t[0].isdigit() and _NUMBER.fullmatch(t) and not _ORDINAL.fullmatch(t)
    ]
    if not numbers or len(tokens) < 2:
        return tokens, ""
    place = numbers[0] if numbers[0] == 0 else numbers[-1] if numbers[-1] == len(tokens) - 1 else numbers[0]
    return tokens[:place] + tokens[place + 1 :], tokens[place].lstrip("0") or "0"


def _joined_letters(tokens: list[str]) -> list[str]:
    """The words with a letter after a number put to it where it is no direction: "12 a" is "12a"."""
    for place in range(len(tokens) - 1):
        one, letter = tokens[place], tokens[place + 1]
        if one.isdigit() and len(letter) == 1 and letter.isalpha() and letter not in _DIRECTIONS:
            return [*tokens[:place], one + letter, *tokens[place + 2 :]]
    return tokens


@lru_cache(maxsize=1 << 17)
def _one_spelling(token: str) -> tuple[str, ...]:
    known = _spellings().get(token)
    if known:
        return (known,)
    if len(token) > 5:
        found = _JOINED.fullmatch(token)
        if found:
            return found.group(1), _spellings().get(found.group(2), found.group(2))
    return (token,)
