"""Writes rows as CSV, JSON lines or Parquet, to a stream or to a file that appears complete or not at all."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from mdm.errors import UnwritableFileError, UsageError
from mdm.export.formulas import harmless
from mdm.failpoints import reach

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Format(StrEnum):
    """How rows are written."""

    csv = "csv"
    """For people and spreadsheets: what looks like a formula is made harmless."""
    jsonl = "jsonl"
    """For programs: one JSON object per line."""
    parquet = "parquet"
    """For analysis: typed columns."""


def format_of(path: Path) -> Format:
    """The format that a file's ending names.

    Raises:
        UsageError: it names none.
    """
    try:
        return Format(path.suffix.lower().removeprefix("."))
    except ValueError as exc:
        raise UsageError(
            f"Cannot tell the format of {path}; let its name end in .csv, .jsonl or .parquet."
        ) from exc


@dataclass(frozen=True, slots=True)
class Column:
    """A column and its type in Parquet."""

    name: str
    type: str = "VARCHAR"


Rows = Iterable[Mapping[str, Any]]


def write_rows(
    rows: Rows, columns: Sequence[Column], format: Format, out: Path | IO[str], *, raw: bool = False
) -> int:
    """Write rows; returns how many.

    Args:
        out: a file, or a text stream for CSV and JSON lines.
        raw: leave values that look like formulas as they are, for programs that read CSV.

    Raises:
        UnwritableFileError: the file cannot be written; none was left half-written.
    """
    if not isinstance(out, Path):
        return _write_text(rows, columns, format, out, raw=raw)
    with replacing(out) as part:
        if format is Format.parquet:
            return _write_parquet(rows, columns, part)
        with part.open("w", encoding="utf-8", newline="") as stream:
            return _write_text(rows, columns, format, stream, raw=raw)


@contextmanager
def replacing(out: Path) -> Iterator[Path]:
    """A file beside `out` to write to, which takes its place at the end; on any error it is removed.

    Raises:
        UnwritableFileError: the folder is missing or closed, or the disk is full.
    """
    part = out.with_name(f".{out.name}.{os.getpid()}.part")
    try:
        yield part
        reach("export.before_rename")
        part.replace(out)
    except OSError as exc:
        raise UnwritableFileError(
            f"Cannot write {out} ({exc.strerror or exc}); nothing was written: make room or choose another."
        ) from exc
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _write_text(
    rows: Rows, columns: Sequence[Column], format: Format, stream: IO[str], *, raw: bool = False
) -> int:
    if format is Format.jsonl:
        lines = (json.dumps({c.name: row[c.name] for c in columns}, ensure_ascii=False) for row in rows)
        return sum(stream.write(f"{line}\n") > 0 for line in lines)
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([column.name for column in columns])
    return sum(writer.writerow(_cells(row, columns, raw=raw)) > 0 for row in rows)


def _cells(row: Mapping[str, Any], columns: Sequence[Column], *, raw: bool) -> list[str]:
    texts = [_text(row[column.name]) for column in columns]
    return texts if raw else [harmless(text) for text in texts]


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return "; ".join(map(str, value))
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def _write_parquet(rows: Rows, columns: Sequence[Column], part: Path) -> int:
    import duckdb

    lines = part.with_suffix(".lines")
    try:
        with lines.open("w", encoding="utf-8") as stream:
            count = _write_text(rows, columns, Format.jsonl, stream)
        types = {column.name: column.type for column in columns}
        with duckdb.connect(":memory:", config={"threads": 2, "memory_limit": "512MB"}) as database:
            table = database.read_json(str(lines), columns=types, format="newline_delimited")
            table.write_parquet(str(part))
    except duckdb.Error as exc:
        raise OSError(str(exc).partition("\n")[0]) from exc
    finally:
        lines.unlink(missing_ok=True)
    return count


def write_parquet_columns(arrays: Mapping[str, NDArray[Any]], columns: Sequence[Column], part: Path) -> None:
    """Write whole columns, for tables too long to be written row by row."""
    import duckdb

    selected = ", ".join(f'CAST("{column.name}" AS {column.type}) AS "{column.name}"' for column in columns)
    try:
        with duckdb.connect(":memory:", config={"threads": 2}) as database:
            database.register("given", dict(arrays))
            database.sql(f"SELECT {selected} FROM given").write_parquet(str(part))
    except duckdb.IOException as exc:
        raise OSError(str(exc).partition("\n")[0]) from exc
