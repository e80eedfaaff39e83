"""Databases to be broken: a fresh one in no time, copied from one that was prepared once."""

from __future__ import annotations

import importlib.util
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import URL, create_engine, make_url, text
from zygote import Zygote


@dataclass
class Databases:
    """Makes databases of one kind; `server` is None for SQLite."""

    zygote: Zygote
    server: URL | None
    folder: Path
    _template: str = ""
    _names: list[str] = field(default_factory=list)

    @property
    def template(self) -> str:
        """The path or the name of the database with the schema that fresh ones are copied from."""
        if not self._template:
            self._prepare()
        return self._template

    @contextmanager
    def fresh(self, *, empty: bool = False) -> Iterator[tuple[str, str]]:
        """Address and folder of a new database, with the schema unless it is to be empty; removed after."""
        name = f"mdm_chaos_{secrets.token_hex(6)}"
        with tempfile.TemporaryDirectory(prefix="mdm-chaos-") as folder:
            template = self.template
            url = self._made(name, Path(folder), "" if empty else template)
            try:
                yield url, folder
            finally:
                self._dropped(name)

    def _prepare(self) -> None:
        name = f"mdm_chaos_{secrets.token_hex(6)}"
        url = self._made(name, self.folder, "")
        self.zygote.result("prepare", url=url, folder=str(self.folder))
        self._names.append(name)
        self._template = name if self.server else str(self.folder / "hub.db")
        with self.fresh() as (thrown_away, folder):
            self.zygote.result("warm_up", forked=False, url=thrown_away, folder=folder)

    def _made(self, name: str, folder: Path, template: str) -> str:
        if self.server is None:
            path = folder / "hub.db"
            if template:
                shutil.copyfile(template, path)
            return f"sqlite:///{path.as_posix()}"
        self._command(f"CREATE DATABASE {name} TEMPLATE {template or 'template0'}")
        return self.server.set(database=name).render_as_string(hide_password=False)

    def _dropped(self, name: str) -> None:
        if self.server is not None:
            self._command(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def _command(self, statement: str) -> None:
        assert self.server is not None
        engine = create_engine(self.server, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()

    def close(self) -> None:
        """Drop the prepared ones."""
        for name in self._names:
            self._dropped(name)


def renew(url: str, template: str) -> None:
    """Put a copy of the template in the place of a database that nobody is connected to."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        path = Path(str(address.database))
        for stale in path.parent.glob(f"{path.name}-*"):
            if stale.is_file():
                stale.unlink()
        shutil.copyfile(template, path)
        return
    engine = create_engine(address.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE {address.database} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {address.database} TEMPLATE {template}"))
    engine.dispose()


@contextmanager
def databases(kind: str, zygote: Zygote, server: URL | None = None) -> Iterator[Databases]:
    """Databases of this kind, sqlite or postgresql; a server is started if none is given."""
    with ExitStack() as stack:
        if kind == "postgresql" and server is None:
            server = stack.enter_context(_server())
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="mdm-chaos-")))
        made = Databases(zygote, server if kind == "postgresql" else None, folder)
        stack.callback(made.close)
        yield made


@contextmanager
def _server() -> Iterator[URL]:
    """The server that the test suite would use."""
    path = Path(__file__).parents[1] / "conftest.py"
    spec = importlib.util.spec_from_file_location("suite", path)
    assert spec is not None
    assert spec.loader is not None
    suite = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(suite)
    yield from suite.postgresql_server.__wrapped__()
