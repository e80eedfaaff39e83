from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path

import duckdb
import pytest
import xlsxwriter

from mdm.errors import UnreadableFileError
from mdm.intake import open_rows
from mdm.intake.selecting import compile_selector

DAY = datetime.combine(date(2026, 3, 1), time())
Write = Callable[[str, str | bytes], Path]


def parquet(path: Path, query: str) -> Path:
    duckdb.sql(query).write_parquet(str(path))
    return path


def workbook(path: Path, *rows: list[object], hidden: bool = False) -> Path:
    with xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd"}) as book:
        if hidden:
            book.add_worksheet("notes").hide()
        sheet = book.add_worksheet("records")
        sheet.activate()
        sheet.set_first_sheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return path


def test_json_lines_are_numbered_by_line_and_blank_ones_passed_over(write: Write) -> None:
    source = open_rows(write("a.jsonl", '{"id": 1}\n\n{"id": 2, "name": "Acme"}\n'))

    assert [(row.number, row.values) for row in source.rows()] == [
        (1, {"id": 1}),
        (3, {"id": 2, "name": "Acme"}),
    ]
    assert source.columns() == ("id", "name")


@pytest.mark.parametrize(
    "line", ['{"id": 2', "[2]", "7", "[" * 100_000], ids=["cut", "list", "number", "deep"]
)
def test_a_line_that_is_no_object_carries_its_trouble(write: Write, line: str) -> None:
    _, second, third = open_rows(write("a.jsonl", f'{{"id": 1}}\n{line}\n{{"id": 3}}\n')).rows()

    assert "no JSON" in second.trouble
    assert third.values == {"id": 3}


def test_a_document_that_calls_itself_json_lines_is_refused(write: Write) -> None:
    with pytest.raises(UnreadableFileError, match=r"one JSON object per line, or name the file \.json"):
        open_rows(write("a.jsonl", json.dumps([{"id": 1}], indent=2)))


@pytest.mark.parametrize(
    ("document", "path"),
    [
        ([{"id": 1}, {"id": 2}], None),
        ({"items": [{"id": 1}, {"id": 2}]}, "items"),
        ({"result": {"a": {"id": 1}, "b": {"id": 2}}}, "result"),
        ({"pages": [{"rows": [{"id": 1}]}, {"rows": [{"id": 2}]}]}, "pages[].rows[]"),
        ([[{"id": 1}], [{"id": 2}]], "[]"),
    ],
    ids=["a list", "a list within", "an object of id to record", "pages", "lists of lists"],
)
def test_a_document_keeps_its_records_where_the_mapping_says(
    write: Write, document: object, path: str | None
) -> None:
    records = compile_selector(path) if path else None
    source = open_rows(write("a.json", json.dumps(document)), records=records)

    assert [row.values for row in source.rows()] == [{"id": 1}, {"id": 2}]


@pytest.mark.parametrize(
    ("text", "path", "says"),
    [
        ('{"items": []}', None, "holds no list at its top"),
        ('{"items": 3}', "items", "finds no list"),
        ('[{"id": 1}', None, "line 1: is no valid JSON"),
        ('{"id": 1}\n{"id": 2}', None, r"name it \.jsonl"),
        ("[" * 100_000, None, "nested too deeply"),
    ],
)
def test_a_document_without_records_is_refused(write: Write, text: str, path: str | None, says: str) -> None:
    with pytest.raises(UnreadableFileError, match=says):
        open_rows(write("a.json", text), records=compile_selector(path) if path else None)


def test_a_long_text_deep_in_a_record_counts_as_its_cell(write: Write) -> None:
    (row,) = open_rows(write("a.jsonl", json.dumps({"id": 1, "notes": [{"text": "x" * 2_000_000}]}))).rows()

    assert (row.column, row.trouble) == ("notes", "the cell holds 2.0 MB, the limit is 1 MB")


def test_parquet_keeps_types_and_order(tmp_path: Path) -> None:
    path = parquet(tmp_path / "a.parquet", "SELECT i AS id, DATE '2026-03-01' AS day FROM range(5000) t(i)")
    source = open_rows(path)

    assert (source.expected, source.columns()) == (5000, ("id", "day"))
    assert [row.values["id"] for row in source.rows()] == list(range(5000))
    assert next(source.rows()).values["day"] == date(2026, 3, 1)


def test_a_name_with_pattern_signs_is_one_file(tmp_path: Path) -> None:
    parquet(tmp_path / "a[1].parquet", "SELECT 1 AS id")
    parquet(tmp_path / "a1.parquet", "SELECT 2 AS id")

    assert [row.values for row in open_rows(tmp_path / "a[1].parquet").rows()] == [{"id": 1}]


@pytest.mark.parametrize("kept", [4, 100, -1], ids=["the first bytes", "some", "all but the last"])
def test_a_truncated_parquet_file_is_refused(tmp_path: Path, kept: int) -> None:
    path = parquet(tmp_path / "a.parquet", "SELECT i AS id FROM range(1000) t(i)")
    path.write_bytes(path.read_bytes()[:kept])

    with pytest.raises(UnreadableFileError, match=r"a\.parquet is no complete Parquet file"):
        open_rows(path)


def test_a_workbook_gives_numbers_without_a_fraction_and_dates_as_dates(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", ["id", "since", "rate"], [42, DAY, 1.5], [], ["x", None, None])
    source = open_rows(path)

    assert source.columns() == ("id", "since", "rate")
    assert [(row.number, row.values) for row in source.rows()] == [
        (2, {"id": 42, "since": date(2026, 3, 1), "rate": 1.5}),
        (4, {"id": "x", "since": None, "rate": None}),
    ]


def test_a_hidden_sheet_is_passed_over(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", ["id"], [1], hidden=True)

    assert [row.values for row in open_rows(path).rows()] == [{"id": 1}]


def test_a_truncated_workbook_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", ["id"], [1])
    path.write_bytes(path.read_bytes()[:-40])

    with pytest.raises(UnreadableFileError, match=r"a\.xlsx is no XLSX workbook"):
        open_rows(path)


def test_an_archive_without_sheets_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("hello.txt", "hello")

    with pytest.raises(UnreadableFileError, match=r"a\.xlsx is no XLSX workbook"):
        open_rows(tmp_path / "a.xlsx")


def test_a_workbook_that_unpacks_to_gigabytes_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mdm.intake.spreadsheet.EXPANDED_LIMIT", 100)

    with pytest.raises(UnreadableFileError, match="unpacks to more than 1 GB"):
        open_rows(workbook(tmp_path / "a.xlsx", ["id"], [1]))
