"""The schema against the one of the last release: nothing that programs rely on breaks in silence."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from graphql import BreakingChange, build_schema, find_breaking_changes

ROOT = Path(__file__).parents[2]
RELEASED = ROOT / "graphql" / "released.graphql"
CURRENT = ROOT / "graphql" / "schema.graphql"
NAME = re.compile(r"\b[A-Z]\w*(?:\.\w+)?")


def unannounced(released: str, current: str, changelog: str) -> list[str]:
    """The breaking changes that no line of the changelog names, by `Type` or `Type.field`."""
    told = changelog.partition("## [Unreleased]")[2].partition("\n## [")[0]
    changes = find_breaking_changes(build_schema(released), build_schema(current))
    return [change.description for change in changes if f"`{_name(change)}`" not in told]


def _name(change: BreakingChange) -> str:
    """What a breaking change is about: the longest name in its description."""
    return max(NAME.findall(change.description), key=len)


def test_a_breaking_change_of_the_schema_stands_in_the_changelog() -> None:
    texts = (path.read_text(encoding="utf-8") for path in (RELEASED, CURRENT, ROOT / "CHANGELOG.md"))

    assert unannounced(*texts) == []


@pytest.mark.parametrize(
    ("before", "after", "name"),
    [
        ("type Query { client: Int  old: Int }", "type Query { client: Int }", "Query.old"),
        ("type Query { a: Int  b: String }", "type Query { a: String  b: Int }", "Query.a"),
        ("type Query { a: A  c: Int } type A { b: Int }", "type Query { a: Int  c: Int }", "Query.a"),
    ],
    ids=["a field is gone", "a field has another type", "a type is gone"],
)
def test_what_breaks_has_to_be_announced(before: str, after: str, name: str) -> None:
    silent = unannounced(before, after, "## [Unreleased]\n\n### Removed\n\n## [0.1.0]\n\n- `" + name + "`")
    told = unannounced(
        before, after, f"## [Unreleased]\n\n### Removed\n\n- `{name}`, `A` and `Query.b` are gone.\n"
    )

    assert silent != []
    assert told == []


def test_an_addition_breaks_nothing() -> None:
    assert unannounced("type Query { a: Int }", "type Query { a: Int  b(c: Int): Int }", "") == []
