"""Further columns for a table that has golden ids: what the hub knows of each record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlmodel import Session

from mdm.access import view_of
from mdm.entities import Attribute, EntityRegistry, Kind
from mdm.errors import QueryError
from mdm.query.golden_row import GoldenRow
from mdm.query.records import golden_by_ids
from mdm.reconciliation.query import json_object
from mdm.reconciliation.reconciling import Named
from mdm.stewardship.labels import GoldenLabel, golden_labels
from mdm.stewardship.wording import title_of

if TYPE_CHECKING:
    from mdm.hub import Hub

MOST_IDS = 1000
"""Rows that are extended at a time."""


@dataclass(frozen=True, slots=True)
class Extension:
    """New columns and their cells.

    Attributes:
        columns: id and name of each new column, in the order asked for.
        rows: the id asked for, to column, to its values as the specification writes them; empty if unknown.
    """

    columns: tuple[Named, ...]
    rows: Mapping[str, Mapping[str, list[dict[str, Any]]]]


def proposed_properties(registry: EntityRegistry, entity_type: str) -> list[Named]:
    """The attributes of a type, as columns that may be added."""
    return [Named(a.name, a.description or title_of(a.name)) for a in registry[entity_type].attributes]


def extend(hub: Hub, session: Session, text: str) -> Extension:
    """The columns that a data extension query asks for.

    Raises:
        QueryError: it is no JSON object with ids and properties, too many ids, or no type has a property.
    """
    asked = json_object(text, "extend")
    ids, names = _texts(asked, "ids"), _names(asked)
    if len(ids) > MOST_IDS:
        raise QueryError(f"{len(ids)} ids at once are too many; ask for {MOST_IDS} at most.")
    columns = tuple(_column(hub.registry, name) for name in names)
    found = golden_by_ids(hub, session, ids)
    for row in found.values():
        view_of(session).note(hub.registry[row.entity_type], names, [row.golden_id])
    labels = golden_labels(session, hub.registry, _referred(hub.registry, found, names))
    rows = {
        golden_id: {
            name: _cell(hub.registry, found[golden_id], name, labels) if golden_id in found else []
            for name in names
        }
        for golden_id in ids
    }
    return Extension(columns, rows)


def _texts(asked: Mapping[str, Any], name: str) -> list[str]:
    found = asked.get(name)
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise QueryError(f"extend.{name} is a list of texts.")
    return list(dict.fromkeys(found))


def _names(asked: Mapping[str, Any]) -> list[str]:
    properties = asked.get("properties")
    if not isinstance(properties, list) or not all(isinstance(p, dict) and "id" in p for p in properties):
        raise QueryError("extend.properties is a list of objects with an id.")
    return list(dict.fromkeys(str(one["id"]) for one in properties))


def _column(registry: EntityRegistry, name: str) -> Named:
    attribute = next((t.by_name[name] for t in registry if name in t.by_name), None)
    if attribute is None:
        raise QueryError(f"No entity type has a property {name!r}; /suggest/property lists them.")
    return Named(name, attribute.description or title_of(name))


def _referred(registry: EntityRegistry, found: Mapping[str, GoldenRow], names: list[str]) -> set[str]:
    return {
        str(row.values[name])
        for row in found.values()
        for name in names
        if row.values.get(name) and registry[row.entity_type].by_name[name].kind is Kind.reference
    }


def _cell(
    registry: EntityRegistry, row: GoldenRow, name: str, labels: Mapping[str, GoldenLabel]
) -> list[dict[str, Any]]:
    attribute = registry[row.entity_type].by_name.get(name)
    value = row.values.get(name)
    if attribute is None or value is None:
        return []
    return [_written(attribute, one, labels) for one in (value if isinstance(value, list) else [value])]


def _written(attribute: Attribute, value: Any, labels: Mapping[str, GoldenLabel]) -> dict[str, Any]:
    if attribute.kind is Kind.reference:
        return {"id": value, "name": labels[value].label}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    return {"float": value} if isinstance(value, float) else {"str": value}
