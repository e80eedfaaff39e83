"""Refuses a request body that is larger than anybody needs, before it is read."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mdm.app.problems import problem

GRAPHQL = 256 * 1024
"""Bytes of a GraphQL request, and of one message over a web socket, where requests are messages."""

LIMITS: tuple[tuple[str, int], ...] = (
    ("/graphql", GRAPHQL),
    ("/console", 64 * 1024),
    ("", 10 * 1024 * 1024),
)
"""Bytes of a body by the beginning of the path; the first that fits."""


class _TooLargeError(Exception):
    """More bytes came than the route takes."""


class BodyLimit:
    """Counts what comes in, whether or not the sender said how much it would be."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = next(size for start, size in LIMITS if scope["path"].startswith(start))
        refusal = problem(413, f"The body is larger than {limit // 1024} kB; send it in smaller parts.")
        declared = Headers(scope=scope).get("content-length", "0")
        if declared.isdecimal() and int(declared) > limit:
            await refusal(scope, receive, send)
            return
        received, answered = 0, False

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > limit:
                raise _TooLargeError
            return message

        async def noting(message: Message) -> None:
            nonlocal answered
            answered = True
            await send(message)

        try:
            await self._app(scope, counted, noting)
        except _TooLargeError:
            if not answered:
                await refusal(scope, receive, send)
