"""Text in one spelling: what all types fold a value with before they look at it."""

from __future__ import annotations

import html
import re
from functools import lru_cache
from unicodedata import normalize

from anyascii import anyascii

# German writes these as two letters where it lacks the letter; anyascii would drop the second.
_TWO_LETTERS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "Å": "Aa", "å": "aa"}
)
_APOSTROPHES = "'`´‘’ʼ\u02bb"
_WORDS = str.maketrans(
    {code: " " for code in range(128) if not chr(code).isalnum()}
    | {ord("&"): " and ", ord("+"): " and "}
    | {ord(mark): "" for mark in _APOSTROPHES}
)
_ENTITY = re.compile(r"&(#\d{1,6}|#x[0-9a-fA-F]{1,6}|[a-zA-Z]{2,10});")


def folded(value: str) -> str:
    """The value in lower-case ASCII letters, punctuation kept: "Müller & Söhne" is "mueller & soehne"."""
    if "&" in value and _ENTITY.search(value):
        value = html.unescape(value)
    if not value.isascii():
        value = anyascii(normalize("NFKC", value).translate(_TWO_LETTERS))
    return value.lower()


def standardise_text(value: str) -> str:
    """Words of lower-case ASCII letters and digits, one blank between them; "" if there are none.

    "&" becomes "and", apostrophes vanish ("O'Brien" is "obrien"), other punctuation separates.
    """
    return " ".join(folded(value).translate(_WORDS).split())


def words(value: str) -> list[str]:
    """The words of `standardise_text`."""
    return folded(value).translate(_WORDS).split()


def words_of_folded(text: str) -> list[str]:
    """The words of a text that is folded already."""
    return text.translate(_WORDS).split()


def joined_initials(tokens: list[str]) -> list[str]:
    """The words with runs of single letters put together: "s p a" is "spa", "i b m" is "ibm"."""
    joined: list[str] = []
    run = ""
    for token in tokens:
        if len(token) == 1 and token.isalpha():
            run += token
            continue
        if run:
            joined.append(run)
            run = ""
        joined.append(token)
    if run:
        joined.append(run)
    return joined


@lru_cache(maxsize=1 << 17)
def skeleton(text: str) -> str:
    """The text without the second letter of a transliterated vowel: "mueller", "muller" are both "muller"."""
    return text.replace("ue", "u").replace("oe", "o").replace("ae", "a").replace("aa", "a").replace(" ", "")
