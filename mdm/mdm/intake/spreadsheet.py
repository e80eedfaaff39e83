"""Reads the first visible sheet of an XLSX workbook; its first row is the header."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mdm.errors import UnreadableFileError
from mdm.intake.delimited_file import unique_names
from mdm.intake.source_row import SourceRow, checked, unreadable

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

EXPANDED_LIMIT = 1_000_000_000
"""Bytes of a workbook when unpacked; more is a mistake or an attack."""


class Spreadsheet:
    """A workbook whose first visible sheet has a header."""

    def __init__(self, path: Path) -> None:
        self.path = path
        _refuse_bomb(path)
        sheet = _sheet(path)
        header = next(iter(sheet.iter_rows()), [])
        names = [_text(cell) for cell in header]
        while names and not names[-1]:
            names.pop()
        if not names:
            raise UnreadableFileError(
                f"{path.name}: the sheet {sheet.name!r} has no header; name its columns in row 1."
            )
        self._columns = unique_names(path, names)
        self.expected = max(sheet.total_height - 1, 0)

    def columns(self) -> tuple[str, ...]:
        """The column names of the first row."""
        return self._columns

    def rows(self) -> Iterator[SourceRow]:
        """The rows under the header; blank ones are passed over."""
        width = len(self._columns)
        for number, cells in enumerate(_sheet(self.path).iter_rows(), start=1):
            if number == 1 or not any(_text(cell) for cell in cells):
                continue
            if any(_text(cell) for cell in cells[width:]):
                yield unreadable(
                    number, repr(cells), f"the row has cells beyond the header's {width} columns"
                )
                continue
            yield checked(
                number, {name: _plain(cell) for name, cell in zip(self._columns, cells, strict=False)}
            )


def _text(cell: Any) -> str:
    return str(cell).strip()


def _plain(cell: Any) -> Any:
    # A workbook holds every number as a float; 42 must not become the key "42.0".
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    return None if cell == "" else cell


def _sheet(path: Path) -> CalamineSheet:
    from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

    try:
        workbook = CalamineWorkbook.from_path(str(path))
        visible = [
            sheet.name for sheet in workbook.sheets_metadata if sheet.visible == SheetVisibleEnum.Visible
        ]
        return workbook.get_sheet_by_name((visible or workbook.sheet_names)[0])
    except (CalamineError, IndexError, OSError, ValueError) as exc:
        raise UnreadableFileError(
            f"{path.name} is no XLSX workbook that can be read ({exc}); save it again as .xlsx."
        ) from exc


def _refuse_bomb(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(member.file_size for member in archive.infolist())
    except (zipfile.BadZipFile, OSError) as exc:
        raise UnreadableFileError(
            f"{path.name} is no XLSX workbook ({exc}); it may be cut off: save it again."
        ) from exc
    if size > EXPANDED_LIMIT:
        raise UnreadableFileError(f"{path.name} unpacks to more than 1 GB; save it as CSV instead.")
