"""What every answer tells the browser: where scripts may come from, to keep nothing, which request it was."""

from __future__ import annotations

import re
import time
import uuid

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mdm.app.deprecations import deprecation_of
from mdm.app.metrics import Metrics
from mdm.app.problems import problem

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)
"""Content-Security-Policy: nothing inline, nothing from elsewhere. GraphiQL's page brings one of its own."""

DOCS_POLICY = POLICY.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")
"""Swagger UI styles its elements one by one."""

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")

logger = structlog.get_logger("mdm.app")


class Envelope:
    """The outermost layer: a request id, the security headers, one log line and one measure for every answer.

    It also turns what nobody caught into a problem document, so that such an answer carries the headers too.
    """

    def __init__(self, app: ASGIApp, *, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        request_id = given if REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        scope.setdefault("state", {})["request_id"] = request_id
        started, status = time.perf_counter(), 0

        async def send_dressed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                _dress(scope, MutableHeaders(scope=message), request_id)
            await send(message)

        try:
            with structlog.contextvars.bound_contextvars(request_id=request_id):
                await self._app(scope, receive, send_dressed)
        except Exception:  # the edge: nobody above could answer
            logger.exception("request failed", path=scope["path"], request_id=request_id)
            if status:
                raise
            failed = problem(
                500, "The hub failed; its log says why under this request id.", request_id=request_id
            )
            await failed(scope, receive, send_dressed)
        finally:
            self._metrics.observe(scope, status, time.perf_counter() - started)


def _dress(scope: Scope, headers: MutableHeaders, request_id: str) -> None:
    """Add the headers; a part of the hub may have set its own policy or cache control already."""
    path: str = scope["path"]
    html = headers.get("content-type", "").startswith("text/html")
    docs = path.rstrip("/") == "/docs" and html
    headers.setdefault("Content-Security-Policy", DOCS_POLICY if docs else POLICY)
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "same-origin"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["X-Request-Id"] = request_id
    deprecation = deprecation_of(path)
    if deprecation is not None:
        deprecation.tell(headers)
    if scope["scheme"] == "https":
        headers["Strict-Transport-Security"] = "max-age=31536000"
    headers.setdefault("Cache-Control", "no-store")
