"""GET /api/v1/changes with filters, and its stream of server-sent events."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from mdm.app import create_app
from mdm.app.event_stream import PING, with_pings
from mdm.hub import Hub
from mdm.testing import hub_at, record, take_in

STREAM = "/api/v1/changes/stream"


@pytest.fixture
def hub(sqlite_url: str) -> Iterator[Hub]:
    opened = hub_at(sqlite_url)
    take_in(opened, "crm", "client", [record("C1", name="Harbour Pine Ltd", country="GB")])
    take_in(opened, "hr", "worker", [record("W1", given_name="Anna", family_name="Roth")])
    yield opened
    opened.close()


@pytest.fixture
def browser(hub: Hub) -> TestClient:
    """A browser whose streams end after their first page, because it hands over only what has ended."""
    app = create_app(hub, dev=True, role="api")
    follow = app.state.tail.follow

    async def once(*arguments: Any) -> AsyncIterator[Any]:
        async for page in follow(*arguments):
            yield page
            return

    app.state.tail.follow = once
    return TestClient(app)


def told(text: str) -> list[tuple[int, str, dict[str, Any]]]:
    """Number, type and document of each message."""
    messages = [
        dict(line.split(": ", 1) for line in block.split("\n")) for block in text.strip().split("\n\n")
    ]
    return [(int(m["id"]), m["event"], json.loads(m["data"])) for m in messages]


def test_pages_are_filtered_by_type_entity_type_and_golden_id(browser: TestClient) -> None:
    golden = browser.get("/api/v1/changes", params={"type": "golden.*", "entity_type": "client"}).json()
    (created,) = golden["changes"]
    about = browser.get("/api/v1/changes", params={"golden_id": created["subject"]}).json()

    assert (created["type"], created["entity_type"]) == ("golden.created", "client")
    assert about["changes"] == [created]
    assert about["next_after"] == about["last"] == 6


def test_a_stream_tells_every_change_with_its_number(browser: TestClient) -> None:
    answer = browser.get(STREAM, params={"after": 0})

    assert answer.headers["content-type"].startswith("text/event-stream")
    assert [(number, document["number"]) for number, _, document in told(answer.text)] == [
        (n, n) for n in range(1, 7)
    ]


def test_a_browser_that_reconnects_goes_on_behind_the_last_event_it_has(browser: TestClient) -> None:
    answer = browser.get(STREAM, params={"after": 0, "type": "golden.*"}, headers={"Last-Event-ID": "3"})

    ((number, event, document),) = told(answer.text)
    assert (number, event, document["entity_type"]) == (5, "golden.created", "worker")


@pytest.mark.parametrize(
    ("parameters", "headers", "sentence"),
    [
        ({"after": 99}, {}, "No event has the number 99"),
        ({}, {"Last-Event-ID": "evt_1"}, "Last-Event-ID is an event's number"),
    ],
)
def test_a_place_that_there_is_not_is_refused_before_the_stream_begins(
    browser: TestClient, parameters: dict[str, int], headers: dict[str, str], sentence: str
) -> None:
    answer = browser.get(STREAM, params=parameters, headers=headers)

    assert answer.status_code == 400
    assert sentence in answer.json()["detail"]


def test_a_quiet_stream_is_kept_open_by_pings_and_ends_its_source() -> None:
    ended = []

    async def source() -> AsyncIterator[bytes]:
        try:
            yield b"first"
            await asyncio.Event().wait()
        finally:
            ended.append(True)

    async def listen() -> list[bytes]:
        stream = with_pings(source(), seconds=0.001)
        heard = [await anext(stream) for _ in range(3)]
        await stream.aclose()  # type: ignore[attr-defined]  # it is an async generator
        return heard

    assert asyncio.run(listen()) == [b"first", PING, PING]
    assert ended == [True]
