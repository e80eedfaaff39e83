"""Every field of the schema says what guards it, and every door names who asks."""

from __future__ import annotations

import ast
from pathlib import Path

import strawberry
from starlette.routing import Mount, Route, WebSocketRoute

import mdm
import mdm_graphql
from mdm.access import Action
from mdm.app import create_app
from mdm.app.routes import action_for, is_open
from mdm.entities import load_registry
from mdm.hub import Hub
from mdm_graphql import build_schema
from mdm_graphql.policy import EVERY_RECORD, FIELDS, unguarded

ROOM = Path(str(mdm.__file__)).parent
DOORS = [
    *(ROOM / "console").glob("*.py"),
    *(ROOM / "app").glob("*.py"),
    *Path(str(mdm_graphql.__file__)).parent.rglob("*.py"),
]
OWN_BUSINESS = {"metrics.py", "proofs.py", "health.py", "serving.py"}
"""They count, look keys up, try whether the store can be written, and make the first key: for nobody."""


def test_every_field_says_what_guards_it() -> None:
    registry = load_registry()
    schema = build_schema(registry, dev=True)._schema

    assert list(unguarded(schema, registry)) == []


def test_a_field_that_nobody_thought_of_fails_the_build(monkeypatch: object) -> None:
    registry = load_registry()

    @strawberry.type
    class Query:
        secret: str = ""

    assert list(unguarded(strawberry.Schema(Query)._schema, registry)) == ["Query.secret"]


def test_no_guard_is_left_over() -> None:
    schema = build_schema(load_registry(), dev=True)._schema
    named = {f"{name}.{field}" for name, fields in FIELDS.items() for field in fields}
    there = {f"{n}.{f}" for n, made in schema.type_map.items() for f in getattr(made, "fields", ())}

    assert {one for one in named - there if not one.startswith("Mutation.")} == set()
    assert set(EVERY_RECORD) <= {one.partition(".")[2] for one in there if one.startswith("Client.")}


def test_every_door_names_who_asks() -> None:
    guilty = [
        f"{path.name}:{call.lineno}"
        for path in DOORS
        if path.name not in OWN_BUSINESS
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr in {"read", "write"}
        and ast.unparse(call.func.value).endswith("hub")
        and not any("principal" in ast.unparse(argument) for argument in call.args)
    ]

    assert guilty == []


def test_every_route_says_what_it_asks_for(hub: Hub) -> None:
    app = create_app(hub, dev=False, role="all")
    paths = {route.path for route in app.routes if isinstance(route, Route | WebSocketRoute | Mount)}

    assert {p for p in paths if not is_open(f"{p}/") and action_for(p) is Action.administer} - {
        "/console/sign-out"
    } == set()
