"""Subscriptions over graphql-transport-ws as a served hub answers them, not only the application under it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosedError, InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from mdm.access.keys import first_key
from mdm.hub import Hub
from mdm.testing import hub_at, record, take_in
from mdm_graphql.examples import EXAMPLES

sys.path.insert(0, str(Path(__file__).parent))

from live import running  # beside this file

WATCH = next(one.document for one in EXAMPLES if one.operation.startswith("subscription"))
"""The one that GraphiQL opens with."""


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    opened = hub_at(f"sqlite:///{(tmp_path_factory.mktemp('live') / 'hub.db').as_posix()}")
    take_in(opened, "crm", "client", [record("C1", name="Harbour Pine Ltd", country="GB")])
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def key(hub: Hub) -> str:
    with hub.write("anna") as uow:
        made = first_key(uow)
    assert made is not None
    return made.secret


@pytest.fixture(scope="module")
def address(hub: Hub, key: str) -> Iterator[str]:
    with running(hub) as served:
        yield served.replace("http:", "ws:") + "/graphql"


def dialled(address: str, **options: Any) -> ClientConnection:
    return connect(
        address, subprotocols=[Subprotocol("graphql-transport-ws")], proxy=None, open_timeout=30, **options
    )


def say(socket: ClientConnection, **message: object) -> None:
    socket.send(json.dumps(message))


def heard(socket: ClientConnection) -> Any:
    message = socket.recv(timeout=30)
    assert isinstance(message, str), "clients in browsers do not read binary frames"
    return json.loads(message)


def test_a_served_hub_tells_what_happens_over_a_web_socket(hub: Hub, key: str, address: str) -> None:
    with dialled(address, additional_headers={"Authorization": f"Bearer {key}"}) as socket:
        say(socket, type="connection_init")
        assert heard(socket)["type"] == "connection_ack"
        say(socket, id="1", type="subscribe", payload={"query": WATCH})
        before = heard(socket)
        take_in(hub, "erp", "client", [record("E1", name="Quarry Lane Stationers Ltd")])
        after = heard(socket)

    assert before["payload"]["data"]["changes"]["record"]["name"] == "Harbour Pine Ltd"
    assert after["payload"]["data"]["changes"]["record"]["name"] == "Quarry Lane Stationers Ltd"


@pytest.mark.parametrize(
    "options",
    [{}, {"additional_headers": {"Authorization": "Bearer mdm_wrong"}}, {"origin": "https://evil.example"}],
    ids=["no key", "a wrong key", "a page of another site"],
)
def test_a_served_hub_opens_no_web_socket_for(address: str, options: dict[str, Any]) -> None:
    with pytest.raises(InvalidStatus) as refused, dialled(address, **options):
        pass

    assert refused.value.response.status_code == 403


def test_a_message_that_is_longer_than_a_request_may_be_ends_the_connection(key: str, address: str) -> None:
    with dialled(address, additional_headers={"Authorization": f"Bearer {key}"}) as socket:
        say(socket, type="connection_init", payload={"filler": "x" * 256 * 1024})
        with pytest.raises(ConnectionClosedError) as closed:
            heard(socket)

    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1009
