"""Several values of one kind in one column, such as all client numbers that a firm is known by."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from mdm_matching.semantics.semantic_type import Level, SemanticType, Standard

SEPARATOR = "\x1f"
"""Stands between the values of one record; no value holds it."""

EQUAL_SHARE = 0.8
"""Of pairs that have a value in common, how many have all: a guess that only the order of levels rests on."""


class _Told:
    """An attribute of the class that each object answers by the type of its values."""

    def __init__(self, tell: Callable[[SemanticType], Any]) -> None:
        self.tell = tell

    def __get__(self, held: Several | None, owner: type[Several]) -> Any:
        return self if held is None else self.tell(held.of)


def _told(tell: Callable[[SemanticType], Any]) -> Any:
    return _Told(tell)


def _levels(of: SemanticType) -> tuple[Level, ...]:
    same, *others = of.levels
    all_of_them = Level(f"{same.label}, all of them", same.m * EQUAL_SHARE, same.u * EQUAL_SHARE)
    one = Level(f"{same.label}, one in common", same.m * (1 - EQUAL_SHARE), same.u * (1 - EQUAL_SHARE))
    return (all_of_them, one, *others)


@dataclass(frozen=True, slots=True)
class Several(SemanticType):
    """Several values of one kind, in any order: what two records have in common counts, once.

    Two records agree if any of their values do, and as much as the two that agree best. As a thing may have
    several of these values, two records without a common one are not proven to be two.

    Attributes:
        of: what each value is.
    """

    of: SemanticType
    name: ClassVar[str] = "several"
    levels: ClassVar[tuple[Level, ...]] = _told(_levels)
    frequency_levels: ClassVar[frozenset[int]] = _told(lambda of: of.frequency_levels & {0})
    group: ClassVar[str] = _told(lambda of: of.group)
    shared_limit: ClassVar[int] = _told(lambda of: of.shared_limit)

    @property
    def context(self) -> str | None:
        return self.of.context

    def standardise(self, value: str, context: str = "") -> Standard | None:
        standards = (self.of.standardise(one, context) for one in value.split(SEPARATOR))
        each = {standard.text: standard for standard in standards if standard is not None}
        if not each:
            return None
        ordered = [each[text] for text in sorted(each)]
        return Standard(
            SEPARATOR.join(standard.text for standard in ordered),
            tuple(dict.fromkeys(key for standard in ordered for key in standard.keys)),
            tuple(dict.fromkeys(key for standard in ordered for key in standard.weak_keys)),
            tuple(part for standard in ordered for part in _packed(standard)),
            "; ".join(dict.fromkeys(standard.note for standard in ordered if standard.note)),
        )

    def compare(self, left: Sequence[Standard], right: Sequence[Standard]) -> NDArray[np.uint8]:
        levels = np.full(len(left), len(self.of.levels), np.uint8)
        ones, others, places = list[Standard](), list[Standard](), list[int]()
        for place, (mine, theirs) in enumerate(zip(left, right, strict=True)):
            own, foreign = _unpacked(mine), _unpacked(theirs)
            if {one.text for one in own} & {other.text for other in foreign}:
                levels[place] = 1
                continue
            pairs = [(one, other) for one in own for other in foreign]
            ones += [one for one, _ in pairs]
            others += [other for _, other in pairs]
            places += [place] * len(pairs)
        if places:
            np.minimum.at(levels, places, self.of.compare(ones, others) + np.uint8(1))
        return levels


def _packed(standard: Standard) -> tuple[str, ...]:
    """A value as parts of the whole: text and parts are all that comparing looks at."""
    return (standard.text, str(len(standard.parts)), *standard.parts)


def _unpacked(standard: Standard) -> list[Standard]:
    found, parts, at = list[Standard](), standard.parts, 0
    while at < len(parts):
        end = at + 2 + int(parts[at + 1])
        found.append(Standard(parts[at], parts=tuple(parts[at + 2 : end])))
        at = end
    return found
