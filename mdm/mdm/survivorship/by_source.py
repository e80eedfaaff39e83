"""Rules that ask who says it, and when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from mdm.survivorship.claims import Circumstances, Claim
from mdm.survivorship.criteria import Criterion, age, recency
from mdm.survivorship.rule import Rule


@dataclass(frozen=True, slots=True)
class Prefer(Rule):
    """The value of the first of these sources or roles that has one; then the most recent."""

    name: ClassVar[str] = "prefer"
    sources: tuple[str, ...]

    def criteria(self, claims: Sequence[Claim], circumstances: Circumstances) -> tuple[Criterion, ...]:
        """The place of the claim's source among those named."""
        order = circumstances.order

        def place(claim: Claim) -> int:
            names = order.names(claim.source)
            return next((i for i, wanted in enumerate(self.sources) if wanted in names), len(self.sources))

        def tell(claim: Claim) -> str:
            at = place(claim)
            if at == len(self.sources):
                return f"{claim.source} is none of {', '.join(self.sources)}"
            return f"{claim.source} is number {at + 1} of {', '.join(self.sources)}"

        def flip(loser: Claim, winner: Claim) -> str:
            return f"if {winner.source}:{winner.source_key} had none"

        return (Criterion("source", place, tell, flip),)

    def describe(self) -> str:
        """`prefer(erp, crm)`."""
        return f"prefer({', '.join(self.sources)})"


@dataclass(frozen=True, slots=True)
class MostRecent(Rule):
    """The value that its source changed last, by the source's own clock; no clock ranks last."""

    name: ClassVar[str] = "most_recent"

    def criteria(self, claims: Sequence[Claim], circumstances: Circumstances) -> tuple[Criterion, ...]:
        """The source's clock."""
        return (recency(),)


@dataclass(frozen=True, slots=True)
class Oldest(Rule):
    """The value that its source has stated longest, by the source's own clock; no clock ranks last."""

    name: ClassVar[str] = "oldest"

    def criteria(self, claims: Sequence[Claim], circumstances: Circumstances) -> tuple[Criterion, ...]:
        """The source's clock, the earliest first."""
        return (age(),)
