"""Ends what lasts, web sockets and event streams, soon after the proof that they began with.

Every other request proves anew who asks; these would go on for days with a key that was revoked.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from mdm.errors import StoreError

SECONDS = 2.0
"""Between two looks at the proof."""

STREAM = "/api/v1/changes/stream"
UNAUTHORISED = 4401
"""How graphql-transport-ws closes the connection of somebody who may not be there."""

Still = Callable[[], Awaitable[bool]]


def lasts(scope: Scope) -> bool:
    """Whether the answer may have no end."""
    if scope["type"] == "websocket" or scope["path"] == STREAM:
        return True
    return "text/event-stream" in Headers(scope=scope).get("accept", "")


async def while_proven(app: ASGIApp, scope: Scope, receive: Receive, send: Send, still: Still) -> None:
    """Answer for as long as the proof holds, then end the answer."""
    begun = False

    async def noting(message: dict[str, object]) -> None:
        nonlocal begun
        begun = True
        await send(message)

    answering = asyncio.ensure_future(app(scope, receive, noting))  # type: ignore[arg-type]  # messages are mappings
    try:
        while not (await asyncio.wait({answering}, timeout=SECONDS))[0]:
            if begun and not await _holds(still):
                break
        else:
            answering.result()
            return
    finally:
        if not answering.done():
            answering.cancel()
            with suppress(asyncio.CancelledError):
                await answering
    # A stream that the application ended itself while it was cancelled takes no second end.
    with suppress(RuntimeError):
        await send(_end(scope))


async def _holds(still: Still) -> bool:
    try:
        return await still()
    except StoreError:  # an outage: nothing can be read meanwhile, and the next look will tell
        return True


def _end(scope: Scope) -> dict[str, object]:
    if scope["type"] == "websocket":
        return {"type": "websocket.close", "code": UNAUTHORISED, "reason": "the key or session has ended"}
    return {"type": "http.response.body", "body": b"", "more_body": False}
