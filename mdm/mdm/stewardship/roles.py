"""One person in two roles: a client that is a person, and a worker of the same name and address.

They stay two golden records, as each role has its own life; a steward is told that they may be one person.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sqlmodel import Session

from mdm.access.view import view_of
from mdm.entities import EntityType
from mdm.history.when import NOW, When
from mdm.query.search import search
from mdm.query.search_terms import fold
from mdm.query.search_then import cells_then
from mdm.stewardship.labels import GoldenLabel, golden_labels

if TYPE_CHECKING:
    from mdm.hub import Hub

SAME_PERSON = "same_person"
CLIENT, WORKER = "client", "worker"
LOOKED_AT = 10
"""Records found by the address that are compared."""


def other_roles(
    hub: Hub, session: Session, entity_type: EntityType, golden_id: str, when: When = NOW
) -> tuple[GoldenLabel, ...]:
    """The golden records of the other type that may be the same person, by id.

    Nothing is told to whom the names, the address or the kind of either are masked.
    """
    other = {CLIENT: WORKER, WORKER: CLIENT}.get(entity_type.name)
    if other is None or not {CLIENT, WORKER} <= {known.name for known in hub.registry}:
        return ()
    own = _people(hub, session, [golden_id], when).get(golden_id)
    if own is None:
        return ()
    hits = search(hub, session, own[0], [other], LOOKED_AT, when)
    people = _people(hub, session, [hit.golden_id for hit in hits], when)
    found = sorted(other_id for other_id, person in people.items() if person == own)
    labels = golden_labels(session, hub.registry, found, when)
    return tuple(labels[other_id] for other_id in found)


def _people(
    hub: Hub, session: Session, golden_ids: list[str], when: When
) -> dict[str, tuple[str, frozenset[str]]]:
    """Golden id to address and words of the name, of those that are people and have both."""
    view, found = view_of(session), dict[str, tuple[str, frozenset[str]]]()
    for golden_id, (name, state, cells) in cells_then(session, golden_ids, when).items():
        shown = view.open_part(hub.registry[name], cells)
        values = {attribute: cell["value"] for attribute, cell in shown.items()}
        person = _person(name, values) if state == "active" else None
        if person is not None:
            found[golden_id] = person
    return found


def _person(entity_type: str, values: Mapping[str, Any]) -> tuple[str, frozenset[str]] | None:
    if entity_type == CLIENT and values.get("kind") != "person":
        return None
    named = ("name",) if entity_type == CLIENT else ("given_name", "family_name")
    words = frozenset(word for name in named for word in fold(str(values.get(name) or "")))
    address = str(values.get("email") or "").casefold()
    return (address, words) if address and len(words) > 1 else None
