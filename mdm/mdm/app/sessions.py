"""Signed-in people: the server keeps who they are, the browser only a random key."""

from __future__ import annotations

import hashlib
import secrets
import threading
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from mdm.access import Principal
from mdm.clock import Clock

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
MOST = 10_000
"""Sessions kept at once; the oldest go first."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who signed in, when, and when they were seen last."""

    principal: Principal
    since: datetime
    seen: datetime


class Sessions:
    """The sessions of one process, in its memory: a restart signs everybody out."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._by_key: dict[str, SignedIn] = {}

    def open(self, principal: Principal) -> str:
        """A new key for the browser; the server keeps only its hash."""
        key, now = secrets.token_urlsafe(32), self._clock()
        with self._lock:
            self._by_key[_hash(key)] = SignedIn(principal, now, now)
            while len(self._by_key) > MOST:
                self._by_key.pop(next(iter(self._by_key)))
        return key

    def find(self, key: str) -> SignedIn | None:
        """Who holds this key; None if nobody does, after 30 minutes of silence, and after 12 hours."""
        now, hashed = self._clock(), _hash(key)
        with self._lock:
            found = self._by_key.get(hashed)
            if found is None:
                return None
            if now - found.seen > IDLE or now - found.since > ABSOLUTE:
                del self._by_key[hashed]
                return None
            self._by_key[hashed] = replace(found, seen=now)
            return found

    def close_all(self, name: str) -> None:
        """Sign somebody out everywhere."""
        with self._lock:
            for key in [k for k, found in self._by_key.items() if found.principal.name == name]:
                del self._by_key[key]

    def close(self, key: str) -> None:
        """Sign out."""
        with self._lock:
            self._by_key.pop(_hash(key), None)


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
