"""One row of a file as it was read, before anybody asks what it means."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple, Protocol

CELL_LIMIT = 1_000_000
"""Characters in one cell (1 MB); a longer one is an accident, mostly a quote that was never closed."""

UNREADABLE = "unreadable"
EXCERPT = 200
"""Characters of an unreadable line or cell that quarantine keeps."""


class SourceRow(NamedTuple):
    """A row's place, its cells by column, and why it cannot be used (empty if it can).

    `number` counts as a spreadsheet does, so the header of a CSV file is row 1; in JSON lines it is the line,
    in a JSON document and in Parquet the position from 1.
    """

    number: int
    values: dict[str, Any]
    trouble: str = ""
    column: str = ""


class RowSource(Protocol):
    """A file that was opened and found readable. Reading its rows may be started more than once."""

    path: Path
    expected: int
    """About how many rows there are, for the progress bar."""

    def columns(self) -> tuple[str, ...]:
        """The names of the columns, in order; of JSON, every key that some record has."""
        ...

    def rows(self) -> Iterator[SourceRow]:
        """The rows one after the other, in memory that does not grow with the file."""
        ...


def checked(number: int, values: dict[str, Any]) -> SourceRow:
    """The row, or the row with its trouble if a cell is too long; the long cell is then cut to an excerpt."""
    for column, value in values.items():
        length = _longest(value)
        if length > CELL_LIMIT:
            cut = {**values, column: {"cut": str(value)[:EXCERPT], "length": length}}
            size, limit = length / 1_000_000, CELL_LIMIT // 1_000_000
            return SourceRow(number, cut, f"the cell holds {size:.1f} MB, the limit is {limit} MB", column)
    return SourceRow(number, values)


def unreadable(number: int, line: str, trouble: str) -> SourceRow:
    """A row that could not be taken apart; an excerpt of its text is kept."""
    return SourceRow(number, {UNREADABLE: line[:EXCERPT]}, trouble)


def is_unreadable(values: Mapping[str, Any]) -> bool:
    """Whether a stored row is but the excerpt of one that could not be taken apart."""
    return values.keys() == {UNREADABLE}


def storable(value: Any) -> Any:
    """A cell as JSON can keep it: dates as ISO 8601, decimals as text, the rest unchanged."""
    if isinstance(value, dict):
        return {str(key): storable(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [storable(item) for item in value]
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    if isinstance(value, str):
        # Lone surrogates and NUL come in through JSON escapes; neither database stores them.
        return value.encode("utf-8", "replace").decode().replace("\x00", "\N{SYMBOL FOR NULL}")
    if (isinstance(value, float) and value != value) or value in (float("inf"), float("-inf")):
        return str(value)
    if value is None or isinstance(value, (bool, int, float)):
        return value
    return format(value, "f") if isinstance(value, Decimal) and value.is_finite() else str(value)


def _longest(value: Any) -> int:
    if isinstance(value, (str, bytes)):
        return len(value)
    if isinstance(value, dict):
        return max(map(_longest, value.values()), default=0)
    if isinstance(value, (list, tuple)):
        return max(map(_longest, value), default=0)
    return 0
