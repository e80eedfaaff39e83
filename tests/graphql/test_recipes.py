"""The recipes of docs/graphql.md: each answer is what the hub answers, in few statements."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from graphql.language import Visitor

from graphql import FieldNode, parse, visit
from mdm.hub import Hub

sys.path.insert(0, str(Path(__file__).parent))

from recipes import PAGE, Kitchen, Recipe, firm, recipes  # beside this file

RECIPES = recipes(PAGE.read_text(encoding="utf-8"))
FRAME = {"nodes", "edges", "node", "pageInfo"}
"""Fields that hold a page together and lead nowhere."""


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    with firm(tmp_path_factory.mktemp("firm")) as opened:
        yield opened


MACHINERY = {"cells": 4, "search": 4, "match": 5, "conflicts": 3, "verdicts": 2, "path": 6}
"""Statements of fields that do more than follow one relation, beyond the one that each edge has."""


class _Edges(Visitor):
    """Counts the fields of an operation that lead somewhere, and the counts that it asks for."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        name = node.name.value
        self.count += MACHINERY.get(name, 0)
        self.count += name == "totalCount" or (node.selection_set is not None and name not in FRAME)


def allowed(operation: str) -> int:
    """One statement, and one for each distinct edge: however many records there are."""
    found = _Edges()
    visit(parse(operation), found)
    return 1 + found.count


def test_there_are_twelve() -> None:
    assert [int(recipe.title.partition(".")[0]) for recipe in RECIPES] == list(range(1, 13))


# In their order: later ones see what earlier ones decided.
@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.title)
def test_a_recipe_gives_its_answer_in_few_statements(hub: Hub, recipe: Recipe, statements: Any) -> None:
    with statements(hub) as seen:
        answer = Kitchen(hub).run(recipe.operation, recipe.variables)

    assert answer == recipe.answer
    if not recipe.operation.startswith("mutation"):
        reads = [statement for statement in seen if statement.lstrip().upper().startswith(("SELECT", "WITH"))]
        assert len(reads) <= allowed(recipe.operation), "\n\n".join(reads)
