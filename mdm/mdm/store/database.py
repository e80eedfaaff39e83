"""The engine of the database: one writer at a time, many readers, the same on SQLite and PostgreSQL."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from sqlalchemy import Connection, create_engine, event, make_url, text
from sqlalchemy.engine import URL, Engine
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError
from sqlmodel import Session

from mdm.errors import (
    QueryError,
    SettingsError,
    StatementTooLongError,
    StoreBusyError,
    StoreError,
    StoreFullError,
)
from mdm.failpoints import reach
from mdm.store.beside import begin_beside
from mdm.store.json_text import json_document, json_text

BUSY_SECONDS = 5.0
STEPS = 20_000  # of SQLite's machine between two looks at the clock
CACHE_MIB, LARGE_CACHE_MIB = 64, 512
"""What SQLite keeps of its file in memory, and what it keeps while much is written: index entries of many
records fall all over the file, and a page that is fetched anew for each of them costs more than the entry."""
WRITE_LOCK = 0x6D646D  # "mdm": the advisory lock that makes writers queue on PostgreSQL as they do on SQLite


_CACHE = "mdm.cache_mib"
_cache_mib: ContextVar[int] = ContextVar("MiB that a writer on SQLite keeps in memory", default=CACHE_MIB)


@contextmanager
def large_cache() -> Iterator[None]:
    """Let writers within the block keep more of an SQLite file in memory; it is taken as it is needed."""
    token = _cache_mib.set(LARGE_CACHE_MIB)
    try:
        yield
    finally:
        _cache_mib.reset(token)


class Database:
    """Sessions on one database: `write()` locks from its first statement, `read()` sees one snapshot."""

    def __init__(self, url: str, *, synchronous: str = "FULL") -> None:
        try:
            self.url: URL = make_url(url)
            options: dict[str, Any] = {"pool_pre_ping": True} if self.is_postgresql else {}
            self._engine = create_engine(
                self.url, json_serializer=json_text, json_deserializer=json_document, **options
            )
        except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as exc:
            raise SettingsError(
                f"Cannot use the database URL ({type(exc).__name__}: {exc}); write sqlite:///FILE or "
                "postgresql+psycopg://USER@HOST/NAME (the latter needs the extra mdm-hub[postgres])."
            ) from exc
        if self.is_sqlite:
            _prepare_sqlite(self._engine, synchronous)
        self._writing = self._engine.execution_options(mdm_write=True)

    @property
    def is_sqlite(self) -> bool:
        """Whether the embedded database is used."""
        return self.url.get_backend_name() == "sqlite"

    @property
    def is_postgresql(self) -> bool:
        """Whether a PostgreSQL server is used."""
        return self.url.get_backend_name() == "postgresql"

    @property
    def engine(self) -> Engine:
        """The SQLAlchemy engine, for migrations and tests."""
        return self._engine

    @contextmanager
    def write(self, *, alone: bool = True, beside: bool = False) -> Iterator[Session]:
        """A session that holds the write lock; commits at the end, rolls back on any error.

        Args:
            alone: False for a short transaction that locks the rows it changes and writes no event (a lease,
                a receipt): on PostgreSQL it need not queue behind a long load. SQLite has one writer anyway.
            beside: share the write lock with others that only add what meets nobody (see `mdm.store.beside`);
                SQLite has one writer anyway.

        Raises:
            NotApartError: it was written beside others, and meets somebody; nothing was written.
            StoreBusyError: another process held the lock for more than 5 seconds.
            StoreFullError: the disk is full; nothing was written.
        """
        with self._translated(), Session(self._writing, expire_on_commit=False, autoflush=False) as session:
            if self.is_postgresql and alone:
                session.execute(text(f"SET LOCAL lock_timeout = {int(BUSY_SECONDS * 1000)}"))
                lock = "pg_advisory_xact_lock_shared" if beside else "pg_advisory_xact_lock"
                session.execute(text(f"SELECT {lock}(:lock)"), {"lock": WRITE_LOCK})
                if beside:
                    begin_beside(session)
            yield session
            reach("commit.before")
            session.commit()
            reach("commit.after")

    @contextmanager
    def read(self, *, seconds: float | None = None) -> Iterator[Session]:
        """A session that only reads, on one snapshot of the data.

        Args:
            seconds: how long one statement may take; None for as long as it takes.

        Raises:
            StatementTooLongError: a statement took longer.
        """
        engine = self._engine if seconds is None else self._engine.execution_options(mdm_seconds=seconds)
        with self._translated(), Session(engine, expire_on_commit=False, autoflush=False) as session:
            if self.is_postgresql:
                session.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"))
                if seconds is not None:
                    session.execute(text(f"SET LOCAL statement_timeout = {int(seconds * 1000)}"))
            yield session

    def dispose(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as exc:
            raise _in_our_words(exc, self.url) from exc


def _prepare_sqlite(engine: Engine, synchronous: str) -> None:
    # The driver must not open transactions by itself: it would not open one before a SELECT, and two writers
    # that read first would then both write what neither saw.
    @event.listens_for(engine, "connect")
    def configure(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None
        connection.execute(f"PRAGMA busy_timeout={int(BUSY_SECONDS * 1000)}")
        _write_ahead(connection)
        for pragma in (
            f"synchronous={synchronous}", "foreign_keys=ON", "trusted_schema=OFF", "secure_delete=ON",
            "temp_store=MEMORY", "journal_size_limit=67108864", f"cache_size={-1024 * CACHE_MIB}",
        ):  # fmt: skip
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "checkin")
    def end(connection: sqlite3.Connection | None, _record: object) -> None:
        # A commit that a deferred foreign key refuses leaves the transaction open.
        if connection is not None and connection.in_transaction:
            connection.rollback()

    @event.listens_for(engine, "before_cursor_execute")
    def watch(connection: Connection, *_: object) -> None:
        # SQLite has no statement timeout; it asks a function every so many steps whether to go on.
        seconds = connection.get_execution_options().get("mdm_seconds")
        until = None if seconds is None else time.monotonic() + seconds
        driver = connection.connection.driver_connection
        if isinstance(driver, sqlite3.Connection):
            ask = None if until is None else (lambda: time.monotonic() > until)
            driver.set_progress_handler(ask, STEPS)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writing = connection.get_execution_options().get("mdm_write")
        if writing and connection.info.get(_CACHE, CACHE_MIB) != _cache_mib.get():
            connection.info[_CACHE] = _cache_mib.get()
            connection.exec_driver_sql(f"PRAGMA cache_size={-1024 * _cache_mib.get()}")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def _write_ahead(connection: sqlite3.Connection) -> None:
    # SQLite's own wait for a lock does not cover this change: who opens a new file second is refused at once.
    until = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as exc:
            if exc.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(0.01)
        else:
            return


def _in_our_words(exc: DBAPIError, url: URL) -> Exception:
    words = str(exc.orig).lower()
    if "interrupted" in words or "statement timeout" in words:
        return StatementTooLongError(
            "The database needed too long; ask for fewer records, or by an attribute that narrows more."
        )
    if "nul (0x00)" in words:
        # PostgreSQL holds no such text, so no value, key or id of the hub is one.
        return QueryError(
            "A text holds the character NUL (U+0000), which nothing in the hub does; leave it out."
        )
    place = url.render_as_string(hide_password=True)
    if "database is locked" in words or "lock timeout" in words:
        return StoreBusyError(
            f"Another process holds the write lock of {place} for more than {BUSY_SECONDS:g} s; "
            "wait for it to end, then run the command again."
        )
    if "disk is full" in words or "no space left" in words or "disk i/o error" in words:
        return StoreFullError(
            f"The disk under {place} is full; nothing was written. Make room, then run the command again."
        )
    if isinstance(exc, OperationalError) or "not a database" in words or "malformed" in words:
        return StoreError(
            f"Cannot use the database {place}: {str(exc.orig).strip()}. "
            "Check the URL and that it may be written."
        )
    return exc
