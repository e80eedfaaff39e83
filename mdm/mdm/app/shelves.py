"""What the application remembers between requests, besides the database: in one process, or between workers.

A shelf holds one small JSON value per key, and forgets those first that nobody touched for longest. In one
process it is a dictionary. Several workers share a small SQLite file in a folder of their own, which nobody
else may enter and which ends with them.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

MOST = 10_000
"""Entries of one shelf; the one that was touched longest ago goes first."""

BUSY_SECONDS = 5.0

Change = Callable[[Any], Any]
"""The old value to the new one; None is no value, before and after."""


class Shelf(Protocol):
    """Values by key, each changed as a whole."""

    def change(self, key: str, change: Change) -> Any:
        """Put what `change` makes of a key's value in its place, while nobody else can; returns it."""
        ...


Shelves = Callable[[str], Shelf]
"""Name to shelf."""


class OwnShelf:
    """A shelf of one process."""

    def __init__(self, _name: str = "") -> None:
        self._lock = threading.Lock()
        self._values: OrderedDict[str, Any] = OrderedDict()

    def change(self, key: str, change: Change) -> Any:
        """See `Shelf`."""
        with self._lock:
            value = change(self._values.pop(key, None))
            if value is not None:
                self._values[key] = value
                while len(self._values) > MOST:
                    self._values.popitem(last=False)
            return value


class SharedShelves:
    """The shelves of all workers of one hub.

    Args:
        file: made by the first one; in a folder that only its owner may enter.
    """

    def __init__(self, file: Path) -> None:
        self._lock = threading.Lock()
        self._file = sqlite3.connect(
            file, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        # Nothing here outlives the workers, so nothing need reach the disk.
        self._file.execute("PRAGMA journal_mode=MEMORY")
        self._file.execute("PRAGMA synchronous=OFF")
        self._file.execute(
            "CREATE TABLE IF NOT EXISTS entry (shelf TEXT, key TEXT, value TEXT, touched INTEGER, "
            "PRIMARY KEY (shelf, key)) WITHOUT ROWID"
        )
        self._file.execute("CREATE INDEX IF NOT EXISTS touched ON entry (shelf, touched)")

    def __call__(self, name: str) -> Shelf:
        """The shelf of this name."""
        return _SharedShelf(self, name)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def change(self, shelf: str, key: str, change: Change) -> Any:
        """See `Shelf`; one worker at a time."""
        with self._lock:
            self._file.execute("BEGIN IMMEDIATE")
            try:
                value = self._changed(shelf, key, change)
            except BaseException:
                self._file.execute("ROLLBACK")
                raise
            self._file.execute("COMMIT")
            return value

    def _changed(self, shelf: str, key: str, change: Change) -> Any:
        place = (shelf, key)
        found = self._file.execute("SELECT value FROM entry WHERE shelf = ? AND key = ?", place).fetchone()
        value = change(json.loads(found[0]) if found else None)
        if value is None:
            self._file.execute("DELETE FROM entry WHERE shelf = ? AND key = ?", place)
            return None
        last = (
            self._file.execute("SELECT max(touched) FROM entry WHERE shelf = ?", (shelf,)).fetchone()[0] or 0
        )
        self._file.execute(
            "INSERT OR REPLACE INTO entry VALUES (?, ?, ?, ?)", (*place, json.dumps(value), last + 1)
        )
        if not found:
            self._make_room(shelf)
        return value

    def _make_room(self, shelf: str) -> None:
        count = self._file.execute("SELECT count(*) FROM entry WHERE shelf = ?", (shelf,)).fetchone()[0]
        if count > MOST:
            oldest = "SELECT key FROM entry WHERE shelf = ? ORDER BY touched LIMIT ?"
            self._file.execute(
                f"DELETE FROM entry WHERE shelf = ? AND key IN ({oldest})", (shelf, shelf, count - MOST)
            )


class _SharedShelf:
    """One shelf of them."""

    def __init__(self, shelves: SharedShelves, name: str) -> None:
        self._shelves = shelves
        self._name = name

    def change(self, key: str, change: Change) -> Any:
        """See `Shelf`."""
        return self._shelves.change(self._name, key, change)
