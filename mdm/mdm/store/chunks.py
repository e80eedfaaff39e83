"""Long lists of ids in statements of bounded size."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    FromClause,
    Result,
    Row,
    Select,
    String,
    TableValuedAlias,
    any_,
    bindparam,
    func,
    select,
)
from sqlalchemy import column as sql_column
from sqlalchemy.sql.elements import SQLCoreOperations
from sqlalchemy.types import TypeEngine
from sqlmodel import Session

from mdm.store.absence import worth_asking

CHUNK = 8000
"""Values in one IN list: below the 32,766 variables of SQLite and the 65,535 of PostgreSQL."""

LONG = 100_000
"""Values in one list that is a single parameter."""

AT_ONCE = 10_000
"""Rows taken from the driver at a time: one by one costs more than all that is done with most of them."""

ONE, POSTGRESQL = "one", "postgresql"

Item = TypeVar("Item")

Query = Select[*tuple[Any, ...]]


def chunks(items: Iterable[Item], size: int = CHUNK) -> Iterator[list[Item]]:
    """The items in lists of at most `size`, sorted so that equal input makes equal statements."""
    ordered: Sequence[Item] = sorted(items)  # type: ignore[type-var]  # ids and keys, all of one sortable type
    for start in range(0, len(ordered), size):
        yield list(ordered[start : start + size])


ITEMS = "items_asked_for"
"""The parameter of statements that take items."""


def form_of(session: Session, items: Sequence[Any]) -> str:
    """How a statement takes these items: one alone, or a list as the database knows lists."""
    return ONE if len(items) == 1 else dialect_of(session)


def dialect_of(session: Session) -> str:
    """The name of the database's dialect, which is also how it takes a list."""
    return session.get_bind().dialect.name


def is_among(column: SQLCoreOperations[Any], form: str) -> ColumnElement[bool]:
    """SQL for: the column is one of the items that the statement is given."""
    kind: TypeEngine[Any] = column.type  # type: ignore[attr-defined]  # every column has one
    if form == ONE:
        alone: ColumnElement[bool] = column == bindparam(ITEMS, type_=kind)
        return alone
    if form == POSTGRESQL:
        return column == any_(bindparam(ITEMS, type_=ARRAY(kind)))
    return column.in_(select(listing(form, kind).c.value))


def listing(form: str, kind: TypeEngine[Any]) -> TableValuedAlias:
    """The items that the statement is given as rows of one column, `value`, to be joined with a table.

    The list is one parameter, however long it is, so that its statement is compiled and planned once; an IN
    list of thousands of parameters takes longer to write than to run.
    """
    if form == POSTGRESQL:
        rows = func.unnest(bindparam(ITEMS, type_=ARRAY(kind)))
        return rows.table_valued(sql_column("value", kind)).render_derived()
    return func.json_each(bindparam(ITEMS, type_=String())).table_valued(sql_column("value", kind))


def given(form: str, items: Sequence[Any]) -> dict[str, Any]:
    """The items as the parameter of a statement of this form."""
    if form == ONE:
        return {ITEMS: items[0]}
    return {ITEMS: list(items) if form == POSTGRESQL else json.dumps(items)}


def rows_in(
    session: Session, query: Query, column: SQLCoreOperations[Any], items: Iterable[Any]
) -> Iterator[Row[*tuple[Any, ...]]]:
    """The query's rows whose column is among the items.

    Of a query that is made once the statement is made once, too: to build one takes longer than to run it.
    """
    # Whole objects are the session's matter; plain columns need nothing of it.
    selected = query._raw_columns  # noqa: SLF001  # the public column_descriptions costs more than the query
    whole = any(isinstance(one, FromClause) for one in selected)
    execute = session.execute if whole else session.connection().execute
    for part in chunks(worth_asking(session, column, items), LONG):
        form = form_of(session, part)
        yield from taken(execute(_narrowed(query, column, form), given(form, part)))


def taken(result: Result[*tuple[Any, ...]]) -> Iterator[Row[*tuple[Any, ...]]]:
    """The rows of a result, many at a time."""
    for rows in result.partitions(AT_ONCE):
        yield from rows


def objects_in(
    session: Session, query: Query, column: SQLCoreOperations[Any], items: Iterable[Any]
) -> Iterator[Any]:
    """The objects of a query over one class whose column is among the items."""
    for part in chunks(worth_asking(session, column, items), LONG):
        form = form_of(session, part)
        yield from session.scalars(_narrowed(query, column, form), given(form, part))


_narrow: WeakKeyDictionary[Query, dict[tuple[int, str], tuple[Query, Any]]] = WeakKeyDictionary()
"""Query to its statements, by column and form of the items; each beside the column, so that its id stays."""


def _narrowed(query: Query, column: SQLCoreOperations[Any], form: str) -> Query:
    """The query for rows whose column is among the items that it is given."""
    known = _narrow.get(query)
    if known is None:
        known = _narrow[query] = {}
    found = known.get((id(column), form))
    if found is None:
        found = known[id(column), form] = (query.where(is_among(column, form)), column)
    return found[0]
