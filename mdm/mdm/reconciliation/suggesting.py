"""What a person may mean while they type: golden records, attributes, entity types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlmodel import Session

from mdm.entities import EntityRegistry
from mdm.query.search import LONGEST_QUERY, Hit, search
from mdm.reconciliation.reconciling import Named
from mdm.stewardship.wording import title_of

if TYPE_CHECKING:
    from mdm.hub import Hub

MOST = 20
"""Suggestions of each kind."""


def suggest_entities(hub: Hub, session: Session, prefix: str, entity_type: str | None = None) -> list[Hit]:
    """The golden records that people may mean by the beginning of a name."""
    types = [hub.registry[entity_type].name] if entity_type else None
    return search(hub, session, prefix[:LONGEST_QUERY], types, first=MOST)


def suggest_properties(registry: EntityRegistry, prefix: str, entity_type: str | None = None) -> list[Named]:
    """The attributes whose name holds a piece of text, each once."""
    types = [registry[entity_type]] if entity_type else list(registry)
    names = {a.name: a.description or title_of(a.name) for t in types for a in t.attributes}
    return [Named(name, words) for name, words in sorted(names.items()) if _holds(prefix, name, words)][:MOST]


def suggest_types(registry: EntityRegistry, prefix: str) -> list[Named]:
    """The entity types whose name holds a piece of text."""
    return [Named(t.name, t.title) for t in registry if _holds(prefix, t.name, t.title)][:MOST]


def _holds(piece: str, *names: str) -> bool:
    return any(piece.strip().casefold() in name.casefold() for name in names)
