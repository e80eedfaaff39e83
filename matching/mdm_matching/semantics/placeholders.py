"""Values that say nothing ("n/a", "keine Angabe") and records that stand for nobody ("Test GmbH")."""

from __future__ import annotations

from functools import cache

from mdm_matching.semantics.text import joined_initials, words
from mdm_matching.semantics.word_tables import lines, word_set

# A record is block-listed if every word of its name is one of these, a legal form or a number.
_NOBODY = word_set("placeholders nobody")
_DECISIVE = _NOBODY - {"max", "erika", "bar", "temp", "demo", "default", "sample", "example", "temporary"}
_TELLING = _DECISIVE | {"mustermann"}
_FILLING = word_set("placeholders filling")


@cache
def _placeholders() -> frozenset[str]:
    return frozenset(lines("placeholders.txt"))


def is_placeholder(text: str) -> bool:
    """Whether a value stands for "no value": blank, a dash, "n/a", "unknown", "keine Angabe", "00000"."""
    return says_nothing(words(text))


def says_nothing(tokens: list[str]) -> bool:
    """`is_placeholder` for a value that is already split into its folded words."""
    if not tokens:
        return True
    if len(tokens) > 5:
        return False
    if len(tokens) == 1:
        token = tokens[0]
        if len(token) > 2 and len(set(token)) == 1 and token[0] in "0x9z":
            return True
        return token in _placeholders()
    return " ".join(tokens) in _placeholders()


def is_block_listed(name: str) -> bool:
    """Whether a whole record is named as a test or stands for nobody: "Test GmbH", "Dummy Customer 2", "n/a".

    Such a record takes no candidates. A name with any word of its own ("Test Equipment Hire Ltd") is a real
    one.
    """
    tokens = words(name)
    if says_nothing(tokens):
        return True
    if not any(token.rstrip("0123456789") in _TELLING for token in joined_initials(tokens)):
        return False
    from mdm_matching.semantics.legal_forms import split_legal_form

    core = [token for token in split_legal_form(tokens)[0] if not token.isdigit()]
    own = [token.rstrip("0123456789") or token for token in core]
    if {"max", "mustermann"} == set(own) or {"erika", "mustermann"} == set(own):
        return True
    return any(token in _DECISIVE for token in own) and all(
        token in _NOBODY or token in _FILLING for token in own
    )
