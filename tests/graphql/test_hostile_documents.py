"""What attackers' tools look for is not there, and hostile documents are refused by the name of a limit."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from mdm.access import Role
from mdm.access.grants import Grant
from mdm.access.keys import create_key
from mdm.app import create_app
from mdm.hub import Hub
from mdm.testing import hub_at
from mdm_graphql.hostile import HOSTILE, Hostile

Ask = Callable[..., dict[str, Any]]
OPERATION = "query Registered { clients(first: 1) { totalCount } }"


@pytest.fixture(scope="module")
def production(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    folder: Path = tmp_path_factory.mktemp("production")
    manifest = folder / "operations.json"
    manifest.write_text(json.dumps({hashlib.sha256(OPERATION.encode()).hexdigest(): OPERATION}))
    hub = hub_at(
        f"sqlite:///{(folder / 'hub.db').as_posix()}",
        folder=folder,
        graphql={"operations": "operations.json"},
    )
    yield hub
    hub.close()


@pytest.fixture(scope="module")
def client(production: Hub) -> TestClient:
    return TestClient(create_app(production, dev=False, role="api"), raise_server_exceptions=False)


@pytest.fixture(scope="module")
def key(production: Hub) -> Callable[[bool], dict[str, str]]:
    def made(bound: bool) -> dict[str, str]:
        with production.write("test") as uow:
            grant = Grant(roles=[Role.viewer], persisted_only=bound)
            return {"Authorization": f"Bearer {create_key(uow, 'ada', grant).secret}"}

    return made


@pytest.fixture(scope="module")
def bearer(key: Callable[[bool], dict[str, str]]) -> dict[str, str]:
    return key(False)


@pytest.fixture
def ask(client: TestClient, bearer: dict[str, str]) -> Ask:
    def asked(query: str, **variables: object) -> dict[str, Any]:
        answer = client.post("/graphql", json={"query": query, "variables": variables}, headers=bearer)
        found: dict[str, Any] = answer.json()
        return found

    return asked


def refused(answer: dict[str, Any]) -> bool:
    return bool(answer.get("errors")) and not any((answer.get("data") or {}).values())


# The twelve things that graphql-cop looks for.


def test_introspection_is_off(ask: Ask) -> None:
    assert refused(ask("query { __schema { types { name fields { name } } } }"))


def test_aliases_cannot_be_piled_up(ask: Ask) -> None:
    assert refused(ask("query { " + " ".join(f"alias{k}: __typename" for k in range(101)) + " }"))


def test_operations_cannot_be_batched(client: TestClient, bearer: dict[str, str]) -> None:
    answer = client.post("/graphql", json=[{"query": "query { __typename }"}] * 10, headers=bearer)

    assert answer.status_code == 400


def test_directives_cannot_be_piled_up(ask: Ask) -> None:
    answer = ask("query { __typename " + "@aa" * 10 + " }")

    assert len(answer["errors"]) == 1
    assert answer["errors"][0]["extensions"]["limit"] == "node_directives"


def test_types_cannot_be_walked_in_circles(ask: Ask) -> None:
    circle = "fields { type { " * 5 + "name" + " } }" * 5
    assert refused(ask(f"query {{ __schema {{ types {{ {circle} }} }} }}"))


def test_fields_cannot_be_repeated_without_end(ask: Ask) -> None:
    assert ask("query { " + "__typename " * 500 + "}")["errors"][0]["extensions"]["limit"] == "repeats"


def test_no_name_is_suggested(ask: Ask) -> None:
    assert "Did you mean" not in json.dumps(ask("query { client(id: 1) { nam } }"))


def test_queries_do_not_come_by_get(client: TestClient, bearer: dict[str, str]) -> None:
    assert client.get("/graphql", params={"query": "{ __typename }"}, headers=bearer).status_code == 400


def test_mutations_do_not_come_by_get(client: TestClient, bearer: dict[str, str]) -> None:
    query = 'mutation { decide(input: {taskId: "t", answer: SAME}) { __typename } }'

    assert client.get("/graphql", params={"query": query}, headers=bearer).status_code == 400


@pytest.mark.parametrize("path", ["/graphql", "/graphiql", "/playground", "/console/graphql"])
def test_there_is_no_ide(client: TestClient, bearer: dict[str, str], path: str) -> None:
    page = client.get(path, headers={"Accept": "text/html", **bearer})

    assert "graphiql" not in page.text.lower()
    assert "playground" not in page.text.lower() or page.status_code >= 400


def test_forms_run_no_operation(client: TestClient, bearer: dict[str, str]) -> None:
    assert client.post("/graphql", data={"query": "query { __typename }"}, headers=bearer).status_code == 400


def test_no_trace_is_told(ask: Ask) -> None:
    assert "tracing" not in (ask("query { __typename }").get("extensions") or {})


def test_an_error_tells_no_line_of_the_program(ask: Ask) -> None:
    told = json.dumps(ask("query { abc }")).lower()

    assert not any(word in told for word in ("traceback", "exception", 'file "'))


# Sixty hostile documents.


@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda h: h.name)
def test_a_hostile_document_is_refused_small_and_by_name(
    client: TestClient, bearer: dict[str, str], hostile: Hostile
) -> None:
    answer = client.post(
        "/graphql", content=hostile.body, headers={**bearer, "Content-Type": "application/json"}
    )

    assert answer.status_code in {200, 400, 413, 422}
    assert len(answer.content) <= 64 * 1024
    if answer.status_code == 200:
        assert refused(answer.json())
        assert len(answer.json()["errors"]) <= 5
    if hostile.limit:
        assert answer.json()["errors"][0]["extensions"]["limit"] == hostile.limit


def test_there_are_sixty() -> None:
    assert len({hostile.name for hostile in HOSTILE}) >= 60


# Registered operations.


def test_a_registered_operation_is_asked_for_by_its_hash(client: TestClient, bearer: dict[str, str]) -> None:
    named = {"version": 1, "sha256Hash": hashlib.sha256(OPERATION.encode()).hexdigest()}

    answer = client.post("/graphql", json={"extensions": {"persistedQuery": named}}, headers=bearer).json()

    assert answer == {"data": {"clients": {"totalCount": 0}}}


def test_a_bound_key_runs_registered_operations_only(
    client: TestClient, key: Callable[[bool], dict[str, str]]
) -> None:
    bound = key(True)

    known = client.post("/graphql", json={"query": OPERATION}, headers=bound).json()
    other = client.post("/graphql", json={"query": "{ clients { totalCount } }"}, headers=bound).json()

    assert known == {"data": {"clients": {"totalCount": 0}}}
    assert other["errors"][0]["extensions"]["code"] == "PERSISTED_ONLY"
