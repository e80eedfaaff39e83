"""Signed-in people: the server keeps who they are, the browser only a random key."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pydantic import TypeAdapter

from mdm.access import Principal
from mdm.app.shelves import OwnShelf, Shelf
from mdm.clock import Clock

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
PRINCIPAL = TypeAdapter(Principal)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who signed in, when, and when they were seen last."""

    principal: Principal
    since: datetime
    seen: datetime


class Sessions:
    """The sessions of one application, on a shelf: a restart signs everybody out."""

    def __init__(self, clock: Clock, shelf: Shelf | None = None) -> None:
        self._clock = clock
        self._shelf = shelf or OwnShelf()

    def open(self, principal: Principal) -> str:
        """A new key for the browser; the server keeps only its hash."""
        key, now = secrets.token_urlsafe(32), self._clock().isoformat()
        entry = {"principal": PRINCIPAL.dump_python(principal, mode="json"), "since": now, "seen": now}
        self._shelf.change(_hash(key), lambda _: entry)
        return key

    def find(self, key: str, *, seen: bool = True) -> SignedIn | None:
        """Who holds this key; None if nobody does, after 30 minutes of silence, and after 12 hours.

        Args:
            seen: whether this ends the silence.
        """
        now = self._clock()

        def kept(entry: dict[str, Any] | None) -> dict[str, Any] | None:
            if (
                entry is None
                or now - _moment(entry, "seen") > IDLE
                or now - _moment(entry, "since") > ABSOLUTE
            ):
                return None
            return {**entry, "seen": now.isoformat()} if seen else entry

        found = self._shelf.change(_hash(key), kept)
        if found is None:
            return None
        principal = PRINCIPAL.validate_python(found["principal"])
        return SignedIn(principal, _moment(found, "since"), _moment(found, "seen"))

    def close(self, key: str) -> None:
        """Sign out."""
        self._shelf.change(_hash(key), lambda _: None)


def _moment(entry: dict[str, Any], name: str) -> datetime:
    return datetime.fromisoformat(entry[name])


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
