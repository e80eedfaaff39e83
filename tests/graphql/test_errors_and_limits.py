from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest
from sqlmodel import Session
from strawberry.types import ExecutionResult

from mdm.errors import StoreBusyError
from mdm.hub import Hub
from mdm_graphql import loaders, reader
from mdm_graphql.reader import Reader

Run = Callable[..., ExecutionResult]


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What is tested here does not depend on the database."""
    return sqlite_url


def only_error(result: ExecutionResult) -> Any:
    (error,) = result.errors or [None]
    assert error is not None
    return error


def test_a_bug_is_masked_and_logged(
    firm: Hub, run: Run, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise KeyError("the secret of the house")

    monkeypatch.setattr(loaders, "cells_of", fail)

    with caplog.at_level(logging.ERROR, "mdm.graphql"):
        result = run('{ client(id: "c-1") { name cells { value } } }')

    assert only_error(result).message == "Something went wrong inside the hub; it has been logged."
    assert "the secret of the house" in caplog.text


def test_a_store_that_fails_is_not_named_to_the_caller(
    firm: Hub, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise StoreBusyError("postgresql://hub@db.internal/mdm is busy")

    monkeypatch.setattr(loaders, "golden_of_type", fail)

    error = only_error(run('{ client(id: "c-1") { name } }'))

    assert error.message == "The hub cannot reach its database now; try again in a moment."
    assert error.extensions == {"code": "UNAVAILABLE"}


def test_one_failing_field_leaves_the_others_alone(
    firm: Hub, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = run('{ client(id: "c-1") { name } search(text: "x", first: 999) { id } }')

    assert only_error(result).path == ["search"]


@pytest.mark.parametrize(
    ("operation", "complaint"),
    [
        (
            "{ clients { nodes " + "{ parent " * 11 + "{ id }" + " }" * 12 + " }",
            "the limit is 10 levels",
        ),
        (
            "{ " + " ".join(f"a{k}: clients {{ totalCount }}" for k in range(16)) + " }",
            "the limit is 15 aliases",
        ),
        ("{ " + "clients { totalCount } " * 600 + "}", "tokens"),
    ],
    ids=["depth", "aliases", "tokens"],
)
def test_an_operation_that_is_too_large_is_refused_by_name(
    firm: Hub, run: Run, operation: str, complaint: str
) -> None:
    assert complaint in only_error(run(operation)).message


def test_an_operation_stops_at_the_largest_result(
    firm: Hub, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "LARGEST_RESULT", 4)

    error = only_error(run("{ clients { nodes { projects { nodes { id } } } } }"))

    assert error.message == "The operation reads more than 4 records; ask for fewer per page with first."


def test_the_lineage_of_a_long_list_is_refused(hub: Hub, put: Callable[..., str], run: Run) -> None:
    for k in range(21):
        put(hub, "client", f"c-{k:02}", name=f"Client {k}")

    error = only_error(run("{ clients { nodes { lineage { start } } } }"))

    assert "ask for 20 or fewer" in error.message


def test_an_answer_holds_five_errors_at_most(firm: Hub, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise StoreBusyError("busy")

    monkeypatch.setattr(loaders, "golden_of_type", fail)

    result = run("{ " + " ".join(f'a{k}: client(id: "{k}") {{ id }}' for k in range(9)) + " }")

    assert len(result.errors or []) == 5


def test_production_neither_shows_its_schema_nor_guesses_names(firm: Hub, runner: Callable[..., Run]) -> None:
    production = runner(firm, dev=False)

    (error, *_) = production("{ __schema { types { name } } }").errors or []
    assert "introspection has been disabled" in error.message
    assert "Did you mean" not in only_error(production("{ client(id: 1) { nam } }")).message


class Doubled:
    """A loader that notes what it is asked for together."""

    def __init__(self) -> None:
        self.asked: list[list[int]] = []

    def __call__(self, reader: Reader, session: Session, keys: Sequence[int]) -> Mapping[int, int]:
        self.asked.append(list(keys))
        return {key: 2 * key for key in keys if key >= 0}


def test_what_is_asked_together_is_read_together_and_only_once(hub: Hub) -> None:
    loader = Doubled()

    async def ask() -> list[Any]:
        one = Reader(hub, {})
        first = await asyncio.gather(one.load(loader, 1), one.load(loader, 2), one.load(loader, 1))
        second = await asyncio.gather(one.load(loader, 2), one.load(loader, 3), one.load(loader, -1))
        await one.close()
        return [*first, *second]

    assert asyncio.run(ask()) == [2, 4, 2, 4, 6, None]
    assert loader.asked == [[1, 2], [3, -1]]


def test_a_known_value_waits_for_the_wave_so_that_the_next_level_asks_together(hub: Hub) -> None:
    loader, below = Doubled(), Doubled()

    async def ask() -> None:
        one = Reader(hub, {})
        await one.load(loader, 1)

        async def down(key: int) -> None:
            await one.load(below, await one.load(loader, key))

        await asyncio.gather(down(1), down(2))
        await one.close()

    asyncio.run(ask())

    assert below.asked == [[2, 4]]


def test_what_outlives_its_operation_reads_nothing(hub: Hub) -> None:
    loader = Doubled()

    async def ask() -> bool:
        one = Reader(hub, {})
        await one.load(loader, 1)
        await one.end()
        return one.load(loader, 2).cancelled()

    assert asyncio.run(ask())
    assert loader.asked == [[1]]


def test_a_server_that_stops_in_the_middle_of_a_question_leaves_no_snapshot(hub: Hub) -> None:
    class Slow(Doubled):
        def __call__(self, reader: Reader, session: Session, keys: Sequence[int]) -> Mapping[int, int]:
            begun.set()
            time.sleep(0.2)
            return {}

    begun, readers = threading.Event(), []

    async def ask() -> None:
        readers.append(Reader(hub, {}))
        readers[0].load(Slow(), 1)
        await asyncio.to_thread(begun.wait)

    asyncio.run(ask())

    assert readers[0]._snapshot is None
    assert readers[0]._session is None


def test_operations_wait_for_a_slot_and_give_it_back(hub: Hub) -> None:
    async def ask() -> list[Any]:
        slots = asyncio.Semaphore(1)

        async def one(key: int) -> Any:
            own = Reader(hub, {}, slots)
            try:
                return await own.load(Doubled(), key)
            finally:
                await own.close()

        return [*await asyncio.gather(*(one(k) for k in range(4))), slots.locked()]

    assert asyncio.run(ask()) == [0, 2, 4, 6, False]
