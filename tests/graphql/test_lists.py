from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from strawberry.types import ExecutionResult

from mdm.hub import Hub

Data = Callable[..., Any]
Run = Callable[..., ExecutionResult]

CLIENTS = [
    ("c-1", {"name": "Alder", "country": "DE"}),
    ("c-2", {"name": "Birch", "country": "FR"}),
    ("c-3", {"name": "Cedar", "country": "DE"}),
    ("c-4", {"name": "Dogwood"}),
    ("c-5", {"name": "Elm 100%", "country": "DE"}),
]


@pytest.fixture
def clients(hub: Hub, put: Callable[..., str]) -> Hub:
    for golden_id, values in CLIENTS:
        put(hub, "client", golden_id, **values)
    return hub


FILTERS = {
    '{country: {eq: "DE"}}': ["c-1", "c-3", "c-5"],
    '{country: {ne: "DE"}}': ["c-2", "c-4"],  # without a country is not DE
    '{country: {in: ["FR", "DE"]}, name: {contains: "e"}}': ["c-1", "c-3", "c-5"],
    '{name: {startsWith: "bi"}}': ["c-2"],
    '{name: {contains: "0%"}}': ["c-5"],  # a wildcard of SQL stands for itself
    '{name: {contains: "d%d"}}': [],
    "{country: {isNull: true}}": ["c-4"],
    '{country: {isNull: false}, id: {ne: "c-1"}}': ["c-2", "c-3", "c-5"],
    '{id: {in: ["c-4", "nobody"]}}': ["c-4"],
}


def test_filters_pick_records(clients: Hub, data: Data) -> None:
    found = {}
    for condition in FILTERS:
        page = data(f"{{ clients(filter: {condition}) {{ totalCount nodes {{ id }} }} }}")["clients"]
        found[condition] = [node["id"] for node in page["nodes"]]
        assert page["totalCount"] == len(page["nodes"])

    assert found == FILTERS


TYPED_FILTERS = {
    "{budget: {gt: 1.5}}": ["p-2"],
    "{budget: {lte: 1.5}}": ["p-1"],
    '{startDate: {gte: "2025-03-01"}}': ["p-2"],
    '{startDate: {lt: "2025-03-01"}}': ["p-1"],
    '{startDate: {in: ["2025-03-01"]}, client: {eq: "c-1"}}': ["p-2"],
    "{client: {isNull: true}}": ["p-3"],
    '{client: {ne: "c-1"}}': ["p-3"],
}


def test_numbers_dates_and_references_are_compared_as_such(
    clients: Hub, put: Callable[..., str], data: Data
) -> None:
    put(clients, "project", "p-1", name="Roof", client="c-1", budget=1.5, start_date="2025-02-28")
    put(clients, "project", "p-2", name="Cellar", client="c-1", budget=10.0, start_date="2025-03-01")
    put(clients, "project", "p-3", name="Attic")

    found = {}
    for condition in TYPED_FILTERS:
        page = data(f"{{ projects(filter: {condition}) {{ nodes {{ id }} }} }}")["projects"]
        found[condition] = [node["id"] for node in page["nodes"]]

    assert found == TYPED_FILTERS


ORDERS = {
    "{name: DESC}": ["c-5", "c-4", "c-3", "c-2", "c-1"],
    "[{country: ASC}, {name: DESC}]": ["c-5", "c-3", "c-1", "c-2", "c-4"],
    "[{country: DESC}]": ["c-2", "c-1", "c-3", "c-5", "c-4"],  # no value last in both directions
    "{id: DESC}": ["c-5", "c-4", "c-3", "c-2", "c-1"],
}


@pytest.mark.parametrize("size", [1, 2, 5])
def test_pages_put_together_are_the_whole_list_in_order(clients: Hub, data: Data, size: int) -> None:
    assert {order: read_through(data, order, size) for order in ORDERS} == ORDERS


