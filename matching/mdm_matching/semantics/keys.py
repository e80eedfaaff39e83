"""Keys that are equal or not: references to golden records, and composite keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from mdm_matching.semantics.semantic_type import Level, SemanticType, Standard


@dataclass(frozen=True, slots=True)
class Reference(SemanticType):
    """The golden record that a record refers to: its client, its cost center. The same one or another one."""

    name: ClassVar[str] = "reference"
    levels: ClassVar[tuple[Level, ...]] = (
        Level("refer to the same record", 0.94, 0.06),
        Level("refer to different records", 0.06, 0.94),
    )
    group: ClassVar[str] = "relation"

    def standardise(self, value: str, context: str = "") -> Standard | None:
        text = value.strip()
        return Standard(text, (), (text,)) if text else None

    def compare(self, left: Sequence[Standard], right: Sequence[Standard]) -> NDArray[np.uint8]:
        return np.ones(len(left), np.uint8)


@dataclass(frozen=True, slots=True)
class SourceSystem(SemanticType):
    """The system a record comes from. One system seldom holds the same thing twice; two systems often do."""

    name: ClassVar[str] = "source_system"
    levels: ClassVar[tuple[Level, ...]] = (
        Level("same system, which seldom holds a thing twice", 0.08, 0.40),
        Level("two systems", 0.92, 0.60),
    )
    frequency_levels: ClassVar[frozenset[int]] = frozenset()

    def standardise(self, value: str, context: str = "") -> Standard | None:
        text = value.strip()
        return Standard(text) if text else None

    def compare(self, left: Sequence[Standard], right: Sequence[Standard]) -> NDArray[np.uint8]:
        return np.ones(len(left), np.uint8)


@dataclass(frozen=True, slots=True)
class ExactKey(SemanticType):
    """A key that alone says whether two records are the same thing: equal is yes (+20 bits), different no."""

    name: ClassVar[str] = "exact_key"
    levels: ClassVar[tuple[Level, ...]] = (
        Level("same key", 0.9999, 0.0000009),
        Level("different key", 0.0001, 0.9999991),
    )
    frequency_levels: ClassVar[frozenset[int]] = frozenset()
    group: ClassVar[str] = "identity"

    def standardise(self, value: str, context: str = "") -> Standard | None:
        text = value.strip()
        return Standard(text, (text,)) if text else None

    def compare(self, left: Sequence[Standard], right: Sequence[Standard]) -> NDArray[np.uint8]:
        return np.ones(len(left), np.uint8)
