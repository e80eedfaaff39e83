"""Whole addresses in one column."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from mdm_matching.semantics.placeholders import is_placeholder
from mdm_matching.semantics.semantic_type import Level, SemanticType, Standard
from mdm_matching.semantics.settling import settled
from mdm_matching.semantics.street_words import street_types, street_words
from mdm_matching.semantics.string_measures import first_level
from mdm_matching.semantics.text import folded, skeleton
from mdm_matching.semantics.word_alignment import SLIP, align

_POSTCODE = re.compile(
    r"\b(\d{5}|[a-z]{1,2}\d[a-z\d]? ?\d[a-z]{2}|\d{4} ?[a-z]{2}|[a-z]\d[a-z] ?\d[a-z]\d)\b"
)


@dataclass(frozen=True, slots=True)
class FullAddress(SemanticType):
    """A whole address in one line: street, number, city, postcode.

    House number and postcode must agree where both sides have them; of the words, most must, slips of the pen
    allowed.
    """

    name: ClassVar[str] = "full_address"
    levels: ClassVar[tuple[Level, ...]] = (
        Level("same address", 0.45, 0.05),
        Level("same number, and nearly all words", 0.22, 0.015),
        Level("same number, and most words", 0.08, 0.015),
        Level("same words, number missing on one side", 0.04, 0.01),
        Level("same street, other number", 0.03, 0.06),
        Level("some words in common", 0.05, 0.15),
        Level("different address", 0.13, 0.70),
    )
    group: ClassVar[str] = "address"

    def standardise(self, value: str, context: str = "") -> Standard | None:
        return None if is_placeholder(value) else settled(self._once, value)

    def _once(self, value: str) -> Standard | None:
        text = folded(value).replace("\n", ", ")
        found = _POSTCODE.findall(text)
        postcode = found[-1].replace(" ", "") if found and not text.startswith(found[-1]) else ""
        rest = (
            text[: text.rindex(found[-1])] + text[text.rindex(found[-1]) + len(found[-1]) :]
            if postcode
            else text
        )
        parts = street_words(rest)
        if not parts.street:
            return None
        text = " ".join(
            filter(None, (parts.number, *parts.street, f"unit {parts.unit}" if parts.unit else "", postcode))
        )
        main = [skeleton(word) for word in parts.street if word not in street_types()] or list(parts.street)
        keys = [f"{parts.number} {word}" for word in main[:3] if parts.number]
        keys += [f"{parts.number} {postcode}"] if parts.number and postcode else []
        weak = tuple(filter(None, (postcode, main[0])))
        return Standard(text, tuple(dict.fromkeys(keys)), weak, (parts.number, postcode, *parts.street))

    def compare(self, left: Sequence[Standard], right: Sequence[Standard]) -> NDArray[np.uint8]:
        aligned = align(left, right, first=2)
        types = street_types()
        mine, theirs = aligned.weights(lambda word: 0.2 if word in types else 1.0)
        held = ((aligned.left >= SLIP - 0.06) * mine).sum(axis=1) + (
            (aligned.right >= SLIP - 0.06) * theirs
        ).sum(axis=1)
        share = held / np.maximum(mine.sum(axis=1) + theirs.sum(axis=1), 1)
        fewest = np.maximum(np.minimum(mine.sum(axis=1), theirs.sum(axis=1)), 1)
        inside = held / 2 / fewest >= 0.95
        pairs = [(a.parts, b.parts) for a, b in zip(left, right, strict=True)]
        same = np.fromiter((a[0] == b[0] for a, b in pairs), np.bool_, len(pairs))
        missing = np.fromiter((a[0] == "" or b[0] == "" for a, b in pairs), np.bool_, len(pairs))
        apart = np.fromiter(
            (a[1] != "" and b[1] != "" and a[1] != b[1] for a, b in pairs), np.bool_, len(pairs)
        )
        near = (share >= 0.8) | inside
        conditions = [
            (same & near & ~apart, 1),
            (same & (share >= 0.5), 2),
            (missing & near & ~apart, 3),
            (near, 4),
            (share >= 0.3, 5),
        ]
        return first_level(conditions, 6)
