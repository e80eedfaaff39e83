"""What happened is told once, in order and without gaps, and nobody can change it unseen."""

from __future__ import annotations

from datetime import timedelta, timezone

import pytest
from sqlalchemy import select, text
from sqlmodel import col

from mdm.event_log import GENESIS, broken_links, canonical_json, chain_hash, entry_of, last_event_number
from mdm.hub import Hub
from mdm.store.decisions import Event
from mdm.store.publishing import OutboxRow
from mdm.testing import NOON, hub_at, lift_guards, record, take_in


@pytest.fixture
def told(any_hub: Hub) -> Hub:
    """A hub in which five things happened, in two transactions."""
    for subjects in ("abc", "de"):
        with any_hub.write("anna") as uow:
            for subject in subjects:
                uow.emit("thing.happened", "client", subject, {"n": ord(subject), "ü": ["ß"]})
    return any_hub


def events(hub: Hub) -> list[Event]:
    with hub.read() as session:
        return list(session.scalars(select(Event).order_by(col(Event.number))))


def broken(hub: Hub) -> list[str]:
    with hub.read() as session:
        return list(broken_links(session))


def write(hub: Hub, *statements: str) -> None:
    with hub.write() as uow:
        lift_guards(uow.session)
        for statement in statements:
            uow.session.execute(text(statement))


def test_events_are_numbered_from_one_without_gaps(told: Hub) -> None:
    found = events(told)

    assert [(e.number, e.subject) for e in found] == list(enumerate("abcde", 1))
    assert {(e.author, e.at, e.type) for e in found} == {("anna", NOON, "thing.happened")}
    assert len({e.id for e in found}) == 5
    with told.read() as session:
        assert last_event_number(session) == 5


def test_a_transaction_that_fails_leaves_no_gap(told: Hub) -> None:
    def fail() -> None:
        with told.write() as uow:
            uow.emit("thing.happened", "client", "lost", {})
            uow.session.flush()
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    with told.write() as uow:
        uow.emit("thing.happened", "client", "f", {})

    assert [(e.number, e.subject) for e in events(told)][-2:] == [(5, "e"), (6, "f")]
    assert broken(told) == []


def test_each_hash_follows_from_the_one_before(told: Hub) -> None:
    before = GENESIS
    for event in events(told):
        assert event.hash == chain_hash(before, entry_of(event))
        before = event.hash

    assert broken(told) == []


def test_an_empty_log_holds(any_hub: Hub) -> None:
    assert broken(any_hub) == []
    with any_hub.read() as session:
        assert last_event_number(session) == 0


@pytest.mark.parametrize("column", ["id", "type", "entity_type", "subject", "author", "hash"])
def test_an_edited_event_breaks_the_chain(told: Hub, column: str) -> None:
    forged = "'" + "f" * 64 + "'"
    write(told, f"UPDATE event SET {column} = {forged} WHERE number = 3")

    assert "event 3 does not fit the chain" in broken(told)


def test_edited_details_and_times_break_the_chain(told: Hub) -> None:
    with told.write() as uow:
        lift_guards(uow.session)
        uow.session.get_one(Event, 2).details = {"n": 0}
        uow.session.get_one(Event, 4).at = NOON + timedelta(microseconds=1)

    assert broken(told) == ["event 2 does not fit the chain", "event 4 does not fit the chain"]


def test_an_event_forged_together_with_its_hash_breaks_the_next_one(told: Hub) -> None:
    with told.write() as uow:
        lift_guards(uow.session)
        before, forged = (uow.session.get_one(Event, number) for number in (2, 3))
        forged.author = "bert"
        forged.hash = chain_hash(before.hash, entry_of(forged))

    assert broken(told) == ["event 4 does not fit the chain"]


def test_a_deleted_event_is_missing(told: Hub) -> None:
    write(told, "DELETE FROM event WHERE number = 3")

    assert broken(told) == ["event 3 is missing", "event 4 does not fit the chain"]


def test_a_deletion_that_is_numbered_over_is_found(told: Hub) -> None:
    write(
        told,
        "DELETE FROM event WHERE number = 3",
        "UPDATE event SET number = 3 WHERE number = 4",
        "UPDATE event SET number = 4 WHERE number = 5",
    )

    assert broken(told)[0] == "event 3 does not fit the chain"


def test_an_inserted_event_breaks_the_chain(told: Hub) -> None:
    copy = "id || 'x', happened_at, type, entity_type, subject, author, details, hash FROM event"
    write(
        told,
        f"INSERT INTO event (number, id, happened_at, type, entity_type, subject, author, details, hash) "
        f"SELECT 6, {copy} WHERE number = 5",
    )

    assert broken(told) == ["event 6 does not fit the chain"]


def test_two_events_that_change_places_break_the_chain(told: Hub) -> None:
    write(
        told,
        "UPDATE event SET number = 99 WHERE number = 2",
        "UPDATE event SET number = 2 WHERE number = 3",
        "UPDATE event SET number = 3 WHERE number = 99",
    )

    assert broken(told)[:2] == ["event 2 does not fit the chain", "event 3 does not fit the chain"]


def test_the_chain_reads_a_moment_alike_in_every_zone(told: Hub) -> None:
    (event, *_) = events(told)
    here = entry_of(event)
    event.at = event.at.astimezone(timezone(timedelta(hours=5)))

    assert entry_of(event) == here


def test_json_has_one_form() -> None:
    assert canonical_json({"b": [1, "é"], "a": None}) == '{"a":null,"b":[1,"é"]}'.encode()


def test_a_change_is_queued_for_the_targets_of_its_type_and_for_no_other(ready_url: str) -> None:
    file = {"kind": "file", "path": "out"}
    targets = {
        "all": file,
        "clients": {**file, "entity_types": ["client", "worker"]},
        "projects": {**file, "entity_types": ["project"]},
    }
    hub = hub_at(ready_url, targets=targets)

    take_in(hub, "crm", "client", [record("1", name="Harbour Pine plc"), record("2", name="Kestrel")])

    with hub.read() as session:
        rows = list(session.scalars(select(OutboxRow)))
        golden = {e.number: e for e in session.scalars(select(Event)) if e.type == "golden.created"}
    assert sorted((row.target, row.event_number) for row in rows) == sorted(
        (target, number) for target in ("all", "clients") for number in golden
    )
    for row in rows:
        event = golden[row.event_number]
        assert (row.event_id, row.event_type, row.golden_id) == (event.id, event.type, event.subject)
        assert (row.entity_type, row.version, row.state) == ("client", 1, "waiting")
    assert len(golden) == 2
    hub.close()


def test_no_target_hears_of_what_concerns_no_golden_record(ready_url: str) -> None:
    hub = hub_at(ready_url, targets={"all": {"kind": "file", "path": "out"}})
    with hub.write() as uow:
        uow.emit("verdict.recorded", "client", "records", {})

    with hub.read() as session:
        assert list(session.scalars(select(OutboxRow))) == []
    hub.close()
