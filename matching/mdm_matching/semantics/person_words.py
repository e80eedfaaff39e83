"""The words of a person's name: titles, particles and generations told from given and family names."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from jellyfish import metaphone

from mdm_matching.semantics.text import folded, skeleton, words
from mdm_matching.semantics.word_tables import word_set

TITLES = word_set("person_words titles")
# Titles that are names of people as well: set aside only where three or more words stand.
_DOUBTFUL_TITLES = word_set("person_words doubtful titles") - {"dr"}
PARTICLES = word_set("person_words particles")
_JOINING = word_set("person_words joining")
GENERATIONS = {
    "jr": "jr", "junior": "jr", "jnr": "jr", "jun": "jr", "sr": "sr", "senior": "sr", "snr": "sr", "sen":
    "sr", "ii": "ii", "iii": "iii", "iv": "iv", "2nd": "ii", "3rd": "iii", "4th": "iv", "fils": "jr",
    "pere": "sr",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class PersonWords:
    """A person's name taken apart, all words folded.

    Attributes:
        given: given names and initials, in order.
        family: family names with their particles, in order.
        generation: jr, sr, ii, iii, iv or "".
    """

    given: tuple[str, ...]
    family: tuple[str, ...]
    generation: str


def person_words(value: str) -> PersonWords | None:
    """A full name taken apart, whichever way round: "Smith, John Jr." as "John Smith Jr".

    None if it has no word.
    """
    text = folded(value)
    front, _, back = text.partition(",")
    before, after = _own_words(front), _own_words(back)
    if before and after:
        # "Smith, Dr" is no first name.
        before, after = ([] if _is_title(part) else part for part in (before, after))
    generation = ""
    if after and not comma_is_generation(after):
        after, generation = _without_generation(after)
        before, second = _without_generation(before)
        generation = generation or second
        if not before:
            return _split(after, generation)
        return PersonWords(tuple(after), tuple(before), generation)
    every, generation = _without_generation(before + after)
    return _split(every, generation)


def _is_title(part: list[str]) -> bool:
    """Whether a title stands alone beside a comma."""
    return len(part) == 1 and part[0] in TITLES and part[0] not in _DOUBTFUL_TITLES | GENERATIONS.keys()


def begins_like_a_title(tokens: list[str]) -> bool:
    """Whether the first of these words, if they stand in this order, is taken for a title: "Don", "M"."""
    return len(tokens) > 2 and tokens[0] in _DOUBTFUL_TITLES


def comma_is_generation(after: list[str]) -> bool:
    """Whether what follows a comma is just "Jr" or a degree, not the given names."""
    return all(token in GENERATIONS for token in after)


def _own_words(text: str) -> list[str]:
    """The words of a name without titles; "King" and its like are titles in front of two other words."""
    tokens = words(text)
    if len(tokens) < 2:
        return tokens
    sure = [t for t in tokens if t not in TITLES or t in GENERATIONS or t in _DOUBTFUL_TITLES]
    while len(sure) > 2 and sure[0] in _DOUBTFUL_TITLES:
        sure = sure[1:]
    return sure or tokens[-1:]


def _without_generation(tokens: list[str]) -> tuple[list[str], str]:
    if len(tokens) > 1 and tokens[-1] in GENERATIONS:
        return tokens[:-1], GENERATIONS[tokens[-1]]
    return tokens, ""


def _split(tokens: list[str], generation: str) -> PersonWords | None:
    """Without a comma the last word is the family name, with the particles before it."""
    if not tokens:
        return None
    start = len(tokens) - 1
    while start > 1 and tokens[start - 1] in PARTICLES:
        start -= 1
        if tokens[start] in _JOINING and start > 1:
            start -= 1
    if start == 1 and len(tokens) > 2 and tokens[0] in PARTICLES:
        start = 0
    return PersonWords(tuple(tokens[:start]), tuple(tokens[start:]), generation)


@lru_cache(maxsize=1 << 18)
def sound(token: str) -> str:
    """How a name is spoken, in English letters: "meyer" and "maier" sound alike."""
    return metaphone(skeleton(token)) or token
