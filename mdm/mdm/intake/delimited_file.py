"""Reads CSV and its like: the delimiter is one of four, found in the header."""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from mdm.errors import UnreadableFileError
from mdm.intake.source_row import SourceRow, checked, unreadable
from mdm.intake.text_file import LINE_LIMIT, TextFile

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
AGAIN = 1000
"""Lines after a quote that does not close that are read again as rows of their own."""

SAMPLE = 20
"""Rows that are looked at to see whether they fit the header."""


class DelimitedFile:
    """A CSV file with a header that was understood."""

    def __init__(self, text: TextFile) -> None:
        self.path: Path = text.path
        self.expected = max(text.lines - 1, 0)
        self._text = text
        # Without this the module stops at 131,072 characters and the row's number would be lost.
        csv.field_size_limit(LINE_LIMIT)
        self._delimiter, self._columns = _understand(text)

    def columns(self) -> tuple[str, ...]:
        """The column names of the header."""
        return self._columns

    def rows(self) -> Iterator[SourceRow]:
        """The rows; one that does not fit the header, or whose quotes do not close, carries its trouble."""
        with self._text.open() as file:
            lines = _Lines(file)
            parser = csv.reader(lines, delimiter=self._delimiter, strict=True)
            number = 0
            while True:
                number += 1
                lines.taken.clear()
                try:
                    cells = next(parser)
                except StopIteration:
                    return
                except csv.Error as exc:
                    yield unreadable(number, lines.first, _quotes(exc, read_again=lines.give_back()))
                    continue
                if number > 1 and any(cell.strip() for cell in cells):
                    yield self._row(number, cells, lines.first)

    def _row(self, number: int, cells: list[str], line: str) -> SourceRow:
        surplus = cells[len(self._columns) :]
        if len(cells) < len(self._columns) or any(cell.strip() for cell in surplus):
            found = len(cells)
            return unreadable(number, line, f"the row has {found} cells, the header has {len(self._columns)}")
        return checked(number, dict(zip(self._columns, cells, strict=False)))


class _Lines:
    """Lines of a file; remembers those of the row that is being read, so that they can be read again."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self._again: deque[str] = deque()
        self.taken: list[str] = []

    @property
    def first(self) -> str:
        """The line on which the row begins."""
        return self.taken[0] if self.taken else ""

    def give_back(self) -> bool:
        """Hand out the row's lines but the first once more; whether they are few enough for that."""
        if len(self.taken) > AGAIN:
            return False
        self._again.extendleft(reversed(self.taken[1:]))
        return True

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._lines)
        self.taken.append(line)
        return line


def _quotes(exc: csv.Error, *, read_again: bool) -> str:
    lost = "" if read_again else ", so the lines that follow could not be read"
    if "end of data" in str(exc) or "field limit" in str(exc):
        return f"a quote is opened here and never closed{lost}"
    return f"the quotes do not pair up ({exc}){lost}"


def _understand(text: TextFile) -> tuple[str, tuple[str, ...]]:
    """The delimiter under which the header has the most columns and the first rows fit it."""
    best: tuple[int, int, str, list[str]] | None = None
    for delimiter in DELIMITERS:
        header, fitting = _try(text, delimiter)
        if header and (best is None or (len(header), fitting) > best[:2]):
            best = (len(header), fitting, delimiter, header)
    if best is None:
        raise UnreadableFileError(f"{text.path.name}: the header cannot be read as CSV; check its quotes.")
    _, fitting, delimiter, header = best
    if len(header) == 1 and not re.fullmatch(r"[\w .-]+", header[0]):
        raise UnreadableFileError(
            f"{text.path.name}: the header {header[0][:60]!r} is not parted by comma, semicolon, tab or bar; "
            "save the file as CSV with one of these."
        )
    if fitting < 0:
        raise UnreadableFileError(
            f"{text.path.name}: the header has {len(header)} columns parted by {DELIMITERS[delimiter]}, "
            "but none of the first rows has as many; part the header and the rows by the same delimiter."
        )
    return delimiter, unique_names(text.path, header)


def _try(text: TextFile, delimiter: str) -> tuple[list[str], int]:
    """The header under a delimiter, and how many of the first rows fit it; -1 if none of them does."""
    with text.open() as file:
        parser = csv.reader(file, delimiter=delimiter, strict=True)
        try:
            header = _without_blank_end([name.strip() for name in next(parser, [])])
        except csv.Error:
            return [], 0
        try:
            sample = [len(cells) for cells in islice(parser, SAMPLE) if cells]
        except csv.Error:
            return header, 0
    fitting = sum(count >= len(header) for count in sample)
    return header, fitting if fitting or not sample else -1


def _without_blank_end(names: list[str]) -> list[str]:
    while names and not names[-1]:
        names.pop()
    return names


def unique_names(path: Path, header: list[str]) -> tuple[str, ...]:
    """The header as column names.

    Raises:
        UnreadableFileError: a column has no name, or two have the same.
    """
    for position, name in enumerate(header, start=1):
        if not name:
            raise UnreadableFileError(
                f"{path.name}: column {position} has no name; name it in the first row, or remove it."
            )
        if header.index(name) != position - 1:
            raise UnreadableFileError(
                f"{path.name}: two columns are called {name!r}; rename or remove one of them."
            )
    return tuple(header)
