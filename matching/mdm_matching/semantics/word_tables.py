"""Word tables of this package: lists of words that are knowledge, not code."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


def lines(table: str) -> list[str]:
    """The lines of a table, without blank ones and remarks."""
    text = (files("mdm_matching.semantics") / "tables" / table).read_text("utf-8")
    return [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]


@cache
def _word_sets() -> dict[str, frozenset[str]]:
    found: dict[str, list[str]] = {}
    heading = ""
    for line in lines("word_sets.txt"):
        if line.startswith("["):
            heading = line.strip("[]")
            found[heading] = []
        else:
            found[heading] += line.split()
    return {name: frozenset(words) for name, words in found.items()}


def word_set(name: str) -> frozenset[str]:
    """The set of words that `word_sets.txt` lists under a heading.

    Raises:
        KeyError: there is no such heading.
    """
    return _word_sets()[name]
