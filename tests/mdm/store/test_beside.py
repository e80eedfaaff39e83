"""Writers beside each other: unrelated ones do not wait, related ones do, and what they leave is the same."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col

from mdm import failpoints
from mdm.access.principal import everything
from mdm.hub import Hub
from mdm.ingest import ingest
from mdm.receiving import Received, receive
from mdm.resolve import resolve
from mdm.store.beside import NotApartError, is_beside, stay_apart
from mdm.store.decisions import Event, IssuedId
from mdm.store.records import RecordVersion, SourceRecord
from mdm.testing import hub_at, partition, record, take_in
from mdm.unit_of_work import UnitOfWork
from mdm.verify import verify

HARBOUR = {"name": "Harbour Pine plc", "email": "desk@harbour-pine.example", "city": "Bristol"}
KESTREL = {"name": "Kestrel Foods GmbH", "email": "post@kestrel.example", "city": "Köln"}
ZEPHYR = {"name": "Zephyr Legal LLP", "email": "law@zephyr.example", "city": "Leeds"}


@pytest.fixture
def hub(postgresql_url: str) -> Iterator[Hub]:
    made = hub_at(postgresql_url)
    yield made
    made.close()


def bring(
    hub: Hub, source: str, key: str, entity_type: str = "client", author: str = "test", **values: Any
) -> Received:
    row = {"id": key, **values}
    return hub.write_beside(author, lambda uow: receive(uow, source, entity_type, [row]))


def failures(hub: Hub) -> dict[str, list[str]]:
    with hub.read() as session:
        return {check.name: check.failures for check in verify(hub, session) if check.failures}


MATCHING = "merge.after_crosswalk_before_values"
"""A place where a writer has matched and written its record, and numbered no event yet."""


@contextmanager
def held(hub: Hub, source: str, key: str, **values: Any) -> Iterator[None]:
    """Another writer that stands still while it is still matching, and goes on at the end."""
    failpoints.arm(f"{MATCHING}=hang")
    with ThreadPoolExecutor(1) as pool:
        try:
            slow = pool.submit(bring, hub, source, key, author="slow", **values)
            assert failpoints.wait_for(MATCHING, 30)
            yield
        finally:
            failpoints.arm("")
        slow.result(60)


def test_a_writer_of_another_record_does_not_wait_for_one_that_is_still_matching(hub: Hub) -> None:
    with held(hub, "crm", "1", **HARBOUR):
        outcome = bring(hub, "erp", "9", **KESTREL).outcomes[0]

        assert outcome.golden_id is not None
        with hub.read() as session:
            assert session.scalars(select(col(SourceRecord.source_key))).all() == ["9"]
    assert failures(hub) == {}


def test_a_writer_of_the_same_thing_waits_and_joins_it(hub: Hub) -> None:
    with ThreadPoolExecutor(1) as pool:
        with held(hub, "crm", "1", **HARBOUR):
            second = pool.submit(bring, hub, "erp", "9", **HARBOUR)
            assert not second.done()
        second.result(60)

    with hub.read() as session:
        assert partition(session) == {frozenset({"client/crm:1", "client/erp:9"})}
    assert failures(hub) == {}


def test_who_refers_to_a_key_waits_for_the_writer_that_brings_it(hub: Hub) -> None:
    with ThreadPoolExecutor(1) as pool:
        with held(hub, "crm", "1", **HARBOUR):
            second = pool.submit(bring, hub, "psa", "P", "project", name="Payroll", client="crm:1")
            assert not second.done()
        second.result(60)

    assert failures(hub) == {}
    with hub.read() as session:
        query = select(hub.golden_tables["project"].c.client)
        assert session.scalars(query).one() is not None


def test_events_are_numbered_in_the_order_of_commits(hub: Hub) -> None:
    with held(hub, "crm", "1", **HARBOUR):
        bring(hub, "erp", "9", **KESTREL)

    with hub.read() as session:
        told = session.scalars(select(Event).order_by(col(Event.number))).all()
    assert [e.author for e in told] == ["test"] * 3 + ["slow"] * 3


@pytest.mark.parametrize(
    ("source", "row"),
    [
        ("crm", {"id": "1", **HARBOUR, "city": "Bath"}),
        ("erp", {"id": "2", **HARBOUR}),
        ("crm", {"id": "1", "deleted": True}),
        ("crm", {"id": "", "name": "Nobody"}),
    ],
    ids=["a changed record", "a twin", "a deletion", "a row for quarantine"],
)
def test_what_is_not_apart_is_done_again_alone(hub: Hub, source: str, row: dict[str, Any]) -> None:
    take_in(hub, "crm", "client", [record("1", **HARBOUR)])
    ways: list[bool] = []

    def work(uow: UnitOfWork) -> None:
        ways.append(is_beside(uow.session))
        receive(uow, source, "client", [row])

    hub.write_beside("test", work)

    assert ways == [True, False]
    assert failures(hub) == {}


def test_a_record_that_is_apart_is_written_beside_others(hub: Hub) -> None:
    ways: list[bool] = []

    def work(uow: UnitOfWork) -> None:
        ways.append(is_beside(uow.session))
        receive(uow, "crm", "client", [{"id": "1", **HARBOUR}])

    hub.write_beside("test", work)

    assert ways == [True]


def test_on_sqlite_there_is_one_writer_at_a_time(sqlite_url: str) -> None:
    hub = hub_at(sqlite_url)
    with hub.write() as uow:
        stay_apart(uow.session, False)
    assert hub.write_beside("test", lambda uow: is_beside(uow.session)) is False
    hub.close()


def test_a_writer_beside_others_that_meets_a_stranger_gives_up(hub: Hub) -> None:
    take_in(hub, "crm", "client", [record("1", **HARBOUR)])
    with hub.database.write(beside=True) as session:
        uow = UnitOfWork(hub, session, hub.clock(), "test", everything("test"))
        touched = ingest(uow, "erp", "client", [record("2", **HARBOUR)]).touched
        with pytest.raises(NotApartError):
            resolve(uow, {"client": touched})
        session.rollback()


def test_row_ids_and_numbers_of_writers_beside_each_other_never_collide(hub: Hub) -> None:
    take_in(hub, "crm", "client", [record("0", **ZEPHYR)])
    with ThreadPoolExecutor(4) as pool:
        rows = [
            {"name": f"{chr(65 + n)}{chr(97 + n) * 5} Ltd", "email": f"x@firm-{n}.example"} for n in range(12)
        ]
        list(pool.map(lambda pair: bring(hub, "erp", str(pair[0]), **pair[1]), enumerate(rows)))

    with hub.read() as session:
        for column in (SourceRecord.id, RecordVersion.id, IssuedId.number):
            found = session.scalars(select(col(column))).all()
            assert len(found) == len(set(found)) == 13
    assert failures(hub) == {}
