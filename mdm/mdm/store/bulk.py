"""Many rows into one table at the speed of the driver: the statement is written once, no objects are made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import Connection, Delete, Table, delete
from sqlalchemy.engine import Dialect
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.util import identity_key
from sqlalchemy.sql.schema import ScalarElementColumnDefault
from sqlmodel import Session, SQLModel

from mdm.store.absence import forget, worth_asking
from mdm.store.chunks import LONG, chunks, form_of, given, is_among
from mdm.store.json_text import WrittenDocument

COPIED = 50
"""Rows from which on PostgreSQL's COPY is worth its start."""

Rows = Sequence[Mapping[str, Any]]
"""Column names to values; every row names the same columns."""


def add_rows(session: Session, table: type[SQLModel] | Table, rows: Rows) -> None:
    """Insert rows after whatever the session still has to write.

    Columns that the rows do not name get their plain default.
    """
    if rows:
        add_columns(session, table, {name: [row[name] for row in rows] for name in rows[0]})


def add_columns(
    session: Session, table: type[SQLModel] | Table, columns: Mapping[str, Sequence[Any]]
) -> None:
    """Insert rows that are given as columns of equal length."""
    count = len(next(iter(columns.values())))
    session.flush()
    target = table if isinstance(table, Table) else _table_of(table)
    forget(session, target.name)
    connection = session.connection()
    defaults = {
        column.name: [column.default.arg] * count
        for column in target.columns
        if column.name not in columns and isinstance(column.default, ScalarElementColumnDefault)
    }
    given = {**columns, **defaults}
    values = _values(connection.dialect, target, given)
    quote = connection.dialect.identifier_preparer.quote
    into = f"{quote(target.name)} ({', '.join(map(quote, given))})"
    if connection.dialect.name == "postgresql":
        _write_postgresql(connection, into, len(given), values, count)
    elif count:
        places = ", ".join("?" for _ in given)
        connection.exec_driver_sql(f"INSERT INTO {into} VALUES ({places})", list(values))


def change_rows(session: Session, table: type[SQLModel] | Table, key: str, rows: Rows) -> None:
    """Update rows by one key column that each of them names beside what is to be set."""
    if not rows:
        return
    session.flush()
    target = table if isinstance(table, Table) else _table_of(table)
    connection = session.connection()
    quote = connection.dialect.identifier_preparer.quote
    names = [name for name in rows[0] if name != key]
    place = "%s" if connection.dialect.name == "postgresql" else "?"
    what = ", ".join(f"{quote(name)} = {place}" for name in names)
    columns = {name: [row[name] for row in rows] for name in (*names, key)}
    statement = f"UPDATE {quote(target.name)} SET {what} WHERE {quote(key)} = {place}"
    connection.exec_driver_sql(statement, list(_values(connection.dialect, target, columns)))
    if not isinstance(table, Table):
        _tell_objects(session, table, key, rows)


def _tell_objects(session: Session, model: type[SQLModel], key: str, rows: Rows) -> None:
    """Bring objects of these rows that somebody still holds in line."""
    for row in rows:
        held = session.identity_map.get(identity_key(model, row[key]))
        if held is not None:
            for name, value in row.items():
                own = value.document if isinstance(value, WrittenDocument) else value
                set_committed_value(held, name, own)


def drop_rows(session: Session, table: type[SQLModel] | Table, column: str, values: Iterable[Any]) -> None:
    """Delete the rows whose column holds one of these values."""
    target = table if isinstance(table, Table) else _table_of(table)
    for part in chunks(worth_asking(session, target.c[column], values), LONG):
        form = form_of(session, part)
        session.connection().execute(_dropping(target, column, form), given(form, part))


@cache
def _dropping(table: Table, column: str, form: str) -> Delete:
    return delete(table).where(is_among(table.c[column], form))


def _table_of(model: type[SQLModel]) -> Table:
    table: Table = model.__table__  # type: ignore[attr-defined]  # SQLModel hides it
    return table


def _values(
    dialect: Dialect, table: Table, columns: Mapping[str, Sequence[Any]]
) -> Iterator[tuple[Any, ...]]:
    """The rows as the driver takes them."""
    converters = _converters(dialect, table)
    converted = []
    for name, values in columns.items():
        convert = converters[name]
        converted.append(values if convert is None else _each(convert, values))
    return zip(*converted, strict=True)


def _each(convert: Callable[[Any], Any], values: Iterable[Any]) -> Iterator[Any]:
    """The values as the driver takes them; one that follows itself, such as the moment, is made once."""
    before = made = None
    for value in values:
        if value is not before or made is None:
            before, made = value, convert(value)
        yield made


@lru_cache(maxsize=256)
def _converters(dialect: Dialect, table: Table) -> dict[str, Callable[[Any], Any] | None]:
    """What makes a value of each column one that the driver takes; None where it takes it as it is."""
    return {
        column.name: column.type.dialect_impl(dialect).bind_processor(dialect) for column in table.columns
    }


def _write_postgresql(
    connection: Connection, into: str, width: int, values: Iterable[tuple[Any, ...]], count: int
) -> None:
    if count < COPIED:
        places = ", ".join(["%s"] * width)
        connection.exec_driver_sql(f"INSERT INTO {into} VALUES ({places})", list(values))
        return
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f"COPY {into} FROM STDIN") as copy:
        for row in values:
            copy.write_row(row)
