"""Names of organisations: legal form, share class and "The" set aside, trade words in one spelling."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import ClassVar

import numpy as np
from jellyfish import metaphone
from numpy.typing import NDArray

from mdm_matching.semantics.legal_forms import split_legal_form, with_native_forms_set_apart
from mdm_matching.semantics.name_words import FUNCTION_WORDS, canonical_word, is_place_word, is_trade_word
from mdm_matching.semantics.organisation_comparison import organisation_levels
from mdm_matching.semantics.placeholders import says_nothing
from mdm_matching.semantics.roman_numbers import with_plain_numbers
from mdm_matching.semantics.semantic_type import Level, SemanticType, Standard
from mdm_matching.semantics.text import joined_initials, skeleton, words
from mdm_matching.semantics.word_tables import word_set

# What follows one of these in a listing names a security of the firm, not the firm.
_SECURITIES = word_set("organisation_name securities")
_FOLLOWED_BY = word_set("organisation_name followed by")
_ALONE = word_set("organisation_name alone")
_AND = word_set("organisation_name and")
# "Doing business as": what stands behind or before it is the name.
_ALIAS = "dba"
_STATE_OF_REGISTRATION = re.compile(r"\s*/[A-Za-z]{2,3}/?\s*$")


def without_share_class(tokens: list[str]) -> list[str]:
    """The words before a share class: "alphabet inc class a common stock" is "alphabet inc"."""
    for place in range(1, len(tokens)):
        token, after = tokens[place], tokens[place + 1] if place + 1 < len(tokens) else ""
        if token in ("class", "series") and len(after) == 1 and after.isalpha():
            return tokens[:place]
        if token in _SECURITIES and (after in _FOLLOWED_BY or (token in _ALONE and not after)):
            return tokens[:place]
        if token in _ALONE and not after:
            return tokens[:place]
    return tokens


def _issuer(value: str, named: list[str]) -> list[str]:
    """The words of who issued a security, less what a listing remarks: "(Holding Co)", "(Delaware)", "New".

    A remark in brackets stands behind the legal form; in front of it, brackets are part of the name.
    """
    before, bracket, _ = value.partition("(")
    kept = without_share_class(words(before)) if bracket else named
    if bracket and kept and split_legal_form(kept)[1]:
        named = kept
    return named[:-1] if len(named) > 2 and named[-1] == "new" else named


@lru_cache(maxsize=1 << 16)
def _sound(token: str) -> str:
    return metaphone(token)


def name_words(value: str) -> tuple[list[str], str, str]:
    """The canonical words of a firm's name, its legal form ("" for none), and what was set aside."""
    value = with_native_forms_set_apart(_STATE_OF_REGISTRATION.sub("", value))
    tokens = words(value)
    named = without_share_class(tokens)
    shared = len(named) < len(tokens)
    if shared:
        named = _issuer(value, named)
    while len(named) > 1 and named[-1] in {"the", "and"}:
        named = named[:-1]
    while len(named) > 1 and named[0] == "the":
        named = named[1:]
    core, form = split_legal_form(named)
    core = with_plain_numbers(joined_initials([canonical_word(token) for token in core]))
    if len(core) > 1 and _ALIAS in (core[0], core[-1]):
        core = core[1:] if core[0] == _ALIAS else core[:-1]
    core = [
        "and" if token in _AND and 0 < place < len(core) - 1 else token for place, token in enumerate(core)
    ]
    while len(core) > 1 and core[-1] == "and":
        core = core[:-1]
    return core, form, "share class set aside" if shared else ""


