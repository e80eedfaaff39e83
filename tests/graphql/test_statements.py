from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mdm.hub import Hub

VIEW = """query($first: Int!) { clients(first: $first, orderBy: {id: ASC}) {
  nodes { name
    parent { name }
    owner { familyName }
    subsidiaries(first: 3) { nodes { name sources { system } } }
    engagements(first: 3) { totalCount nodes { title } }
    rates(first: 3) { nodes { amount } }
    sources { system key }
    cells { attribute value source { system } beats { value } }
    projects(first: 3) { nodes { name
      costCenter { code }
      manager { familyName costCenter { name } }
      assignments(first: 3) { nodes { role worker { familyName costCenter { code } } } } } }
  } } }"""

STATEMENTS = 1 + 16 + 2
"""The list, what each selection below it leads to, and two more because cells take three."""


def put_client(hub: Hub, put: Callable[..., str], k: int, worker: Callable[[int], int]) -> None:
    """A client with everything around it; `worker` says which workers its three roles are played by."""
    put(hub, "client", f"c-{k:02}", name=f"Client {k}", owner=f"w-{worker(3 * k)}", parent="top")
    put(hub, "client", f"sub-{k}", name=f"Client {k} Retail", parent=f"c-{k:02}")
    put(hub, "engagement", f"e-{k}", title="Frame", client=f"c-{k:02}")
    put(hub, "rate", f"r-{k}", kind="bill", amount=1.0, client=f"c-{k:02}")
    manager = f"w-{worker(3 * k + 1)}"
    put(hub, "project", f"p-{k}", name="Roof", client=f"c-{k:02}", manager=manager, cost_center=f"cc-{k}")
    put(hub, "assignment", f"a-{k}", worker=f"w-{worker(3 * k + 2)}", project=f"p-{k}", role="Analyst")


def put_clients(hub: Hub, put: Callable[..., str], number: int, workers: int) -> None:
    for k in range(max(number, workers)):
        put(hub, "cost_center", f"cc-{k}", code=f"{k}")
    for k in range(workers):
        put(hub, "worker", f"w-{k}", family_name=f"Name {k}", cost_center=f"cc-{k}")
    put(hub, "client", "top", name="Holding")
    for k in range(number):
        put_client(hub, put, k, lambda role: role % workers)


def reads(seen: list[str]) -> int:
    return len([s for s in seen if s.lstrip().upper().startswith(("SELECT", "WITH"))])


@pytest.mark.parametrize("shared", [False, True], ids=["strangers", "sharing a few workers"])
def test_twenty_clients_take_no_more_statements_than_one(
    hub: Hub, put: Callable[..., str], data: Callable[..., Any], statements: Callable[[Hub], Any], shared: bool
) -> None:
    put_clients(hub, put, 20, 4 if shared else 60)
    counts = {}
    for first in (1, 20):
        with statements(hub) as seen:
            found = data(VIEW, first=first)
        assert len(found["clients"]["nodes"]) == first
        counts[first] = reads(seen)

    assert counts[20] <= counts[1] == STATEMENTS  # what was read already need not be read again
    assert shared or counts[20] == counts[1]


@pytest.fixture
def five_clients(hub: Hub, put: Callable[..., str]) -> Hub:
    put_clients(hub, put, 5, 3)
    return hub


def test_a_column_that_nobody_asks_to_count_is_not_counted(
    five_clients: Hub, data: Callable[..., Any], statements: Callable[[Hub], Any]
) -> None:
    with statements(five_clients) as seen:
        data("{ clients(first: 5) { nodes { name } pageInfo { hasNextPage } } }")

    assert not [statement for statement in seen if "count(" in statement.lower()]


def test_an_operation_reads_one_snapshot(
    five_clients: Hub, data: Callable[..., Any], statements: Callable[[Hub], Any]
) -> None:
    with statements(five_clients) as seen:
        data("{ clients(first: 5) { nodes { projects { nodes { manager { familyName } } } } } }")

    assert len([s for s in seen if s.startswith(("BEGIN", "SET TRANSACTION"))]) == 1
