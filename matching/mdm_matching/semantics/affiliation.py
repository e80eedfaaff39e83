"""Affiliations of authors: the institution found among departments, addresses and countries."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

from mdm_matching.semantics.name_words import is_place_word
from mdm_matching.semantics.organisation_name import OrganisationName, name_words
from mdm_matching.semantics.placeholders import is_placeholder, says_nothing
from mdm_matching.semantics.semantic_type import Level, Standard
from mdm_matching.semantics.text import folded, words
from mdm_matching.semantics.word_tables import word_set

_NOISE = re.compile(r"\S*@\S*|https?://\S+|www\.\S+|\{[^}]*\}|\be-?mails?\b:?|<[^>]*>")
_BETWEEN = re.compile(r"[,;:()|\n\t]| - | / ")
_INSTITUTION = word_set("affiliation institution")
_STRONG = word_set("affiliation strong")
_PART_OF = re.compile(
    r"^(?:dep(?:t|artment|artement|artamento)?\b|.*\b(?:department|dept|faculty|fakultaet|fachbereich|lehrstuhl|"
    r"chair|school of|division of|institut fuer|abteilung|sektion|college of|group|graduate school|"
    r"instituto de|facultad|ufr)\b)"
)
_SPREAD = word_set("affiliation spread")
_WHOLE = {
    "univ": "university",
    "uni": "university",
    "u": "university",
    "inst": "institute",
    "tu": "technical university",
    "uc": "university california",
}


@dataclass(frozen=True, slots=True)
class Affiliation(OrganisationName):
    """Where an author works, as printed on a publication.

    Of "Department of Computer Science, University of Passau, 94030 Passau, Germany; e-mail: ..." the
    institution counts: departments, streets, countries and mail addresses are set aside. Its name is then
    read like an organisation's.
    """

    name: ClassVar[str] = "affiliation"
    levels: ClassVar[tuple[Level, ...]] = (
        Level("same institution", 0.52, 0.006),
        Level("same institution, legal form missing on one side", 0.03, 0.002),
        Level("same institution spelt, ordered or abbreviated differently", 0.16, 0.008),
        Level("same institution, other legal form", 0.01, 0.003),
        Level("one is the initials of the other", 0.03, 0.004),
        Level("one name has a further word", 0.10, 0.04),
        Level("same institution, other site or part", 0.05, 0.15),
        Level("some words of its own in common", 0.05, 0.12),
        Level("different institution", 0.05, 0.667),
    )
    group: ClassVar[str] = "name"

    def standardise(self, value: str, context: str = "") -> Standard | None:
        if is_placeholder(value):
            return None
        institution = institution_of(value)
        core, form, _ = name_words(institution)
        if says_nothing(core):
            return None
        return self._made(
            core, form, "" if len(institution) + 3 > len(value) else "department and address set aside"
        )


def institution_of(value: str) -> str:
    """The institution in an affiliation, folded; the whole text if none stands out."""
    pieces = [piece.strip(" .") for piece in _BETWEEN.split(_NOISE.sub(" ", folded(value)))]
    pieces = [piece for piece in pieces if words(piece)]
    if not pieces:
        return value
    scores = [_score(piece, place) for place, piece in enumerate(pieces)]
    best = max(range(len(pieces)), key=lambda place: (scores[place], -place))
    chosen = words(pieces[best])
    after = words(pieces[best + 1]) if best + 1 < len(pieces) else []
    if after and _is_spread(chosen) and len(after) < 4 and not any(map(str.isdigit, pieces[best + 1])):
        chosen += after
    return " ".join(_WHOLE.get(word, word) for word in chosen)


def _score(piece: str, place: int) -> int:
    """How likely a piece names the institution."""
    tokens = words(piece)
    if _PART_OF.match(piece) and not _STRONG & set(tokens):
        return 1
    if _STRONG & set(tokens):
        return 5
    if _INSTITUTION & set(tokens):
        return 4
    if any(map(str.isdigit, piece)) or all(map(is_place_word, tokens)):
        return 0
    return 3 if place == 0 else 2 if place == 1 else 0


def _is_spread(chosen: list[str]) -> bool:
    """Whether the name is that of a university with several seats, so that the place behind it counts."""
    return chosen[-1] in _SPREAD and bool({"university", "univ", "uc", "u"} & set(chosen))