@dataclass(frozen=True, slots=True)
class OrganisationName(SemanticType):
    """The name of a firm, an authority or a site.

    Upper and lower case, accents, punctuation and word order do not matter. The legal form ("GmbH", "Ltd",
    "S.p.A."), a share class ("Class A Common Stock") and "The" are set aside; trade words are read in one
    spelling ("Intl" is "International", "Mfg" is "Manufacturing"). Words of the firm's own weigh most. Two
    names that share them but name another division, place or holding ("Harris Logistics", "Harris France")
    are firms of one family, not one firm.
    """

    name: ClassVar[str] = "organisation_name"
    levels: ClassVar[tuple[Level, ...]] = (
        Level("same name and legal form", 0.40, 0.0012),
        Level("same name, legal form missing on one side", 0.14, 0.0006),
        Level("same name spelt, ordered or abbreviated differently", 0.21, 0.003),
        Level("same name, other legal form", 0.05, 0.006),
        Level("one is the initials of the other", 0.02, 0.003),
        Level("one name has a further word", 0.07, 0.03),
        Level("same name, other division, place or holding", 0.04, 0.20),
        Level("some words of its own in common", 0.04, 0.15),
        Level("different name", 0.03, 0.6062),
    )
    group: ClassVar[str] = "name"

    def standardise(self, value: str, context: str = "") -> Standard | None:
        core, form, note = name_words(value)
        if says_nothing(core):
            return None
        if form:
            note = f"legal form {form} set aside" + (f"; {note}" if note else "")
        return self._made(core, form, note)

    def _made(self, core: list[str], form: str, note: str) -> Standard:
        telling = telling_words(core)
        bones = [skeleton(word) for word in telling]
        text = " ".join(core) + (f" {form}" if form else "")
        run = "".join([skeleton(word) for word in core])
        return Standard(
            text, self._keys(core, telling, bones), self._weak_keys(bones), (form, run, *core), note
        )

    def _keys(self, core: list[str], telling: list[str], bones: list[str]) -> tuple[str, ...]:
        keys = ["".join(sorted(bones))]
        keys += [f"{a} {b}" if a < b else f"{b} {a}" for a, b in combinations(bones[:4], 2)]
        own = [bone for word, bone in zip(telling[:2], bones, strict=False) if is_own_word(word)]
        keys += [f"s:{_sound(bone)}" for bone in own if len(bone) > 4 and len(_sound(bone)) > 3]
        if len(telling) > 2:
            keys.append("i:" + "".join([word[0] for word in core if word not in FUNCTION_WORDS]))
        elif len(core) == 1 and 2 < len(core[0]) < 6:
            keys.append(f"i:{core[0]}")
        return tuple(dict.fromkeys(keys))

    def _weak_keys(self, bones: list[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys([bones[0][:5]] + [f"s:{_sound(bone)}" for bone in bones[:2]]))

    def compare(self, left: Sequence[Standard], right: Sequence[Standard]) -> NDArray[np.uint8]:
        return organisation_levels(left, right)


@lru_cache(maxsize=1 << 17)
def is_own_word(word: str) -> bool:
    """Whether a word is the firm's own: no trade, no place, no number, no article."""
    return not (is_trade_word(word) or is_place_word(word) or word in FUNCTION_WORDS or word.isdigit())


def telling_words(core: list[str]) -> list[str]:
    """The words by which a firm may be found: its own ones first, then trade words, in their order.

    Never none.
    """
    telling = [word for word in core if word not in FUNCTION_WORDS] or core
    return [w for w in telling if is_own_word(w)] + [w for w in telling if not is_own_word(w)]


@dataclass(frozen=True, slots=True)
class RelatedOrganisation(OrganisationName):
    """The name of a firm that the record belongs to: an employer, a customer, a parent.

    It is compared like a name, but two records of one employer are seldom one person, so agreement says
    little and difference, since people change firms, says less.
    """

    name: ClassVar[str] = "related_organisation"
    levels: ClassVar[tuple[Level, ...]] = (
        Level("same firm and legal form", 0.66, 0.12),
        Level("same firm, legal form missing on one side", 0.05, 0.01),
        Level("same firm spelt, ordered or abbreviated differently", 0.08, 0.012),
        Level("same firm, other legal form", 0.02, 0.01),
        Level("one is the initials of the other", 0.01, 0.004),
        Level("one name has a further word", 0.02, 0.02),
        Level("same firm, other division, place or holding", 0.02, 0.04),
        Level("some words of its own in common", 0.02, 0.06),
        Level("different firm", 0.12, 0.724),
    )
    group: ClassVar[str] = "relation"

    def _keys(self, core: list[str], telling: list[str], bones: list[str]) -> tuple[str, ...]:
        return ()

    def _weak_keys(self, bones: list[str]) -> tuple[str, ...]:
        return (" ".join(sorted(bones[:2])),)
