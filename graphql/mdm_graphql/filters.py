"""Typed filters and orders: input types made from the attributes of each entity type, and what they mean."""

# Strawberry reads the annotations of this module, so they stay as written.
import dataclasses
from datetime import date
from enum import Enum
from typing import Any

import strawberry

from mdm.entities import EntityType, Kind
from mdm.errors import QueryError
from mdm.query.conditions import ID, Condition, Filter, Operator
from mdm.query.keyset import Order, Ordering

NOT_EQUAL = "Not equal; a record without a value counts as not equal."
IS_NULL = "Whether nobody claims a value."
IGNORING_CASE = "case does not matter in the letters a to z."


@strawberry.input(description="Conditions on a text; all of them hold.")
class TextFilter:
    """For text attributes."""

    eq: str | None = strawberry.field(default=strawberry.UNSET, description="Equal.")
    ne: str | None = strawberry.field(default=strawberry.UNSET, description=NOT_EQUAL)
    in_: list[str] | None = strawberry.field(name="in", default=strawberry.UNSET, description="One of these.")
    contains: str | None = strawberry.field(
        default=strawberry.UNSET, description=f"Holds this piece; {IGNORING_CASE}"
    )
    starts_with: str | None = strawberry.field(
        default=strawberry.UNSET, description=f"Begins so; {IGNORING_CASE}"
    )
    is_null: bool | None = strawberry.field(default=strawberry.UNSET, description=IS_NULL)


@strawberry.input(description="Conditions on a number; all of them hold.")
class NumberFilter:
    """For number attributes."""

    eq: float | None = strawberry.field(default=strawberry.UNSET, description="Equal.")
    ne: float | None = strawberry.field(default=strawberry.UNSET, description=NOT_EQUAL)
    in_: list[float] | None = strawberry.field(
        name="in", default=strawberry.UNSET, description="One of these."
    )
    lt: float | None = strawberry.field(default=strawberry.UNSET, description="Less.")
    lte: float | None = strawberry.field(default=strawberry.UNSET, description="Less or equal.")
    gt: float | None = strawberry.field(default=strawberry.UNSET, description="Greater.")
    gte: float | None = strawberry.field(default=strawberry.UNSET, description="Greater or equal.")
    is_null: bool | None = strawberry.field(default=strawberry.UNSET, description=IS_NULL)


@strawberry.input(description="Conditions on a date; all of them hold.")
class DateFilter:
    """For date attributes."""

    eq: date | None = strawberry.field(default=strawberry.UNSET, description="On this day.")
    ne: date | None = strawberry.field(default=strawberry.UNSET, description=NOT_EQUAL)
    in_: list[date] | None = strawberry.field(
        name="in", default=strawberry.UNSET, description="On one of these days."
    )
    lt: date | None = strawberry.field(default=strawberry.UNSET, description="Before this day.")
    lte: date | None = strawberry.field(default=strawberry.UNSET, description="On this day or before.")
    gt: date | None = strawberry.field(default=strawberry.UNSET, description="After this day.")
    gte: date | None = strawberry.field(default=strawberry.UNSET, description="On this day or after.")
    is_null: bool | None = strawberry.field(default=strawberry.UNSET, description=IS_NULL)


@strawberry.input(
    description="Conditions on a golden id; all hold. An id retired by a merge stands for its survivor."
)
class IdFilter:
    """For the golden id and for references."""

    eq: strawberry.ID | None = strawberry.field(default=strawberry.UNSET, description="This record.")
    ne: strawberry.ID | None = strawberry.field(default=strawberry.UNSET, description=NOT_EQUAL)
    in_: list[strawberry.ID] | None = strawberry.field(
        name="in", default=strawberry.UNSET, description="One of these records."
    )
    is_null: bool | None = strawberry.field(default=strawberry.UNSET, description=IS_NULL)


@strawberry.input(description="Conditions on a list of texts.")
class TextsFilter:
    """For attributes that hold several texts."""

    is_null: bool | None = strawberry.field(default=strawberry.UNSET, description=IS_NULL)


@strawberry.enum(description="Which end of an order comes first. Records without a value come last in both.")
class Direction(Enum):
    """Up or down."""

    ASC = strawberry.enum_value("asc", description="Smallest, earliest or first in the alphabet first.")
    DESC = strawberry.enum_value("desc", description="Greatest, latest or last in the alphabet first.")


FILTERS: dict[Kind, type] = {
    Kind.text: TextFilter,
    Kind.number: NumberFilter,
    Kind.date: DateFilter,
    Kind.reference: IdFilter,
    Kind.texts: TextsFilter,
}

OPERATORS = {
    "eq": Operator.eq,
    "ne": Operator.ne,
    "in_": Operator.in_,
    "contains": Operator.contains,
    "starts_with": Operator.starts_with,
    "lt": Operator.lt,
    "lte": Operator.lte,
    "gt": Operator.gt,
    "gte": Operator.gte,
    "is_null": Operator.is_null,
}


def filter_type(entity_type: EntityType) -> type:
    """The filter of one entity type: a typed condition for its id and for each attribute."""
    kinds = {ID: Kind.reference, **{a.name: a.kind for a in entity_type.attributes}}
    inputs = {name: FILTERS[kind] for name, kind in kinds.items()}
    words = f"Which {entity_type.title.lower()} records; all conditions hold."
    return _input(entity_type, "Filter", inputs, words)


def order_type(entity_type: EntityType) -> type:
    """The order of one entity type: exactly one attribute; a list of them orders by several."""
    names = [ID, *(a.name for a in entity_type.attributes if a.kind is not Kind.texts)]
    words = "By one attribute; a list orders by several, the most important first."
    return _input(entity_type, "Order", dict.fromkeys(names, Direction), words, one_of=True)


def _input(
    entity_type: EntityType, suffix: str, fields: dict[str, Any], description: str, *, one_of: bool = False
) -> type:
    name = f"{entity_type.type_name}{suffix}"
    made = type(
        name, (), {"__module__": __name__, "__annotations__": {f: t | None for f, t in fields.items()}}
    )
    for field in fields:
        attribute = entity_type.by_name.get(field)
        reason = attribute.deprecated if attribute else ""
        setattr(made, field, strawberry.field(default=strawberry.UNSET, deprecation_reason=reason or None))
    return strawberry.input(made, name=name, description=description, one_of=one_of)


def conditions_of(entity_type: EntityType, given: object) -> Filter:
    """The conditions of a filter as the read model takes them.

    Raises:
        QueryError: a comparison is given as null.
    """
    conditions: list[Condition] = []
    for attribute in (ID, *entity_type.by_name):
        typed = getattr(given, attribute, strawberry.UNSET)
        if typed is None or typed is strawberry.UNSET:
            continue
        for field in dataclasses.fields(typed):
            value = getattr(typed, field.name)
            if value is strawberry.UNSET:
                continue
            if value is None:
                operator = OPERATORS[field.name].value
                raise QueryError(f"{attribute}.{operator} is null; leave it out, or ask with isNull: true.")
            conditions.append(
                Condition(
                    attribute, OPERATORS[field.name], tuple(value) if isinstance(value, list) else value
                )
            )
    return tuple(conditions)


def ordering_of(entity_type: EntityType, given: list[Any] | None) -> Ordering:
    """The order as the read model takes it."""
    return tuple(
        Order(attribute, descending=direction is Direction.DESC)
        for one in given or ()
        for attribute in (ID, *entity_type.by_name)
        if isinstance(direction := getattr(one, attribute, None), Direction)
    )
