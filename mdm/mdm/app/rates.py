"""How often somebody may ask: a bucket of requests per principal, which fills as time goes by."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from mdm.settings import RateSettings

MOST = 10_000
"""Principals remembered; the one that was silent longest goes first, and its bucket is full again."""


@dataclass(slots=True)
class _Bucket:
    left: float
    at: float


class Rates:
    """The buckets of one process."""

    def __init__(self, settings: RateSettings, clock: Callable[[], float] = time.monotonic) -> None:
        self._burst = float(settings.burst)
        self._per_second = settings.per_minute / 60.0
        self._clock = clock
        self._lock = threading.Lock()
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def wait(self, who: str) -> float:
        """Take one request; 0 if it may be made now, else after how many seconds the next one may.

        With 60 per minute and a burst of 3, three are made at once, and the fourth waits one second.
        """
        now = self._clock()
        with self._lock:
            bucket = self._buckets.pop(who, None) or _Bucket(self._burst, now)
            bucket.left = min(self._burst, bucket.left + (now - bucket.at) * self._per_second)
            bucket.at = now
            wait = max(0.0, (1.0 - bucket.left) / self._per_second)
            if not wait:
                bucket.left -= 1.0
            self._buckets[who] = bucket
            while len(self._buckets) > MOST:
                self._buckets.popitem(last=False)
        return wait
