"""Pages of the queue: what they read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mdm.hub import Hub
from mdm.store.bulk import add_rows
from mdm.store.derived import Task

QUEUE = """query($first: Int!, $after: String) { conflicts(first: $first, after: $after) {
  pageInfo { endCursor hasNextPage } nodes { id value assignee
    left { id ... on Client { name } } right { id ... on Client { name } } } } }"""


@pytest.fixture
def queue(hub: Hub, put: Callable[..., str]) -> Hub:
    """Thirty tasks about pairs of six clients."""
    clients = [put(hub, "client", f"client-{n}", name=f"Client {n}") for n in range(6)]
    with hub.write() as uow:
        rows = [
            {
                "id": f"task-{n:012x}", "entity_type": "client", "kind": "possible_duplicate",
                "cause": "review", "text": "", "left_golden": clients[n % 6],
                "right_golden": clients[(n + 1) % 6], "left_record": 1, "right_record": 2,
                "weight": float(n % 5),
            }
            for n in range(30)
        ]  # fmt: skip
        add_rows(uow.session, Task, rows)
    return hub


@pytest.mark.parametrize("first", [1, 30])
def test_a_page_takes_a_statement_and_one_for_each_edge(
    queue: Hub, data: Callable[..., Any], statements: Callable[[Hub], Any], first: int
) -> None:
    with statements(queue) as seen:
        found = data(QUEUE, first=first)["conflicts"]

    assert len(found["nodes"]) == first
    assert [one["left"]["name"] is not None for one in found["nodes"]] == [True] * first
    # The queue, what both sides are, who has the tasks.
    assert len([s for s in seen if s.startswith("SELECT")]) == 1 + 2


def test_the_count_is_made_only_on_demand(
    queue: Hub, data: Callable[..., Any], statements: Callable[[Hub], Any]
) -> None:
    with statements(queue) as seen:
        found = data("{ conflicts(first: 2) { totalCount nodes { id } } }")["conflicts"]

    assert (found["totalCount"], len(found["nodes"])) == (30, 2)
    assert len([s for s in seen if s.startswith("SELECT")]) == 1 + 1


def test_pages_join_into_the_whole_queue(queue: Hub, data: Callable[..., Any]) -> None:
    whole = [one["id"] for one in data(QUEUE, first=30)["conflicts"]["nodes"]]
    found: list[str] = []
    page: Any = {"hasNextPage": True, "endCursor": None}
    while page["hasNextPage"]:
        answer = data(QUEUE, first=7, after=page["endCursor"])["conflicts"]
        found += [one["id"] for one in answer["nodes"]]
        page = answer["pageInfo"]

    assert found == whole
    assert len(set(found)) == 30
