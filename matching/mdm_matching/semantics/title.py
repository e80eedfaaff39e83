"""Titles of projects, contracts, publications and products."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from mdm_matching.semantics.model_numbers import number_keys, run_keys
from mdm_matching.semantics.placeholders import says_nothing
from mdm_matching.semantics.semantic_type import Level, Standard
from mdm_matching.semantics.settling import settled
from mdm_matching.semantics.string_measures import edits, first_level
from mdm_matching.semantics.text import words
from mdm_matching.semantics.text_likeness import TextLikeness
from mdm_matching.semantics.title_words import counts_parts, title_weight, title_words
from mdm_matching.semantics.word_alignment import MOST_WORDS
from mdm_matching.semantics.word_rarity import WordRarity

# Letters by which a shortened word is found.
_BEGINNING = 4
# Shorter words are not shortened, and do not count: "it", "of".
_SHORTEST = 3


def telling_pairs(tokens: Sequence[str], count: int) -> list[str]:
    """Pairs of the words that say most, as block keys.

    Of equal weight the longer and then the earlier word.
    """
    distinct = list(dict.fromkeys(tokens))
    ranked = sorted(distinct, key=lambda token: (-title_weight(token), -len(token), token))[:count]
    return [f"{min(a, b)} {max(a, b)}" for a, b in combinations(ranked, 2)]


def begun_pairs(tokens: Sequence[str]) -> list[str]:
    """Pairs of the beginnings of the words that say most: a shortened word keeps its own."""
    begun = [token[:_BEGINNING] for token in tokens if len(token) >= _SHORTEST and token.isalpha()]
    return [f"b:{pair}" for pair in telling_pairs(begun, 3)]


def _beginning(token: str) -> str:
    """The letters by which a shortened word is found; of a number or a code all of it."""
    return token[:_BEGINNING] if token.isalpha() else token


def _weak_keys(tokens: Sequence[str]) -> tuple[str, ...]:
    """Beginnings of the words that say most, two and two and alone.

    Two of them beside another column's value are found where many records hold those two.
    """
    ranked = sorted(tokens, key=lambda token: (-title_weight(token), -len(token), token))
    begun = list(dict.fromkeys(map(_beginning, ranked)))
    pairs = (f"{min(pair)} {max(pair)}" for pair in combinations(begun[:3], 2))
    return (*pairs, *begun[:2])


def _aligned(tokens: list[str]) -> list[str]:
    """The words that are compared, in order: of a long title those that say most."""
    if len(tokens) <= MOST_WORDS:
        return tokens
    ranked = sorted(range(len(tokens)), key=lambda place: (-title_weight(tokens[place]), place))
    return [tokens[place] for place in sorted(ranked[:MOST_WORDS])]


@dataclass(frozen=True, slots=True)
class Title(WordRarity):
    """The title of a project, a contract, a publication or a product.

    Words count in any order, shortened or with a slip of the pen. A model number that hardly another record
    holds is the strongest sign, also with letters for a colour or a market behind it. Numbers decide: "Phase
    1" and "Phase 2", two lots, two years or two model numbers name siblings, however alike the rest is.
    """

    name: ClassVar[str] = "title"
    levels: ClassVar[tuple[Level, ...]] = (
        Level("same title", 0.405, 0.006),
        Level("same words, ordered, spelt or shortened differently", 0.258, 0.010),
        Level("same words, phase, lot or year missing on one side", 0.028, 0.012),
        Level("a model number in common that hardly another record holds", 0.05, 0.0001),
        Level("a model number of one begins that of the other", 0.01, 0.0002),
        Level("one title holds the other", 0.064, 0.015),
        Level("a model number or rare word in common", 0.045, 0.003),
        Level("most words in common", 0.065, 0.05),
        Level("same words, other phase, lot, year or model", 0.005, 0.12),
        Level("some words in common", 0.05, 0.30),
        Level("different title", 0.02, 0.4837),
    )
    group: ClassVar[str] = "name"

    def standardise(self, value: str, context: str = "") -> Standard | None:
        return None if says_nothing(words(value)) else settled(self._once, value)

    def _once(self, value: str) -> Standard | None:
        kept, marks = title_words(value)
        if not kept:
            return None
        text = " ".join((*kept, *marks))
        flat = " ".join(kept).split()
        keys = number_keys(flat, 3) + run_keys(value, counts_parts, 3) + telling_pairs(flat, 5) + begun_pairs(
            flat
        ) or [text]
        return Standard(
            text,
            tuple(dict.fromkeys(keys)),
            _weak_keys(flat),
            ("\x1f".join(marks), *_aligned(flat)),
        )

    def compare(self, left: Sequence[Standard], right: Sequence[Standard]) -> NDArray[np.uint8]:
        likeness = TextLikeness(left, right, self)
        marks = [
            (set(a.parts[0].split("\x1f")) - {""}, set(b.parts[0].split("\x1f")) - {""})
            for a, b in zip(left, right, strict=True)
        ]
        clash = np.fromiter((_clash(a, b) for a, b in marks), np.bool_, len(left)) | likeness.codes_clash
        named = np.fromiter((_named_clash(a, b) for a, b in marks), np.bool_, len(left))
        one_sided = np.fromiter((a != b for a, b in marks), np.bool_, len(left))
        run = _runs_agree(left, right) & ~likeness.words_clash
        same = (likeness.share >= 0.93) | run
        # Two titles worded by themselves tell other measures ("27 inch", "3.6 cubic feet") of the one model.
        code_stands = ~named & ~(clash & (same | (likeness.inside >= 0.95)))
        conditions = [
            (likeness.code_shared & code_stands, 3),
            ((same | (likeness.inside >= 0.95)) & clash, 8),
            (same & one_sided, 2),
            (same, 1),
            (likeness.code_begun & code_stands, 4),
            (likeness.inside >= 0.95, 5),
            (likeness.rare_shared & ~clash, 6),
            ((likeness.share >= 0.6) & clash | (likeness.rest >= 0.6) & likeness.codes_clash, 8),
            (likeness.share >= 0.6, 7),
            (likeness.share >= 0.3, 9),
        ]
        return first_level(conditions, 10)


def _clash(left: set[str], right: set[str]) -> bool:
    """Whether both titles carry a mark of one kind and not the same: "phase 1" and "phase 2"."""
    only_left, only_right = left - right, right - left
    return bool(_kinds(only_left) & _kinds(only_right)) or bool(
        only_left
        and only_right
        and {_last(m) for m in only_left} != {_last(m) for m in only_right}
        and _bare(only_left | only_right)
    )


def _named_clash(left: set[str], right: set[str]) -> bool:
    """Whether they clash in what a word names: a phase, a lot, a year, not a bare number."""
    return bool((_kinds(left - right) & _kinds(right - left)) - {""})


def _kinds(marks: set[str]) -> set[str]:
    return {_kind(mark) for mark in marks}


def _kind(mark: str) -> str:
    return mark.partition(" ")[0] if " " in mark else ""


def _last(mark: str) -> str:
    return mark.rpartition(" ")[2]


def _bare(marks: set[str]) -> bool:
    return any(" " not in mark for mark in marks)


def _runs_agree(left: Sequence[Standard], right: Sequence[Standard]) -> NDArray[np.bool_]:
    """Whether the titles are equal but for blanks and a slip or two."""
    one = ["".join(value.parts[1:]) for value in left]
    other = ["".join(value.parts[1:]) for value in right]
    sizes = np.fromiter((min(len(a), len(b)) for a, b in zip(one, other, strict=True)), np.int32, len(one))
    distance = edits(one, other, most=3)
    digits = np.fromiter(
        (_digits(a) == _digits(b) for a, b in zip(one, other, strict=True)), np.bool_, len(one)
    )
    return (distance <= 3) & (distance <= (sizes >= 6) + 0 + (sizes >= 14) + (sizes >= 30)) & digits


def _digits(text: str) -> str:
    return "" if text.isalpha() else "".join(filter(str.isdigit, text))
