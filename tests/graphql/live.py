"""A hub as `mdm serve` runs it, in a thread of the tests."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import uvicorn

from mdm.app import claim_port, serve
from mdm.hub import Hub


@contextmanager
def running(hub: Hub, *, dev: bool = False) -> Iterator[str]:
    """The address at which the hub answers while the context lasts."""
    servers: list[uvicorn.Server] = []
    addresses: list[str] = []
    answers = threading.Event()
    startup = uvicorn.Server.startup

    async def noting(self: uvicorn.Server, *arguments: object, **named: object) -> None:
        servers.append(self)
        await startup(self, *arguments, **named)  # type: ignore[arg-type]

    def ready(address: str) -> None:
        addresses.append(address)
        answers.set()

    def serving() -> None:
        serve(hub, listener=claim_port("127.0.0.1", 0), dev=dev, role="api", ready=ready)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(uvicorn.Server, "startup", noting)
        thread = threading.Thread(target=serving)
        thread.start()
        try:
            assert answers.wait(30)
            yield addresses[0]
        finally:
            for server in servers:
                server.should_exit = True
            thread.join(30)
