from __future__ import annotations

import asyncio

import httpx2
import pytest

from mdm.errors import AddressRefusedError
from mdm.settings import NetworkSettings
from mdm_sync.targets.addresses import guard_of
from mdm_sync.targets.guarded_transport import GuardedTransport


def post(url: str, answers: list[list[str]], **guard: object) -> tuple[int, int]:
    """Status of one POST, and how often the name was resolved."""
    asked = 0

    async def resolver(_host: str, _port: int) -> list[str]:
        nonlocal asked
        asked += 1
        return answers[min(asked, len(answers)) - 1]

    async def send() -> int:
        transport = GuardedTransport(guard_of(NetworkSettings(**guard)), lanes=1, resolver=resolver)
        async with httpx2.AsyncClient(transport=transport, trust_env=False) as client:
            return (await client.post(url, content=b"{}")).status_code

    return asyncio.run(send()), asked


def test_the_address_that_was_checked_is_the_one_connected_to(receiver) -> None:
    # A name server that answers with another address the second time gets no second question.
    port = receiver.url.split(":")[2].split("/")[0]
    status, asked = post(
        f"http://rebinding.test:{port}/hook", [["127.0.0.1"], ["10.0.0.1"]], allow=["127.0.0.1/32"]
    )

    assert (status, asked) == (204, 1)
    assert receiver.requests[0].headers["host"] == f"rebinding.test:{port}"


def test_a_name_that_leads_inside_is_refused_when_it_is_connected_to() -> None:
    with pytest.raises(AddressRefusedError, match=r"rebinding\.test leads to 10\.0\.0\.1"):
        post("https://rebinding.test/hook", [["10.0.0.1"]])


def test_a_proxy_of_the_environment_is_not_used(receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")
    status, _asked = post(receiver.url, [["127.0.0.1"]], allow=["127.0.0.0/8"])

    assert status == 204
