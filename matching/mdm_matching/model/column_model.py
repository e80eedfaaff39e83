"""What a model knows about one column: its type, its levels' weights, its values' frequencies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from mdm_matching.semantics.semantic_type import Level, SemanticType


@dataclass(frozen=True, slots=True)
class ColumnModel:
    """One column of a match model.

    Attributes:
        name: the column's name.
        semantic: the semantic type with its parameters.
        levels: the levels of agreement, best first, with their shares m and u.
        group: columns of one group are correlated evidence.
        exclusive: two different valid values forbid a link.
        frequencies: share of the records that hold a value, by canonical text, for the values that are
            common.
        rare: share that stands for every value that `frequencies` does not name; 0 where frequency says
            nothing.
        typical: share of the value on which two different things agree, on average.
        taught: bits that labelled pairs add to the weight of each level; empty if there were none.
    """

    name: str
    semantic: SemanticType
    levels: tuple[Level, ...]
    group: str
    exclusive: bool
    frequencies: Mapping[str, float] = field(default_factory=dict[str, float])
    rare: float = 0.0
    typical: float = 0.0
    taught: tuple[float, ...] = ()

    @classmethod
    def default(cls, name: str, semantic: SemanticType) -> ColumnModel:
        """The column with the default weights of its semantic type, and no frequencies."""
        return cls(name, semantic, semantic.levels, semantic.group, semantic.exclusive)

    def bits(self, level: int) -> float:
        """Evidence of a level, in bits: what was fitted and what labels added."""
        return self.levels[level].weight + (self.taught[level] if self.taught else 0.0)
