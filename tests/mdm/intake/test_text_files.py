from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from mdm.errors import UnreadableFileError, UsageError
from mdm.intake import open_rows

Write = Callable[[str, str | bytes], Path]
TEXT = "id,name\n1,Müller\n"


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(TEXT.encode(), id="plain UTF-8"),
        pytest.param(TEXT.encode("utf-8-sig"), id="UTF-8 with a byte-order mark, as Excel writes"),
        pytest.param(TEXT.encode("utf-16"), id="UTF-16 with a byte-order mark"),
        pytest.param(b"\xfe\xff" + TEXT.encode("utf-16-be"), id="UTF-16, the other byte first"),
        pytest.param(TEXT.encode("utf-32"), id="UTF-32, whose mark begins like that of UTF-16"),
    ],
)
def test_a_byte_order_mark_says_the_encoding(write: Write, content: bytes) -> None:
    source = open_rows(write("a.csv", content))

    assert source.columns() == ("id", "name")
    assert [row.values for row in source.rows()] == [{"id": "1", "name": "Müller"}]


def test_latin_1_bytes_are_refused_with_their_line_and_the_way_out(write: Write) -> None:
    path = write("a.csv", b"id,name\n1,Meier\n2,M\xfcller\n")

    with pytest.raises(
        UnreadableFileError, match=r"a\.csv, line 3: byte 0xFC is no UTF-8.*--encoding latin-1"
    ):
        open_rows(path)


def test_latin_1_bytes_far_into_the_file_are_found_before_any_row_is_read(write: Write) -> None:
    path = write("a.csv", b"id,name\n" + b"1,Meier\n" * 400_000 + b"2,M\xfcller\n")

    with pytest.raises(UnreadableFileError, match="line 400002"):
        open_rows(path)


def test_a_named_encoding_is_used(write: Write) -> None:
    source = open_rows(write("a.csv", TEXT.encode("latin-1")), encoding="latin-1")

    assert next(source.rows()).values["name"] == "Müller"


def test_a_character_that_lies_across_two_chunks_is_read(write: Write) -> None:
    path = write("a.csv", b"id\n" + b"x" * ((1 << 20) - 4) + "ü\n".encode())

    assert open_rows(path).expected == 1


def test_an_encoding_that_does_not_exist_is_wrong_usage(write: Write) -> None:
    with pytest.raises(UsageError, match="no text encoding 'latin-99'"):
        open_rows(write("a.csv", TEXT), encoding="latin-99")


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.csv", b"", "a.csv is empty"),
        ("a.csv", b"\xef\xbb\xbf\r\n  ", "a.csv is empty"),
        ("a.jsonl", b"", "a.jsonl is empty"),
        ("a.parquet", b"", "a.parquet is empty"),
        ("a.xlsx", b"", "a.xlsx is empty"),
        ("a.csv", TEXT.encode("utf-16-le"), "NUL character.*--encoding utf-16-le"),
        ("a.csv", b"PAR1....", "is a Parquet file, whatever its name says"),
        ("a.csv", b"PK\x03\x04....", "is an XLSX or ZIP file"),
        ("a.csv", b"\x1f\x8b\x08..", "is a gzip file"),
        ("a.doc", b"hello", r"reads \.csv"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_one_sentence(
    write: Write, name: str, content: bytes, says: str
) -> None:
    with pytest.raises(UnreadableFileError, match=says):
        open_rows(write(name, content))


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="There is no file"):
        open_rows(tmp_path / "none.csv")


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="is a folder"):
        open_rows(tmp_path)
