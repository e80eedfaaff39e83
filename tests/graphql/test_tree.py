"""Trees of golden records, and what is rolled up under them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mdm.hub import Hub

Data = Callable[..., Any]
Put = Callable[..., str]


@pytest.fixture
def tree(hub: Hub, put: Put) -> Hub:
    """A client, its daughter, its granddaughter; a project of each."""
    put(hub, "client", "c-1", name="Harbour Pine Holding")
    put(hub, "client", "c-2", name="Harbour Pine Retail", parent="c-1")
    put(hub, "client", "c-3", name="Harbour Pine Shops", parent="c-2")
    for number in (1, 2, 3):
        put(hub, "project", f"p-{number}", code=f"P{number}", name=f"Work {number}", client=f"c-{number}")
    return hub


def test_the_ultimate_parent_is_the_top_of_the_tree(tree: Hub, data: Data) -> None:
    fields = "ultimateParent { id } ancestors { id } descendants { id }"
    found = data(f'{{ low: client(id: "c-3") {{ {fields} }} top: client(id: "c-1") {{ {fields} }} }}')

    assert found["low"] == {
        "ultimateParent": {"id": "c-1"}, "ancestors": [{"id": "c-2"}, {"id": "c-1"}], "descendants": [],
    }  # fmt: skip
    assert found["top"] == {
        "ultimateParent": {"id": "c-1"}, "ancestors": [], "descendants": [{"id": "c-2"}, {"id": "c-3"}],
    }  # fmt: skip


def test_the_projects_of_a_whole_tree_are_one_list_with_pages_and_filters(tree: Hub, data: Data) -> None:
    query = """query ($id: ID!, $after: String) { client(id: $id) {
      allProjects(first: 2, after: $after, orderBy: {code: DESC}) {
        totalCount pageInfo { hasNextPage endCursor } nodes { code } }
      one: allProjects(filter: {code: {eq: "P2"}}) { nodes { client { id } } } } }"""

    first = data(query, id="c-1")["client"]
    rest = data(query, id="c-1", after=first["allProjects"]["pageInfo"]["endCursor"])["client"]
    below = data(query, id="c-2")["client"]["allProjects"]

    assert first["allProjects"]["totalCount"] == 3
    assert [n["code"] for n in first["allProjects"]["nodes"] + rest["allProjects"]["nodes"]] == [
        "P3",
        "P2",
        "P1",
    ]
    assert first["one"]["nodes"] == [{"client": {"id": "c-2"}}]
    assert [n["code"] for n in below["nodes"]] == ["P3", "P2"]


def test_too_many_trees_at_once_are_refused(hub: Hub, put: Put, run: Callable[..., Any]) -> None:
    for number in range(21):
        put(hub, "client", f"c-{number}", name=f"Firm {number}")

    result = run("{ clients(first: 21) { nodes { ultimateParent { id } } } }")

    assert "20 or fewer" in result.errors[0].message
