"""What lasts ends soon after the key or session that it began with: web sockets and both event streams."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from time import monotonic
from typing import Any

import httpx2
import pytest
from websockets.exceptions import ConnectionClosedError
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from mdm.access import Role, everything
from mdm.access.grants import Grant
from mdm.access.keys import create_key, revoke_key
from mdm.app import lasting
from mdm.app.sessions import IDLE, Sessions
from mdm.hub import Hub
from mdm.testing import NOON, hub_at, record, take_in

sys.path.insert(0, str(Path(__file__).parent))

from live import running  # beside this file

WATCH = "subscription { changes(after: 0) { number } }"
SOON = 5.0
"""Seconds within which a revocation must be felt everywhere."""


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    opened = hub_at(f"sqlite:///{(tmp_path_factory.mktemp('lasting') / 'hub.db').as_posix()}")
    take_in(opened, "crm", "client", [record("C1", name="Harbour Pine Ltd", country="GB")])
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def address(hub: Hub) -> Iterator[str]:
    with running(hub) as served:
        yield served


@pytest.fixture
def key(hub: Hub) -> tuple[str, dict[str, str]]:
    """Id and header of a key that is about to be revoked."""
    with hub.write("test") as uow:
        made = create_key(uow, "reader", Grant(roles=[Role.viewer]))
    return made.id, {"Authorization": f"Bearer {made.secret}"}


def revoke(hub: Hub, key_id: str) -> None:
    with hub.write("test") as uow:
        revoke_key(uow, key_id)


@contextmanager
def streaming(address: str, door: str, headers: dict[str, str]) -> Iterator[Iterator[str]]:
    """The lines of an event stream."""
    wanted = headers | {"Accept": "text/event-stream"}
    with httpx2.Client(timeout=30, trust_env=False) as client:
        if door == "graphql":
            opened = client.stream("POST", f"{address}/graphql", json={"query": WATCH}, headers=wanted)
        else:
            opened = client.stream("GET", f"{address}/api/v1/changes/stream?after=0", headers=headers)
        with opened as answer:
            assert answer.status_code == 200
            yield answer.iter_lines()


@pytest.mark.parametrize("door", ["graphql", "rest"])
def test_an_event_stream_ends_when_its_key_is_revoked(
    hub: Hub, address: str, key: tuple[str, dict[str, str]], door: str
) -> None:
    key_id, headers = key

    with streaming(address, door, headers) as lines:
        first = next(line for line in lines if line.startswith("data:"))
        revoke(hub, key_id)
        began = monotonic()
        rest = [line for line in lines if line.startswith("data:")]
        took = monotonic() - began

    assert "number" in first
    assert all('"key.' not in line for line in rest)
    assert took < SOON


def test_a_web_socket_is_closed_when_its_key_is_revoked(
    hub: Hub, address: str, key: tuple[str, dict[str, str]]
) -> None:
    key_id, headers = key
    place = address.replace("http:", "ws:") + "/graphql"
    protocols = [Subprotocol("graphql-transport-ws")]

    with connect(place, subprotocols=protocols, proxy=None, additional_headers=headers) as socket:
        for message in ({"type": "connection_init"}, subscribe("1", WATCH)):
            socket.send(json.dumps(message))
        heard = [json.loads(socket.recv(timeout=30))["type"] for _ in range(2)]
        revoke(hub, key_id)
        began = monotonic()
        with pytest.raises(ConnectionClosedError) as closed:
            list(iter(lambda: socket.recv(timeout=30), None))
        took = monotonic() - began

    assert heard == ["connection_ack", "next"]
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == lasting.UNAUTHORISED
    assert took < SOON


def test_a_stream_goes_on_while_its_key_opens(
    hub: Hub, address: str, key: tuple[str, dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lasting, "SECONDS", 0.02)

    with streaming(address, "rest", key[1]) as lines:
        next(line for line in lines if line.startswith("data:"))
        for n in range(5):
            take_in(hub, "crm", "client", [record(f"N{n}", name=f"Firm {n} of Leeds")])
        told = [next(line for line in lines if line.startswith("data:")) for _ in range(5)]

    assert len(told) == 5


def test_looking_at_a_session_does_not_end_its_silence() -> None:
    now = [NOON]
    sessions = Sessions(lambda: now[0])
    key = sessions.open(everything("ada"))

    now[0] += IDLE - timedelta(seconds=1)
    looked = sessions.find(key, seen=False)
    now[0] += timedelta(seconds=2)

    assert looked is not None
    assert sessions.find(key) is None


def subscribe(name: str, query: str) -> dict[str, Any]:
    return {"id": name, "type": "subscribe", "payload": {"query": query}}
