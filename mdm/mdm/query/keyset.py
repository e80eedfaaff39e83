"""Order and cursors: a place in a list is named by the values it is ordered by, never by counting.

So a page is right also if records came or went since the one before it.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_, false, or_

from mdm.access.view import View
from mdm.entities import EntityType, Kind
from mdm.errors import ForbiddenError, QueryError
from mdm.query.conditions import ID, kind_of
from mdm.query.golden_row import GoldenRow


@dataclass(frozen=True, slots=True)
class Order:
    """Order by one attribute; records without a value come last in both directions."""

    attribute: str
    descending: bool = False


Ordering = tuple[Order, ...]
"""Most important first; the golden id breaks the ties."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where in an ordered list a record stands: its values in the order's sequence, then its golden id."""

    values: tuple[Any, ...]
    golden_id: str


def checked_ordering(view: View, entity_type: EntityType, ordering: Ordering) -> Ordering:
    """The same ordering, if records can be put in it.

    Raises:
        QueryError: an attribute is unknown, named twice, or holds several texts.
        ForbiddenError: an attribute is masked: its order would tell its values.
    """
    names = [order.attribute for order in ordering]
    for name in names:
        kind = kind_of(entity_type, name)
        view.require(entity_type, name)
        if kind is Kind.reference and name != ID and not view.sees_all_rows:
            raise ForbiddenError(
                f"With a row filter nothing is ordered by {entity_type.name}.{name}: the order would tell of "
                "records outside; order by another attribute."
            )
        if kind is Kind.texts:
            raise QueryError(
                f"{entity_type.name}.{name} holds several texts and gives no order; order by another."
            )
        if names.count(name) > 1:
            raise QueryError(f"The order names {name} twice; name it once.")
    return ordering


def order_clauses(table: FromClause, ordering: Ordering) -> list[ColumnElement[Any]]:
    """The ordering as SQL, ties broken by golden id."""
    clauses: list[ColumnElement[Any]] = []
    for order in ordering:
        column = table.c[order.attribute]
        clauses.append((column.desc() if order.descending else column.asc()).nulls_last())
    return [*clauses, table.c.id.asc()]


def behind(table: FromClause, ordering: Ordering, place: Place) -> ColumnElement[bool]:
    """SQL for: stands behind this place in the order."""
    ways: list[ColumnElement[bool]] = []
    same: list[ColumnElement[bool]] = []
    for order, value in zip(ordering, place.values, strict=True):
        column = table.c[order.attribute]
        ways.append(and_(*same, _further(column, value, descending=order.descending)))
        same.append(column.is_(None) if value is None else column == value)
    ways.append(and_(*same, table.c.id > place.golden_id))
    return or_(*ways)


def _further(column: ColumnElement[Any], value: Any, *, descending: bool) -> ColumnElement[bool]:
    if value is None:
        return false()
    return or_(column < value if descending else column > value, column.is_(None))


def cursor_of(ordering: Ordering, row: GoldenRow) -> str:
    """The opaque cursor of a record in this ordering."""
    values = [row.golden_id if o.attribute == ID else row.values[o.attribute] for o in ordering]
    texts = [value.isoformat() if isinstance(value, date) else value for value in values]
    document = json.dumps(
        [_signature(ordering), texts, row.golden_id], ensure_ascii=False, separators=(",", ":")
    )
    return base64.urlsafe_b64encode(document.encode()).decode().rstrip("=")


def place_of(entity_type: EntityType, ordering: Ordering, cursor: str) -> Place:
    """The place that a cursor names.

    Raises:
        QueryError: it is no cursor, or belongs to another order.
    """
    try:
        document = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        signature, texts, golden_id = json.loads(document)
        if signature == _signature(ordering) and isinstance(golden_id, str):
            return Place(tuple(_typed(entity_type, ordering, texts)), golden_id)
    except (ValueError, TypeError, binascii.Error):
        pass
    raise QueryError(
        "The cursor does not belong to this list; take it from endCursor of a page with the same orderBy."
    )


def _typed(entity_type: EntityType, ordering: Ordering, texts: Sequence[Any]) -> list[Any]:
    """The values of a cursor as the columns hold them; anything else was not written by `cursor_of`."""
    values: list[Any] = []
    for order, value in zip(ordering, texts, strict=True):
        kind = kind_of(entity_type, order.attribute)
        if value is not None and kind is Kind.date:
            value = date.fromisoformat(value)
        elif value is not None and not isinstance(value, (int, float) if kind is Kind.number else str):
            raise ValueError(value)
        values.append(value)
    return values


def _signature(ordering: Ordering) -> str:
    return ",".join(f"{'-' if order.descending else '+'}{order.attribute}" for order in ordering)
