"""The schema that the migrations make is the one that the tables declare, on both databases."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from datetime import date
from pathlib import Path
from threading import Barrier

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, select, text
from sqlmodel import Session, SQLModel

from mdm.errors import StoreBusyError, StoreVersionError
from mdm.hub import Hub, open_hub
from mdm.settings import load_settings
from mdm.store.database import Database
from mdm.store.migration import HEAD, SCRIPTS
from mdm.testing import hub_at, record, take_in

VENDOR = '''"""Vendor."""

from datetime import date
from typing import Annotated

from mdm.entities import Entity
from mdm_matching.semantics import OrganisationName


class Vendor(Entity):
    """Who sells to the firm."""

    name: Annotated[str, OrganisationName()]
{more}
'''


def own(name: str | None, kind: str, _parents: object) -> bool:
    """Typed golden tables follow the declarations, not the migrations."""
    return kind != "table" or name in SQLModel.metadata.tables


def test_the_newest_migration_is_the_one_that_the_release_knows() -> None:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))

    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


def test_the_migrations_make_what_the_tables_declare(any_hub: Hub) -> None:
    with any_hub.database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": own, "compare_type": True})

        assert compare_metadata(context, SQLModel.metadata) == []


def test_every_entity_type_has_its_typed_table(any_hub: Hub) -> None:
    inspector = inspect(any_hub.database.engine)

    for entity_type in any_hub.registry:
        columns = [column["name"] for column in inspector.get_columns(f"golden_{entity_type.name}")]
        assert columns == ["id", *entity_type.by_name]


def test_a_second_start_changes_nothing(ready_url: str) -> None:
    for _ in range(2):
        hub = hub_at(ready_url)
        with hub.read() as session:
            assert hub.golden_tables.fit(session)
            assert session.execute(text("SELECT version_num FROM alembic_version")).scalars().all() == [HEAD]
        hub.close()


def test_a_database_of_a_newer_release_is_refused(ready_url: str) -> None:
    hub = hub_at(ready_url)
    with hub.write() as uow:
        uow.session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    hub.close()

    with pytest.raises(StoreVersionError, match="9999"):
        hub_at(ready_url)


OPENER = """
import sys
from mdm.hub import open_hub
from mdm.settings import Settings

print("ready", flush=True)
sys.stdin.readline()
hub = open_hub(Settings(database_url=sys.argv[1]))
with hub.read() as session:
    print("fits" if hub.golden_tables.fit(session) else "does not fit")
hub.close()
"""


def test_processes_may_open_a_new_database_at_once(database_url: str) -> None:
    command = [sys.executable, "-c", OPENER, database_url]
    pipe = subprocess.PIPE
    openers = [subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True) for _ in range(3)]
    ready = [opener.stdout.readline() for opener in openers if opener.stdout]

    for opener in openers:
        assert opener.stdin
        opener.stdin.write("go\n")
        opener.stdin.flush()
    said = [opener.communicate(timeout=60) for opener in openers]

    assert ready == ["ready\n"] * 3
    assert said == [("fits\n", "")] * 3


def test_a_new_file_that_another_connection_is_bringing_to_write_ahead_is_waited_for(tmp_path: Path) -> None:
    def open_it(file: Path, together: Barrier) -> str:
        database = Database(f"sqlite:///{file}")
        together.wait(timeout=30)
        with database.read() as session:
            mode: str = session.execute(text("PRAGMA journal_mode")).scalar_one()
        database.dispose()
        return mode

    with ThreadPoolExecutor(max_workers=4) as threads:
        for number in range(100):
            file, together = tmp_path / f"{number}.db", Barrier(4)
            modes = [threads.submit(open_it, file, together) for _ in range(4)]
            assert [mode.result() for mode in modes] == ["wal"] * 4


@pytest.mark.parametrize(("busy", "opens"), [(2, True), (99, False)])
def test_a_start_waits_for_a_migration_longer_than_a_writer_waits_for_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, busy: int, opens: bool
) -> None:
    tries, write = iter(range(busy)), Database.write

    def busy_first(self: Database, **options: bool) -> AbstractContextManager[Session]:
        if next(tries, None) is not None:
            raise StoreBusyError("busy")
        return write(self, **options)

    monkeypatch.setattr(Database, "write", busy_first)
    with nullcontext() if opens else pytest.raises(StoreBusyError):
        hub_at(f"sqlite:///{tmp_path}/hub.db").close()


def with_vendor(url: str, folder: Path, more: str = "") -> Hub:
    folder.mkdir(exist_ok=True)
    (folder / "vendor.py").write_text(VENDOR.format(more=more), encoding="utf-8")
    return open_hub(load_settings(database_url=url, entities=["vendor.py:Vendor"], folder=folder))


def test_a_typed_table_follows_its_declaration_and_is_filled_anew(ready_url: str, tmp_path: Path) -> None:
    hub = with_vendor(ready_url, tmp_path)
    take_in(
        hub, "erp", "vendor", [record("1", name="Copper Kettle", rating=4.5), record("2", name="Quarry Lane")]
    )
    hub.close()

    hub = with_vendor(ready_url, tmp_path, "    rating: float | None = None\n    city: str | None = None\n")
    with hub.read() as session:
        rows = session.execute(text("SELECT name, rating, city FROM golden_vendor ORDER BY name")).all()
        columns = [column["name"] for column in inspect(session.connection()).get_columns("golden_vendor")]
    hub.close()

    assert columns == ["id", "name", "rating", "city"]
    assert [tuple(row) for row in rows] == [("Copper Kettle", None, None), ("Quarry Lane", None, None)]


@pytest.mark.parametrize(
    ("then", "stated", "now", "reads"),
    [
        ("str | None", "4.5", "float | None", 4.5),
        ("str | None", "good", "float | None", None),
        ("float | None", 4.5, "str | None", "4.5"),
        ("str | None", "2026-03-01", "date | None", date(2026, 3, 1)),
        ("str | None", "soon", "date | None", None),
        ("str | None", "good", "list[str] | None", ["good"]),
        ("list[str] | None", ["good", "fast"], "str | None", "good, fast"),
    ],
)
def test_an_attribute_that_changes_its_kind_changes_its_column(
    ready_url: str, tmp_path: Path, then: str, stated: str, now: str, reads: object
) -> None:
    hub = with_vendor(ready_url, tmp_path, f"    rating: {then} = None\n")
    take_in(hub, "erp", "vendor", [record("1", name="Copper Kettle", rating=stated)])
    hub.close()

    hub = with_vendor(ready_url, tmp_path, f"    rating: {now} = None\n")
    with hub.read() as session:
        found = session.execute(select(hub.golden_tables["vendor"].c.rating)).scalar_one()
        assert hub.golden_tables.fit(session)
    hub.close()

    assert found == reads


def test_a_type_that_is_no_longer_declared_leaves_the_others_alone(ready_url: str, tmp_path: Path) -> None:
    hub = with_vendor(ready_url, tmp_path)
    take_in(hub, "erp", "vendor", [record("1", name="Copper Kettle")])
    hub.close()

    hub = hub_at(ready_url)
    take_in(hub, "crm", "client", [record("1", name="Harbour Pine")])
    with hub.read() as session:
        assert session.execute(text("SELECT name FROM golden_client")).scalars().all() == ["Harbour Pine"]
    hub.close()
