"""Long lists of ids in statements of bounded size."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    FromClause,
    Row,
    Select,
    TableValuedAlias,
    any_,
    column,
    func,
    literal,
    select,
)
from sqlalchemy.sql.elements import SQLCoreOperations
from sqlalchemy.types import TypeEngine
from sqlmodel import Session

CHUNK = 8000
"""Values in one IN list: below the 32,766 variables of SQLite and the 65,535 of PostgreSQL."""

LONG = 100_000
"""Values in one list that is a single parameter."""

Item = TypeVar("Item")


def chunks(items: Iterable[Item], size: int = CHUNK) -> Iterator[list[Item]]:
    """The items in lists of at most `size`, sorted so that equal input makes equal statements."""
    ordered: Sequence[Item] = sorted(items)  # type: ignore[type-var]  # ids and keys, all of one sortable type
    for start in range(0, len(ordered), size):
        yield list(ordered[start : start + size])


def listed(session: Session, items: Sequence[Any], kind: TypeEngine[Any]) -> TableValuedAlias:
    """These numbers or texts as rows of one column, `value`, to be joined with a table.

    The list is one parameter, however long it is, so that its statement is compiled and planned once; an IN
    list of thousands of parameters takes longer to write than to run.
    """
    if session.get_bind().dialect.name == "postgresql":
        rows = func.unnest(literal(list(items), ARRAY(kind)))
        return rows.table_valued(column("value", kind)).render_derived()
    return func.json_each(json.dumps(items)).table_valued(column("value", kind))


def among(session: Session, column: SQLCoreOperations[Any], items: Sequence[Any]) -> ColumnElement[bool]:
    """SQL for: the column is one of these numbers or texts, given as one parameter."""
    if len(items) == 1:
        alone: ColumnElement[bool] = column == items[0]
        return alone
    kind: TypeEngine[Any] = column.type  # type: ignore[attr-defined]  # every column has one
    if session.get_bind().dialect.name == "postgresql":
        return column == any_(literal(list(items), ARRAY(kind)))
    return column.in_(select(listed(session, items, kind).c.value))


def rows_in(
    session: Session, query: Select[*tuple[Any, ...]], column: SQLCoreOperations[Any], items: Iterable[Any]
) -> Iterator[Row[*tuple[Any, ...]]]:
    """The query's rows whose column is among the items."""
    # Whole objects are the session's matter; plain columns need nothing of it.
    selected = query._raw_columns  # noqa: SLF001  # the public column_descriptions costs more than the query
    whole = any(isinstance(one, FromClause) for one in selected)
    execute = session.execute if whole else session.connection().execute
    for part in chunks(items, LONG):
        yield from execute(query.where(among(session, column, part)))


def objects_in(
    session: Session, query: Select[*tuple[Any, ...]], column: SQLCoreOperations[Any], items: Iterable[Any]
) -> Iterator[Any]:
    """The objects of a query over one class whose column is among the items."""
    for part in chunks(items, LONG):
        yield from session.scalars(query.where(among(session, column, part)))
