from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from strawberry.types import ExecutionResult

from graphql import parse
from mdm.access import Principal, Role, everything
from mdm.entities import Sensitivity
from mdm.hub import Hub
from mdm_graphql import HubSchema, build_schema
from mdm_graphql.context import Context
from mdm_graphql.documents import Documents
from mdm_graphql.reader import Reader

NAMES = "query Names($first: Int!) { clients(first: $first) { nodes { name } } }"
BIRTHS = "{ workers { nodes { familyName birthDate } } }"


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The documents that were parsed."""
    import strawberry.schema.schema as module

    found: list[str] = []
    parse_text = module.parse

    def noting(query: Any, **options: Any) -> Any:
        found.append(query)
        return parse_text(query, **options)

    monkeypatch.setattr(module, "parse", noting)
    return found


@pytest.fixture
def validated(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """One entry for each validation."""
    import strawberry.schema.schema as module

    found: list[int] = []
    validate = module.validate_document

    def noting(*arguments: Any) -> Any:
        found.append(1)
        return validate(*arguments)

    monkeypatch.setattr(module, "validate_document", noting)
    return found


@pytest.fixture
def ask(firm: Hub) -> Callable[..., ExecutionResult]:
    """Runs an operation on one production schema, as one principal or another."""
    import asyncio

    schema: HubSchema = build_schema(firm.registry)  # type: ignore[assignment]  # no subgraph

    def run(text: str, principal: Principal | None = None, **variables: Any) -> ExecutionResult:
        async def once() -> Any:
            who = principal or everything("anna")
            context = Context(firm, lambda: Reader(firm, schema.node_types, principal=who))
            return await schema.execute(text, variables, context)

        found: ExecutionResult = asyncio.run(once())
        return found

    return run


def test_a_document_is_parsed_and_validated_once(
    ask: Callable[..., ExecutionResult], parsed: list[str], validated: list[int]
) -> None:
    answers = [ask(NAMES, first=first) for first in (1, 2, 2)]

    assert [len(answer.data["clients"]["nodes"]) for answer in answers if answer.data] == [1, 2, 2]
    assert parsed == [NAMES]
    assert validated == [1]


def test_a_wrong_document_is_refused_each_time(
    ask: Callable[..., ExecutionResult], validated: list[int]
) -> None:
    wrong = "{ clients { nodes { nonsense } } }"

    assert all((ask(wrong).errors or [None])[0] is not None for _ in range(2))
    assert validated == [1, 1]


def test_the_limits_count_the_variables_of_each_request(ask: Callable[..., ExecutionResult]) -> None:
    document = """query Deep($first: Int!) { clients(first: $first) { nodes {
        projects(first: $first) { nodes {
            assignments(first: $first) { nodes { worker { familyName } } } } } } } }"""

    cheap, dear = ask(document, first=2), ask(document, first=100)

    assert cheap.errors is None
    assert dear.errors
    assert (dear.errors[0].extensions or {})["code"] == "LIMIT"


def test_a_remembered_document_shows_nobody_more_than_they_may_see(
    ask: Callable[..., ExecutionResult], put: Callable[..., str], firm: Hub
) -> None:
    put(firm, "worker", "w-9", family_name="Born", birth_date="1980-05-17")
    sees = frozenset({Sensitivity.public, Sensitivity.internal})
    viewer = Principal(name="bob", roles=frozenset({Role.viewer}), sees=sees)

    told = [ask(BIRTHS, who) for who in (None, viewer, None)]

    births = [
        {node["birthDate"] for node in answer.data["workers"]["nodes"]} for answer in told if answer.data
    ]
    assert births == [{None, "1980-05-17"}, {None}, {None, "1980-05-17"}]


def test_what_nobody_asks_for_is_forgotten_first() -> None:
    documents = Documents(kept=30)
    texts = ["{ first }", "{ second }", "{ third }", "{ fourth }"]
    for text in texts[:3]:
        documents.keep(text, parse(text))
    documents.find(texts[0])
    documents.keep(texts[3], parse(texts[3]))

    assert [documents.find(text) is not None for text in texts] == [True, False, True, True]
