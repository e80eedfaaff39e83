"""The loaded firm, copied from its SQLite file into PostgreSQL: both then hold the very same data."""

from __future__ import annotations

import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import make_url

KEPT_BY_THE_SCHEMA = {"alembic_version"}
"""Filled when the schema is made."""


def copy(source: Path, url: str) -> float:
    """Fill a hub's empty PostgreSQL schema with the rows of its SQLite file.

    Values go over as SQLite holds them; PostgreSQL reads the texts of times, days, JSON and truth values as
    its own. Triggers and foreign keys rest meanwhile, which the rows have satisfied once already.

    Args:
        url: of a database whose schema is there and empty, as SQLAlchemy writes it.

    Returns:
        Seconds that it took.
    """
    began = time.monotonic()
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    rows = sqlite3.connect(f"file:{source.as_posix()}?mode=ro", uri=True)
    with closing(rows), psycopg.connect(address) as target:
        target.execute("SET session_replication_role = replica")
        target.execute("SET timezone = 'UTC'")
        tables = _tables(target)
        target.execute(sql.SQL("TRUNCATE {}").format(sql.SQL(", ").join(map(sql.Identifier, tables))))
        for table in tables:
            count = _copy_table(rows, target, table)
            sys.stderr.write(f"{time.monotonic() - began:8.1f} s  {table}: {count:,} rows\n")
        _advance_sequences(target)
        target.commit()
        target.autocommit = True
        target.execute("VACUUM (ANALYZE)")
    return time.monotonic() - began


def _tables(target: psycopg.Connection) -> list[str]:
    found = target.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1")
    return [name for (name,) in found if name not in KEPT_BY_THE_SCHEMA]


def _copy_table(rows: sqlite3.Connection, target: psycopg.Connection, table: str) -> int:
    columns = [row[1] for row in rows.execute(f'PRAGMA table_info("{table}")')]
    if not columns:
        return 0
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    into = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), names)
    quoted = ", ".join(f'"{name}"' for name in columns)
    count = 0
    with target.cursor() as cursor, cursor.copy(into) as stream:
        for row in _in_batches(rows.execute(f'SELECT {quoted} FROM "{table}"')):
            stream.write_row(row)
            count += 1
    return count


def _in_batches(cursor: sqlite3.Cursor) -> Iterator[tuple[object, ...]]:
    while batch := cursor.fetchmany(10_000):
        yield from batch


def _advance_sequences(target: psycopg.Connection) -> None:
    """Let every sequence of a column go on behind its greatest value."""
    owned = target.execute(
        "SELECT table_name, column_name, pg_get_serial_sequence(quote_ident(table_name), column_name) "
        "FROM information_schema.columns WHERE table_schema = current_schema() "
        "AND pg_get_serial_sequence(quote_ident(table_name), column_name) IS NOT NULL"
    ).fetchall()
    for table, column, sequence in owned:
        query = sql.SQL("SELECT setval({}, GREATEST((SELECT max({}) FROM {}), 1))").format(
            sql.Literal(sequence), sql.Identifier(column), sql.Identifier(table)
        )
        target.execute(query)
