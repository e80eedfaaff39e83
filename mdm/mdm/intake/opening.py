"""Opens a file by what its name says it is, and refuses what cannot be read before anything is written."""

from __future__ import annotations

from pathlib import Path

from mdm.errors import UnreadableFileError
from mdm.intake.delimited_file import DelimitedFile
from mdm.intake.json_file import JsonDocument, JsonLinesFile
from mdm.intake.parquet_file import ParquetFile
from mdm.intake.selecting import Selector
from mdm.intake.source_row import RowSource
from mdm.intake.spreadsheet import Spreadsheet
from mdm.intake.text_file import survey

DELIMITED = frozenset({".csv", ".tsv", ".tab", ".psv", ".txt"})
LINES = frozenset({".jsonl", ".ndjson"})
PARQUET = frozenset({".parquet", ".pq"})
WORKBOOK = frozenset({".xlsx", ".xlsm"})


def open_rows(path: Path, *, encoding: str | None = None, records: Selector | None = None) -> RowSource:
    """The rows of a CSV, JSON, JSON lines, Parquet or XLSX file.

    Args:
        encoding: of a text file; else its byte-order mark decides, else it is UTF-8.
        records: where a JSON document keeps its records.

    Raises:
        UnreadableFileError: the file is missing, empty, cut off, or not what its name says.
    """
    _refuse_unreadable(path)
    kind = path.suffix.lower()
    if kind in PARQUET:
        return ParquetFile(path)
    if kind in WORKBOOK:
        return Spreadsheet(path)
    if kind in DELIMITED:
        return DelimitedFile(survey(path, encoding))
    if kind in LINES:
        return JsonLinesFile(survey(path, encoding))
    if kind == ".json":
        return JsonDocument(survey(path, encoding), records)
    raise UnreadableFileError(
        f"{path.name}: the hub reads .csv, .tsv, .jsonl, .json, .parquet and .xlsx; save it as one of these."
    )


def _refuse_unreadable(path: Path) -> None:
    if path.is_dir():
        raise UnreadableFileError(f"{path} is a folder; name the files in it.")
    try:
        with path.open("rb") as file:
            start = file.read(4096)
    except FileNotFoundError as exc:
        raise UnreadableFileError(f"There is no file {path}; check the path.") from exc
    except OSError as exc:
        raise UnreadableFileError(f"Cannot read {path} ({exc.strerror}); check its permissions.") from exc
    if not start.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\x00") and path.stat().st_size <= len(start):
        raise UnreadableFileError(f"{path.name} is empty; fetch or write it again.")
