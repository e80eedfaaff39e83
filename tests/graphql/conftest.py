from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event
from strawberry.types import ExecutionResult

from mdm.access import everything
from mdm.hub import Hub
from mdm.testing import hub_at, make_golden, record
from mdm_graphql import HubSchema, build_schema
from mdm_graphql.context import Context
from mdm_graphql.reader import Reader

Run = Callable[..., ExecutionResult]


@pytest.fixture
def hub(database_url: str) -> Iterator[Hub]:
    opened = hub_at(database_url)
    yield opened
    opened.close()


@pytest.fixture
def run(hub: Hub) -> Run:
    """Runs an operation against the hub; keyword arguments are its variables."""
    return runner(hub)


def runner(hub: Hub, *, dev: bool = True) -> Run:
    schema = schema_of(hub, dev=dev)

    def execute(operation: str, *, author: str = "anna", **variables: Any) -> ExecutionResult:
        async def once() -> ExecutionResult:
            context = Context(
                hub, lambda: Reader(hub, schema.node_types, principal=everything(author)), author
            )
            result = await schema.execute(operation, variable_values=variables, context_value=context)
            assert isinstance(result, ExecutionResult)
            return result

        return asyncio.run(once())

    return execute


@pytest.fixture(name="runner")
def _runner() -> Callable[..., Run]:
    return runner


SCHEMAS: dict[tuple[object, ...], HubSchema] = {}


def schema_of(hub: Hub, *, dev: bool) -> HubSchema:
    """A schema is a function of the declarations, and takes half a second to build."""
    key = (dev, *(entity_type for entity_type in hub.registry))
    if key not in SCHEMAS:
        SCHEMAS[key] = build_schema(hub.registry, dev=dev)
    return SCHEMAS[key]


@pytest.fixture
def data(run: Run) -> Callable[..., Any]:
    """Runs an operation that must succeed; returns its data."""

    def execute(operation: str, **variables: Any) -> Any:
        result = run(operation, **variables)
        assert result.errors is None, result.errors
        return result.data

    return execute


@pytest.fixture
def firm(hub: Hub) -> Hub:
    """A small firm: a client with a subsidiary, its projects, the people on them, a contract and a rate."""
    put(hub, "legal_entity", "le-1", code="DE01", name="Birch Consulting GmbH", country="DE")
    put(hub, "cost_center", "cc-1", code="4711", name="Strategy", legal_entity="le-1")
    put(hub, "worker", "w-1", family_name="Weber", given_name="Anna", cost_center="cc-1")
    put(hub, "worker", "w-2", family_name="Okafor", given_name="Chidi", manager="w-1", cost_center="cc-1")
    put(hub, "client", "c-1", name="Harbour & Pine Ltd", country="GB", status="active", owner="w-1")
    put(hub, "client", "c-2", name="Harbour & Pine Retail Ltd", country="GB", parent="c-1")
    put(hub, "client", "c-3", name="Zwölf Apostel Keller KG", country="DE")
    put(hub, "engagement", "e-1", title="Frame agreement 2025", client="c-1", value=250000.0)
    put(
        hub,
        "project",
        "p-1",
        code="P1",
        name="Roof",
        client="c-1",
        manager="w-1",
        cost_center="cc-1",
        budget=5.5,
    )
    put(hub, "project", "p-2", code="P2", name="Cellar", client="c-1", start_date="2025-02-01")
    put(hub, "project", "p-3", code="P3", name="Attic", client="c-1", start_date="2025-01-01")
    put(hub, "assignment", "a-1", worker="w-2", project="p-1", role="Analyst", allocation=0.5)
    put(hub, "rate", "r-1", kind="bill", unit="hour", amount=180.0, currency="GBP", client="c-1")
    return hub


def put(hub: Hub, entity_type: str, golden_id: str, *, source: str = "erp", **values: Any) -> str:
    """A golden record of one source record, whose key is the golden id; so are the keys it refers to."""
    return make_golden(hub, entity_type, golden_id, {source: record(golden_id, **values)})


@pytest.fixture(name="put")
def _put() -> Callable[..., str]:
    return put


@pytest.fixture
def statements() -> Callable[[Hub], Any]:
    """Collects the SQL statements that run while the context lasts."""

    @contextmanager
    def watch(hub: Hub) -> Iterator[list[str]]:
        seen: list[str] = []

        def note(*arguments: Any) -> None:
            seen.append(arguments[2])

        event.listen(hub.database.engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            event.remove(hub.database.engine, "before_cursor_execute", note)

    return watch
