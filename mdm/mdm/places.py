"""Where in a file something was said: the line of a key in mdm.toml, of an attribute in a declaration."""

from __future__ import annotations

import ast
import re
import traceback
from collections.abc import Sequence
from pathlib import Path

_HEADER = re.compile(r"^\s*\[{1,2}\s*([^\]]+?)\s*\]{1,2}")
_KEY = re.compile(r"""^\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""")
_PART = re.compile(r"""[\w-]+|"[^"]*"|'[^']*'""")
_PLACE = re.compile(r"^(\w+(?:\.\w+)+)\b")


def line_of(text: str, place: Sequence[str]) -> int | None:
    """The line, from 1, that says most of a place such as `survivorship`, `client`; None if none does.

    A table in one line counts as a whole.
    """
    best, found, table = 0, None, []
    for number, line in enumerate(text.splitlines(), start=1):
        header, key = _HEADER.match(line), _KEY.match(line)
        if header:
            table = _parts(header[1])
        said = table + _parts(key[1]) if key and not header else table if header else []
        if len(said) > best and said == list(place[: len(said)]):
            best, found = len(said), number
    return found


def with_line(file: Path | None, message: str) -> str:
    """A message that begins with a place in mdm.toml, with the file and the line before it."""
    place = _PLACE.match(message)
    if file is None or place is None:
        return message
    try:
        line = line_of(file.read_text(encoding="utf-8"), place[1].split("."))
    except OSError:
        return message
    return f"{file.name}, line {line}: {message}" if line else message


def with_line_of_class(file: Path, message: str) -> str:
    """A message that begins with `Class.attribute` or `Class`, with the file and the line before it."""
    named = re.match(r"^(\w+)(?:\.(\w+))?", message)
    try:
        module = ast.parse(file.read_text(encoding="utf-8"))
    except (OSError, SyntaxError):
        return message
    for node in ast.walk(module):
        if named and isinstance(node, ast.ClassDef) and node.name == named[1]:
            return f"{file.name}, line {_line_in(node, named[2])}: {message}"
    return message


def _line_in(node: ast.ClassDef, attribute: str | None) -> int:
    for part in node.body:
        target = part.target if isinstance(part, ast.AnnAssign) else None
        if isinstance(target, ast.Name) and target.id == attribute:
            return part.lineno
    return node.lineno


def line_of_error(file: Path, error: BaseException) -> int | None:
    """The line of a Python file at which an error arose while the file was run; None if it was elsewhere."""
    if isinstance(error, SyntaxError) and error.filename == str(file):
        return error.lineno
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename == str(file)]
    return frames[-1].lineno if frames else None


def _parts(key: str) -> list[str]:
    return [part.strip("\"'") for part in _PART.findall(key)]
