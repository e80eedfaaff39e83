"""What the words of a firm's name weigh: its own words much, words of its trade or place little."""

from __future__ import annotations

from functools import cache, lru_cache

from mdm_matching.semantics.word_tables import lines, word_set

FUNCTION_WORDS = word_set("name_words function words")
# Weight of a word as evidence, 0 to 1.
OWN_WORD, NUMBER_WORD, TRADE_WORD, PLACE_WORD, FUNCTION_WORD = 1.0, 0.8, 0.35, 0.35, 0.05


@cache
def _trade_words() -> tuple[dict[str, str], frozenset[str]]:
    canonical: dict[str, str] = {}
    division: set[str] = set()
    for line in lines("business_words.txt"):
        head, _, rest = line.partition("|")
        word = head.strip().rstrip("*")
        if "*" in head:
            division.add(word)
        for spelling in (word, *rest.replace("*", "").split()):
            canonical.setdefault(spelling, word)
    return canonical, frozenset(division)


@cache
def _places() -> frozenset[str]:
    return frozenset(word for line in lines("places.txt") for word in line.split())


def canonical_word(token: str) -> str:
    """A trade word in its canonical spelling ("intl" is "international"); any other word as it is."""
    return _trade_words()[0].get(token, token)


def is_trade_word(token: str) -> bool:
    """Whether the canonical word is one that many firms carry in their names."""
    return token in _trade_words()[0]


@cache
def _trade_words_nearby() -> tuple[dict[str, frozenset[str]], dict[str, frozenset[str]]]:
    """Trade words by the beginnings of their spellings, and by their spellings with one letter left out."""
    beginnings: dict[str, set[str]] = {}
    shortened: dict[str, set[str]] = {}
    for spelling, word in _trade_words()[0].items():
        for end in range(4, len(spelling)):
            beginnings.setdefault(spelling[:end], set()).add(word)
        if len(spelling) > 5:
            for form in _one_letter_less(spelling):
                shortened.setdefault(form, set()).add(word)
    return (
        {form: frozenset(found) for form, found in beginnings.items()},
        {form: frozenset(found) for form, found in shortened.items()},
    )


def _one_letter_less(word: str) -> set[str]:
    return {word, *(word[:place] + word[place + 1 :] for place in range(len(word)))}


@lru_cache(maxsize=1 << 17)
def trade_words_of(token: str) -> frozenset[str]:
    """The trade words that a word may stand for: spelt or begun so ("versich"), or a slip away."""
    canonical = _trade_words()[0].get(token)
    if canonical is not None:
        return frozenset({canonical})
    beginnings, shortened = _trade_words_nearby()
    found = set(beginnings.get(token, ()))
    if len(token) > 5:
        for form in _one_letter_less(token):
            found |= shortened.get(form, frozenset())
    return frozenset(found)


def is_place_word(token: str) -> bool:
    """Whether the word says where, or in which part of the world, a firm is."""
    return token in _places()


def names_a_part(token: str) -> bool:
    """Whether the word alone sets one firm of a family apart: a place, a division, a holding, a number."""
    return token in _places() or is_trade_word(token) or token.isdigit()


@lru_cache(maxsize=1 << 18)
def word_weight(token: str) -> float:
    """How much a word of a firm's name says about which firm it is, 0 to 1."""
    if token in FUNCTION_WORDS:
        return FUNCTION_WORD
    if token.isdigit():
        return NUMBER_WORD
    if is_trade_word(token):
        return TRADE_WORD
    return PLACE_WORD if is_place_word(token) else OWN_WORD
