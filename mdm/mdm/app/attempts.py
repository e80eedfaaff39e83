"""Wrong keys in a row: who keeps guessing has to wait."""

from __future__ import annotations

import time
from collections.abc import Callable

from starlette.requests import HTTPConnection

from mdm.app.shelves import OwnShelf, Shelf
from mdm.errors import TooManyRequestsError

MOST = 10
"""Wrong tries of one address within the window."""

WINDOW = 60.0
"""Seconds."""


class Attempts:
    """The wrong tries of the last minute, by the address that the connection comes from.

    A header such as X-Forwarded-For is not believed: anybody can write one.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic, shelf: Shelf | None = None) -> None:
        self._clock = clock
        self._shelf = shelf or OwnShelf()

    def check(self, request: HTTPConnection) -> None:
        """Refuse to try another key.

        Raises:
            TooManyRequestsError: ten keys were wrong within a minute.
        """
        recent = self._shelf.change(_address(request), self._recent)
        if recent and len(recent) >= MOST:
            raise TooManyRequestsError(
                f"{MOST} keys were wrong within a minute; wait before you try again.",
                recent[0] + WINDOW - self._clock(),
            )

    def failed(self, request: HTTPConnection) -> None:
        """Remember that a key was wrong."""
        now = self._clock()
        self._shelf.change(_address(request), lambda known: [*(self._recent(known) or []), now][-MOST:])

    def _recent(self, known: list[float] | None) -> list[float] | None:
        now = self._clock()
        return [at for at in known or [] if now - at < WINDOW] or None


def _address(request: HTTPConnection) -> str:
    return request.client.host if request.client else ""
