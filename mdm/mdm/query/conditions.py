"""Typed filters: conditions on attributes, checked against the declaration and turned into SQL."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, FromClause, func, or_, select
from sqlmodel import col

from mdm.access.view import View
from mdm.entities import EntityType, Kind
from mdm.errors import QueryError
from mdm.history.tables import led_to_at
from mdm.history.when import NOW, When
from mdm.store.decisions import IssuedId

ID = "id"
"""The golden id, beside the attributes."""


class Operator(StrEnum):
    """How a value is compared."""

    eq = "eq"
    """Equal."""
    ne = "ne"
    """Not equal; a record without a value counts as not equal."""
    in_ = "in"
    """One of several."""
    contains = "contains"
    """The text holds this piece; case does not matter in the letters a to z."""
    starts_with = "startsWith"
    """The text begins so; case does not matter in the letters a to z."""
    lt = "lt"
    """Less, or earlier."""
    lte = "lte"
    """Less or equal."""
    gt = "gt"
    """Greater, or later."""
    gte = "gte"
    """Greater or equal."""
    is_null = "isNull"
    """Whether nobody claims a value."""


ConditionValue = str | float | date | bool | tuple[str | float | date, ...]

_EQUALITY = frozenset({Operator.eq, Operator.ne, Operator.in_, Operator.is_null})
_RANGES = _EQUALITY | {Operator.lt, Operator.lte, Operator.gt, Operator.gte}

ALLOWED: dict[Kind, frozenset[Operator]] = {
    Kind.text: _EQUALITY | {Operator.contains, Operator.starts_with},
    Kind.number: _RANGES,
    Kind.date: _RANGES,
    Kind.reference: _EQUALITY,
    Kind.texts: frozenset({Operator.is_null}),
}
"""Which comparisons each kind of value knows."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition on one attribute (or on `id`)."""

    attribute: str
    operator: Operator
    value: ConditionValue


Filter = tuple[Condition, ...]
"""All conditions hold."""


def kind_of(entity_type: EntityType, attribute: str) -> Kind:
    """The kind of an attribute's values; the golden id counts as a reference to itself.

    Raises:
        QueryError: the entity type has no such attribute.
    """
    if attribute == ID:
        return Kind.reference
    if attribute not in entity_type.by_name:
        raise QueryError(
            f"{entity_type.name} has no attribute {attribute!r}; it has {', '.join(entity_type.by_name)}."
        )
    return entity_type.by_name[attribute].kind


def where(
    view: View, entity_type: EntityType, table: FromClause, conditions: Filter, when: When = NOW
) -> list[ColumnElement[bool]]:
    """The conditions as SQL over a typed table, and that rows exist for whoever asks.

    Args:
        when: the moment that the table shows.

    Raises:
        QueryError: an attribute is unknown or does not know the comparison.
        ForbiddenError: an attribute is masked.
    """
    named = [
        _clause(entity_type, view.column(entity_type, table, _checked(view, entity_type, c)), c, when)
        for c in conditions
    ]
    return [*named, *view.rows(entity_type, table)]


def _checked(view: View, entity_type: EntityType, condition: Condition) -> str:
    kind = kind_of(entity_type, condition.attribute)
    view.require(entity_type, condition.attribute)
    if condition.operator not in ALLOWED[kind]:
        known = ", ".join(sorted(ALLOWED[kind]))
        raise QueryError(
            f"{entity_type.name}.{condition.attribute} cannot be compared by {condition.operator.value}; "
            f"use {known}."
        )
    return condition.attribute


def _clause(
    entity_type: EntityType, column: ColumnElement[Any], condition: Condition, when: When
) -> ColumnElement[bool]:
    value = condition.value
    if condition.operator is Operator.is_null:
        return column.is_(None) if value else column.is_not(None)
    if kind_of(entity_type, condition.attribute) is Kind.reference:
        return _by_id(column, condition, when)
    if condition.operator is Operator.in_:
        return column.in_(value if isinstance(value, tuple) else (value,))
    return _COMPARISONS[condition.operator](column, value)


def _by_id(column: ColumnElement[Any], condition: Condition, when: When) -> ColumnElement[bool]:
    """Golden ids are compared with what they lead to, so that an id retired by a merge finds the survivor."""
    wanted = condition.value if isinstance(condition.value, tuple) else (condition.value,)
    found = column.in_(select(led_to_at(when)).where(col(IssuedId.golden_id).in_(wanted)))
    return or_(~found, column.is_(None)) if condition.operator is Operator.ne else found


def _like(column: ColumnElement[Any], value: Any, before: str) -> ColumnElement[bool]:
    escaped = str(value).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    # Both sides are folded by the database, because its idea of lower case may differ from Python's.
    return func.lower(column).like(func.lower(f"{before}{escaped}%"), escape="\\")


_COMPARISONS: dict[Operator, Callable[[ColumnElement[Any], Any], ColumnElement[bool]]] = {
    Operator.eq: lambda column, value: column == value,
    Operator.ne: lambda column, value: column.is_distinct_from(value),
    Operator.contains: lambda column, value: _like(column, value, "%"),
    Operator.starts_with: lambda column, value: _like(column, value, ""),
    Operator.lt: lambda column, value: column < value,
    Operator.lte: lambda column, value: column <= value,
    Operator.gt: lambda column, value: column > value,
    Operator.gte: lambda column, value: column >= value,
}
