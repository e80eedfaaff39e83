"""The event log: one append-only sequence, each entry's hash chained to the one before it.

leaf = SHA-256(0x00 || canonical JSON of the entry), hash = SHA-256(0x01 || hash before || leaf).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import IO, Any, NamedTuple

from sqlalchemy import func, select
from sqlmodel import Session, col

from mdm.store.beside import claim_log
from mdm.store.bulk import add_rows
from mdm.store.decisions import Event

GENESIS = "0" * 64


_NEWEST = select(col(Event.number), col(Event.hash)).order_by(col(Event.number).desc()).limit(1)


_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def canonical_json(document: Any) -> bytes:
    """The one byte form of a JSON document: sorted keys, no spaces, UTF-8."""
    return _CANONICAL.encode(document).encode()


def chain_hash(before: str, entry: dict[str, Any]) -> str:
    """The hash of an entry that follows an entry with hash `before`."""
    leaf = hashlib.sha256(b"\x00" + canonical_json(entry)).digest()
    return hashlib.sha256(b"\x01" + bytes.fromhex(before) + leaf).hexdigest()


def entry_of(event: Event) -> dict[str, Any]:
    """What of an event the chain covers."""
    return {
        "number": event.number,
        "id": event.id,
        "at": event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "type": event.type,
        "entity_type": event.entity_type,
        "subject": event.subject,
        "author": event.author,
        "details": event.details,
    }


class Happened(NamedTuple):
    """What is to be written to the log: type, entity type, what it is about, ids and names, no values."""

    type: str
    entity_type: str
    subject: str
    details: dict[str, Any]


class Written(NamedTuple):
    """Number and id of an event that was written."""

    number: int
    id: str


@dataclass
class EventLog:
    """Appends events within the transaction that holds the write lock."""

    session: Session
    author: str
    now: datetime
    _last: tuple[int, str] | None = None

    def append(self, type: str, entity_type: str, subject: str, details: dict[str, Any]) -> Written:
        """Write one event; its number is the next one, without gaps.

        Args:
            type: in the past tense, such as `golden.changed`.
            subject: the golden id, verdict id or record it is about.
            details: ids, keys and attribute names, never values.
        """
        return self.append_all([Happened(type, entity_type, subject, details)])[0]

    def append_all(self, events: Sequence[Happened]) -> list[Written]:
        """Write events one after the other; their numbers follow each other without gaps."""
        if not events:
            return []
        number, before = self._last or self.begin()
        at = self.now.astimezone(UTC).isoformat(timespec="microseconds")
        rows, written = [], []
        for event in events:
            number += 1
            entry = {
                "number": number, "id": event_id(number, before), "at": at, "type": event.type,
                "entity_type": event.entity_type, "subject": event.subject, "author": self.author,
                "details": event.details,
            }  # fmt: skip
            before = chain_hash(before, entry)
            written.append(Written(number, str(entry.pop("id"))))
            del entry["at"]
            rows.append({**entry, "id": written[-1].id, "happened_at": self.now, "hash": before})
        self._last = (number, before)
        add_rows(self.session, Event, rows)
        return written

    @property
    def written(self) -> int:
        """The number of the last event appended here; 0 if there is none."""
        return self._last[0] if self._last else 0

    def begin(self) -> tuple[int, str]:
        """Lock the end of the log; the number and hash of the last event."""
        claim_log(self.session)
        row = self.session.connection().execute(_NEWEST).first()
        return (row[0], row[1]) if row else (0, GENESIS)


def event_id(number: int, before: str) -> str:
    """The id of the event that follows the hash `before`: equal for every retry, different in every hub."""
    return "evt_" + hashlib.sha256(f"{number}:{before}".encode()).hexdigest()[:24]


def broken_links(session: Session) -> Iterator[str]:
    """What is wrong with the chain, in words; nothing if it holds from the first event to the last."""
    before, expected = GENESIS, 1
    query = select(Event).order_by(col(Event.number)).execution_options(yield_per=1000)
    for event in session.scalars(query):
        if event.number != expected:
            yield f"event {expected} is missing"
        if chain_hash(before, entry_of(event)) != event.hash:
            yield f"event {event.number} does not fit the chain"
        before, expected = event.hash, event.number + 1


def export_events(session: Session, stream: IO[bytes]) -> int:
    """Write every event and its hash as a line of JSON, for the separate verifier; how many there were."""
    count = 0
    for event in session.scalars(select(Event).order_by(col(Event.number)).execution_options(yield_per=1000)):
        stream.write(canonical_json({**entry_of(event), "hash": event.hash}) + b"\n")
        count += 1
    return count


def last_event_number(session: Session) -> int:
    """The number of the newest event; 0 for an empty log."""
    return session.scalar(select(func.max(col(Event.number)))) or 0
