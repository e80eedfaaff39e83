from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from strawberry.types import ExecutionResult

from mdm.hub import Hub
from mdm_graphql.translating import UNAVAILABLE, UNEXPECTED

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

STATEMENTS = 1 + 16 + 4
"""The list, what each selection below it leads to, and four more because cells take five."""


def put_clients(hub: Hub, put: Callable[..., str], number: int, *, one_person: bool) -> None:
    """Clients with everything around them; their owners, managers and analysts are one person or three."""
    for role in ("owner", "manager", "analyst"):
        put(hub, "cost_center", f"cc-{role}", code=role)
        put(hub, "worker", f"w-{role}", family_name=role, cost_center=f"cc-{role}")
    put(hub, "cost_center", "cc-project", code="project")
    who = {role: "w-owner" if one_person else f"w-{role}" for role in ("owner", "manager", "analyst")}
    put(hub, "client", "top", name="Holding")
    for k in range(number):
        client, project = f"c-{k:02}", f"p-{k}"
        put(hub, "client", client, name=f"Client {k}", owner=who["owner"], parent="top")
        put(hub, "client", f"sub-{k}", name=f"Client {k} Retail", parent=client)
        put(hub, "engagement", f"e-{k}", title="Frame", client=client)
        put(hub, "rate", f"r-{k}", kind="bill", amount=1.0, client=client)
        put(
            hub,
            "project",
            project,
            name="Roof",
            client=client,
            manager=who["manager"],
            cost_center="cc-project",
        )
        put(hub, "assignment", f"a-{k}", worker=who["analyst"], project=project, role="Analyst")


def reads(seen: list[str]) -> int:
    return len([s for s in seen if s.lstrip().upper().startswith(("SELECT", "WITH"))])


def test_twenty_clients_take_exactly_as_many_statements_as_one(
    hub: Hub, put: Callable[..., str], data: Callable[..., Any], statements: Callable[[Hub], Any]
) -> None:
    put_clients(hub, put, 20, one_person=False)
    counts = {}
    for first in (1, 20):
        with statements(hub) as seen:
            found = data(VIEW, first=first)
        assert len(found["clients"]["nodes"]) == first
        counts[first] = reads(seen)

    assert counts == {1: STATEMENTS, 20: STATEMENTS}


def test_what_was_read_already_is_not_read_again(
    hub: Hub, put: Callable[..., str], data: Callable[..., Any], statements: Callable[[Hub], Any]
) -> None:
    put_clients(hub, put, 1, one_person=True)

    with statements(hub) as seen:
        data(VIEW, first=1)

    # One statement finds the person in three roles, and one the cost center of that person.
    assert reads(seen) == STATEMENTS - 3


@pytest.fixture
def five_clients(hub: Hub, put: Callable[..., str]) -> Hub:
    put_clients(hub, put, 5, one_person=True)
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


def test_a_statement_that_fails_is_never_quoted_to_the_caller(
    firm: Hub, run: Callable[..., ExecutionResult]
) -> None:
    with firm.database.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE golden_client")

    result = run("{ clients { totalCount nodes { id } } }")

    (error,) = result.errors or [None]
    assert error is not None
    # A table that is gone is a bug to PostgreSQL, and a database that cannot be used to SQLite.
    assert error.message in {UNAVAILABLE, UNEXPECTED}
