"""Reads JSON: one object per line, or a document that holds a list of records somewhere inside."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mdm.errors import UnreadableFileError
from mdm.intake.selecting import Selector
from mdm.intake.source_row import SourceRow, checked, is_unreadable, unreadable
from mdm.intake.text_file import TextFile

DOCUMENT_LIMIT = 512_000_000
"""Bytes of a JSON document, which has to be held in memory as a whole; JSON lines have no such limit."""


class JsonLinesFile:
    """A file with one JSON object per line; a line that is none carries its trouble."""

    def __init__(self, text: TextFile) -> None:
        self.path: Path = text.path
        self.expected = text.lines
        self._text = text
        first = next(self.rows(), None)
        if first is not None and first.trouble and is_unreadable(first.values):
            raise UnreadableFileError(
                f"{text.path.name}, line {first.number}: {first.trouble}; "
                "write one JSON object per line, or name the file .json."
            )

    def columns(self) -> tuple[str, ...]:
        """Every key that some line has, in order of appearance."""
        return _keys(self.rows())

    def rows(self) -> Iterator[SourceRow]:
        """The lines' objects; blank lines are passed over."""
        with self._text.open() as file:
            for number, line in enumerate(file, start=1):
                if line.strip():
                    yield _line(number, line)


class JsonDocument:
    """A JSON document and the records that a path finds in it."""

    def __init__(self, text: TextFile, records: Selector | None) -> None:
        self.path: Path = text.path
        if text.path.stat().st_size > DOCUMENT_LIMIT:
            raise UnreadableFileError(
                f"{text.path.name} is larger than 512 MB; turn it into JSON lines (.jsonl)."
            )
        self._records = _records(text, records)
        self.expected = len(self._records)

    def columns(self) -> tuple[str, ...]:
        """Every key that some record has, in order of appearance."""
        return _keys(self.rows())

    def rows(self) -> Iterator[SourceRow]:
        """The records in the document's order."""
        for number, record in enumerate(self._records, start=1):
            if isinstance(record, dict):
                yield checked(number, record)
            else:
                yield unreadable(number, json.dumps(record), "the record is no JSON object")


def _keys(rows: Iterator[SourceRow]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for row in rows:
        if not row.trouble:
            found.update(dict.fromkeys(row.values))
    return tuple(found)


def _line(number: int, line: str) -> SourceRow:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as exc:
        return unreadable(number, line, f"the line is no JSON ({_say(exc)})")
    if not isinstance(record, dict):
        return unreadable(number, line, "the line is no JSON object")
    return checked(number, record)


def _records(text: TextFile, records: Selector | None) -> list[Any]:
    document = _document(text)
    if records is not None:
        found = records.select(document) if isinstance(document, dict) else records.search(document)
        if isinstance(found, dict):
            return list(found.values())
        if isinstance(found, list):
            return found
        raise UnreadableFileError(
            f"{text.path.name}: the mapping's records = {records.text!r} finds no list; correct the path."
        )
    if isinstance(document, list):
        return document
    raise UnreadableFileError(
        f"{text.path.name} holds no list at its top; name the records' place with `records` in a mapping."
    )


def _document(text: TextFile) -> Any:
    try:
        with text.open() as file:
            return json.load(file)
    except json.JSONDecodeError as exc:
        hint = (
            "; if it holds one object per line, name it .jsonl"
            if exc.msg == "Extra data"
            else "; it may be cut off"
        )
        raise UnreadableFileError(
            f"{text.path.name}, line {exc.lineno}: is no valid JSON ({exc.msg}){hint}."
        ) from exc
    except (ValueError, RecursionError) as exc:
        raise UnreadableFileError(
            f"{text.path.name}: is no JSON that the hub can read ({_say(exc)}); check the file."
        ) from exc


def _say(exc: Exception) -> str:
    if isinstance(exc, json.JSONDecodeError):
        return f"{exc.msg}, column {exc.colno}"
    return "nested too deeply" if isinstance(exc, RecursionError) else str(exc)
