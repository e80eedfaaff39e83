"""The database alone refuses what a bug might try: each statement is refused as it is, or at commit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from mdm.decide import RecordKey, decide_records
from mdm.hub import Hub
from mdm.testing import hub_at, record, take_in

FIRM = {"name": "Harbour Pine plc", "email": "desk@harbour-pine.example", "city": "Bristol"}
OTHER = {"name": "Kestrel Foods GmbH", "email": "post@kestrel.example", "city": "Köln"}
THIRD = {"name": "Zephyr Legal LLP", "email": "law@zephyr.example", "city": "Leeds"}

ALONE, SHARED = "DE136695976", "DE129273398"
"""An id that one golden record holds, and one that two unlike ones do."""

LIVE = "(SELECT MIN(golden_id) FROM golden_record WHERE state = 'active')"
LAST = "(SELECT MAX(golden_id) FROM golden_record WHERE state = 'active')"
MERGED = "(SELECT MIN(golden_id) FROM golden_record WHERE state = 'merged')"
SURVIVOR = f"(SELECT redirected_to FROM issued_id WHERE golden_id = {MERGED})"
RECORD = "(SELECT MIN(id) FROM source_record WHERE live)"
GONE = "(SELECT MIN(id) FROM source_record WHERE NOT live)"
EVENT = "number, id, happened_at, type, entity_type, subject, author, details, hash"
NEXT = "(SELECT MAX(number) + 1 FROM event)"
OF_EVENT = "happened_at, type, entity_type, subject, author, details"

STRONG = "golden_id, attribute, id_hash, entity_type, disputant"
LAST_ALONE = (
    "(SELECT MAX(golden_id) FROM golden_record WHERE state = 'active' "
    "AND golden_id NOT IN (SELECT h.golden_id FROM strong_id h))"
)

FORBIDDEN = {
    "I2 a record in two golden records": f"INSERT INTO membership VALUES ({RECORD}, {LAST}, 'client')",
    "I2 a member that is no record": f"INSERT INTO membership VALUES (999999, {LIVE}, 'client')",
    "I2 a deleted record as a member": f"INSERT INTO membership VALUES ({GONE}, {LIVE}, 'client')",
    "I2 a member of an id never issued": f"UPDATE membership SET golden_id = 'client-0' WHERE record_id = {RECORD}",
    "I2 a member moved in place": f"UPDATE membership SET golden_id = {LAST} WHERE record_id = {RECORD}",
    "I2 a member of a redirected id": (
        f"DELETE FROM membership WHERE record_id = {RECORD}; INSERT INTO membership VALUES ({RECORD}, {MERGED}, 'client')"
    ),
    "I2 a member of another type": (
        f"DELETE FROM membership WHERE record_id = {RECORD}; INSERT INTO membership VALUES ({RECORD}, {LIVE}, 'worker')"
    ),
    "I2 a deleted row of a source": f"DELETE FROM source_record WHERE id = {RECORD}",
    "I2 a second record under one key": (
        "INSERT INTO source_record (id, entity_type, source, source_key, live, claims, first_seen_at, "
        "last_changed_at) SELECT 999999, entity_type, source, source_key, live, claims, first_seen_at, "
        f"last_changed_at FROM source_record WHERE id = {RECORD}"
    ),
    "I2 a record under another key": f"UPDATE source_record SET source_key = 'x' WHERE id = {RECORD}",
    "I3 an id taken back": f"DELETE FROM issued_id WHERE golden_id = {MERGED}",
    "I3 an id issued twice": (
        "INSERT INTO issued_id (golden_id, entity_type, number, anchor_record_id, issued_at, redirect_cause, "
        "version) SELECT golden_id, entity_type, 999, anchor_record_id, issued_at, '', 0 FROM issued_id"
    ),
    "I3 a number given twice": "UPDATE issued_id SET number = 1",
    "I3 an id that becomes another": f"UPDATE issued_id SET golden_id = 'client-0' WHERE golden_id = {LIVE}",
    "I3 a redirect to itself": f"UPDATE issued_id SET redirected_to = golden_id WHERE golden_id = {LIVE}",
    "I3 a redirect to nowhere": f"UPDATE issued_id SET redirected_to = 'client-0' WHERE golden_id = {LAST}",
    "I3 a redirect to a redirected id": (
        f"UPDATE issued_id SET redirected_to = {MERGED} WHERE golden_id NOT IN ({MERGED}, {SURVIVOR})"
    ),
    "I3 a redirect of an id that others lead to": (
        f"UPDATE issued_id SET redirected_to = (SELECT MIN(golden_id) FROM golden_record WHERE state = 'active' "
        f"AND golden_id <> {SURVIVOR}) WHERE golden_id = {SURVIVOR}"
    ),
    "I3 a golden record of an id never issued": (
        "INSERT INTO golden_record VALUES ('client-0', 'client', 'active', 1, '{}')"
    ),
    "I3 a state that nobody knows": f"UPDATE golden_record SET state = 'lost' WHERE golden_id = {LIVE}",
    "I8 a version taken back": f"UPDATE issued_id SET version = version - 1 WHERE golden_id = {LIVE}",
    "I8 a version of the history cut": f"DELETE FROM golden_version WHERE golden_id = {LIVE}",
    "I8 a version of the history changed": f"UPDATE golden_version SET cells = '{{}}' WHERE golden_id = {LIVE}",
    "I8 a version left out": (
        "INSERT INTO golden_version SELECT golden_id, version + 2, event_number, known_at, state, cells, "
        f"record_ids FROM golden_version WHERE golden_id = {LIVE} AND version = 1"
    ),
    "I8 a version without an event": (
        "INSERT INTO golden_version SELECT golden_id, (SELECT MAX(version) + 1 FROM golden_version n WHERE "
        f"n.golden_id = {LIVE}), 999999, known_at, state, cells, record_ids FROM golden_version "
        f"WHERE golden_id = {LIVE} AND version = 1"
    ),
    "I8 an event deleted": "DELETE FROM event WHERE number = 2",
    "I8 the newest event deleted": "DELETE FROM event WHERE number = (SELECT MAX(number) FROM event)",
    "I8 an event edited": "UPDATE event SET author = 'nobody' WHERE number = 2",
    "I8 a gap in the log": (
        f"INSERT INTO event ({EVENT}) SELECT {NEXT} + 1, 'evt_x', {OF_EVENT}, hash FROM event WHERE number = 1"
    ),
    "I8 an event without its hash": (
        f"INSERT INTO event ({EVENT}) SELECT {NEXT}, 'evt_x', {OF_EVENT}, '' FROM event WHERE number = 1"
    ),
    "I8 an event told twice": (
        f"INSERT INTO event ({EVENT}) SELECT {NEXT}, id, {OF_EVENT}, hash FROM event WHERE number = 1"
    ),
    "I9 a second outbox row of one change": (
        "INSERT INTO outbox_row (target, event_number, event_id, event_type, entity_type, golden_id, version, "
        "state, attempts) SELECT target, event_number, event_id, event_type, entity_type, golden_id, version, "
        "'waiting', 0 FROM outbox_row"
    ),
    "I9 an outbox row without a change": (
        "INSERT INTO outbox_row (target, event_number, event_id, event_type, entity_type, golden_id, version, "
        "state, attempts) VALUES ('lake', 999999, 'evt_x', 'golden.changed', 'client', 'client-0', 1, 'waiting', 0)"
    ),
    "I9 an outbox row about another record": (
        "INSERT INTO outbox_row (target, event_number, event_id, event_type, entity_type, golden_id, version, "
        "state, attempts) SELECT 'other', event_number, event_id, event_type, entity_type, 'client-0', version, "
        "'waiting', 0 FROM outbox_row"
    ),
    "I9 an outbox row dropped": "DELETE FROM outbox_row",
    "I9 an outbox row turned to another change": "UPDATE outbox_row SET version = version + 1",
    "I9 an outbox row in no known state": "UPDATE outbox_row SET state = 'lost'",
    "I11 the current version once more": (
        "INSERT INTO record_version (id, record_id, content_hash, salt, seal, received_at, deleted, stated, flags) "
        "SELECT 999999, record_id, content_hash, 'x', 'x', received_at, deleted, stated, flags "
        f"FROM record_version WHERE record_id = {RECORD}"
    ),
    "I11 a version edited": f"UPDATE record_version SET stated = '{{}}' WHERE record_id = {RECORD}",
    "I11 a version deleted": f"DELETE FROM record_version WHERE record_id = {RECORD}",
    "I13 an id held by a second golden record": (
        f"INSERT INTO strong_id ({STRONG}) SELECT {LAST_ALONE}, attribute, id_hash, entity_type, '' "
        f"FROM strong_id WHERE disputant = ''"
    ),
    "I13 a disputed holder beside one that holds the id alone": (
        f"INSERT INTO strong_id ({STRONG}) SELECT {LAST_ALONE}, attribute, id_hash, entity_type, {LAST_ALONE} "
        f"FROM strong_id WHERE disputant = ''"
    ),
    "I13 a disputed id given to one of its holders": (
        "UPDATE strong_id SET disputant = '' WHERE golden_id = (SELECT MIN(golden_id) FROM strong_id "
        "WHERE disputant <> '')"
    ),
    "I13 a disputed id settled for all of them": "UPDATE strong_id SET disputant = ''",
    "I13 another holder of a disputed id": (
        f"INSERT INTO strong_id ({STRONG}) SELECT DISTINCT {LAST_ALONE}, attribute, id_hash, entity_type, '' "
        "FROM strong_id WHERE disputant <> ''"
    ),
    "I13 an id turned to that of another": (
        "UPDATE strong_id SET id_hash = (SELECT id_hash FROM strong_id WHERE disputant = '') "
        "WHERE golden_id = (SELECT MIN(golden_id) FROM strong_id WHERE disputant <> '')"
    ),
    "I13 an id of a golden record never issued": (
        f"INSERT INTO strong_id ({STRONG}) VALUES ('client-0', 'tax_id', 1, 'client', '')"
    ),
    "I13 a dispute in the name of another": (
        "UPDATE strong_id SET disputant = 'client-0' WHERE golden_id = (SELECT MIN(golden_id) FROM strong_id)"
    ),
    "I5 a verdict deleted": "DELETE FROM verdict",
    "I5 a verdict that says the opposite": "UPDATE verdict SET answer = 'distinct'",
    "I5 a verdict on fewer records": "DELETE FROM verdict_record",
}  # fmt: skip


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def guarded(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    new_database: Callable[[str, Path], AbstractContextManager[str]],
) -> Iterator[Hub]:
    """A hub with current, merged, deleted and published records, and a verdict."""
    folder = tmp_path_factory.mktemp("guarded")
    with new_database(request.param, folder) as url:
        hub = hub_at(url, targets={"lake": {"kind": "file", "path": str(folder / "lake")}})
        take_in(hub, "crm", "client", [record("1", **FIRM), record("2", **OTHER), record("3", **THIRD)])
        take_in(hub, "crm", "client", [record("3", None, deleted=True)])
        take_in(hub, "psa", "client", [record("4", name="Ashdown Partners"), record("5", name="Birch Ltd")])
        with hub.write("anna") as uow:
            one, other = (RecordKey("client", "psa", key) for key in "45")
            decide_records(uow, one, other, "same", reason="one firm")
        rows = [("6", "Moor & Co", ALONE), ("7", "Ivory Mining", SHARED), ("8", "Juniper Freight", SHARED)]
        take_in(hub, "erp", "client", [record(key, name=name, tax_id=number) for key, name, number in rows])
        yield hub
        hub.close()


@pytest.mark.parametrize("statements", FORBIDDEN.values(), ids=FORBIDDEN.keys())
def test_the_database_refuses(guarded: Hub, statements: str) -> None:
    def attempt() -> None:
        with guarded.write() as uow:
            connection = uow.session.connection()
            for statement in statements.split("; "):
                connection.execute(text(statement))

    with pytest.raises(IntegrityError):
        attempt()


def test_at_least_thirty_forbidden_statements_are_tried_for_each_guarded_invariant() -> None:
    assert len(FORBIDDEN) >= 30
    assert {name.split()[0] for name in FORBIDDEN} >= {"I2", "I3", "I8", "I9", "I11", "I13"}


def test_a_kept_table_cannot_be_emptied_at_one_stroke(guarded: Hub) -> None:
    if guarded.database.is_sqlite:
        pytest.skip("SQLite has no TRUNCATE")

    def attempt() -> None:
        with guarded.write() as uow:
            uow.session.execute(text("TRUNCATE event CASCADE"))

    with pytest.raises(IntegrityError):
        attempt()
