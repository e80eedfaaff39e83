"""Texts that no database keeps, NUL and half characters, come in through every door and break nothing."""

from __future__ import annotations

import json

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from mdm.app import create_app
from mdm.hub import Hub
from mdm.store.records import QuarantinedRow

UNSTORABLE = [pytest.param("\x00", id="NUL"), pytest.param("\ud800", id="half a character")]
"""NUL in a query is refused by PostgreSQL and found nowhere by SQLite."""


@pytest.fixture
def api(any_hub: Hub) -> TestClient:
    return TestClient(create_app(any_hub, dev=True, role="api"), raise_server_exceptions=False)


@pytest.mark.parametrize("character", UNSTORABLE)
def test_a_record_goes_to_quarantine_and_holds_up_no_other(
    any_hub: Hub, api: TestClient, character: str
) -> None:
    records = [
        {"id": f"7{character}", "name": "Harbour Pine"},
        {"id": "8", "name": f"Quarry{character} Lane"},
        {"id": "9", "name": "Zephyr Mining"},
    ]
    body = json.dumps({"source": "crm", "entity_type": "client", "records": records})
    answer = api.post("/api/v1/records", content=body, headers={"Content-Type": "application/json"})

    assert answer.status_code == 200, answer.text
    assert [one["status"] for one in answer.json()["records"]] == ["quarantined", "quarantined", "stored"]
    with any_hub.read() as session:
        kept = session.scalars(select(QuarantinedRow).order_by(QuarantinedRow.row_number)).all()
    spelt = {"\x00": "\N{SYMBOL FOR NULL}", "\ud800": "?"}[character]
    assert [row.row for row in kept] == [
        {"id": f"7{spelt}", "name": "Harbour Pine"},
        {"id": "8", "name": f"Quarry{spelt} Lane"},
    ]


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/changes?type=%00",
        "/api/v1/changes?golden_id=a%00",
        "/api/v1/golden/a%00",
        "/api/v1/golden/by-key?entity_type=client&system=crm&key=%00",
        "/console/search?q=a%00b",
    ],
)
def test_no_read_over_http_fails(api: TestClient, path: str) -> None:
    assert api.get(path).status_code < 500


@pytest.mark.parametrize("character", ["\\u0000", "\\ud800"])
@pytest.mark.parametrize(
    "operation",
    [
        '{ clients(filter: {name: {eq: "X"}}) { totalCount } }',
        '{ clients(filter: {name: {contains: "aX"}}) { totalCount } }',
        '{ node(id: "X") { id } }',
        '{ search(text: "aXb") { id } }',
        '{ clientByKey(system: "crm", key: "X") { id } }',
        'mutation { merge(loser: {id: "X", version: 1}, survivor: {id: "Xa", version: 1}) { __typename } }',
    ],
)
def test_no_operation_fails_inside(api: TestClient, operation: str, character: str) -> None:
    answer = api.post("/graphql", json={"query": operation.replace("X", character)})

    assert answer.status_code == 200, answer.text
    assert "inside the hub" not in answer.text
