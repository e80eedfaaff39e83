"""A stand-in for the billing system: takes the demo's webhooks in, checks signatures, keeps what is new."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from standardwebhooks.webhooks import Webhook

ANSWERED, REFUSED = 204, 401


class Receiver:
    """An HTTP server on a free port of this machine; it answers 401 to what is not signed with the secret."""

    def __init__(self, secret: str, received: Path) -> None:
        self._webhook = Webhook(secret)
        self._received = received
        self._seen: set[str] = set()
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, name="demo-receiver", daemon=True)

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/golden-records"

    def start(self) -> None:
        """Listen, in a thread."""
        self._thread.start()

    def stop(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()

    def take(self, body: bytes, headers: dict[str, str]) -> int:
        """The HTTP status for one delivery; a repeated one is answered alike and kept once."""
        try:
            document = self._webhook.verify(body, headers)
        except Exception:  # noqa: BLE001  # whatever a malformed header trips over: not signed by us
            return REFUSED
        with self._lock:
            if headers["webhook-id"] not in self._seen:
                self._seen.add(headers["webhook-id"])
                with self._received.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(document, ensure_ascii=False) + "\n")
        return ANSWERED

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:  # the name is the base class's
                body = self.rfile.read(int(self.headers.get("content-length", "0")))
                status = receiver.take(body, {name.lower(): value for name, value in self.headers.items()})
                self.send_response(status)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                """Keep quiet."""

        return Handler
