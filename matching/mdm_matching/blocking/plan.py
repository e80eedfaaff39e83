"""Plan: how many pairs the block keys will make and what they will cost, known before any is made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mdm_matching.blocking.groups import Groups

if TYPE_CHECKING:
    from mdm_matching.standardising.standard_table import StandardTable

# CPU seconds to make, compare and score a pair, by column, as measured and rounded up.
_SECONDS_A_COLUMN = 5e-7
# Bytes that a pair takes beside its levels: two rows, weight, probability, and the room to sort them.
_BYTES = 48


@dataclass(frozen=True, slots=True)
class KeyCount:
    """What the keys of one kind make.

    Attributes:
        columns: the columns that make the keys, one or two, or more where some share their weak keys.
        keys: how many keys the records hold.
        pairs: how many pairs share one that is not too common, at most.
        capped: how many keys are too common to make pairs.
    """

    columns: tuple[str, ...]
    keys: int
    pairs: int
    capped: int


@dataclass(frozen=True, slots=True)
class Plan:
    """What matching will have to do, at most: pairs that share several keys are counted for each.

    Attributes:
        rows: how many records there are.
        columns: how many columns are compared.
        kinds: what each kind of keys makes, the most pairs first.
        equal: pairs of records that are equal in everything.
        alone: pairs that weak keys of one column add by themselves, at most.
    """

    rows: int
    columns: int
    kinds: tuple[KeyCount, ...]
    equal: int
    alone: int = 0

    @property
    def pairs(self) -> int:
        """Pairs at most."""
        return self.equal + self.alone + sum(kind.pairs for kind in self.kinds)

    @property
    def seconds(self) -> float:
        """CPU seconds that making, comparing and scoring them takes at most, roughly."""
        return self.pairs * self.columns * _SECONDS_A_COLUMN

    @property
    def size(self) -> int:
        """Bytes that they take in memory at most, roughly."""
        return self.pairs * (_BYTES + self.columns)

    def __str__(self) -> str:
        commonest = [kind for kind in self.kinds[:3] if kind.pairs]
        most = ", ".join(f"{' and '.join(kind.columns)} {kind.pairs:,}" for kind in commonest)
        by = f" (by {most})" if most else ""
        return (
            f"at most {self.pairs:,} pairs of {self.rows:,} rows{by}, "
            f"about {self.seconds:,.0f} CPU seconds and {self.size / 1e6:,.0f} MB"
        )


def plan_of(groups: Sequence[Groups], table: StandardTable, cap: int, equal: int, alone: int) -> Plan:
    """The plan for keys that make candidates if at most `cap` records hold them.

    Args:
        groups: the records that hold each key.
        table: the records.
        cap: how many records may hold a key that makes candidates.
        equal: pairs of records that are equal in everything.
        alone: pairs that weak keys add by themselves, at most.
    """
    kinds = [
        KeyCount(kind.kind, kind.held, kind.expected(1, cap), int((kind.sizes > cap).sum()))
        for kind in groups
    ]
    commonest = sorted(kinds, key=lambda kind: (-kind.pairs, kind.columns))
    return Plan(table.rows, len(table.columns), tuple(commonest), equal, alone)
