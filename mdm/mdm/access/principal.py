"""Who asks: a person or program with its roles, and what those roles allow."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from mdm.entities import Sensitivity

ALL_DOMAINS = "*"
"""Instead of entity types: every one, also those declared later."""


class Role(StrEnum):
    """What somebody is at the hub."""

    viewer = "viewer"
    """Reads golden records and what explains them."""
    steward = "steward"
    """Reads, and decides about the entity types of their domain."""
    integrator = "integrator"
    """A program: reads, and hands in source records."""
    admin = "admin"
    """Everything."""
    auditor = "auditor"
    """Reads, with the log of who did and who read what; changes nothing."""


class Action(StrEnum):
    """What somebody may be allowed to do."""

    read = "read"
    """Golden records, their sources, history, lineage, the queue and the change feed."""
    decide = "decide"
    """Answer tasks, merge, override; within one's domains."""
    deliver = "deliver"
    """Hand in source records."""
    oversee = "oversee"
    """Quarantine, publications, and their receipts."""
    observe = "observe"
    """Metrics."""
    audit = "audit"
    """Who changed rights, and who read classified attributes."""
    administer = "administer"
    """Keys, replay, and all that has no action of its own."""


ACTIONS: dict[Role, frozenset[Action]] = {
    Role.viewer: frozenset({Action.read}),
    Role.steward: frozenset({Action.read, Action.decide, Action.oversee}),
    Role.integrator: frozenset({Action.read, Action.deliver, Action.observe}),
    Role.auditor: frozenset({Action.read, Action.oversee, Action.observe, Action.audit}),
    Role.admin: frozenset(Action),
}
"""What each role allows; what is not named is refused."""

COMMON = frozenset({Sensitivity.public, Sensitivity.internal})

SEES: dict[Role, frozenset[Sensitivity]] = {
    Role.viewer: COMMON,
    Role.steward: COMMON,
    Role.integrator: COMMON,
    Role.auditor: COMMON,
    Role.admin: frozenset(Sensitivity),
}
"""Which classes of attributes each role sees, of every entity type."""

SEES_IN_DOMAIN: dict[Role, frozenset[Sensitivity]] = {
    Role.steward: COMMON | {Sensitivity.personal},
}
"""Which classes a role sees of the entity types of its domain."""

Rows = tuple[tuple[str, frozenset[str]], ...]
"""Which rows: (dimension such as country or legal_entity, its values); all hold; none for every row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """Who asks.

    Attributes:
        name: what events and verdicts carry as author.
        domains: entity types a steward decides about; `*` for all.
        sees: classes of attributes seen of every entity type.
        sees_in_domain: classes seen of the entity types of `domains`.
        rows: which golden records exist for this principal at all.
        persisted_only: may run no GraphQL operation but the registered ones.
        key_id: of the API key it came with, "" if with another proof.
        audited: whether its reads of classified attributes are kept.
    """

    name: str
    roles: frozenset[Role] = frozenset()
    domains: frozenset[str] = frozenset()
    sees: frozenset[Sensitivity] = frozenset()
    sees_in_domain: frozenset[Sensitivity] = frozenset()
    rows: Rows = ()
    persisted_only: bool = False
    key_id: str = ""
    audited: bool = True

    def may(self, action: Action, entity_type: str | None = None) -> bool:
        """Whether one of the roles allows it; deciding also needs the entity type's domain."""
        roles = {role for role in self.roles if action in ACTIONS[role]}
        if action is not Action.decide or entity_type is None or Role.admin in roles:
            return bool(roles)
        return bool(roles) and self.has_domain(entity_type)

    def has_domain(self, entity_type: str) -> bool:
        """Whether the entity type is in the principal's domain."""
        return ALL_DOMAINS in self.domains or entity_type in self.domains

    def classes(self, entity_type: str) -> frozenset[Sensitivity]:
        """The classes of attributes that are seen of an entity type."""
        return self.sees | self.sees_in_domain if self.has_domain(entity_type) else self.sees

    @property
    def unrestricted(self) -> bool:
        """Whether nothing at all is kept from it."""
        return Role.admin in self.roles and self.sees == frozenset(Sensitivity) and not self.rows


def everything(name: str, *, audited: bool = False) -> Principal:
    """Somebody with full rights: the local user at the command line, and everybody with --dev."""
    return Principal(
        name=name,
        roles=frozenset({Role.admin}),
        domains=frozenset({ALL_DOMAINS}),
        sees=frozenset(Sensitivity),
        sees_in_domain=frozenset(Sensitivity),
        audited=audited,
    )
