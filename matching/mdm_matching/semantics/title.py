"""Titles of projects, contracts, publications and products, and free text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from mdm_matching.semantics.model_numbers import is_model_number, model_numbers
from mdm_matching.semantics.placeholders import says_nothing
from mdm_matching.semantics.semantic_type import Level, Standard
from mdm_matching.semantics.settling import settled
from mdm_matching.semantics.string_measures import edits, first_level
from mdm_matching.semantics.text import words
from mdm_matching.semantics.title_words import text_words, title_weight, title_words
from mdm_matching.semantics.word_alignment import SHORTENED, align
from mdm_matching.semantics.word_rarity import WordRarity

_WORD_LIMIT = 48
# Letters by which a shortened word is found.
_BEGINNING = 4


def telling_pairs(tokens: Sequence[str], count: int) -> list[str]:
    """Pairs of the words that say most, as block keys.

    Of equal weight the longer and then the earlier word.
    """
    distinct = list(dict.fromkeys(tokens))
    ranked = sorted(distinct, key=lambda token: (-title_weight(token), -len(token), token))[:count]
    return [f"{min(a, b)} {max(a, b)}" for a, b in combinations(ranked, 2)]


def begun_pairs(tokens: Sequence[str]) -> list[str]:
    """Pairs of the beginnings of the words that say most: a shortened word keeps its own."""
    begun = [token[:_BEGINNING] for token in tokens if len(token) >= _BEGINNING and token.isalpha()]
    return [f"b:{pair}" for pair in telling_pairs(begun, 3)]


@dataclass(frozen=True, slots=True)
class Title(WordRarity):
    """The title of a project, a contract, a publication or a product.

    Words count in any order, shortened or with a slip of the pen. Numbers decide: "Phase 1" and "Phase 2",
    two lots, two years or two model numbers name siblings, however alike the rest is.
    """

    name: ClassVar[str] = "title"
    levels: ClassVar[tuple[Level, ...]] = (
        Level("same title", 0.405, 0.006),
        Level("same words, ordered, spelt or shortened differently", 0.258, 0.010),
        Level("same words, phase, lot or year missing on one side", 0.028, 0.012),
        Level("one title holds the other", 0.064, 0.015),
        Level("a model number or rare word in common", 0.08, 0.003),
        Level("most words in common", 0.073, 0.05),
        Level("same words, other phase, lot, year or model", 0.005, 0.12),
        Level("some words in common", 0.055, 0.30),
        Level("different title", 0.032, 0.484),
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
        codes = [f"c:{code}" for code in model_numbers(flat)[:3]]
        keys = codes + telling_pairs(flat, 5) + begun_pairs(flat) or [text]
        weak = sorted(flat, key=lambda token: (-title_weight(token), -len(token), token))[:2]
        return Standard(
            text, tuple(dict.fromkeys(keys)), tuple(dict.fromkeys(weak)), ("\x1f".join(marks), *flat)
        )

    def compare(self, left: Sequence[Standard], right: Sequence[Standard]) -> NDArray[np.uint8]:
        likeness = WordLikeness(left, right, self)
        marks = [
            (set(a.parts[0].split("\x1f")) - {""}, set(b.parts[0].split("\x1f")) - {""})
            for a, b in zip(left, right, strict=True)
        ]
        clash = np.fromiter((_clash(a, b) for a, b in marks), np.bool_, len(left)) | likeness.codes_clash
        one_sided = np.fromiter((a != b for a, b in marks), np.bool_, len(left))
        run = _runs_agree(left, right)
        same = (likeness.share >= 0.93) | run
        conditions = [
            ((same | (likeness.inside >= 0.95)) & clash, 6),
            (same & one_sided, 2),
            (same, 1),
            (likeness.inside >= 0.95, 3),
            (likeness.rare_shared & ~clash, 4),
            ((likeness.share >= 0.6) & clash | (likeness.rest >= 0.6) & likeness.codes_clash, 6),
            (likeness.share >= 0.6, 5),
            (likeness.share >= 0.3, 7),
        ]
        return first_level(conditions, 8)


class WordLikeness:
    """How much of two texts' words answer to each other, by weight.

    Attributes:
        share: weight of the answered words of both sides over the weight of all, 0 to 1.
        inside: weight of the answered words of the lighter side over its weight, 0 to 1; 0 where it has just
            one word.
        rest: the share among the words that are no model numbers.
        codes_clash: both sides carry model numbers that the other lacks, and share none.
        rare_shared: both sides carry one rare word, or one model number until words are counted.
    """

    def __init__(self, left: Sequence[Standard], right: Sequence[Standard], rarity: WordRarity) -> None:
        aligned = align(left, right, first=1)
        mine, theirs = aligned.weights(rarity.weight)
        codes = aligned.marks(is_model_number)
        held_left = np.where(aligned.left >= SHORTENED, mine, 0)
        held_right = np.where(aligned.right >= SHORTENED, theirs, 0)
        total_left, total_right = _some(mine), _some(theirs)
        self.share = (held_left.sum(axis=1) + held_right.sum(axis=1)) / (total_left + total_right)
        rest = _some(np.where(codes[0], 0, mine)) + _some(np.where(codes[1], 0, theirs))
        held_rest = np.where(codes[0], 0, held_left).sum(axis=1) + np.where(codes[1], 0, held_right).sum(
            axis=1
        )
        self.rest = held_rest / rest
        inside_left, inside_right = held_left.sum(axis=1) / total_left, held_right.sum(axis=1) / total_right
        lighter = np.select(
            [total_left < total_right, total_left > total_right],
            [inside_left, inside_right],
            np.maximum(inside_left, inside_right),
        )
        fewest = np.minimum((aligned.left_words >= 0).sum(axis=1), (aligned.right_words >= 0).sum(axis=1))
        self.inside = np.where(fewest > 1, lighter, 0)
        open_left = (codes[0] & (aligned.left < 1)).any(axis=1)
        open_right = (codes[1] & (aligned.right < 1)).any(axis=1)
        shared = (codes[0] & (aligned.left >= 1)).any(axis=1)
        self.codes_clash = open_left & open_right & ~shared
        rare = aligned.marks(rarity.is_rare)[0] if rarity.rare_word else codes[0]
        self.rare_shared = (rare & (aligned.left >= 1)).any(axis=1)


def _some(weights: NDArray[np.int64]) -> NDArray[np.int64]:
    """The weight of each row, never nothing."""
    return np.asarray(np.maximum(weights.sum(axis=1), 1))


def _clash(left: set[str], right: set[str]) -> bool:
    """Whether both titles carry a mark of one kind and not the same: "phase 1" and "phase 2"."""
    only_left, only_right = left - right, right - left
    return bool({_kind(mark) for mark in only_left} & {_kind(mark) for mark in only_right}) or bool(
        only_left
        and only_right
        and {_last(m) for m in only_left} != {_last(m) for m in only_right}
        and _bare(only_left | only_right)
    )


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


@dataclass(frozen=True, slots=True)
class FreeText(WordRarity):
    """A description, a remark, an abstract.

    Its rarer words and model numbers are what counts; order does not.
    """

    name: ClassVar[str] = "free_text"
    levels: ClassVar[tuple[Level, ...]] = (
        Level("same text", 0.18, 0.006),
        Level("nearly all words in common", 0.198, 0.012),
        Level("one text holds the other", 0.144, 0.03),
        Level("a model number or rare word in common", 0.10, 0.004),
        Level("most words in common", 0.126, 0.06),
        Level("some words in common", 0.144, 0.30),
        Level("different text", 0.108, 0.588),
    )
    group: ClassVar[str] = "name"

    def standardise(self, value: str, context: str = "") -> Standard | None:
        tokens = text_words(value[:4000])
        if says_nothing(tokens):
            return None
        kept = list(dict.fromkeys(tokens[:_WORD_LIMIT]))
        ranked = sorted(kept, key=lambda token: (-title_weight(token), -len(token), token))
        keys = [f"c:{code}" for code in model_numbers(kept)[:3]] + telling_pairs(kept, 4)
        return Standard(" ".join(tokens), tuple(dict.fromkeys(keys)), tuple(ranked[:2]), ("", *ranked))

    def compare(self, left: Sequence[Standard], right: Sequence[Standard]) -> NDArray[np.uint8]:
        likeness = WordLikeness(left, right, self)
        conditions = [
            (likeness.share >= 0.9, 1),
            (likeness.inside >= 0.9, 2),
            (likeness.rare_shared, 3),
            (likeness.share >= 0.6, 4),
            (likeness.share >= 0.3, 5),
        ]
        return first_level(conditions, 6)
