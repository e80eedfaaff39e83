"""Server-sent events: the headers of such an answer, and the pings that keep it open through proxies."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

PING_SECONDS = 15.0
PING = b": ping\n\n"

HEADERS = {
    "Content-Type": "text/event-stream",
    "Cache-Control": "no-store, no-transform",
    "X-Accel-Buffering": "no",  # Nginx would hold messages back
}


async def with_pings(
    messages: AsyncIterator[bytes], *, seconds: float = PING_SECONDS
) -> AsyncIterator[bytes]:
    """The messages, and a comment whenever none came for some seconds.

    The next message is asked for only once the one before was taken, so a slow reader holds the source back.
    """
    following: asyncio.Task[bytes] | None = None
    try:
        while True:
            following = following or asyncio.ensure_future(anext(messages))
            done, _ = await asyncio.wait({following}, timeout=seconds)
            if not done:
                yield PING
                continue
            try:
                message = following.result()
            except StopAsyncIteration:
                return
            following = None
            yield message
    finally:
        if following is not None:
            following.cancel()
            with suppress(asyncio.CancelledError, StopAsyncIteration):
                await following
        aclose = getattr(messages, "aclose", None)
        if aclose is not None:
            await aclose()
