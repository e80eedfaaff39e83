"""One writer at a time, readers that see one moment, and errors in the hub's words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import func, make_url, select, text
from sqlalchemy.exc import OperationalError, StatementError
from sqlmodel import col

from mdm.errors import SettingsError, StoreBusyError, StoreError, StoreFullError
from mdm.hub import Hub, open_hub
from mdm.settings import load_settings
from mdm.store import database as module
from mdm.store.chunks import chunks, rows_in
from mdm.store.database import Database
from mdm.store.records import Load, RecordVersion, SourceRecord
from mdm.testing import NOON, hub_at, record, take_in


@pytest.fixture
def hub(ready_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """A hub that waits a fifth of a second for the write lock."""
    monkeypatch.setattr(module, "BUSY_SECONDS", 0.2)
    opened = hub_at(ready_url)
    yield opened
    opened.close()


def loads(hub: Hub) -> list[str]:
    with hub.read() as session:
        return list(session.scalars(select(col(Load.source))))


def load(source: str) -> Load:
    return Load(source=source, entity_type="client", origin="", author="", started_at=NOON)


def write_load(hub: Hub, source: str) -> None:
    with hub.write() as uow:
        uow.session.add(load(source))


def test_what_fails_half_way_is_not_written(hub: Hub) -> None:
    def fail() -> None:
        with hub.write() as uow:
            uow.session.add(load("crm"))
            uow.session.flush()
            raise LookupError

    with pytest.raises(LookupError):
        fail()

    assert loads(hub) == []


def test_a_writer_of_much_keeps_more_in_memory_and_the_next_one_does_not(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{(tmp_path / 'mdm.db').as_posix()}")

    def kept() -> int:
        with database.write() as session:
            return -int(session.scalar(text("PRAGMA cache_size")) or 0) // 1024

    before = kept()
    with module.large_cache():
        within = kept()

    assert (before, within, kept()) == (module.CACHE_MIB, module.LARGE_CACHE_MIB, module.CACHE_MIB)
    database.dispose()


def test_a_second_writer_that_waits_too_long_is_told_so(hub: Hub, ready_url: str) -> None:
    other = hub_at(ready_url)
    with hub.write() as uow:
        uow.session.add(load("crm"))
        uow.session.flush()
        with pytest.raises(StoreBusyError, match="holds the write lock"):
            write_load(other, "erp")

    write_load(other, "erp")
    assert sorted(loads(hub)) == ["crm", "erp"]
    other.close()


def test_readers_do_not_wait_for_a_writer_and_see_what_was_committed(hub: Hub, ready_url: str) -> None:
    other = hub_at(ready_url)
    with hub.write() as uow:
        uow.session.add(load("crm"))
        uow.session.flush()
        assert loads(other) == []

    assert loads(other) == ["crm"]
    other.close()


def test_a_reader_sees_one_moment(hub: Hub, ready_url: str) -> None:
    other = hub_at(ready_url)
    with other.read() as session:
        before = session.scalar(select(func.count()).select_from(Load))
        with hub.write() as uow:
            uow.session.add(load("crm"))
        after = session.scalar(select(func.count()).select_from(Load))
    other.close()

    assert (before, after) == (0, 0)
    assert loads(hub) == ["crm"]


def test_a_full_disk_is_told_and_nothing_is_written(sqlite_url: str) -> None:
    hub = hub_at(sqlite_url)
    with hub.write() as uow:
        pages = uow.session.execute(text("PRAGMA page_count")).scalar_one()
        uow.session.execute(text(f"PRAGMA max_page_count = {pages + 10}"))
    rows = [record(str(n), name=f"Client {n} {'x' * 500}") for n in range(500)]

    with pytest.raises(StoreFullError, match="full; nothing was written"):
        take_in(hub, "crm", "client", rows)

    with hub.read() as session:
        assert [
            session.scalar(select(func.count()).select_from(t)) for t in (SourceRecord, RecordVersion)
        ] == [0, 0]
        assert session.execute(text("PRAGMA integrity_check")).scalar_one() == "ok"
    hub.close()


def test_a_full_disk_of_a_server_is_told_in_the_same_words() -> None:
    words = 'could not extend file "base/1/2": No space left on device'

    told = module._in_our_words(
        OperationalError("INSERT", {}, Exception(words)), make_url("postgresql://anna:geheim@host/hub")
    )

    assert isinstance(told, StoreFullError)
    assert "geheim" not in str(told)


@pytest.mark.parametrize("url", ["nonsense", "oracle://x/y", "mysql+nodriver://x", ""])
def test_a_url_that_cannot_be_used_is_a_matter_of_settings(url: str) -> None:
    with pytest.raises(SettingsError, match="write sqlite:///FILE"):
        Database(url)


def test_a_database_that_cannot_be_opened_is_named() -> None:
    with pytest.raises(StoreError, match=r"Cannot use the database sqlite:////nowhere/at/all\.db"):
        open_hub(load_settings(database_url="sqlite:////nowhere/at/all.db"))


def test_a_file_that_is_no_database_is_named(sqlite_url: str) -> None:
    with open(sqlite_url.removeprefix("sqlite:///"), "wb") as file:  # noqa: PTH123  # the address is a text
        file.write(b"id;name\n" * 200)

    with pytest.raises(StoreError, match=r"Cannot use the database .*hub\.db"):
        open_hub(load_settings(database_url=sqlite_url))


def test_a_password_is_never_told() -> None:
    url = "postgresql+psycopg://anna:geheim@127.0.0.1:1/hub"

    with pytest.raises(StoreError) as told:
        open_hub(load_settings(database_url=url))

    assert "geheim" not in str(told.value)


def test_moments_come_back_in_utc_and_one_without_zone_is_refused(hub: Hub) -> None:
    here = datetime(2026, 3, 1, 14, 30, 0, 123456, timezone(timedelta(hours=2)))
    with hub.write() as uow:
        uow.session.add(Load(source="crm", entity_type="client", origin="", author="", started_at=here))
    with hub.read() as session:
        (found,) = session.scalars(select(Load))

    assert found.started_at == here
    assert found.started_at.utcoffset() == timedelta(0)

    def naive() -> None:
        with hub.write() as uow:
            moment = datetime(2026, 3, 1)  # noqa: DTZ001  # what is refused
            uow.session.add(Load(source="x", entity_type="client", origin="", author="", started_at=moment))

    with pytest.raises(StatementError, match="without a zone"):
        naive()


def test_long_lists_are_cut_into_statements(hub: Hub) -> None:
    take_in(hub, "crm", "client", [record("1", name="Harbour Pine")])
    ids = list(range(-40_000, 2))

    assert [len(part) for part in chunks(ids)][:2] == [8000, 8000]
    assert [item for part in chunks(reversed(ids)) for item in part] == ids
    with hub.read() as session:
        query = select(col(SourceRecord.source_key))
        assert [row[0] for row in rows_in(session, query, col(SourceRecord.id), ids)] == ["1"]
