"""Rules that ask what is said: how often, how much, how large."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import total_ordering
from typing import Any, ClassVar

from mdm.survivorship.claims import Circumstances, Claim
from mdm.survivorship.criteria import Criterion
from mdm.survivorship.rule import Rule


@dataclass(frozen=True, slots=True)
class MostFrequent(Rule):
    """The value that most source records state; then the most recent."""

    name: ClassVar[str] = "most_frequent"

    def criteria(self, claims: Sequence[Claim], circumstances: Circumstances) -> tuple[Criterion, ...]:
        """How many records state the value."""
        counts = Counter(claim.token for claim in claims)

        def flip(loser: Claim, winner: Claim) -> str:
            more = counts[winner.token] - counts[loser.token] + 1
            return f"if {more} more {'record' if more == 1 else 'records'} stated it"

        tell = "stated by {} of {} records"
        return (
            Criterion(
                "frequency",
                lambda claim: -counts[claim.token],
                lambda claim: tell.format(counts[claim.token], len(claims)),
                flip,
            ),
        )


@dataclass(frozen=True, slots=True)
class MostComplete(Rule):
    """The value of the source record that states the most attributes; then the most recent."""

    name: ClassVar[str] = "most_complete"

    def criteria(self, claims: Sequence[Claim], circumstances: Circumstances) -> tuple[Criterion, ...]:
        """How many attributes the record states."""
        stated = circumstances.stated
        return (
            Criterion(
                "completeness",
                lambda claim: -stated.get(claim.record_id, 0),
                lambda claim: f"its record states {stated.get(claim.record_id, 0)} attributes",
                lambda loser, winner: (
                    f"if its record stated more than {stated.get(winner.record_id, 0)} attributes"
                ),
            ),
        )


@dataclass(frozen=True, slots=True)
class Longest(Rule):
    """The longest text; then the most recent."""

    name: ClassVar[str] = "longest"

    def criteria(self, claims: Sequence[Claim], circumstances: Circumstances) -> tuple[Criterion, ...]:
        """The number of letters."""
        return (
            Criterion(
                "length",
                lambda claim: -len(claim.token),
                lambda claim: f"{len(claim.token)} characters",
                lambda loser, winner: f"if it had more than {len(winner.token)} characters",
            ),
        )


@dataclass(frozen=True, slots=True)
class Minimum(Rule):
    """The smallest number, the earliest date, or the first text by its letters."""

    name: ClassVar[str] = "minimum"

    def criteria(self, claims: Sequence[Claim], circumstances: Circumstances) -> tuple[Criterion, ...]:
        """The value itself; numbers before texts."""
        return (
            Criterion(
                "size",
                _size,
                lambda claim: f"{claim.value}",
                lambda loser, winner: f"if it were less than {winner.value}",
            ),
        )


@dataclass(frozen=True, slots=True)
class Maximum(Rule):
    """The greatest number, the latest date, or the last text by its letters."""

    name: ClassVar[str] = "maximum"

    def criteria(self, claims: Sequence[Claim], circumstances: Circumstances) -> tuple[Criterion, ...]:
        """The value itself, the greatest first."""
        return (
            Criterion(
                "size",
                lambda claim: _Downwards(_size(claim)),
                lambda claim: f"{claim.value}",
                lambda loser, winner: f"if it were more than {winner.value}",
            ),
        )


@dataclass(frozen=True, slots=True)
class Union(Rule):
    """All distinct values, best source first."""

    name: ClassVar[str] = "union"

    def criteria(self, claims: Sequence[Claim], circumstances: Circumstances) -> tuple[Criterion, ...]:
        """Nothing but the ties: no value is left out."""
        return ()


def _size(claim: Claim) -> tuple[bool, Any]:
    """A number by its size; a date as ISO 8601 sorts by its letters, as any text does."""
    number = isinstance(claim.value, int | float)
    return (not number, claim.value if number else claim.token)


@total_ordering
@dataclass(frozen=True, slots=True)
class _Downwards:
    """A key whose order is turned round."""

    key: tuple[bool, Any]

    def __lt__(self, other: _Downwards) -> bool:
        return self.key > other.key
