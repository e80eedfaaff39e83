"""Prints docs/conformance.md: every acceptance test with its number and what it holds.

python tests/acceptance/conformance/table.py > docs/conformance.md
"""

from __future__ import annotations

import ast
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
ROWS = 120
NAME = re.compile(r"test_row_(\d{3})_")

HEAD = """# Conformance

What the hub does in {total} situations that systems of its kind get wrong, each held by one test that drives
it through its public interface (command line, HTTP, GraphQL). {held} of the {total} are held; run them with
`python -m pytest tests/acceptance/conformance`. This page is printed from the tests by
`python tests/acceptance/conformance/table.py`.
"""

MISSING = "\nNot held yet: {rows}.\n"

FIGURES = HERE / "truth" / "last_run.json"
RECORDED = "\nRow 119, as recorded by its last run: pairwise precision {precision}, recall {recall}.\n"


@dataclass(frozen=True, slots=True, order=True)
class Row:
    """One test: its number, its file, and its docstring's sentence."""

    number: int
    section: str
    sentence: str


def rows(folder: Path = HERE) -> list[Row]:
    """Every test of these files, in the order of their numbers."""
    return sorted(row for file in sorted(folder.glob("test_*.py")) for row in _rows_of(file))


def _rows_of(file: Path) -> Iterator[Row]:
    module = ast.parse(file.read_text(encoding="utf-8"), file.name)
    section = (ast.get_docstring(module) or file.stem).partition("\n")[0].rstrip(".")
    for node in module.body:
        found = NAME.match(getattr(node, "name", "")) if isinstance(node, ast.FunctionDef) else None
        if found and isinstance(node, ast.FunctionDef):
            sentence = " ".join((ast.get_docstring(node) or "").split()).replace("|", "\\|")
            yield Row(int(found[1]), section, sentence)


def page(found: list[Row]) -> str:
    """The page in Markdown."""
    held = {row.number for row in found}
    parts = [HEAD.format(total=ROWS, held=len(held))]
    missing = [str(number) for number in range(1, ROWS + 1) if number not in held]
    if missing:
        parts.append(MISSING.format(rows=", ".join(missing)))
    section = ""
    for row in found:
        if row.section != section:
            section = row.section
            parts.append(f"\n## {section}\n\n| row | what holds |\n|---|---|\n")
        parts.append(f"| {row.number} | {row.sentence} |\n")
    parts.append(RECORDED.format(**json.loads(FIGURES.read_text(encoding="utf-8"))))
    return "".join(parts)


if __name__ == "__main__":
    sys.stdout.write(page(rows()))
