"""The recipes of docs/graphql.md: each answer is what the hub answers, in few statements."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from graphql.language import Visitor

from graphql import FieldNode, InlineFragmentNode, parse, visit
from mdm.access import everything
from mdm.hub import Hub

sys.path.insert(0, str(Path(__file__).parent))

from recipes import PAGE, Kitchen, Recipe, firm, recipes  # beside this file

RECIPES = recipes(PAGE.read_text(encoding="utf-8"))
QUERIES = [recipe for recipe in RECIPES if not recipe.operation.startswith("mutation")]
FRAME = {"nodes", "edges", "pageInfo"}
"""Fields that hold a page together and lead nowhere; nor does the node of an edge."""


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    with firm(tmp_path_factory.mktemp("firm")) as opened:
        yield opened


class _Edges(Visitor):
    """Counts the edges of an operation: the fields that lead somewhere, and the counts that it asks for.

    A field that leads to several types leads along one edge per type that the operation names.
    """

    def __init__(self) -> None:
        super().__init__()
        self.count = 0
        self._within: list[str] = []

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        name = node.name.value
        framed = name in FRAME or (name == "node" and self._within[-1:] == ["edges"])
        selected = node.selection_set.selections if node.selection_set else ()
        types = sum(isinstance(one, InlineFragmentNode) for one in selected)
        self.count += name == "totalCount" or (bool(selected) and not framed) * max(1, types)
        self._within.append(name)

    def leave_field(self, *_: Any) -> None:
        self._within.pop()


def allowed(operation: str) -> int:
    """One statement, and one for each distinct edge: however many records there are."""
    found = _Edges()
    visit(parse(operation), found)
    return 1 + found.count


def test_there_are_twelve() -> None:
    assert [int(recipe.title.partition(".")[0]) for recipe in RECIPES] == list(range(1, 13))


FILTERS = {"of one country": ("country", {"GB"}), "of a legal entity": ("legal_entity", {"DE01"})}
ALL_ROWS = ("country", {"DE", "GB"})
"""A row filter that leaves out none of the firm's rows."""


def seen_by(hub: Hub, rows: tuple[str, set[str]]) -> Kitchen:
    return Kitchen(hub, replace(everything("anna"), rows=((rows[0], frozenset(rows[1])),)))


def reads(seen: list[str]) -> list[str]:
    return [statement for statement in seen if statement.lstrip().upper().startswith(("SELECT", "WITH"))]


@pytest.mark.parametrize("rows", FILTERS.values(), ids=FILTERS)
@pytest.mark.parametrize("recipe", QUERIES, ids=lambda recipe: recipe.title)
def test_a_row_filter_takes_no_more_statements(
    hub: Hub, recipe: Recipe, rows: tuple[str, set[str]], statements: Any
) -> None:
    with statements(hub) as seen:
        seen_by(hub, rows).run(recipe.operation, recipe.variables)

    assert 0 < len(reads(seen)) <= allowed(recipe.operation), "\n\n".join(reads(seen))


# In their order: later ones see what earlier ones decided.
@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.title)
def test_a_recipe_gives_its_answer_in_few_statements(hub: Hub, recipe: Recipe, statements: Any) -> None:
    with statements(hub) as seen:
        answer = Kitchen(hub).run(recipe.operation, recipe.variables)

    assert answer == recipe.answer
    if recipe in QUERIES:
        assert len(reads(seen)) <= allowed(recipe.operation), "\n\n".join(reads(seen))
        with statements(hub) as filtered:
            assert seen_by(hub, ALL_ROWS).run(recipe.operation, recipe.variables) == answer
        assert len(reads(filtered)) <= allowed(recipe.operation), "\n\n".join(reads(filtered))
