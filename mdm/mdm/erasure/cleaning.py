"""Takes what was erased out of the database's files: write-ahead log, free pages, old row versions."""

from __future__ import annotations

import time
from contextlib import closing

from sqlalchemy import text
from sqlalchemy.engine.interfaces import DBAPICursor

from mdm.errors import StoreBusyError
from mdm.store.database import Database

PATIENCE = 30.0
"""Seconds to wait for readers that still look at old pages."""
PAUSE = 0.2


def clean(database: Database) -> None:
    """Rewrite the files without what is no longer in the tables; may be repeated at any time.

    On PostgreSQL the server's own log and its archive keep old pages until they are recycled.

    Raises:
        StoreBusyError: readers held old pages for too long; the erasure stands, clean again later.
    """
    if database.is_postgresql:
        options = {"isolation_level": "AUTOCOMMIT"}
        with database.engine.connect().execution_options(**options) as connection:
            connection.execute(text("VACUUM FULL"))
            connection.execute(text("CHECKPOINT"))
        return
    # SQLAlchemy would begin a transaction, in which SQLite rewrites nothing.
    with closing(database.engine.raw_connection()) as raw:
        raw.cursor().execute("VACUUM")
        _truncate_log(raw.cursor())


def _truncate_log(cursor: DBAPICursor) -> None:
    end = time.monotonic() + PATIENCE
    while True:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        busy = cursor.fetchone()
        if not busy or not busy[0]:
            return
        if time.monotonic() > end:
            raise StoreBusyError(
                "Readers still hold pages from before the erasure; stop them, then run mdm erase --clean."
            )
        time.sleep(PAUSE)
