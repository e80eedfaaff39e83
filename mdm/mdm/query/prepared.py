"""Queries that are built once: for the present, and for whoever sees all rows and the same attributes.

Building and hashing a query of twenty columns costs more than running it, so those that every request asks
are kept with the hub. What depends on a row filter or on another moment is built anew each time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from sqlalchemy import BindParameter, Row, Select, bindparam
from sqlmodel import Session

from mdm.access.view import View
from mdm.entities import EntityType
from mdm.history.when import When
from mdm.store.chunks import chunks

if TYPE_CHECKING:
    from mdm.hub import Hub

Query = Select[*tuple[Any, ...]]


def asked_ids() -> BindParameter[Any]:
    """The place in a query where `rows_for` puts the ids that are asked for."""
    return bindparam("asked_ids", expanding=True)


def prepared(
    hub: Hub,
    view: View,
    about: tuple[str, EntityType | None],
    when: When,
    make: Callable[[], Query],
) -> Query:
    """The query that `make` builds, from an earlier call if it would be the same.

    Args:
        about: what the query is for, and the entity type whose attributes it shows; None for no type's.
    """
    if not when.is_now or not view.sees_all_rows:
        return make()
    name, entity_type = about
    masked = view.masked(entity_type) if entity_type else frozenset()
    key = (name, entity_type.name if entity_type else "", masked)
    if key not in hub.queries:
        hub.queries[key] = make()
    return hub.queries[key]


def rows_for(session: Session, query: Query, ids: Iterable[Any]) -> Iterator[Row[*tuple[Any, ...]]]:
    """The query's rows for these ids, which stand where `asked_ids` is."""
    for part in chunks(ids):
        yield from session.execute(query, {"asked_ids": part})
