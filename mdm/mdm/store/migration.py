"""Brings the database to this release's schema; the first command creates it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text
from sqlmodel import Session

from mdm.errors import StoreBusyError, StoreVersionError
from mdm.failpoints import reach

if TYPE_CHECKING:
    from mdm.store.database import Database
    from mdm.store.golden_tables import GoldenTables

HEAD = "0013"
"""The newest revision this release knows; a test holds it against the scripts."""

PATIENCE = 12
"""How often a start waits for another process's migration, each time as long as any writer waits."""

SCRIPTS = Path(__file__).parent / "migrations"


def upgrade(database: Database, golden_tables: GoldenTables, fill: Callable[[Session], None]) -> None:
    """Create or bring up to date the kept and derived tables, then the typed golden tables.

    Writers that start together queue at the write lock, so the work is done once.

    Args:
        fill: fills what revisions have added of what is derived by rules.

    Raises:
        StoreVersionError: the database was written by a newer release.
        StoreBusyError: another process has held the write lock for a minute.
    """
    for left in reversed(range(PATIENCE)):
        with database.read() as session:
            current = _revision(session.connection())
            ready = current == HEAD and golden_tables.fit(session)
        if ready:
            return
        try:
            _prepare(database, golden_tables, fill)
        except StoreBusyError:
            if not left:
                raise


def _prepare(database: Database, golden_tables: GoldenTables, fill: Callable[[Session], None]) -> None:
    with database.write() as session:
        connection = session.connection()
        if _revision(connection) != HEAD:
            reach("migrate.before_revisions")
            _run(connection)
            reach("migrate.after_revisions_before_golden_tables")
            fill(session)
        golden_tables.prepare(session)


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    if revision is not None and revision > HEAD:
        raise StoreVersionError(
            f"The database is at schema {revision}, this release knows {HEAD}; "
            "start the newer release of mdm-hub."
        )
    return revision


def _run(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
