"""Wrong keys in a row: who keeps guessing has to wait."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from starlette.requests import HTTPConnection

from mdm.errors import TooManyRequestsError

MOST = 10
"""Wrong tries of one address within the window."""

WINDOW = 60.0
"""Seconds."""

ADDRESSES = 10_000
"""Addresses remembered; the oldest go first."""


class Attempts:
    """The wrong tries of the last minute, by the address that the connection comes from.

    A header such as X-Forwarded-For is not believed: anybody can write one.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._failed: OrderedDict[str, list[float]] = OrderedDict()

    def check(self, request: HTTPConnection) -> None:
        """Refuse to try another key.

        Raises:
            TooManyRequestsError: ten keys were wrong within a minute.
        """
        now = self._clock()
        with self._lock:
            recent = [at for at in self._failed.get(_address(request), []) if now - at < WINDOW]
        if len(recent) >= MOST:
            raise TooManyRequestsError(
                f"{MOST} keys were wrong within a minute; wait before you try again.",
                recent[0] + WINDOW - now,
            )

    def failed(self, request: HTTPConnection) -> None:
        """Remember that a key was wrong."""
        now, address = self._clock(), _address(request)
        with self._lock:
            kept = [at for at in self._failed.pop(address, []) if now - at < WINDOW]
            self._failed[address] = [*kept, now][-MOST:]
            while len(self._failed) > ADDRESSES:
                self._failed.popitem(last=False)


def _address(request: HTTPConnection) -> str:
    return request.client.host if request.client else ""