def read_through(data: Data, order: str, size: int) -> list[str]:
    seen: list[str] = []
    after = None
    for _ in CLIENTS:
        found = data(
            f"query($n: Int!, $after: String) {{ clients(first: $n, after: $after, orderBy: {order}) {{"
            " edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage endCursor } } }",
            n=size,
            after=after,
        )["clients"]
        assert found["pageInfo"]["hasPreviousPage"] == (after is not None)
        assert found["pageInfo"]["endCursor"] == found["edges"][-1]["cursor"]
        seen += [edge["node"]["id"] for edge in found["edges"]]
        after = found["pageInfo"]["endCursor"]
        if not found["pageInfo"]["hasNextPage"]:
            break
    return seen


def test_a_page_goes_on_where_it_ended_whatever_came_before_it(
    clients: Hub, put: Callable[..., str], data: Data
) -> None:
    page = """query($after: String) { clients(first: 2, after: $after, orderBy: {name: ASC}) {
        nodes { name } pageInfo { endCursor } } }"""
    first = data(page)["clients"]
    put(clients, "client", "c-0", name="Acacia")

    second = data(page, after=first["pageInfo"]["endCursor"])["clients"]

    assert [node["name"] for node in second["nodes"]] == ["Cedar", "Dogwood"]


def test_each_parent_gets_its_own_page_of_children(clients: Hub, put: Callable[..., str], data: Data) -> None:
    for client in ("c-1", "c-2"):
        for number in range(3):
            put(clients, "project", f"{client}-p{number}", name=f"Phase {number}", client=client)
    page = """query($after: String) { clients(first: 3) { nodes {
        projects(first: 2, after: $after, orderBy: {name: DESC}) {
          totalCount nodes { id } pageInfo { hasNextPage endCursor } } } } }"""

    found = [node["projects"] for node in data(page)["clients"]["nodes"]]
    later = data(page, after=found[0]["pageInfo"]["endCursor"])["clients"]["nodes"][0]["projects"]

    assert [[node["id"] for node in one["nodes"]] for one in found] == [
        ["c-1-p2", "c-1-p1"],
        ["c-2-p2", "c-2-p1"],
        [],
    ]
    assert [(one["totalCount"], one["pageInfo"]["hasNextPage"]) for one in found] == [
        (3, True),
        (3, True),
        (0, False),
    ]
    assert [node["id"] for node in later["nodes"]] == ["c-1-p0"]


COMPLAINTS = {
    "clients(first: 201) { totalCount }": "first is 201, but a page holds 0 to 200 records",
    "clients(first: -1) { totalCount }": "first is -1",
    'clients(after: "nonsense") { totalCount }': "The cursor does not belong to this list",
    'clients(after: "W10") { totalCount }': "The cursor does not belong to this list",  # a list, but empty
    "clients(filter: {country: {eq: null}}) { totalCount }": "country.eq is null; leave it out",
    "clients(orderBy: [{name: ASC}, {name: DESC}]) { totalCount }": "The order names name twice",
    "clients(orderBy: {name: ASC, country: ASC}) { totalCount }": "ClientOrder",
    "clients { nodes { projects(first: 999) { totalCount } } }": "first is 999",
    'conflicts(after: "nonsense") { totalCount }': "The cursor does not belong to this list",
    "conflicts(first: 500) { totalCount }": "first is 500",
    'search(text: "x", first: 900) { id }': "first is 900",
    "clients(first: 1) { nodes { lineage(depth: 9) { start } } }": "lineage has the depth 9",
}


def test_a_request_that_makes_no_sense_is_answered_in_one_clear_sentence(clients: Hub, run: Run) -> None:
    said = {field: [error.message for error in run(f"{{ {field} }}").errors or ()] for field in COMPLAINTS}

    assert {field: len(messages) for field, messages in said.items()} == dict.fromkeys(COMPLAINTS, 1)
    assert {f: c for f, c in COMPLAINTS.items() if c not in said[f][0]} == {}


def test_a_cursor_of_another_order_is_refused(clients: Hub, run: Run, data: Data) -> None:
    cursor = data("{ clients(first: 1, orderBy: {name: ASC}) { pageInfo { endCursor } } }")["clients"][
        "pageInfo"
    ]

    result = run(
        "query($after: String) { clients(first: 1, after: $after, orderBy: {name: DESC}) { totalCount } }",
        after=cursor["endCursor"],
    )

    assert result.errors
    assert result.errors[0].extensions == {"code": "BAD_REQUEST"}
