"""Derived state is disposable, and what is kept is checked: every planted fault is found by name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlmodel import Session, col

from mdm.checkpoints import write_checkpoint
from mdm.decide import RecordKey, decide, decide_records
from mdm.golden_ids import golden_id_of
from mdm.hub import Hub
from mdm.ingest import IncomingRecord, end_missing
from mdm.overrides import Lifetime
from mdm.overrides.banning import ban_value
from mdm.overrides.setting import Until, override_value
from mdm.replay import replay
from mdm.resolve import resolve
from mdm.store.decisions import Event, GoldenVersion, IssuedId
from mdm.store.derived import DERIVED, GoldenRecord, Task
from mdm.store.publishing import OutboxRow, Receipt
from mdm.testing import NOON, derived_state, hub_at, lift_guards, record, take_in
from mdm.unit_of_work import UnitOfWork
from mdm.verify import verify
from mdm.verify.verifying import CHECKS

HARBOUR: dict[str, Any] = {
    "name": "Harbour Pine plc",
    "website": "harbourpine.co.uk",
    "email": "office@harbourpine.co.uk",
    "phone": "+44 117 496 0101",
    "street": "Quay Street 1",
    "postcode": "BS1 4ND",
    "city": "Bristol",
    "country": "GB",
    "client_number": "C-1001",
}
KESTREL: dict[str, Any] = {
    "name": "Kestrel Foods GmbH",
    "website": "kestrel-foods.de",
    "email": "info@kestrel-foods.de",
    "phone": "+49 221 5550100",
    "city": "Köln",
}
ZEPHYR: dict[str, Any] = {
    "name": "Zephyr Lighting AB",
    "website": "zephyr.se",
    "email": "hej@zephyr.se",
    "city": "Stockholm",
}
DOVETAIL: dict[str, Any] = {
    "name": "Dovetail Joinery",
    "website": "dovetail.ie",
    "email": "office@dovetail.ie",
    "city": "Cork",
}
PERSON: dict[str, Any] = {
    "family_name": "Weber",
    "given_name": "Anna",
    "birth_date": "1980-02-01",
    "email": "a.weber@firm.eu",
}
LATER, LATEST = NOON + timedelta(days=1), NOON + timedelta(days=2)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def rich(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    new_database: Callable[[str, Path], AbstractContextManager[str]],
) -> Iterator[Hub]:
    """A hub with every kind of record, merged, retired, redirected, decided, contested and published.

    It is made once: whatever a test writes it takes back.
    """
    folder = tmp_path_factory.mktemp("rich")
    with new_database(request.param, folder) as url:
        hub = hub_at(url, targets={"lake": {"kind": "file", "path": str(folder / "lake")}})
        fill(hub)
        write_checkpoint(hub)
        yield hub
        hub.close()


@contextmanager
def taken_back(hub: Hub, author: str = "test") -> Iterator[UnitOfWork]:
    """A unit of work that is rolled back at the end."""
    with hub.write(author) as uow:
        yield uow
        uow.session.rollback()


def fill(hub: Hub) -> None:
    load(hub, "erp", "legal_entity", record("le", code="DE01", name="Birch Consulting GmbH", country="DE"))
    load(hub, "erp", "cost_center", record("cc", code="4711", name="Strategy", legal_entity="le"))
    load(hub, "psa", "project", record("p", name="ERP rollout", client="crm:1", manager="hcm:w", budget=5.5))
    load(
        hub, "psa", "engagement", record("e", title="Frame agreement", client="crm:1", signed_on="2026-01-31")
    )
    load(hub, "crm", "client", record("1", **HARBOUR, lei="529900T8BM49AURSDO55", owner="hcm:w"))
    load(hub, "erp", "client", record("A", **HARBOUR, lei="5493001KJTIIGC8Y1R12"))
    load(hub, "crm", "client", record("2", **KESTREL, parent="1"), record("3", **ZEPHYR))
    load(
        hub,
        "clm",
        "client",
        record("x", name="Ashdown"),
        record("y", name="Barleycorn"),
        record("z", name="Cobalt"),
    )
    load(hub, "hcm", "worker", record("w", **PERSON, cost_center="erp:cc"))
    load(hub, "psa", "worker", record("77", **PERSON))
    load(hub, "psa", "assignment", record("a", worker="77", project="p", role="Analyst", allocation=0.5))
    load(hub, "jira", "assignment", record("b", worker="hcm:w", project="psa:p", role="analyst"))
    load(hub, "psa", "rate", record("r", kind="bill", amount=180.0, client="crm:1", valid_from="2026-01-01"))
    load(hub, "crm", "client", record("3", LATER, **KESTREL))
    load(hub, "hr", "worker", record("gone", family_name="Okafor"))
    with hub.write() as uow:
        resolve(uow, {"worker": end_missing(uow, "hr", "worker", set())})
    for one, other, answer in (("x", "y", "same"), ("y", "z", "same"), ("x", "z", "distinct")):
        with hub.write("anna") as uow:
            decide_records(uow, RecordKey("client", "clm", one), RecordKey("client", "clm", other), answer)  # type: ignore[arg-type]
    unlike = (record("4", country="GB", name="Marlowe & Dean"), record("5", country="GB", name="Nightjar"))
    load(hub, "crm", "client", *unlike)
    with hub.write("carl") as uow:
        for key, phone in (("4", "+44 20 7946 0101"), ("5", "+44 20 7946 0102")):
            golden_id = golden_id_of(uow.session, "client", "crm", key)
            override_value(uow, golden_id, "phone", phone, until=Until(Lifetime.date, LATER))
        ban_value(uow, golden_id_of(uow.session, "client", "crm", "1"), "email", HARBOUR["email"])
    hold_apart(hub)
    with hub.write("bert") as uow:
        decide_records(uow, RecordKey("client", "crm", "4"), RecordKey("client", "crm", "5"), "same")
        decide_records(uow, RecordKey("client", "crm", "4"), RecordKey("client", "crm", "2"), "distinct")


def hold_apart(hub: Hub) -> None:
    """Two published clients that evidence joins later."""
    load(hub, "crm", "client", record("6", name="Quillfeather"), record("7", name="Ravensbourne"))
    with hub.write() as uow:
        for key in "67":
            delivered = {"target": "lake", "version": 1, "event_id": "evt", "attempt": 1, "at": uow.now}
            golden_id = golden_id_of(uow.session, "client", "crm", key)
            uow.session.add(
                Receipt(golden_id=golden_id, entity_type="client", outcome="delivered", **delivered)
            )
    load(hub, "crm", "client", *(record(key, LATER, **DOVETAIL) for key in "67"))


def load(hub: Hub, source: str, entity_type: str, *records: IncomingRecord) -> None:
    take_in(hub, source, entity_type, records)


def failures(hub: Hub, session: Session) -> dict[str, list[str]]:
    session.expire_all()
    return {check.name: check.failures for check in verify(hub, session) if check.failures}


def test_the_rich_hub_holds_what_a_replay_has_to_bring_back(rich: Hub) -> None:
    with rich.read() as session:
        empty = [t.__name__ for t in DERIVED if not session.scalar(select(func.count()).select_from(t))]
        states = set(session.scalars(select(col(GoldenRecord.state))))
        kinds = set(session.scalars(select(col(Task.kind))))
        redirected = session.scalars(
            select(col(IssuedId.redirected_to)).where(col(IssuedId.redirected_to).is_not(None))
        )

        assert empty == ["TaskToWeigh"]  # what a transaction has yet to do
        assert states == {"active", "merged", "retired"}
        assert {"possible_duplicate", "contradiction", "override_conflict"} <= kinds
        assert len(list(redirected)) >= 2


def test_a_replay_brings_everything_back_and_tells_nobody(rich: Hub) -> None:
    progress: dict[str, int] = {}
    told = (Event, OutboxRow, GoldenVersion)
    with taken_back(rich, "replay") as uow:
        before = derived_state(rich, uow.session)
        events = [uow.session.scalar(select(func.count()).select_from(table)) for table in told]

        replay(uow, lambda name, count: progress.update({name: count}))

        assert derived_state(rich, uow.session) == before
        assert [uow.session.scalar(select(func.count()).select_from(table)) for table in told] == events
        assert failures(rich, uow.session) == {}
    assert progress["client"] == 11


def test_a_replay_brings_back_what_was_lost(rich: Hub) -> None:
    with taken_back(rich) as uow:
        before = derived_state(rich, uow.session)
        for table in DERIVED:
            uow.session.execute(text(f"DELETE FROM {table.__tablename__}"))
        uow.session.execute(text("DELETE FROM golden_client"))

        replay(uow)

        assert derived_state(rich, uow.session) == before


def test_the_queue_goes_on_after_a_replay(rich: Hub) -> None:
    with taken_back(rich, "anna") as uow:
        replay(uow)
        query = select(col(Task.id)).where(col(Task.kind) == "possible_duplicate").order_by(col(Task.id))

        decide(uow, uow.session.scalars(query).first() or "", "distinct")
        uow.close()

        assert failures(rich, uow.session) == {}


def test_a_sound_hub_has_no_failures(rich: Hub) -> None:
    with rich.read() as session:
        checks = verify(rich, session)

    assert {check.name: check.failures for check in checks if check.failures} == {}
    assert [check.name for check in checks if check.checked == 0] == []


def test_an_empty_hub_is_sound(any_hub: Hub) -> None:
    with any_hub.read() as session:
        assert failures(any_hub, session) == {}


ONE = "(SELECT MIN(golden_id) FROM golden_record WHERE state = 'active' AND entity_type = 'client')"
MERGED = "(SELECT MIN(golden_id) FROM golden_record WHERE state = 'merged')"
MEMBER = "(SELECT MIN(record_id) FROM membership)"

FAULTS = {
    "a live record without golden record": (
        f"DELETE FROM membership WHERE record_id = {MEMBER}",
        "one_golden_record_each",
    ),
    "a golden record without records": (
        "INSERT INTO golden_record VALUES ('client-0', 'client', 'active', 1, '{}')",
        "one_golden_record_each",
    ),
    "a deleted record that still belongs": (
        "INSERT INTO membership SELECT id, last_golden_id, entity_type FROM source_record WHERE NOT live",
        "one_golden_record_each",
    ),
    "a redirect to nowhere": (
        "UPDATE issued_id SET redirected_to = 'client-0' WHERE redirected_to IS NOT NULL",
        "ids_resolve",
    ),
    "a chain of redirects": (
        (
            f"UPDATE issued_id SET redirected_to = {MERGED} WHERE golden_id IN "
            "(SELECT golden_id FROM golden_record WHERE state = 'retired')"
        ),
        "ids_resolve",
    ),
    "an id that leads to nothing": (
        f"DELETE FROM golden_record WHERE golden_id = {MERGED}",
        "ids_resolve",
    ),
    "a golden value nobody stated": (
        "UPDATE golden_record SET cells = REPLACE(CAST(cells AS TEXT), 'Harbour Pine', 'Harbour Fine'){json}",
        "values_explained",
    ),
    "a verdict that is not kept": (
        "UPDATE verdict SET answer = 'distinct' WHERE answer = 'same' AND author = 'bert'",
        "verdicts_kept",
    ),
    "records that a verdict joins apart": (
        "UPDATE verdict SET answer = 'same' WHERE answer = 'distinct' AND author = 'bert'",
        "verdicts_kept",
    ),
    "records that a hold keeps apart in one": (
        (
            "UPDATE membership SET golden_id = (SELECT MIN(golden_id) FROM membership WHERE record_id IN "
            "(SELECT record_id FROM hold_record)) WHERE record_id IN (SELECT record_id FROM hold_record)"
        ),
        "holds_kept",
    ),
    "an event that was edited": ("UPDATE event SET author = 'nobody' WHERE number = 3", "chain_holds"),
    "a log that was cut at its end": (
        "DELETE FROM event WHERE number = (SELECT MAX(number) FROM event)",
        "checkpoints_hold",
    ),
    "a lost version of a golden record": (
        f"DELETE FROM golden_version WHERE version = 1 AND golden_id = {ONE}",
        "history_complete",
    ),
    "a history that says something else": (
        "UPDATE golden_version SET cells = REPLACE(CAST(cells AS TEXT), 'Bristol', 'London'){json}",
        "history_complete",
    ),
    "a version without event": (
        f"UPDATE golden_version SET event_number = 999999 WHERE golden_id = {ONE}",
        "history_complete",
    ),
    "an outbox row without event": (
        "UPDATE outbox_row SET event_number = 999999 WHERE id = (SELECT MIN(id) FROM outbox_row)",
        "changes_published",
    ),
    "a task about a golden record that is gone": (
        f"UPDATE task SET left_golden = {MERGED}",
        "tasks_current",
    ),
    "a task that ranks too high": ("UPDATE task SET rank = rank - 1", "tasks_weighed"),
    "claims that no version states": (
        "UPDATE source_record SET claims = REPLACE(CAST(claims AS TEXT), 'Bristol', 'London'){json}",
        "claims_follow_versions",
    ),
    "a record whose current version is another's": (
        "UPDATE source_record SET current_version_id = 1 WHERE id = (SELECT MAX(id) FROM source_record)",
        "claims_follow_versions",
    ),
    "a record without versions": (
        "DELETE FROM record_version WHERE record_id = (SELECT MAX(id) FROM source_record)",
        "claims_follow_versions",
    ),
    "a version that was edited": (
        "UPDATE record_version SET stated = REPLACE(CAST(stated AS TEXT), 'Bristol', 'London'){json}",
        "versions_vouched_for",
    ),
    "a version whose hash was edited": (
        "UPDATE record_version SET content_hash = 'f' || SUBSTR(content_hash, 2) WHERE id = 3",
        "versions_vouched_for",
    ),
    "a version under another number": (
        "UPDATE record_version SET id = 999999 WHERE id = (SELECT MAX(id) FROM record_version)",
        "versions_vouched_for",
    ),
    "a typed row that reads otherwise": ("UPDATE golden_client SET city = 'London'", "typed_rows_match"),
    "a typed row that is lost": (f"DELETE FROM golden_client WHERE id = {ONE}", "typed_rows_match"),
    "a typed row too many": (
        "INSERT INTO golden_client (id, name) VALUES ('client-0', 'Nobody')",
        "typed_rows_match",
    ),
    "a relation that is lost": ("DELETE FROM relation WHERE attribute = 'client'", "relations_follow"),
    "a relation that nobody states": (
        "UPDATE relation SET attribute = 'owner' WHERE attribute = 'parent'",
        "relations_follow",
    ),
    "a membership whose history is lost": (
        f"DELETE FROM record_link WHERE record_id = {MEMBER}",
        "moments_kept",
    ),
    "a task whose history says something else": (
        "UPDATE task_entry SET weight = weight + 1",
        "queue_kept",
    ),
    "a task that waits in the history alone": ("DELETE FROM task", "queue_kept"),
    "a redirect whose history is lost": ("DELETE FROM id_redirect", "moments_kept"),
    "an id that is said to be disputed": (
        "UPDATE strong_id SET disputant = golden_id",
        "strong_ids_held_once",
    ),
}


@pytest.mark.parametrize(("statement", "check"), FAULTS.values(), ids=FAULTS.keys())
def test_a_planted_fault_is_found_by_its_check(rich: Hub, statement: str, check: str) -> None:
    (name,) = [(run.__doc__ or "").rstrip(".") for run in CHECKS if run.__name__ == check]
    planted = statement.replace("{json}", "::json" if rich.database.is_postgresql else "")

    with taken_back(rich) as uow:
        lift_guards(uow.session)
        changed = uow.session.connection().execute(text(planted.replace("::", r"\:\:")))
        found = failures(rich, uow.session)

    assert changed.rowcount > 0
    assert name in found


def test_every_check_has_a_fault_that_it_finds() -> None:
    assert {check for _, check in FAULTS.values()} == {run.__name__ for run in CHECKS}


def test_a_task_with_a_foreign_id_is_found(rich: Hub) -> None:
    with taken_back(rich) as uow:
        uow.session.execute(text("UPDATE task SET id = 'task-0' WHERE id = (SELECT MIN(id) FROM task)"))
        found = failures(rich, uow.session)

    assert found["Every task is about two current golden records"] == ["task task-0 has a wrong id"]
    assert set(found) == {
        "Every task is about two current golden records",
        "The newest entry of each task's history says what the queue says",
    }
