"""One question of a reconciliation batch, read from what a client sends."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mdm.entities import EntityRegistry
from mdm.errors import QueryError

MOST_QUERIES = 50
"""Questions of a batch."""

MOST_RESULTS = 50
"""Candidates of a question; asking for more gives as many."""

FEW_RESULTS = 5
"""Candidates when the question does not say how many."""


@dataclass(frozen=True, slots=True)
class ReconciliationQuery:
    """What a row of a table is thought to be.

    Attributes:
        text: the name in the row; "" if only properties are given.
        entity_types: types that it may be of, in the registry's order.
        values: attribute to value, from the row's other columns.
        limit: candidates at most.
    """

    text: str
    entity_types: tuple[str, ...]
    values: Mapping[str, str] = field(default_factory=dict)
    limit: int = FEW_RESULTS


def read_queries(registry: EntityRegistry, text: str) -> dict[str, ReconciliationQuery]:
    """The questions of a batch by their keys.

    Raises:
        QueryError: it is no JSON object of questions, or too many.
    """
    batch = json_object(text, "queries")
    if len(batch) > MOST_QUERIES:
        raise QueryError(f"A batch has {MOST_QUERIES} queries at most, this one {len(batch)}; send fewer.")
    return {key: _query(registry, key, asked) for key, asked in batch.items()}


def json_object(text: str, name: str) -> dict[str, Any]:
    """The JSON object that a client sent under this name.

    Raises:
        QueryError: it is none.
    """
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as exc:
        raise QueryError(f"{name} is no JSON ({exc}); send an object.") from exc
    if not isinstance(found, dict):
        raise QueryError(f"{name} is a JSON {type(found).__name__}; send an object.")
    return found


def _query(registry: EntityRegistry, key: str, asked: Any) -> ReconciliationQuery:
    if not isinstance(asked, dict) or not isinstance(asked.get("query", ""), str):
        raise QueryError(f"{key} is no query; send an object with a text in `query`.")
    values = _values(key, asked.get("properties", []))
    types = _types(registry, asked.get("type"), values)
    limit = asked.get("limit", FEW_RESULTS)
    if not isinstance(limit, int) or limit < 1:
        raise QueryError(f"{key}: limit is a number from 1 on.")
    known = {name for entity_type in types for name in registry[entity_type].by_name}
    unknown = next((name for name in values if name not in known), None)
    if unknown is not None:
        raise QueryError(f"{key}: {' and '.join(types)} have no property {unknown!r}.")
    return ReconciliationQuery(asked.get("query", ""), types, values, min(limit, MOST_RESULTS))


def _types(registry: EntityRegistry, asked: Any, values: Mapping[str, str]) -> tuple[str, ...]:
    """The types asked for; else those that people know by name and that have every property."""
    if asked:
        names = asked if isinstance(asked, list) else [asked]
        return tuple(registry[str(name.get("id") if isinstance(name, dict) else name)].name for name in names)
    named = [t for t in registry if not t.match_key]
    return tuple(t.name for t in named if values.keys() <= t.by_name.keys()) or tuple(t.name for t in named)


def _values(key: str, properties: Any) -> dict[str, str]:
    if not isinstance(properties, list):
        raise QueryError(f"{key}: properties is a list of objects with pid and v.")
    found: dict[str, str] = {}
    for one in properties:
        if not isinstance(one, dict) or not isinstance(one.get("pid"), str):
            raise QueryError(f"{key}: a property is an object with pid and v.")
        value = one.get("v")
        first = value[0] if isinstance(value, list) and value else value
        if isinstance(first, dict):  # a cell that was reconciled before
            first = first.get("id")
        if first not in (None, "", []):
            found[one["pid"]] = str(first)
    return found
