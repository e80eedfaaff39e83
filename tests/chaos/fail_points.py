"""The fail points of the program, read from its source: the names that `reach` is called with."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = ("mdm/mdm", "sync/mdm_sync", "graphql/mdm_graphql")


def modules() -> Iterator[Path]:
    """Every module that may write or send."""
    for room in ROOMS:
        yield from sorted((ROOT / room).rglob("*.py"))


def reached_in(node: ast.AST) -> list[str]:
    """The fail points within a piece of program, in the order in which they stand."""
    calls = (one for one in ast.walk(node) if isinstance(one, ast.Call))
    named = (one for one in calls if isinstance(one.func, ast.Name) and one.func.id == "reach")
    return [one.args[0].value for one in named if isinstance(one.args[0], ast.Constant)]


def fail_points() -> list[str]:
    """All fail points, sorted."""
    return sorted({point for path in modules() for point in reached_in(ast.parse(path.read_text("utf-8")))})
