"""Row filters: which golden records belong to a country, a legal entity or another dimension, as SQL.

An entity type says in `row_scope` by which of its attributes it belongs to a dimension; else an attribute of
the dimension's name does. A reference belongs where the record it leads to belongs. A type or a row that
belongs nowhere is in no row filter.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, FromClause, false, or_, select

from mdm.entities import EntityType

if TYPE_CHECKING:
    from mdm.hub import Hub


def row_clause(
    hub: Hub, entity_type: EntityType, table: FromClause, dimension: str, values: frozenset[str]
) -> ColumnElement[bool]:
    """SQL for: the row belongs to one of the values of a dimension.

    Args:
        values: words of the attribute; where the dimension is an entity type, golden ids or codes.
    """
    if entity_type.name == dimension:
        return or_(*_own(entity_type, table, values))
    ways = list(_ways(hub, entity_type, table, dimension, values))
    return or_(*ways) if ways else false()


def _own(entity_type: EntityType, table: FromClause, values: frozenset[str]) -> Iterator[ColumnElement[bool]]:
    yield table.c.id.in_(sorted(values))
    if entity_type.code_attribute:
        yield table.c[entity_type.code_attribute].in_(sorted(values))


def _ways(
    hub: Hub, entity_type: EntityType, table: FromClause, dimension: str, values: frozenset[str]
) -> Iterator[ColumnElement[bool]]:
    for name in entity_type.scope_of(dimension):
        attribute = entity_type.by_name[name]
        if not attribute.target:
            yield table.c[name].in_(sorted(values))
            continue
        # An alias, because a type may lead to itself along the way.
        target = hub.golden_tables[attribute.target].alias()
        inside = row_clause(hub, hub.registry[attribute.target], target, dimension, values)
        yield table.c[name].in_(select(target.c.id).where(inside))
