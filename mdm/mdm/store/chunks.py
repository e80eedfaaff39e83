"""Long lists of ids in statements of bounded size."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

from sqlalchemy import Row, Select
from sqlalchemy.sql.elements import SQLCoreOperations
from sqlmodel import Session

CHUNK = 8000
"""Values in one IN list: below the 32,766 variables of SQLite and the 65,535 of PostgreSQL."""

Item = TypeVar("Item")


def chunks(items: Iterable[Item], size: int = CHUNK) -> Iterator[list[Item]]:
    """The items in lists of at most `size`, sorted so that equal input makes equal statements."""
    ordered: Sequence[Item] = sorted(items)  # type: ignore[type-var]  # ids and keys, all of one sortable type
    for start in range(0, len(ordered), size):
        yield list(ordered[start : start + size])


def rows_in(
    session: Session, query: Select[*tuple[Any, ...]], column: SQLCoreOperations[Any], items: Iterable[Any]
) -> Iterator[Row[*tuple[Any, ...]]]:
    """The query's rows whose column is among the items."""
    for part in chunks(items):
        yield from session.execute(query.where(column.in_(part)))
