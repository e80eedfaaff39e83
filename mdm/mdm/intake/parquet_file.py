"""Reads Parquet through DuckDB, a few thousand rows at a time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mdm.errors import UnreadableFileError
from mdm.intake.source_row import SourceRow, checked

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

ROWS = 2000
OFFLINE: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "memory_limit": "512MB",
    "threads": "2",
}
"""The hub never lets DuckDB fetch extensions from the network."""


class ParquetFile:
    """A Parquet file whose end (where its index lies) could be read."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with _opened(path) as database:
            (self.expected,) = _first(database, "SELECT count(*) FROM read_parquet(?)", path)
            described = database.execute(
                "DESCRIBE SELECT * FROM read_parquet(?)", [_literal(path)]
            ).fetchall()
        self._columns = tuple(str(row[0]) for row in described)

    def columns(self) -> tuple[str, ...]:
        """The column names of the schema."""
        return self._columns

    def rows(self) -> Iterator[SourceRow]:
        """The rows in the file's order."""
        with _opened(self.path) as database:
            result = database.execute("SELECT * FROM read_parquet(?)", [_literal(self.path)])
            number = 0
            while batch := result.fetchmany(ROWS):
                for cells in batch:
                    number += 1
                    yield checked(number, dict(zip(self._columns, cells, strict=True)))


def _first(database: DuckDBPyConnection, statement: str, path: Path) -> tuple[Any, ...]:
    row = database.execute(statement, [_literal(path)]).fetchone()
    return row or (0,)


def _literal(path: Path) -> str:
    # DuckDB reads a path as a pattern; brackets make each special character stand for itself.
    return re.sub(r"([*?\[])", r"[\1]", str(path))


@contextmanager
def _opened(path: Path) -> Iterator[DuckDBPyConnection]:
    import duckdb

    try:
        with duckdb.connect(":memory:", config=OFFLINE) as database:
            yield database
    except duckdb.Error as exc:
        raise UnreadableFileError(
            f"{path.name} is no complete Parquet file; it may be cut off: fetch or write it again."
        ) from exc
