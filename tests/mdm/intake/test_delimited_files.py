from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mdm.errors import UnreadableFileError
from mdm.intake import SourceRow, open_rows

Write = Callable[[str, str | bytes], Path]


def rows_of(path: Path) -> list[SourceRow]:
    return list(open_rows(path).rows())


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"], ids=["comma", "semicolon", "tab", "bar"])
def test_the_header_tells_the_delimiter(write: Write, delimiter: str) -> None:
    path = write("a.csv", f"id{delimiter}name\n1{delimiter}Acme\n")

    assert [row.values for row in rows_of(path)] == [{"id": "1", "name": "Acme"}]


def test_commas_in_the_names_of_a_semicolon_file_are_no_delimiters(write: Write) -> None:
    path = write("a.csv", 'id;name;"city, country"\n1;Acme, Inc.;"Berlin, DE"\n')

    assert rows_of(path)[0].values == {"id": "1", "name": "Acme, Inc.", "city, country": "Berlin, DE"}


def test_a_file_of_one_column_needs_no_delimiter(write: Write) -> None:
    assert rows_of(write("a.csv", "id\n1\n2\n"))[1].values == {"id": "2"}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("id:name:country\n1:Acme:DE\n", "not parted by comma, semicolon, tab or bar"),
        ("id,name,country\n1;Acme;DE\n2;Beta;AT\n", "none of the first rows has as many"),
        ("id,name,name\n1,a,b\n", "two columns are called 'name'"),
        ("id,,name\n1,a,b\n", "column 2 has no name"),
        ('"id,name\n1,a\n', "header cannot be read"),
    ],
)
def test_a_header_that_makes_no_table_is_refused(write: Write, text: str, says: str) -> None:
    with pytest.raises(UnreadableFileError, match=says):
        open_rows(write("a.csv", text))


def test_rows_are_counted_as_a_spreadsheet_counts_them(write: Write) -> None:
    path = write("a.csv", 'id,name\n1,"two\nlines"\n\n3,Acme\n')

    assert [row.number for row in rows_of(path)] == [2, 4]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("2", "the row has 1 cells, the header has 3"),
        ("2,a,b,c", "the row has 4 cells, the header has 3"),
        ('2,"a"b,c', "quotes do not pair up"),
    ],
)
def test_a_row_that_does_not_fit_carries_its_trouble_and_its_text(write: Write, line: str, says: str) -> None:
    first, second, third = rows_of(write("a.csv", f"id,name,city\n1,a,b\n{line}\n3,c,d\n"))

    assert (first.trouble, third.trouble) == ("", "")
    assert says in second.trouble
    assert second.values == {"unreadable": f"{line}\n"}


def test_blank_cells_beyond_the_header_do_no_harm(write: Write) -> None:
    assert rows_of(write("a.csv", "id,name,,\n1,a,,\n,,,\n")) == [SourceRow(2, {"id": "1", "name": "a"})]


def test_a_quote_that_never_closes_costs_one_row(write: Write) -> None:
    found = rows_of(write("a.csv", 'id,name\n1,a\n2,"b\n3,c\n4,d\n'))

    assert [row.values.get("id") for row in found] == ["1", None, "3", "4"]
    assert "a quote is opened here and never closed" in found[1].trouble


def test_a_cell_of_ten_megabytes_is_cut_and_named(write: Write) -> None:
    (row,) = rows_of(write("a.csv", f"id,name\n1,{'x' * 10_000_000}\n"))

    assert row.trouble == "the cell holds 10.0 MB, the limit is 1 MB"
    assert row.column == "name"
    assert row.values["name"] == {"cut": "x" * 200, "length": 10_000_000}


cells = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\x00"), max_size=12)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    table=st.lists(st.lists(cells, min_size=3, max_size=3), max_size=8), delimiter=st.sampled_from(",;\t|")
)
def test_what_a_csv_writer_writes_is_read_back(
    tmp_path: Path, table: list[list[str]], delimiter: str
) -> None:
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows([["id", "name", "city"], *table])
    path = tmp_path / "a.csv"
    path.write_bytes(stream.getvalue().encode())

    read = [list(row.values.values()) for row in rows_of(path)]

    assert read == [row for row in table if any(cell.strip() for cell in row)]
