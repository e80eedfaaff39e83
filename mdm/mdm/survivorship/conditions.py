"""Rules under conditions: another rule for German clients, for those that left, where the ERP has a say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from mdm.survivorship.claims import Circumstances, Claim, token_of
from mdm.survivorship.criteria import Criterion
from mdm.survivorship.rule import Rule

SOURCE = "source"
"""A condition of this name asks whether a source or role states the attribute."""


@dataclass(frozen=True, slots=True)
class Conditional(Rule):
    """One rule if every condition holds, else another.

    Attributes:
        conditions: attribute to the golden values that fulfil it; `source` to sources and roles.
    """

    name: ClassVar[str] = "when"
    conditions: tuple[tuple[str, tuple[str, ...]], ...]
    then: Rule
    otherwise: Rule

    def criteria(self, claims: Sequence[Claim], circumstances: Circumstances) -> tuple[Criterion, ...]:
        """Those of the branch that is at work."""
        return self.fired(claims, circumstances).criteria(claims, circumstances)

    def fired(self, claims: Sequence[Claim], circumstances: Circumstances) -> Rule:
        """The branch that is at work, to the end."""
        branch = self.then if self._holds(claims, circumstances) else self.otherwise
        return branch.fired(claims, circumstances)

    def describe(self) -> str:
        """`when(country=DE, then=prefer(erp), otherwise=most_recent)`."""
        asked = ", ".join(f"{name}={_either(values)}" for name, values in self.conditions)
        return f"when({asked}, then={self.then.describe()}, otherwise={self.otherwise.describe()})"

    def looks_at(self) -> frozenset[str]:
        """The attributes of the conditions, here and in the branches."""
        own = {name for name, _ in self.conditions if name != SOURCE}
        return frozenset(own) | self.then.looks_at() | self.otherwise.looks_at()

    def branches(self) -> tuple[Rule, ...]:
        """The rules of both branches."""
        return (*self.then.branches(), *self.otherwise.branches())

    def due(self, claims: Sequence[Claim], circumstances: Circumstances) -> datetime | None:
        """When the branch at work may change its order."""
        return self.fired(claims, circumstances).due(claims, circumstances)

    def _holds(self, claims: Sequence[Claim], circumstances: Circumstances) -> bool:
        return all(self._one_holds(name, wanted, claims, circumstances) for name, wanted in self.conditions)

    def _one_holds(
        self, name: str, wanted: Sequence[str], claims: Sequence[Claim], circumstances: Circumstances
    ) -> bool:
        if name == SOURCE:
            named = {n for claim in claims for n in circumstances.order.names(claim.source)}
            return not named.isdisjoint(wanted)
        value = circumstances.values.get(name)
        return value is not None and token_of(value) in wanted


def _either(values: Sequence[str]) -> str:
    return values[0] if len(values) == 1 else f"[{', '.join(values)}]"


def when(*, then: Rule, otherwise: Rule, **conditions: str | Sequence[str]) -> Conditional:
    """One rule if every condition holds, else another: `when(country="DE", then=..., otherwise=...)`.

    Args:
        conditions: attribute to its golden value, or several of which one is enough; `source` to a source or
            role that must state the attribute.
    """
    asked = {name: (v,) if isinstance(v, str) else tuple(v) for name, v in conditions.items()}
    return Conditional(tuple(asked.items()), then, otherwise)
