"""Reads a file of judged pairs: which rows somebody said are the same thing, and which are distinct."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from mdm.errors import InputError, UnknownColumnError
from mdm.file_matching.table import MatchTable
from mdm.intake import SourceRow, open_rows

if TYPE_CHECKING:
    from mdm_matching import Labels

COLUMNS = ("left_source", "left_record_id", "right_source", "right_record_id", "verdict")
WORDS = {"same": True, "distinct": False, "unsure": None}


def read_labels(path: Path, table: MatchTable) -> Labels:
    """The judged pairs of a file as rows of the table; a verdict of unsure is none.

    Raises:
        UnreadableFileError: the file cannot be read.
        UnknownColumnError: a column is missing.
        InputError: a pair names a row that is not there, or its verdict is no verdict.
    """
    from mdm_matching import Labels, MatchingError

    opened = open_rows(path)
    missing = [name for name in COLUMNS if name not in opened.columns()]
    if missing:
        raise UnknownColumnError(
            f"{path.name} lacks the column {missing[0]}; judged pairs need {', '.join(COLUMNS)}."
        )
    keys = zip(table.sources, table.record_ids, strict=True)
    places = {key: row for row, key in enumerate(keys)}
    try:
        return Labels.of(_judged(path, opened.rows(), places), table.rows)
    except MatchingError as exc:
        raise InputError(f"{path.name}: {exc}; correct that pair or leave it out.") from exc


def _judged(
    path: Path, rows: Iterator[SourceRow], places: dict[tuple[str, str], int]
) -> Iterator[tuple[int, int, bool]]:
    for row in rows:
        *ends, word = (str(row.values.get(name) or "").strip() for name in COLUMNS)
        if word.lower() not in WORDS:
            raise InputError(
                f"{path.name} row {row.number}: the verdict is {word!r}; say same, distinct or unsure."
            )
        keys = [(ends[0], ends[1]), (ends[2], ends[3])]
        for source, record_id in keys:
            if (source, record_id) not in places:
                raise InputError(
                    f"{path.name} row {row.number}: no row has the source {source!r} and the record id "
                    f"{record_id!r}; correct that pair or leave it out."
                )
        same = WORDS[word.lower()]
        if same is not None:
            yield places[keys[0]], places[keys[1]], same
