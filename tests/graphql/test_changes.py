"""What happens in the hub, told as it happens: over a WebSocket, and as server-sent events."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from mdm.change_feed import Tail
from mdm.hub import Hub
from mdm.testing import hub_at, record, take_in
from mdm_graphql import create_router
from mdm_graphql.limits.figures import Figures

SUBSCRIPTION = """subscription ($after: Int, $types: [String!], $ids: [ID!]) {
  changes(after: $after, types: $types, ids: $ids) {
    number type entityType subject version attributes record { id ... on Client { name } }
  }
}"""


@pytest.fixture
def hub(database_url: str) -> Iterator[Hub]:
    opened = hub_at(database_url)
    take_in(opened, "crm", "client", [record("C1", name="Harbour Pine Ltd", country="GB")])
    yield opened
    opened.close()


@pytest.fixture
def browser(hub: Hub) -> Iterator[TestClient]:
    app = FastAPI()
    app.include_router(create_router(hub, dev=True, tail=Tail(hub, interval=0.01)), prefix="/graphql")
    with TestClient(app) as client:
        yield client


class Subscribed:
    """One subscription over graphql-transport-ws."""

    def __init__(self, socket: Any, **variables: object) -> None:
        self._socket = socket
        socket.send_json({"type": "connection_init"})
        assert socket.receive_json()["type"] == "connection_ack"
        payload = {"query": SUBSCRIPTION, "variables": variables}
        socket.send_json({"id": "1", "type": "subscribe", "payload": payload})

    def next(self) -> dict[str, Any]:
        message = self._socket.receive_json()
        assert message["type"] == "next", message
        change: dict[str, Any] = message["payload"]["data"]["changes"]
        return change

    def error(self) -> str:
        message = self._socket.receive_json()
        assert message["type"] in {"error", "next"}, message
        payload = message["payload"]
        errors = payload if isinstance(payload, list) else payload["errors"]
        return str(errors[0]["message"])


def test_a_subscriber_hears_a_change_with_the_record_as_it_is_now(hub: Hub, browser: TestClient) -> None:
    with browser.websocket_connect("/graphql", subprotocols=["graphql-transport-ws"]) as socket:
        changes = Subscribed(socket, after=0, types=["golden.*"])
        created = changes.next()
        take_in(hub, "erp", "client", [record("E1", name="Quarry Lane Stationers Ltd")])
        second = changes.next()

    assert (created["type"], created["entityType"], created["version"]) == ("golden.created", "CLIENT", 1)
    assert set(created["attributes"]) == {"name", "country"}
    assert created["record"] == {"id": created["subject"], "name": "Harbour Pine Ltd"}
    assert second["record"]["name"] == "Quarry Lane Stationers Ltd"
    assert second["number"] > created["number"]


def test_a_subscriber_resumes_behind_the_last_number_it_has(hub: Hub, browser: TestClient) -> None:
    with browser.websocket_connect("/graphql", subprotocols=["graphql-transport-ws"]) as socket:
        first = Subscribed(socket, after=0).next()["number"]
    take_in(hub, "erp", "client", [record("E1", name="Quarry Lane Stationers Ltd")])
    with browser.websocket_connect("/graphql", subprotocols=["graphql-transport-ws"]) as socket:
        changes = Subscribed(socket, after=first)
        numbers = [changes.next()["number"] for _ in range(3)]

    assert numbers == [first + 1, first + 2, first + 3]


def test_a_number_that_no_event_has_is_told(browser: TestClient) -> None:
    with browser.websocket_connect("/graphql", subprotocols=["graphql-transport-ws"]) as socket:
        assert "No event has the number 99" in Subscribed(socket, after=99).error()


def test_a_change_that_is_too_long_is_an_error_in_its_message(
    browser: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mdm_graphql.router.FIGURES", Figures(bytes=100))
    with browser.websocket_connect("/graphql", subprotocols=["graphql-transport-ws"]) as socket:
        assert "100" in Subscribed(socket, after=0, types=["golden.*"]).error()


def test_queries_and_subscriptions_share_a_connection(hub: Hub, browser: TestClient) -> None:
    with browser.websocket_connect("/graphql", subprotocols=["graphql-transport-ws"]) as socket:
        changes = Subscribed(socket, after=0, types=["golden.created"])
        changes.next()
        query = {"query": "{ clients { totalCount } }"}
        socket.send_json({"id": "2", "type": "subscribe", "payload": query})
        answer = socket.receive_json()
        assert socket.receive_json() == {"id": "2", "type": "complete"}
        take_in(hub, "erp", "client", [record("E1", name="Quarry Lane Stationers Ltd")])
        following = changes.next()

    assert answer["payload"]["data"] == {"clients": {"totalCount": 1}}
    assert following["record"]["name"] == "Quarry Lane Stationers Ltd"


def test_server_sent_events_carry_the_same_changes(hub: Hub, browser: TestClient) -> None:
    # The test client hands over a stream only when it has ended, so the feed ends by itself here.
    app = FastAPI()
    tail = Tail(hub, interval=0.01)
    app.include_router(create_router(hub, dev=True, tail=tail), prefix="/graphql")
    follow = tail.follow

    async def once(*arguments: Any) -> Any:
        async for page in follow(*arguments):
            yield page
            return

    tail.follow = once  # type: ignore[method-assign]  # ends after the first page
    with TestClient(app) as client:
        answer = client.post(
            "/graphql",
            json={"query": SUBSCRIPTION, "variables": {"after": 0, "types": ["golden.*"]}},
            headers={"Accept": "text/event-stream"},
        )

    events = [block.split("\r\n") for block in answer.text.strip().split("\r\n\r\n")]
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert [lines[0] for lines in events] == ["event: next", "event: complete"]
    (told,) = [json.loads(lines[1].removeprefix("data: ")) for lines in events[:1]]
    assert told["data"]["changes"]["record"]["name"] == "Harbour Pine Ltd"
