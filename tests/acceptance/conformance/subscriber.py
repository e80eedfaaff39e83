"""A system that the hub publishes to: it keeps what it gets, and answers as it is told."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

SECRET = "whsec_YSBzZWNyZXQgb2YgdGhpcnR5LXR3byBieXRlcyAuLi4="


@dataclass
class Subscriber:
    """A web server on this machine.

    Attributes:
        answers: statuses of the next answers; then 204.
        messages: what arrived, with the id that stands in the header.
    """

    url: str
    answers: list[int] = field(default_factory=list)
    messages: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def settings(self, *more: str) -> str:
        """The part of mdm.toml that publishes to it as `crm`."""
        lines = ["[targets.crm]", 'kind = "webhook"', f'url = "{self.url}"', f'secret = "{SECRET}"', *more]
        return "\n".join(["[network]", 'allow = ["127.0.0.0/8"]', *lines, ""])

    def about(self, golden_id: str) -> list[dict[str, Any]]:
        """What it was told of one golden record, in order."""
        return [told["data"] for _, told in self.messages if told["subject"] == golden_id]


@contextmanager
def subscriber() -> Iterator[Subscriber]:
    """One that listens."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            state.messages.append((self.headers["webhook-id"], json.loads(body)))
            self.send_response(state.answers.pop(0) if state.answers else 204)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            return None

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        state = Subscriber(f"http://127.0.0.1:{server.server_port}/hook")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield state
        finally:
            server.shutdown()
            thread.join()


@dataclass
class Copy:
    """What a subscriber keeps of golden records if it applies messages by their sequence.

    Attributes:
        missed: golden records of which it knows that a version never came.
    """

    held: dict[str, tuple[int, dict[str, Any]]] = field(default_factory=dict)
    missed: set[str] = field(default_factory=set)

    def apply(self, told: dict[str, Any]) -> None:
        """Take in one message; one that is older than what is held changes nothing."""
        golden_id, data = told["subject"], told["data"]
        version = self.held.get(golden_id, (0, {}))[0]
        if int(told["sequence"]) <= version:
            return
        if data["previous_version"] > version:
            self.missed.add(golden_id)
        self.held[golden_id] = (int(told["sequence"]), data)
