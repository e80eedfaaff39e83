"""The terms under which a golden record is found: folded words, codes, addresses, what is left after typos.

A term is a word as folded by `fold`, or one of its marked reductions: `^harb` (its first letters), `$bour`
(its last ones), `~HRBR` (how it sounds, by metaphone). A word of six letters or more shares one of them with
every word that has one letter wrong, missing or too many.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from anyascii import anyascii
from jellyfish import metaphone

from mdm.entities import Attribute, EntityType, Kind, Sensitivity
from mdm_matching.semantics import (
    Code,
    Email,
    FamilyName,
    FullName,
    GivenName,
    Lei,
    OrganisationName,
    RegistrationNumber,
    TaxId,
    Title,
    Website,
)

SEARCHED = (
    OrganisationName, GivenName, FamilyName, FullName, Title, Code, Email, TaxId, RegistrationNumber, Lei,
    Website,
)  # fmt: skip
"""Semantic types whose values people search by."""

OPEN = frozenset({Sensitivity.public, Sensitivity.internal})
"""Values of any other class are never searched, so that a search cannot reveal them."""

ENDS: tuple[tuple[int, range], ...] = ((3, range(4, 9)), (4, range(7, 65)))
"""How many letters of its beginning and of its end stand for a word, by its length. The ranges overlap, so
that a word and its misspelling, one letter shorter or longer, have ends of the same size."""

LONGEST = 64
"""Letters of a term at most; a longer word is cut."""


_APOSTROPHES, _WORDS = re.compile(r"['`´’]"), re.compile(r"[a-z0-9]+")


def fold(text: str) -> list[str]:
    """The words of a text in small ASCII letters and digits: `Müller & O'Neill` gives `muller`, `oneill`."""
    plain = _APOSTROPHES.sub("", (text if text.isascii() else anyascii(text)).casefold())
    return [word[:LONGEST] for word in _WORDS.findall(plain)]


@lru_cache(maxsize=65536)
def joined(text: str) -> str:
    """A code or address as one word: `C-10 023` gives `c10023`."""
    return "".join(fold(text))[:LONGEST]


def is_word(term: str) -> bool:
    """Whether a term is a whole word, not a reduction of one."""
    return term.isalnum()


@lru_cache(maxsize=65536)
def reductions(word: str) -> frozenset[str]:
    """What is left of a word when letters are wrong: its ends and its sound. A number has none."""
    if not word.isalpha():
        return frozenset()
    sound = metaphone(word)
    sizes = [size for size, lengths in ENDS if len(word) in lengths]
    ends = {end for size in sizes for end in (f"^{word[:size]}", f"${word[-size:]}")}
    return frozenset(ends | ({f"~{sound}"} if len(sound) > 1 else set()))


def terms_of(text: str) -> set[str]:
    """All terms of one text."""
    words = fold(text)
    terms = set(words)
    for word in words:
        terms |= reductions(word)
    if len(words) > 1 and any(character.isdigit() for character in text):
        terms.add(joined(text))
    return terms


@lru_cache(maxsize=256)
def searched_attributes(entity_type: EntityType) -> tuple[Attribute, ...]:
    """The attributes that a record of this type is found by: label, names, codes, e-mail and web addresses.

    None for a type that is matched by exact key: its records have no name of their own.
    """
    if entity_type.match_key:
        return ()
    named = {entity_type.label, entity_type.code_attribute}
    return tuple(
        a
        for a in entity_type.attributes
        if a.kind in (Kind.text, Kind.texts)
        and a.sensitivity in OPEN
        and (a.name in named or a.name.endswith("name") or isinstance(a.semantic, SEARCHED))
        and not a.words
    )


def search_terms(
    entity_type: EntityType, claims: Iterable[Mapping[str, Mapping[str, Any]]], cells: Mapping[str, Any]
) -> set[str]:
    """The terms of one golden record.

    Args:
        claims: what each of its source records states, attribute to claim; names that did not survive (a
            former name, a trade name) are found too.
        cells: the golden values, attribute to cell.
    """
    terms: set[str] = set()
    stated = list(claims)
    for attribute in searched_attributes(entity_type):
        values = [claim[attribute.name]["v"] for claim in stated if attribute.name in claim]
        if attribute.name in cells:
            values.append(cells[attribute.name]["value"])
        for text in dict.fromkeys(_texts(values)):
            terms |= _terms_of_value(attribute, text)
    return terms


def _texts(values: Iterable[Any]) -> Iterator[str]:
    for value in values:
        yield from value if isinstance(value, list) else [str(value)]


def _terms_of_value(attribute: Attribute, text: str) -> set[str]:
    if isinstance(attribute.semantic, Email):
        # The whole address and the words before the @: half of all addresses share their domain.
        return {joined(text), *terms_of(text.partition("@")[0])}
    return terms_of(text)
