"""What a router of Apollo Federation asks: entities by golden id, and by the key of a system."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from graphql import parse, print_ast
from mdm.entities import load_registry
from mdm.errors import DeclarationError
from mdm.hub import Hub
from mdm.testing import hub_at
from mdm_graphql import build_schema, create_router, sdl
from mdm_graphql.context import Context
from mdm_graphql.reader import Reader

ENTITIES = """query ($wanted: [_Any!]!) {
  _entities(representations: $wanted) {
    __typename
    ... on Client { id system key name }
    ... on Worker { id system key familyName }
  }
}"""


@pytest.fixture(scope="module")
def ask() -> Callable[..., Any]:
    schema = build_schema(load_registry(), federated=True)

    def execute(hub: Hub, *wanted: dict[str, Any]) -> Any:
        async def once() -> Any:
            context = Context(hub, lambda: Reader(hub, schema.node_types))
            return await schema.execute(ENTITIES, {"wanted": list(wanted)}, context)

        return asyncio.run(once())

    return execute


def test_a_router_finds_records_by_golden_id_and_by_the_key_of_a_system(
    hub: Hub, put: Callable[..., str], ask: Callable[..., Any]
) -> None:
    put(hub, "client", "c-1", source="crm", name="Harbour Pine Ltd")
    put(hub, "worker", "w-1", source="hr", given_name="Anna", family_name="Roth")

    result = ask(
        hub,
        {"__typename": "Client", "system": "crm", "key": "c-1"},
        {"__typename": "Worker", "id": "w-1"},
        {"__typename": "Client", "system": "crm", "key": "unknown"},
        {"__typename": "Client", "id": "c-1"},
    )

    assert result.errors is None
    assert result.data["_entities"] == [
        {"__typename": "Client", "id": "c-1", "system": "crm", "key": "c-1", "name": "Harbour Pine Ltd"},
        {"__typename": "Worker", "id": "w-1", "system": None, "key": None, "familyName": "Roth"},
        None,
        {"__typename": "Client", "id": "c-1", "system": None, "key": None, "name": "Harbour Pine Ltd"},
    ]


def test_many_entities_take_as_many_statements_as_one(
    hub: Hub, put: Callable[..., str], ask: Callable[..., Any], statements: Any
) -> None:
    keys = [put(hub, "client", f"c-{n}", source="crm", name=f"Firm {n}") for n in range(20)]
    wanted = [{"__typename": "Client", "system": "crm", "key": key} for key in keys]

    with statements(hub) as for_one:
        ask(hub, wanted[0])
    with statements(hub) as for_many:
        ask(hub, *wanted)

    assert len(for_many) == len(for_one)


@pytest.mark.parametrize(
    ("representations", "sentence"),
    [
        ([{"__typename": "Client", "system": "crm"}], "by id, or by system and key"),
        ([{"__typename": "Client", "system": "crm", "key": 7}], "all texts"),
        ([{"system": "crm", "key": "C1"}], "no entity of this subgraph"),
        ([{"__typename": "PageInfo", "id": "1"}], "no entity of this subgraph"),
        ([{"__typename": "Nothing", "id": "1"}], "no entity of this subgraph"),
        (["Client"], "no entity of this subgraph"),
        ([{"__typename": "Client", "id": str(n)} for n in range(201)], "200 at most"),
    ],
    ids=["half a key", "a number", "no type", "no entity", "unknown type", "no object", "too many"],
)
def test_a_representation_that_makes_no_sense_says_so(
    hub: Hub, ask: Callable[..., Any], representations: list[Any], sentence: str
) -> None:
    (error,) = ask(hub, *representations).errors

    assert sentence in error.message


def test_the_subgraph_declares_both_keys_and_is_only_served_if_asked_for(tmp_path: Path) -> None:
    text = sdl(load_registry(), federated=True)
    client = next(d for d in parse(text).definitions if getattr(d, "name", None) and d.name.value == "Client")
    keys = [print_ast(directive) for directive in client.directives]
    assert sorted(keys) == [
        '@key(fields: "id", resolvable: true)',
        '@key(fields: "system key", resolvable: true)',
    ]

    answers = {}
    for federation in (False, True):
        hub = hub_at(f"sqlite:///{(tmp_path / 'hub.db').as_posix()}", graphql={"federation": federation})
        app = FastAPI()
        app.include_router(create_router(hub, dev=False), prefix="/graphql")
        with TestClient(app) as client:
            answers[federation] = client.post("/graphql", json={"query": "{ _service { sdl } }"}).json()
        hub.close()

    assert "errors" in answers[False]
    assert "@key" in answers[True]["data"]["_service"]["sdl"]


def test_an_attribute_named_like_the_key_is_refused_with_a_way_out(tmp_path: Path) -> None:
    (tmp_path / "tool.py").write_text(
        '"""Tool."""\nfrom mdm.entities import Entity\n\nclass Tool(Entity):\n    """A tool."""\n\n'
        "    name: str\n    system: str | None = None\n",
        encoding="utf-8",
    )

    with pytest.raises(DeclarationError, match="switch federation off"):
        build_schema(load_registry(["tool.py:Tool"], tmp_path), federated=True)
