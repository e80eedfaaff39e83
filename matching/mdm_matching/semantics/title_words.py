"""Words of titles: phases, lots and years told apart from what the title is about."""

from __future__ import annotations

import re
from functools import lru_cache

from mdm_matching.semantics.model_numbers import words_with_model_numbers
from mdm_matching.semantics.name_words import FUNCTION_WORDS, canonical_word, is_place_word, is_trade_word
from mdm_matching.semantics.roman_numbers import ROMAN, SAFE_ROMAN
from mdm_matching.semantics.word_tables import lines, word_set


def _spellings(*, of_parts: bool) -> dict[str, str]:
    """The words of the table by spelling: those that a number follows ("phase"), or all others."""
    found: dict[str, str] = {}
    for line in lines("title_words.txt"):
        head, _, rest = line.partition("|")
        if head.strip().endswith("#") == of_parts:
            word = head.strip(" #")
            found.update(dict.fromkeys([*([word] if of_parts else []), *rest.split()], word))
    return found


# Words that a number, a letter or a Roman number follows to tell one part from the next, by spelling.
PART_WORDS = _spellings(of_parts=True)
_SHORT = _spellings(of_parts=False)
_SPELLED = {
    "one": "1",
    "two": "2",
    "three": "3",
    "four": "4",
    "five": "5",
    "first": "1",
    "second": "2",
    "third": "3",
    "eins": "1",
    "zwei": "2",
    "drei": "3",
}
_STUCK = re.compile(r"(phase|ph|stage|lot|los|wave|v|vol|q|rel|teil)(\d{1,4})")
_FISCAL = re.compile(r"(?:fy|gj|q[1-4])(\d{2}|\d{4})")
_YEAR = re.compile(r"(?:19|20)\d\d")


def title_words(value: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The words of a title in one spelling, and the marks that set it apart from its siblings, both in order.

    "Boiler Migr. Phase II" gives ("boiler", "migration") and ("phase 2",). A number without such a word is a
    mark "2"; a year is a mark "year 2024".
    """
    tokens = _unstuck(text_words(value))
    kept: list[str] = []
    marks: list[str] = []
    place = 0
    while place < len(tokens):
        token, after = tokens[place], tokens[place + 1] if place + 1 < len(tokens) else ""
        number = _number(after)
        if token in PART_WORDS and number:
            marks.append(f"{PART_WORDS[token]} {number}")
            place += 2
            continue
        mark = _mark(token) if kept else ""
        if mark:
            marks.append(mark)
        else:
            kept.append(_spelling(token))
        place += 1
    if not kept:
        return tuple(tokens), ()
    return tuple(kept), tuple(sorted(set(marks)))


def text_words(value: str) -> list[str]:
    """The words of a title or a text; a divided model number is one word."""
    return words_with_model_numbers(value, counts_parts)


def counts_parts(piece: str) -> bool:
    """Whether a piece of a divided word numbers a part or a year: "lot", "q4", "2024"."""
    return bool(piece in PART_WORDS or _YEAR.fullmatch(piece) or _STUCK.fullmatch(piece))


def _unstuck(tokens: list[str]) -> list[str]:
    made: list[str] = []
    for token in _initials_joined(tokens):
        found = _STUCK.fullmatch(token)
        made += list(found.groups()) if found else [token]
    return made


def _initials_joined(tokens: list[str]) -> list[str]:
    """The words, in which "r and d" is "rd"."""
    made: list[str] = []
    for token in tokens:
        before = made[-2] if made[-1:] == ["and"] and len(made) > 1 else ""
        if len(token) == len(before) == 1 and token.isalpha() and before.isalpha():
            made[-2:] = [before + token]
        else:
            made.append(token)
    return made


def _number(token: str) -> str:
    if token.isdigit() and len(token) < 5:
        return str(int(token))
    if len(token) == 1 and token.isalpha() and token not in ("i", "v", "x"):
        return token
    return ROMAN.get(token) or _SPELLED.get(token, "")


def _mark(token: str) -> str:
    """What a word by itself sets apart: a year, a small number, a Roman number; "" for any other word."""
    if _YEAR.fullmatch(token):
        return f"year {token}"
    if found := _FISCAL.fullmatch(token):
        return f"year 20{found.group(1)[-2:]}" if token[0] != "q" else token
    if token.isdigit() and len(token) < 4:
        return str(int(token))
    return ROMAN[token] if token in SAFE_ROMAN else ""


def _spelling(token: str) -> str:
    return _SHORT.get(token) or canonical_word(token)


@lru_cache(maxsize=1 << 17)
def title_weight(token: str) -> float:
    """How much a word of a title says about what it is about, 0 to 1."""
    if token in FUNCTION_WORDS or token in _COMMON:
        return 0.1
    if any(map(str.isdigit, token)):
        return 1.5 if len(token) > 3 else 0.8
    if is_trade_word(token) or is_place_word(token):
        return 0.6
    return 1.0 if len(token) > 3 else 0.7


_COMMON = word_set("title_words common")
