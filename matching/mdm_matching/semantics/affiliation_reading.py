"""What an affiliation says: the institution and its place, among departments, streets, countries and mail."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA
from rapidfuzz.process import extractOne

from mdm_matching.semantics.city import city_name, is_region
from mdm_matching.semantics.country_codes import country_code
from mdm_matching.semantics.initials import initials_run
from mdm_matching.semantics.legal_forms import split_legal_form
from mdm_matching.semantics.name_words import FUNCTION_WORDS, is_place_word, is_trade_word
from mdm_matching.semantics.street_words import street_types
from mdm_matching.semantics.text import folded, joined_initials, words_of_folded
from mdm_matching.semantics.word_tables import word_set

_NOISE = re.compile(r"\S*@\S*|https?://\S+|www\.\S+|\{[^}]*\}|\be-?mails?\b:?|<[^>]*>")
# One name with an "and" inside: "AT&T", "A&M".
_RUN_TOGETHER = re.compile(r"\b(\w{1,2}) ?& ?(\w)\b")
_BETWEEN = re.compile(r"[,;:()|\n\t]| - | / |-{2,}")
_INSTITUTION = word_set("affiliation institution")
_STRONG = word_set("affiliation strong")
_COMMON = word_set("affiliation common")
_FIELDS = word_set("affiliation fields")
_PART_OF = re.compile(
    r"^(?:dep(?:t|artment|artement|artamento)?\b|.*\b(?:department|dept|faculty|fakultaet|fachbereich|lehrstuhl|"
    r"chair|school of|division|div\b|institut fuer|abteilung|sektion|college of|group|graduate school|"
    r"instituto de|facultad|ufr)\b)"
)
_PARTS = word_set("affiliation parts")
# A number of fewer digits is that of a house.
_POSTCODE = 4
# Words for an institution of so many letters are known with a slip in them.
_LONG = 8
_SPELT = sorted(word for word in _INSTITUTION if len(word) >= _LONG)
_SPREAD = word_set("affiliation spread")
_WHOLE = {
    "univ": "university",
    "uni": "university",
    "u": "university",
    "inst": "institute",
    "tu": "technology university",
    "tech": "technology",
    "technical": "technology",
    "technische": "technology",
    "technischen": "technology",
    "uc": "university california",
}


@dataclass(frozen=True, slots=True)
class Reading:
    """An affiliation taken apart, in folded words.

    Attributes:
        institution: the words that name it; those of the whole text if no piece stands out.
        place: the words of the town it says it is in, in one spelling; none if it names no town.
    """

    institution: tuple[str, ...]
    place: tuple[str, ...]


def read_affiliation(value: str) -> Reading:
    """Take an affiliation apart.

    "Dept. of Physics, Univ. of Arden, 12345 Ardenham, Freedonia; e-mail: jo@arden.edu" is the institution
    "university of arden" in "ardenham".
    """
    pieces = _pieces(value)
    if not pieces:
        return Reading(tuple(words_of_folded(folded(value))), ())
    scores = [_score(piece, place) for place, piece in enumerate(pieces)]
    best = max(range(len(pieces)), key=lambda place: (scores[place], -place))
    chosen = _without_country(_beside_part(pieces[best]))
    after = [piece for piece in pieces[best + 1 :] if not _abbreviates(piece, chosen)]
    if after and _is_spread(chosen) and len(_town(after[0])) in (1, 2, 3):
        chosen += _town(after[0])
        after = after[1:]
    towns = [word for piece in after for word in _town(piece)]
    institution = " ".join(_WHOLE.get(word, word) for word in chosen).split()
    return Reading(tuple(institution), tuple(dict.fromkeys(towns)))


def _pieces(value: str) -> list[list[str]]:
    """The words between commas and the like; a legal form behind a comma belongs to the name before it."""
    made: list[list[str]] = []
    for piece in _BETWEEN.split(_NOISE.sub(" ", folded(_RUN_TOGETHER.sub(r"\1\2", value)))):
        tokens = [_mended(token) for token in joined_initials(words_of_folded(piece))]
        if not tokens:
            continue
        if made and split_legal_form(["name", *tokens])[0] == ["name"]:
            made[-1] += tokens
        else:
            made.append(tokens)
    return made


@lru_cache(maxsize=16_384)
def _mended(token: str) -> str:
    """The word, or the long word for an institution that it is a slip of the pen of: "univerity"."""
    if len(token) < _LONG - 1 or token in _INSTITUTION:
        return token
    found = extractOne(token, _SPELT, scorer=OSA.distance, score_cutoff=1)
    return found[0] if found else token


def _score(tokens: list[str], place: int) -> int:
    """How likely a piece names the institution."""
    if _is_nameless(tokens):
        return 1
    if _STRONG & set(tokens):
        return 5
    if _names_part(tokens):
        own = _beside_part(tokens)
        return 1 if own == tokens else 4 if _INSTITUTION & set(own) else 2
    if _INSTITUTION & set(tokens):
        return 4
    if any(any(map(str.isdigit, token)) for token in tokens) or all(map(is_place_word, tokens)):
        return 0
    return 3 if place == 0 else 2 if place == 1 else 0


def _is_nameless(tokens: list[str]) -> bool:
    """Whether no word tells which institution: "information sciences research center"."""
    return all(_is_of_part(token) or token in _COMMON for token in tokens)


def _names_part(tokens: list[str]) -> bool:
    return bool(_PART_OF.match(" ".join(tokens)))


def _beside_part(tokens: list[str]) -> list[str]:
    """The institution named in one breath with its department: "arden physics department" is Arden."""
    if not _names_part(tokens):
        return tokens
    strong = next((place for place, token in enumerate(tokens) if token in _STRONG), len(tokens))
    if strong < len(tokens):
        begin = next(place for place, token in enumerate(tokens) if place == strong or not _is_of_part(token))
        end = next(
            (place for place in range(strong + 1, len(tokens)) if tokens[place] in _PARTS), len(tokens)
        )
        return tokens[begin:end]
    first = next((place for place, token in enumerate(tokens) if _is_of_part(token)), len(tokens))
    last = next((place for place, token in enumerate(reversed(tokens)) if _is_of_part(token)), len(tokens))
    own = tokens[:first] or tokens[len(tokens) - last :]
    return own if own and max(map(len, own)) > 2 else tokens


def _is_of_part(token: str) -> bool:
    """Whether a word tells what a department is or does."""
    return token in _FIELDS or token in FUNCTION_WORDS or is_trade_word(token)


def _without_country(tokens: list[str]) -> list[str]:
    """The words without the countries and regions at the end: "arden labs usa" is "arden labs".

    They stay where they belong to the name: "university of new mexico", "southern california hospital".
    """
    while len(tokens) > 1:
        wide = max((count for count in (1, 2, 3) if _is_wide(tokens[-count:])), default=0)
        rest = tokens[: len(tokens) - wide]
        if not wide or not rest or rest[-1] in FUNCTION_WORDS or is_place_word(rest[-1]):
            break
        tokens = rest
    return list(tokens)


def _abbreviates(piece: list[str], name: list[str]) -> bool:
    """Whether a piece is the initials of the name before it: "(KAIST)"."""
    return len(piece) == 1 and len(piece[0]) > 2 and bool(initials_run(piece[0], name))


def _town(tokens: list[str]) -> list[str]:
    """The town that a piece names; no words if it names a street, a department, a country or a region."""
    if _names_part(tokens) or (_STRONG | _INSTITUTION | street_types()) & set(tokens):
        return []
    if any(token.isdigit() and len(token) < _POSTCODE for token in tokens):
        return []
    letters = _without_country([token for token in tokens if token.isalpha() and len(token) > 1])
    return [] if _is_wide(letters) else city_name(" ".join(letters)).split()


def _is_wide(tokens: list[str]) -> bool:
    """Whether the words name a country or a region, or abbreviate one; also where there are none."""
    name = " ".join(tokens)
    return len(name) < 3 or is_region(name) or bool(country_code(name))


def _is_spread(chosen: list[str]) -> bool:
    """Whether the name is that of a university with several seats, so that the place behind it counts."""
    return chosen[-1] in _SPREAD and bool({"university", "univ", "uc", "u"} & set(chosen))
