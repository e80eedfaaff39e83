"""Follows the change feed as it grows.

A follower is never pushed: it reads its next page when it has dealt with the one before, so a slow one
costs no memory and misses nothing. All followers of a process share one question, asked five times a second:
has the log grown? Other processes write too, so the database is the only one who knows.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager
from typing import Protocol, TypeVar

from sqlmodel import Session

from mdm.access import Principal
from mdm.change_feed.change import ChangeFilter
from mdm.change_feed.reading import ChangePage, changes_after
from mdm.errors import RefusedError, StoreError
from mdm.event_log import last_event_number

T = TypeVar("T")

INTERVAL = 0.2
"""Seconds between two looks at the log."""

PAGE = 100
"""Changes that a follower gets at a time."""

MOST_FOLLOWERS = 500
"""Followers of one process."""


class _Readable(Protocol):
    def read(self, principal: Principal | None = None) -> AbstractContextManager[Session]: ...


class Tail:
    """The end of the event log, as far as this process has seen it."""

    def __init__(self, hub: _Readable, *, interval: float = INTERVAL) -> None:
        self._hub = hub
        self._interval = interval
        self._newest = -1
        self._followers = 0
        self._closed = False
        self._grown = asyncio.Event()
        self._watching: asyncio.Task[None] | None = None

    def close(self) -> None:
        """End every follower: the process stops."""
        self._closed = True
        self._wake()

    async def follow(
        self, after: int | None, wanted: ChangeFilter | None = None, principal: Principal | None = None
    ) -> AsyncIterator[ChangePage]:
        """Pages of changes, from behind `after` on, for as long as the caller listens; none is empty.

        Args:
            after: number of the last event that the caller has; None for what happens from now on.
            principal: who follows; they get what they may know of; None is the hub itself.

        Raises:
            QueryError: no event has that number, or the filter makes no sense.
            RefusedError: too many follow already.
        """
        if self._followers >= MOST_FOLLOWERS:
            raise RefusedError(
                f"{MOST_FOLLOWERS} follow the changes already; end a subscription, or read /api/v1/changes."
            )
        self._followers += 1
        try:
            position = await self._start(after)
            while not self._closed:
                page = await self._next(position, wanted, principal)
                position = page.next_after
                if page.changes:
                    yield page
                elif position >= self._newest:
                    await self._growth(position)
        finally:
            self._followers -= 1
            self._stop_watching()

    async def _start(self, after: int | None) -> int:
        newest = await asyncio.to_thread(self._look)
        self._newest = max(self._newest, newest)
        if self._watching is None:
            self._watching = asyncio.get_running_loop().create_task(self._watch())
        return newest if after is None else after

    async def _next(
        self, position: int, wanted: ChangeFilter | None, principal: Principal | None
    ) -> ChangePage:
        while True:
            try:
                return await asyncio.to_thread(self._page, position, wanted, principal)
            except StoreError:  # an outage: the follower waits, and gets everything once it is over
                await asyncio.sleep(self._interval)
                if self._closed:
                    return ChangePage((), position, position)

    async def _growth(self, position: int) -> None:
        while self._newest <= position and not self._closed:
            await self._grown.wait()

    async def _watch(self) -> None:
        while not self._closed:
            await asyncio.sleep(self._interval)
            try:
                newest = await asyncio.to_thread(self._look)
            except StoreError:  # an outage, too
                continue
            if newest > self._newest:
                self._newest = newest
                self._wake()

    def _wake(self) -> None:
        grown, self._grown = self._grown, asyncio.Event()
        grown.set()

    def _stop_watching(self) -> None:
        if self._followers == 0 and self._watching is not None:
            self._watching.cancel()
            self._watching = None

    def _look(self) -> int:
        return self._reading(last_event_number)

    def _page(self, after: int, wanted: ChangeFilter | None, principal: Principal | None) -> ChangePage:
        return self._reading(lambda session: changes_after(session, after, wanted, limit=PAGE), principal)

    def _reading(self, ask: Callable[[Session], T], principal: Principal | None = None) -> T:
        with self._hub.read(principal) as session:
            return ask(session)
