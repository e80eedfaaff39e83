"""Puts stewards' values in the place of those that the rules chose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from mdm.entities import EntityType
from mdm.overrides.bans import BannedClaim, without_banned
from mdm.overrides.lifetime import Lifetime, in_force
from mdm.overrides.standing import Said, StandingOverride
from mdm.store.chunks import rows_in
from mdm.store.decisions import IssuedId
from mdm.survivorship import Choice, Claim

STEWARD = "steward"
"""The source of a value that a steward set; its key is the author."""


@dataclass(frozen=True, slots=True)
class Applied:
    """What stewards said about one golden record, and what decides whether it is in force.

    Attributes:
        newest_version: the greatest current version id among its source records.
        moment: for which its values are asked.
    """

    said: Said
    golden_id: str
    newest_version: int
    moment: datetime

    def without_banned(
        self, entity_type: EntityType, claims: Mapping[str, Sequence[Claim]]
    ) -> tuple[Mapping[str, Sequence[Claim]], dict[str, list[BannedClaim]]]:
        """The claims that may be chosen, and those that are banned, by attribute."""
        if not self.said.bans:
            return claims, {}
        allowed: dict[str, Sequence[Claim]] = {}
        banned: dict[str, list[BannedClaim]] = {}
        for name, own in claims.items():
            allowed[name], out = without_banned(entity_type.by_name[name], own, self.said.banned(name))
            if out:
                banned[name] = out
        return allowed, banned

    def holds(self, override: StandingOverride, claims: Sequence[Claim]) -> bool:
        """Whether the golden record shows the override's value; a reference to itself it never shows."""
        if override.proposal or override.value == self.golden_id:
            return False
        return in_force(override, claims, self.newest_version, self.moment)

    def amended(self, name: str, choice: Choice | None, claims: Sequence[Claim]) -> Choice | None:
        """The override of an attribute if one is in force, else what the rule chose."""
        override = self.said.own(name)
        if override is None or not self.holds(override, claims):
            return choice
        return override_choice(override, choice)

    @property
    def due(self) -> datetime | None:
        """When the first of the overrides ends by its date; None if none does."""
        ends = (o.until for o in self.said.overrides if o.lifetime is Lifetime.date and not o.proposal)
        return min((end for end in ends if end is not None and end > self.moment), default=None)


def override_choice(override: StandingOverride, instead_of: Choice | None) -> Choice:
    """The override as a choice; it beats whatever the rule chose and what that beat."""
    claim = Claim(override.attribute, override.value, STEWARD, override.author, changed_at=override.at)
    beats = (instead_of.claim, *instead_of.beats) if instead_of else ()
    return Choice(override.attribute, override.value, claim, rule_of(override), beats, override.id)


def rule_of(override: StandingOverride) -> str:
    """How long it holds, as the rule that is kept with the value: `override(until 2026-12-31)`."""
    match override.lifetime:
        case Lifetime.forever:
            return "override(forever)"
        case Lifetime.basis:
            return "override(until the sources change)"
        case Lifetime.date:
            return f"override(until {override.until:%Y-%m-%d %H:%M})" if override.until else "override"
        case Lifetime.next_write:
            return "override(until the next source write)"


def followed(session: Session, entity_type: EntityType, said: Mapping[str, Said]) -> dict[str, Said]:
    """The same, with overrides of references following the redirects of the ids that they hold."""
    names = {attribute.name for attribute in entity_type.references}
    held = {str(o.value) for s in said.values() for o in s.overrides if o.attribute in names}
    if not held:
        return dict(said)
    query = select(col(IssuedId.golden_id), col(IssuedId.redirected_to)).where(
        col(IssuedId.redirected_to).is_not(None)
    )
    leads = {row[0]: row[1] for row in rows_in(session, query, col(IssuedId.golden_id), held)}

    def follow(override: StandingOverride) -> StandingOverride:
        if override.attribute not in names or override.value not in leads:
            return override
        return replace(override, value=leads[override.value])

    return {g: replace(s, overrides=tuple(follow(o) for o in s.overrides)) for g, s in said.items()}
