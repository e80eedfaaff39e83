"""What a survivorship rule is: criteria in order, before the ties that make the order total."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from mdm.survivorship.claims import Circumstances, Claim
from mdm.survivorship.criteria import Criterion, soundness, ties


class Rule(ABC):
    """How one attribute's golden value is chosen: claims in order, best first. Rules are immutable values."""

    name: ClassVar[str]
    weighs_doubt: ClassVar[bool] = False
    """Whether the rule itself says what a failed validation costs; else flagged claims lose to sound ones."""

    @abstractmethod
    def criteria(self, claims: Sequence[Claim], circumstances: Circumstances) -> tuple[Criterion, ...]:
        """What these claims are compared by. Need not break ties."""

    def describe(self) -> str:
        """The rule in the notation of mdm.toml, such as `prefer(erp, crm)`."""
        return self.name

    def fired(self, claims: Sequence[Claim], circumstances: Circumstances) -> Rule:
        """The rule that is at work for these claims: itself, or the branch that its condition chooses."""
        return self

    def looks_at(self) -> frozenset[str]:
        """Other attributes of the golden record on which the choice depends."""
        return frozenset()

    def branches(self) -> tuple[Rule, ...]:
        """The rules that may be at work."""
        return (self,)

    def due(self, claims: Sequence[Claim], circumstances: Circumstances) -> datetime | None:
        """When the order of these claims may next change though no claim does; None for never."""
        return None


def all_criteria(rule: Rule, claims: Sequence[Claim], circumstances: Circumstances) -> tuple[Criterion, ...]:
    """Everything that claims are compared by under a rule, in order; two claims are never alike in all."""
    fired = rule.fired(claims, circumstances)
    doubt = () if fired.weighs_doubt else (soundness(),)
    return (*doubt, *fired.criteria(claims, circumstances), *ties(circumstances))


def rank(rule: Rule, claims: Sequence[Claim], circumstances: Circumstances) -> list[Claim]:
    """The claims, best first: sound before flagged, then the rule, recency, source rank and source key."""
    if len(claims) < 2:
        return list(claims)
    keys = [criterion.key for criterion in all_criteria(rule, claims, circumstances)]
    return sorted(claims, key=lambda claim: tuple(key(claim) for key in keys))
