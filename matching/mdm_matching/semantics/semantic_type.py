"""What a kind of value is: how it is standardised, which block keys it brings, how two of it compare."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from math import log2
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from mdm_matching.semantics.screening import Screen


@dataclass(frozen=True, slots=True)
class Level:
    """One degree of agreement between two values, best first in a type's `levels`.

    Attributes:
        label: what a steward reads, such as "same name, other legal form".
        m: share of this level among pairs of the same real thing, above 0 and below 1.
        u: share of this level among candidate pairs of different things, above 0 and below 1.
    """

    label: str
    m: float
    u: float

    @property
    def weight(self) -> float:
        """Evidence in bits (log2 odds): 0 says nothing, +10 makes a match 1,024 times likelier."""
        return log2(self.m / self.u)


@dataclass(frozen=True, slots=True)
class Standard:
    """One distinct value in canonical form.

    Attributes:
        text: the canonical form; two values with equal text are at level 0. Never empty.
        keys: block keys, each strong enough to make candidates alone. No prefix: the pipeline adds the
        column's. weak_keys: block keys that make candidates only together with a weak key of another column.
        parts: what the comparison needs beside the text (tokens, components), in the type's own order. note:
        what a steward should know, such as "legal form GmbH set aside"; empty if nothing.
    """

    text: str
    keys: tuple[str, ...] = ()
    weak_keys: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class SemanticType(ABC):
    """A kind of value.

    Subclasses are frozen dataclasses; their docstring is what a steward reads as explanation.

    Class attributes:
        name: stable identifier in snake case, such as `organisation_name`.
        levels: degrees of agreement, best first; level 0 is equality of `Standard.text`, the last is
        "different". frequency_levels: levels whose weight depends on how rare the agreed value is. group:
        columns of one group (name, address, contact, identity, time, relation) count as correlated evidence.
        exclusive: two different valid values prove two different things (a tax id): a link is forbidden.
        shared_limit: a value held by records of more than this many different names loses its force; 0 for
        never.
        key_space: columns whose types name the same space share weak keys, so that a given name written as
        family name still finds its record; "" for none. crossed_level: the level of a pair whose given
        and family names stand in each other's column; 0 for a type that is compared only with itself.
        named_levels: levels on which two namesakes agree because of their name alone: "jdoe1@" and "jdoe2@".
    """

    name: ClassVar[str]
    levels: ClassVar[tuple[Level, ...]]
    frequency_levels: ClassVar[frozenset[int]] = frozenset({0})
    group: ClassVar[str] = ""
    exclusive: ClassVar[bool] = False
    shared_limit: ClassVar[int] = 0
    named_levels: ClassVar[frozenset[int]] = frozenset()
    key_space: ClassVar[str] = ""
    crossed_level: ClassVar[int] = 0

    @property
    def context(self) -> str | None:
        """Name of the column whose value `standardise` also gets (a tax id's country), or None."""
        return None

    @abstractmethod
    def standardise(self, value: str, context: str = "") -> Standard | None:
        """The canonical form of one distinct value.

        None if it is blank, a placeholder or invalid: no evidence.
        """

    @abstractmethod
    def compare(self, left: Sequence[Standard], right: Sequence[Standard]) -> NDArray[np.uint8]:
        """Level index of each pair (left[k], right[k]) whose texts differ, so never 0.

        Symmetric and vectorised.

        Called once for the distinct value pairs of a batch, so its length is theirs, not the pairs'.
        """

    def screen(self, values: Sequence[Standard]) -> Screen | None:
        """What tells the level of most pairs of these values without `compare`, to the same result.

        None where every pair has to be compared.
        """
        return None
