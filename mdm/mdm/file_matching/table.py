"""Reads files into one table for the engine: keys apart from evidence, the truth apart from both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mdm.errors import InputError, UnknownColumnError
from mdm.intake import RowSource, is_unreadable, open_rows, storable

KEYS = ("source", "record_id")
"""Columns that say which record a row is."""

ANSWER = "cluster_id"
"""An earlier answer, or the truth: never evidence."""


@dataclass
class MatchTable:
    """Rows of all files in order.

    Attributes:
        sources: each row's source: its `source` column, else the file's name.
        record_ids: each row's key: its `record_id` column, else `id`, else the row's number.
        columns: the evidence; None where a row or its whole file has no value.
        truth: each row's true cluster, if a column to evaluate against was named.
        unread: rows that could not be read, each with its place and the reason.
    """

    sources: list[str] = field(default_factory=list)
    record_ids: list[str] = field(default_factory=list)
    columns: dict[str, list[str | None]] = field(default_factory=dict)
    truth: list[str | None] | None = None
    unread: list[str] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return len(self.sources)


def read_table(
    files: Sequence[Path], *, evaluate: str | None = None, encoding: str | None = None
) -> MatchTable:
    """All rows of all files.

    Args:
        evaluate: the column that holds the truth.

    Raises:
        UnreadableFileError: a file cannot be read.
        UnknownColumnError: no file has the column to evaluate against.
        InputError: the files hold no row, or no evidence.
    """
    opened = [open_rows(path, encoding=encoding) for path in files]
    headers = [source.columns() for source in opened]
    if evaluate is not None and not any(evaluate in header for header in headers):
        columns = ", ".join(dict.fromkeys(name for header in headers for name in header))
        raise UnknownColumnError(
            f"No file has a column {evaluate!r} to evaluate against; they have {columns}."
        )
    table = MatchTable(truth=[] if evaluate else None)
    apart = [_keys(header, evaluate) for header in headers]
    names = dict.fromkeys(
        n for header, keys in zip(headers, apart, strict=True) for n in header if n not in keys
    )
    table.columns = {name: [] for name in names}
    for source, header in zip(opened, headers, strict=True):
        _append(table, source, header, evaluate)
    if not table.rows:
        raise InputError("The files hold no row that can be read; check them.")
    if not table.columns:
        raise InputError("The files hold keys but no other column, so there is nothing to compare.")
    return table


def _keys(header: Sequence[str], evaluate: str | None) -> set[str]:
    keys = {*KEYS, ANSWER, evaluate or ""}
    return keys if "record_id" in header else keys | {"id"}


def _append(table: MatchTable, source: RowSource, header: Sequence[str], evaluate: str | None) -> None:
    apart = _keys(header, evaluate)
    key = next((name for name in ("record_id", "id") if name in header), None)
    for position, row in enumerate(source.rows(), start=1):
        if row.trouble and (is_unreadable(row.values) or row.column in (key, "source", evaluate)):
            table.unread.append(f"{source.path.name} row {row.number}: {row.trouble}")
            continue
        if row.trouble:
            row.values[row.column] = None
        table.sources.append(_text(row.values.get("source")) or source.path.name)
        table.record_ids.append((_text(row.values.get(key)) if key else None) or str(position))
        for name, values in table.columns.items():
            values.append(None if name in apart else _text(row.values.get(name)))
        if table.truth is not None and evaluate is not None:
            table.truth.append(_text(row.values.get(evaluate)))


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return (value or "").strip() or None
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return (
            None
            if value != value
            else str(int(value))
            if value.is_integer() and abs(value) < 1e15
            else str(value)
        )
    if isinstance(value, (list, tuple)):
        return "; ".join(filter(None, map(_text, value))) or None
    return str(storable(value)).strip() or None
