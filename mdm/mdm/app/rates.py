"""How often somebody may ask: a bucket of requests per principal, which fills as time goes by."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from mdm.app.shelves import OwnShelf, Shelf
from mdm.settings import RateSettings


class Rates:
    """The buckets of one application; that of somebody who was silent for long is full again."""

    def __init__(
        self,
        settings: RateSettings,
        clock: Callable[[], float] = time.monotonic,
        shelf: Shelf | None = None,
    ) -> None:
        self._burst = float(settings.burst)
        self._per_second = settings.per_minute / 60.0
        self._clock = clock
        self._shelf = shelf or OwnShelf()

    def wait(self, who: str) -> float:
        """Take one request; 0 if it may be made now, else after how many seconds the next one may.

        With 60 per minute and a burst of 3, three are made at once, and the fourth waits one second.
        """
        wait = 0.0

        def taken(bucket: list[Any] | None) -> list[Any]:
            nonlocal wait
            now = self._clock()
            left, at = bucket or (self._burst, now)
            left = min(self._burst, left + max(0.0, now - at) * self._per_second)
            wait = max(0.0, (1.0 - left) / self._per_second)
            return [left if wait else left - 1.0, now]

        self._shelf.change(who, taken)
        return wait
