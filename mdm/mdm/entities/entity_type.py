"""An entity type compiled from its declaration: what every other part of the hub reads."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from mdm.effective import Period
from mdm.entities.declaration import Sensitivity
from mdm.entities.trusted_ids import USUAL, TrustedId
from mdm.errors import DeclarationError
from mdm.survivorship import Rule
from mdm_matching.semantics import SemanticType


class Kind(StrEnum):
    """How an attribute's value is held."""

    text = "text"
    number = "number"
    date = "date"
    texts = "texts"
    """Several texts, such as all phones."""
    reference = "reference"
    """A golden id of another record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """One attribute of an entity type.

    Attributes:
        semantic: what kind of value it is for matching; None if it is no evidence.
        rule: how its golden value is chosen among the claims.
        group: name of the group whose values survive together, empty if none.
        target: entity type a reference leads to, empty if it is no reference.
        hierarchy: a reference to the same type that forms a tree.
        words: the words it may hold; empty for any.
        trusted: how far its values are trusted as ids.
        inverse: a reference's name seen from the other side, such as `subsidiaries`; empty for the default.
        deprecated: what to use instead, if it will go; else empty.
    """

    name: str
    kind: Kind
    semantic: SemanticType | None
    rule: Rule
    description: str = ""
    group: str = ""
    target: str = ""
    hierarchy: bool = False
    evidence: bool = True
    required: bool = False
    words: tuple[str, ...] = ()
    inverse: str = ""
    deprecated: str = ""
    trusted: TrustedId = USUAL
    sensitivity: Sensitivity = Sensitivity.internal

    @property
    def lasting(self) -> bool:
        """Whether it holds ids that are never issued again, as an authority's are unless it is said."""
        if self.semantic is None:
            return False
        if self.trusted.reissued is not None:
            return not self.trusted.reissued
        return self.semantic.exclusive


def _has_due(rule: Rule) -> bool:
    return type(rule).due is not Rule.due


@dataclass(frozen=True)
class EntityType:
    """One entity type: its attributes in order, and how records of it are named and matched.

    Attributes:
        name: snake case, singular, such as `cost_center`.
        plural: snake case, such as `cost_centers`.
        title: for people, such as "Cost center".
        label: the attribute that names a record to people.
        match_key: attributes that make the exact key; empty if the type is matched fuzzily.
        row_scope: by dimension of row filters, the attributes by which a record belongs to it.
        period: the attributes that say from when until when a record's thing exists.
    """

    name: str
    plural: str
    title: str
    description: str
    attributes: tuple[Attribute, ...]
    label: str
    code_attribute: str = ""
    match_key: tuple[str, ...] = ()
    period: Period | None = None
    row_scope: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def __hash__(self) -> int:
        # Equal types have equal names; to hash every attribute takes longer than what is looked up by it.
        return hash(self.name)

    def scope_of(self, dimension: str) -> tuple[str, ...]:
        """The attributes by which a record belongs to a dimension; none if it belongs nowhere."""
        return dict(self.row_scope).get(dimension, (dimension,) if dimension in self.by_name else ())

    @cached_property
    def by_name(self) -> dict[str, Attribute]:
        """The attributes by name, in order."""
        return {attribute.name: attribute for attribute in self.attributes}

    @cached_property
    def references(self) -> tuple[Attribute, ...]:
        """The attributes that lead to other golden records."""
        return tuple(a for a in self.attributes if a.kind is Kind.reference)

    @cached_property
    def evidence_references(self) -> tuple[Attribute, ...]:
        """The references that matching looks at, through the golden record they lead to."""
        named = set(self.match_key)
        return tuple(a for a in self.references if a.evidence or a.name in named)

    @cached_property
    def groups(self) -> dict[str, tuple[Attribute, ...]]:
        """Attributes whose values survive together, by the group's name."""
        names = dict.fromkeys(a.group for a in self.attributes if a.group)
        return {name: tuple(a for a in self.attributes if a.group == name) for name in names}

    @cached_property
    def rule_order(self) -> tuple[tuple[Attribute, ...], ...]:
        """Single attributes and whole groups, each after those on whose golden values its rule depends.

        Raises:
            DeclarationError: rules depend on each other in a circle.
        """
        waiting = [(a,) for a in self.attributes if not a.group] + list(self.groups.values())
        done: list[tuple[Attribute, ...]] = []
        known: set[str] = set()
        while waiting:
            ready = [unit for unit in waiting if unit[0].rule.looks_at() <= known]
            if not ready:
                names = ", ".join(unit[0].group or unit[0].name for unit in waiting)
                raise DeclarationError(
                    f"{self.type_name}: the rules of {names} ask for each other in a circle; change one."
                )
            done += ready
            known |= {attribute.name for unit in ready for attribute in unit}
            waiting = [unit for unit in waiting if unit not in ready]
        return tuple(done)

    @cached_property
    def units_with_due(self) -> tuple[tuple[Attribute, ...], ...]:
        """Those of `rule_order` whose choice may change with time alone."""
        return tuple(
            unit for unit in self.rule_order if any(_has_due(branch) for branch in unit[0].rule.branches())
        )

    @property
    def type_name(self) -> str:
        """The name in Pascal case, such as `CostCenter`."""
        return "".join(word.capitalize() for word in self.name.split("_"))
