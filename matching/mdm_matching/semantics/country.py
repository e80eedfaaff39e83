"""Countries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from mdm_matching.semantics.country_codes import country_code
from mdm_matching.semantics.placeholders import says_nothing
from mdm_matching.semantics.semantic_type import Level, SemanticType, Standard
from mdm_matching.semantics.text import words


@dataclass(frozen=True, slots=True)
class Country(SemanticType):
    """A country, by ISO code or by name in several languages: "Deutschland", "DEU" and "Germany" are DE.

    Two firms in one country are seldom one firm; records of one firm seldom name two countries.
    """

    name: ClassVar[str] = "country"
    levels: ClassVar[tuple[Level, ...]] = (
        Level("same country", 0.95, 0.62),
        Level("different country", 0.05, 0.38),
    )
    group: ClassVar[str] = "address"

    def standardise(self, value: str, context: str = "") -> Standard | None:
        code = country_code(value)
        if code:
            return Standard(code)
        tokens = words(value)
        return None if says_nothing(tokens) else Standard(" ".join(tokens), note="country not known")

    def compare(self, left: Sequence[Standard], right: Sequence[Standard]) -> NDArray[np.uint8]:
        return np.ones(len(left), np.uint8)
