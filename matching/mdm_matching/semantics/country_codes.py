"""Countries of ISO 3166 by all their names."""

from __future__ import annotations

from functools import cache, lru_cache

from mdm_matching.semantics.text import standardise_text
from mdm_matching.semantics.word_tables import lines


@cache
def _names() -> dict[str, str]:
    found: dict[str, str] = {}
    spelled: list[tuple[str, str]] = []
    for line in lines("countries.txt"):
        codes, english, others = (part.strip() for part in line.split("|"))
        alpha2, alpha3, number = codes.split()
        found.update({alpha2.lower(): alpha2, alpha3.lower(): alpha2, number: alpha2})
        spelled += [(standardise_text(name), alpha2) for name in (english, *others.split(";"))]
    for name, alpha2 in spelled:
        found.setdefault(name, alpha2)
        found.setdefault(name.replace(" ", ""), alpha2)
    found.pop("", None)
    return found


@lru_cache(maxsize=1 << 14)
def country_code(value: str) -> str:
    """The two-letter code of a country, whatever it is written as: "Deutschland", "DEU" and "276" are DE.

    "" if unknown.
    """
    text = standardise_text(value)
    names = _names()
    if text == "n a":
        return ""
    found = names.get(text) or names.get(text.replace(" ", ""))
    if found is None and text.startswith("the "):
        found = names.get(text[4:])
    return found or ""


@cache
def country_name_words() -> frozenset[str]:
    """The words of which names of countries are made, codes left out."""
    return frozenset(word for name in _names() if len(name) > 3 for word in name.split())
