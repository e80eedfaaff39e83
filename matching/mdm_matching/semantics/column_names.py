"""What the name of a column says about its values, in several languages."""

from __future__ import annotations

import re
from functools import cache

from mdm_matching.semantics.text import words
from mdm_matching.semantics.word_tables import lines, word_set

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_LAST_NUMBER = re.compile(r"(?<=[a-z]{3})(?=\d+$)")
# Words at the end of a column's name that say nothing of its values.
_FILLING = word_set("column_names filling")


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    made = []
    for line in lines("column_names.txt"):
        kind, _, expressions = line.partition(" | ")
        joined = "|".join(f"(?:{expression.strip()})" for expression in expressions.split(";"))
        made.append((kind.strip(), re.compile(joined)))
    return tuple(made)


def column_words(name: str) -> list[str]:
    """The words of a column's name: "birthDate", "birth_date" and "Birth date" are all ["birth", "date"]."""
    return [_part for word in words(_CAMEL.sub(" ", name)) for _part in _LAST_NUMBER.sub(" ", word).split()]


def kind_of_name(name: str) -> str:
    """The kind that a column's name hints at, such as "birth_date"; "" if it hints at none."""
    whole = column_words(name)
    shorter = list(whole)
    while len(shorter) > 1 and (shorter[-1] in _FILLING or shorter[-1].isdigit()):
        shorter.pop()
    for attempt in (whole, shorter):
        text = " ".join(attempt)
        for kind, pattern in _patterns():
            if pattern.fullmatch(text):
                return kind
    return ""
