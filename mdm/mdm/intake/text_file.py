"""Finds out, before anything is written, whether a file is text, in which encoding, and how long."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from mdm.errors import UnreadableFileError, UsageError

CHUNK = 1 << 20
NUL, LF = "\x00", "\n"
LINE_LIMIT = 64_000_000
"""Characters in one line; more is no table."""

MARKS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""Byte-order marks and the encodings they announce; UTF-32 comes before UTF-16, whose mark it begins with."""

OTHER_KINDS: tuple[tuple[bytes, str], ...] = (
    (b"PAR1", "a Parquet file"),
    (b"PK\x03\x04", "an XLSX or ZIP file"),
    (b"\x1f\x8b", "a gzip file"),
)


@dataclass(frozen=True, slots=True)
class TextFile:
    """A text file that was read once from end to end: it decodes, and has this many line breaks."""

    path: Path
    encoding: str
    lines: int

    def open(self) -> IO[str]:
        """The file for reading; line ends are left as they are."""
        return self.path.open(encoding=self.encoding, newline="")


def survey(path: Path, encoding: str | None = None) -> TextFile:
    """Read a text file once without keeping it.

    Args:
        encoding: what the caller says it is; else a byte-order mark decides, else it is UTF-8.

    Raises:
        UnreadableFileError: the file is no text, or holds bytes that its encoding does not allow.
        UsageError: there is no such encoding.
    """
    with path.open("rb") as file:
        start = file.read(4)
        for magic, kind in OTHER_KINDS:
            if start.startswith(magic):
                raise UnreadableFileError(
                    f"{path.name} is {kind}, whatever its name says; rename or unpack it."
                )
        chosen = _encoding(start, encoding)
        file.seek(0)
        return TextFile(path, chosen, _count_lines(file, path, chosen))


def _encoding(start: bytes, named: str | None) -> str:
    marked = next((encoding for mark, encoding in MARKS if start.startswith(mark)), None)
    if named is None:
        return marked or "utf-8"
    try:
        name = codecs.lookup(named).name
        "".encode(name)
    except LookupError as exc:
        raise UsageError(
            f"There is no text encoding {named!r}; use utf-8, latin-1, cp1252 or utf-16."
        ) from exc
    return "utf-8-sig" if name == "utf-8" else name


def _count_lines(file: IO[bytes], path: Path, encoding: str) -> int:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    lines = run = 0
    while True:
        chunk = file.read(CHUNK)
        try:
            text = decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as exc:
            raise _undecodable(path, encoding, lines, exc) from exc
        if NUL in text:
            raise _no_text(path, lines + text.partition(NUL)[0].count(LF) + 1)
        lines += text.count("\n")
        last = max(text.rfind("\n"), text.rfind("\r"))
        run = run + len(text) if last < 0 else len(text) - last
        if run > LINE_LIMIT:
            raise UnreadableFileError(
                f"{path.name}, line {lines + 1}: is longer than 64 MB, so it is no table; check the file."
            )
        if not chunk:
            return lines


def _undecodable(path: Path, encoding: str, lines: int, exc: UnicodeDecodeError) -> UnreadableFileError:
    if NUL.encode() in exc.object[: exc.start]:
        return _no_text(path, lines + 1)
    before = exc.object[: exc.start].decode(encoding, "ignore").count("\n")
    place = (
        f"{path.name}, line {lines + before + 1}: byte 0x{exc.object[exc.start]:02X} is no {_title(encoding)}"
    )
    if encoding.startswith("utf-8"):
        return UnreadableFileError(
            f"{place}; if the file is Latin-1 (as older Windows programs write), run the command again with "
            "--encoding latin-1, else save it as UTF-8."
        )
    return UnreadableFileError(
        f"{place}; name the file's true encoding with --encoding, or save it as UTF-8."
    )


def _no_text(path: Path, line: int) -> UnreadableFileError:
    return UnreadableFileError(
        f"{path.name}, line {line}: holds a NUL character, so it is no text; if it is UTF-16, run the "
        "command again with --encoding utf-16-le."
    )


def _title(encoding: str) -> str:
    return "UTF-8" if encoding.startswith("utf-8") else encoding.upper()
