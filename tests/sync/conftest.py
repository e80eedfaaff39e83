"""What the tests of publication share: the factory beside this file, and a receiver of webhooks."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

Answers = Callable[[int], tuple[int, dict[str, str], bytes]]


@dataclass(frozen=True)
class Received:
    """One request as it arrived."""

    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """A web server on this machine that keeps what it gets, and answers as it is told."""

    url: str
    requests: list[Received] = field(default_factory=list)
    answer: Answers = lambda _number: (204, {}, b"")


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A running receiver."""
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            with lock:
                state.requests.append(Received({k.lower(): v for k, v in self.headers.items()}, body))
                number = len(state.requests)
            status, headers, text = state.answer(number)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if status != 204:
                self.send_header("content-length", str(len(text)))
            self.end_headers()
            if status != 204:
                self.wfile.write(text)

        def log_message(self, format: str, *args: object) -> None:
            return None

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        state = Receiver(f"http://127.0.0.1:{server.server_port}/hook")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield state
        finally:
            server.shutdown()
            thread.join()
