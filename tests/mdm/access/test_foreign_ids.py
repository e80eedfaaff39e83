"""Ids of records that do not exist for whoever asks are answered as ids that nobody ever issued."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from mdm.access import Role
from mdm.access.grants import Grant
from mdm.access.keys import create_key
from mdm.app import create_app
from mdm.hub import Hub

pytestmark = pytest.mark.parametrize("firm", ["sqlite", "postgresql"], indirect=True, scope="module")

FOREIGN, MISSING = "c-2", "c-9"
QUERIES = (
    '{{ client(id: "{id}") {{ id }} }}',
    '{{ node(id: "{id}") {{ id }} }}',
    '{{ clientByKey(system: "erp", key: "{id}") {{ id }} }}',
    '{{ client(id: "c-1") {{ path(to: "{id}") {{ relation }} }} }}',
    '{{ clients(filter: {{id: {{eq: "{id}"}}}}) {{ totalCount nodes {{ id }} }} }}',
    '{{ clients(filter: {{parent: {{eq: "{id}"}}}}) {{ totalCount nodes {{ id }} }} }}',
    '{{ clients(filter: {{parent: {{ne: "{id}"}}}}) {{ totalCount }} }}',
    '{{ projects(filter: {{client: {{in: ["{id}"]}}}}) {{ totalCount }} }}',
    '{{ search(text: "{id}") {{ id }} }}',
)
PATHS = (
    ("GET", "/console/golden/{id}"),
    ("GET", "/console/golden/{id}/versions/1"),
    ("GET", "/console/golden/{id}/lineage.svg"),
    ("GET", "/console/search?q={id}"),
    ("GET", "/api/v1/changes?golden_id={id}"),
    ("GET", "/api/v1/reconcile/preview?id={id}"),
    ("GET", "/api/v1/golden/{id}"),
    ("GET", "/api/v1/golden/by-key?entity_type=client&system=erp&key={id}"),
    ("POST", "/console/golden/{id}/bans"),
)


@pytest.fixture(scope="module")
def german(firm: Hub) -> TestClient:
    with firm.write("test") as uow:
        grant = Grant(roles=[Role.steward], domains=["*"], rows={"country": ["DE"]})
        key = create_key(uow, "german", grant).secret
    app = create_app(firm, dev=False, role="api")
    return TestClient(
        app, raise_server_exceptions=False, headers={"Authorization": f"Bearer {key}", "X-Request-Id": "one"}
    )


@pytest.mark.parametrize("query", QUERIES)
def test_a_query_answers_a_foreign_id_as_a_missing_one(german: TestClient, query: str) -> None:
    foreign, missing = (
        german.post("/graphql", json={"query": query.format(id=one)}).text.replace(one, "ID")
        for one in (FOREIGN, MISSING)
    )

    assert foreign == missing


@pytest.mark.parametrize(("method", "path"), PATHS)
def test_a_page_answers_a_foreign_id_as_a_missing_one(german: TestClient, method: str, path: str) -> None:
    form = {"attribute": "name", "value": "x", "act": "ban"} if method == "POST" else None
    foreign, missing = (german.request(method, path.format(id=one), data=form) for one in (FOREIGN, MISSING))

    assert foreign.status_code == missing.status_code
    assert foreign.text.replace(FOREIGN, "ID") == missing.text.replace(MISSING, "ID")


def test_one_s_own_record_is_answered(german: TestClient) -> None:
    assert german.get("/console/golden/c-1").status_code == 200
    assert german.post("/graphql", json={"query": '{ node(id: "c-1") { id } }'}).json()["data"]["node"]
