"""What a transaction knows to be in no table is not looked for, until it may be there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event, inspect, select
from sqlmodel import Session, col

from mdm.decide import RecordKey, decide_records
from mdm.hub import Hub
from mdm.receiving import receive
from mdm.replay import replay
from mdm.store.absence import NEW_GOLDEN_ID, NEW_RECORD, nothing_yet, worth_asking
from mdm.store.bulk import add_rows, drop_rows
from mdm.store.chunks import rows_in
from mdm.store.decisions import VerdictRecord
from mdm.store.derived import Membership, Relation
from mdm.store.records import SourceRecord
from mdm.testing import derived_state, record, take_in
from mdm.verify import verify

FROM = col(Relation.from_id)
RELATED = select(FROM, col(Relation.to_id))
MEMBER_KEY = col(SourceRecord.source_key)
MEMBERS = select(col(Membership.golden_id)).join(
    SourceRecord, col(SourceRecord.id) == col(Membership.record_id)
)


def relation(from_id: str) -> dict[str, str]:
    return {
        "from_id": from_id,
        "attribute": "owner",
        "from_type": "client",
        "to_id": "w",
        "to_type": "worker",
    }


@contextmanager
def counted(session: Session) -> Iterator[list[str]]:
    """The statements that run meanwhile."""
    ran: list[str] = []

    def note(*args: object) -> None:
        ran.append(str(args[2]))

    bind = session.get_bind()
    event.listen(bind, "before_cursor_execute", note)
    try:
        yield ran
    finally:
        event.remove(bind, "before_cursor_execute", note)


def related(session: Session, *ids: str) -> list[str]:
    return sorted(row[0] for row in rows_in(session, RELATED, FROM, ids))


def test_what_is_absent_costs_no_statement(any_hub: Hub) -> None:
    with any_hub.write("test") as uow:
        add_rows(uow.session, Relation, [relation("old")])
        nothing_yet(uow.session, [("relation", "from_id")], ["new"])
        with counted(uow.session) as ran:
            assert related(uow.session, "new") == []
            drop_rows(uow.session, Relation, "from_id", ["new"])
            assert ran == []
            assert related(uow.session, "new", "old") == ["old"]
        assert len(ran) == 1


def test_the_first_row_that_is_written_ends_what_was_known(any_hub: Hub) -> None:
    with any_hub.write("test") as uow:
        nothing_yet(uow.session, [("relation", "from_id")], ["new", "other"])
        add_rows(uow.session, Relation, [relation("new")])

        assert related(uow.session, "new", "other") == ["new"]


def test_so_does_an_object_that_is_written(any_hub: Hub) -> None:
    with any_hub.write("test") as uow:
        nothing_yet(uow.session, [("relation", "from_id")], ["new"])
        uow.session.add(Relation(**relation("new")))
        uow.session.flush()

        assert related(uow.session, "new") == ["new"]


def test_nothing_is_known_after_the_transaction(any_hub: Hub) -> None:
    with any_hub.write("test") as uow:
        nothing_yet(uow.session, [("relation", "from_id")], ["new"])
        assert list(worth_asking(uow.session, FROM, ["new"])) == []

    assert list(worth_asking(uow.session, FROM, ["new"])) == ["new"]


def test_every_place_is_a_column_of_the_store(any_hub: Hub) -> None:
    with any_hub.read() as session:
        there = inspect(session.connection())
        for table, column in (*NEW_RECORD, *NEW_GOLDEN_ID):
            assert column in {known["name"] for known in there.get_columns(table)}


def test_a_verdict_in_the_transaction_that_took_the_records_in_is_heard(any_hub: Hub) -> None:
    alike = {"name": "Harbour Pine Ltd", "country": "GB", "email": "office@harbourpine.example"}
    with any_hub.write("anna") as uow:
        receive(uow, "crm", "client", [{"id": "1", **alike}])
        receive(uow, "erp", "client", [{"id": "A", "name": "Zephyr Mining AG"}])
        left, right = RecordKey("client", "crm", "1"), RecordKey("client", "erp", "A")
        decide_records(uow, left, right, "same", reason="the new owner's name")
        assert uow.session.scalars(select(col(VerdictRecord.record_id))).all()
    with any_hub.read() as session:
        homes = {row[0] for row in rows_in(session, MEMBERS, MEMBER_KEY, ["1", "A"])}
        assert len(homes) == 1
        assert not [failure for check in verify(any_hub, session) for failure in check.failures]


@pytest.mark.parametrize("alone", [True, False])
def test_one_by_one_and_at_once_leave_what_a_replay_finds(any_hub: Hub, *, alone: bool) -> None:
    names = ["Harbour Pine Ltd", "Harbour Pine Limited", "Zephyr Mining AG", "Harbor Pine", "Zephyr Mining"]
    rows = [record(str(k), name=name, city="Leeds") for k, name in enumerate(names)]
    for part in ([row] for row in rows) if alone else [rows]:
        take_in(any_hub, "crm", "client", part)
    with any_hub.read() as session:
        before = derived_state(any_hub, session)
    with any_hub.write("test") as uow:
        replay(uow)
    with any_hub.read() as session:
        assert derived_state(any_hub, session) == before
