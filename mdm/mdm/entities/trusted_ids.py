"""How far an id is trusted, per attribute and source: whether it is unique, may change, must be valid."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from mdm.errors import SettingsError

if TYPE_CHECKING:
    from mdm.entities.entity_type import EntityType


@dataclass(frozen=True, slots=True)
class TrustedId:
    """What is known of the ids that an attribute holds.

    Attributes:
        unique: two different values prove two different things; None as the semantic type has it.
        may_change: a source may put another id in the place of one that it stated; else the row is refused.
        refuse_invalid: a row whose id fails its check is refused; else it is kept, flagged, and no evidence.
        proof: two records with one id are one thing although names and places differ, unless the id is shared
            by so many that it has lost its force.
        reissued: the same id may be given to another thing years later, so it says nothing across a gap
            between two lives; None as the semantic type has it: authorities never do, others may.
        sources: only ids of these sources are evidence; empty for all.
    """

    unique: bool | None = None
    may_change: bool = True
    refuse_invalid: bool = False
    proof: bool = False
    reissued: bool | None = None
    sources: tuple[str, ...] = ()

    def hears(self, source: str) -> bool:
        """Whether ids of this source are evidence."""
        return not self.sources or source in self.sources


USUAL = TrustedId()

Told = Mapping[str, Mapping[str, Mapping[str, Any]]]
"""Entity type to attribute to what the settings say of its ids, by the names of `TrustedId`."""


def trusted(
    *,
    unique: bool | None = None,
    may_change: bool = True,
    refuse_invalid: bool = False,
    proof: bool = False,
    reissued: bool | None = None,
    sources: Iterable[str] = (),
) -> TrustedId:
    """Says beside an attribute how far its ids are trusted."""
    return TrustedId(unique, may_change, refuse_invalid, proof, reissued, tuple(sources))


def with_trusted_ids(entity_types: Mapping[str, EntityType], settings: Told) -> dict[str, EntityType]:
    """The entity types by name, with what the settings say of ids in the place of what is declared.

    What they do not say stays as it is declared.

    Raises:
        SettingsError: a type or an attribute is unknown, or is no evidence.
    """
    known = dict(entity_types)
    for name, by_attribute in settings.items():
        if name not in known:
            raise SettingsError(
                f"trusted_ids.{name}: there is no such entity type; use one of {', '.join(known)}."
            )
        entity_type = known[name]
        for attribute in by_attribute:
            declared = entity_type.by_name.get(attribute)
            if declared is None or declared.semantic is None:
                kept = ", ".join(a.name for a in entity_type.attributes if a.semantic is not None)
                raise SettingsError(f"trusted_ids.{name}.{attribute}: that is no id; use one of {kept}.")
        attributes = tuple(
            replace(a, trusted=replace(a.trusted, **by_attribute.get(a.name, {})))
            for a in entity_type.attributes
        )
        known[name] = replace(entity_type, attributes=attributes)
    return known
