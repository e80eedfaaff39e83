"""What becomes of golden records while source records come, change, leave and come back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlmodel import SQLModel, col

from mdm.golden_ids import golden_id_of, resolve_id
from mdm.hub import Hub
from mdm.ingest import IncomingRecord
from mdm.replay import replay
from mdm.resolve import Resolved, resolve
from mdm.resolve.pair_explanation import explain_pair
from mdm.resolve.references import parse_reference
from mdm.store.decisions import Event, GoldenVersion, IssuedId
from mdm.store.derived import Edge, GoldenRecord, Membership, Relation, Task
from mdm.store.publishing import OutboxRow, Receipt
from mdm.store.records import SourceRecord
from mdm.testing import NOON, hub_at, partition, record, take_in
from mdm.verify import verify

HARBOUR: dict[str, Any] = {
    "name": "Harbour Pine plc",
    "website": "harbourpine.co.uk",
    "email": "office@harbourpine.co.uk",
    "phone": "+44 117 496 0101",
    "postcode": "BS1 4ND",
    "city": "Bristol",
}
KESTREL: dict[str, Any] = {
    "name": "Kestrel Foods GmbH",
    "website": "kestrel-foods.de",
    "email": "info@kestrel-foods.de",
    "phone": "+49 221 5550100",
    "postcode": "50667",
    "city": "Köln",
}
ZEPHYR: dict[str, Any] = {
    "name": "Zephyr Lighting AB",
    "website": "zephyr.se",
    "email": "hej@zephyr.se",
    "phone": "+46 8 5550123",
    "postcode": "111 22",
    "city": "Stockholm",
}
ONE_LEI, OTHER_LEI = "529900T8BM49AURSDO55", "5493001KJTIIGC8Y1R12"
ONE_TAX_ID, OTHER_TAX_ID = "DE136695976", "DE811907980"
FULL: dict[str, Any] = {**HARBOUR, "street": "Quay Street 1", "country": "GB", "client_number": "C-1001"}


def load(hub: Hub, source: str, *records: IncomingRecord, entity: str = "client") -> Resolved:
    return take_in(hub, source, entity, records)[1]


def golden(hub: Hub, name: str, entity: str = "client") -> str:
    """The golden id behind `source:key`."""
    source, key = name.split(":")
    with hub.read() as session:
        return golden_id_of(session, entity, source, key)


def cells(hub: Hub, golden_id: str) -> dict[str, Any]:
    with hub.read() as session:
        return {n: c["value"] for n, c in session.get_one(GoldenRecord, golden_id).cells.items()}


def state(hub: Hub, golden_id: str) -> tuple[str, str]:
    with hub.read() as session:
        found = resolve_id(session, golden_id)
        return found.state, found.golden_id


def tasks(hub: Hub) -> dict[str, set[str]]:
    """Cause to the golden ids that tasks are about."""
    with hub.read() as session:
        found: dict[str, set[str]] = {}
        for task in session.scalars(select(Task)):
            found.setdefault(task.cause, set()).update({task.left_golden, task.right_golden})
        return found


def count(hub: Hub, *tables: type[SQLModel]) -> list[int]:
    with hub.read() as session:
        return [session.scalar(select(func.count()).select_from(table)) or 0 for table in tables]


def relations(hub: Hub, golden_id: str) -> dict[str, str]:
    with hub.read() as session:
        query = select(Relation).where(col(Relation.from_id) == golden_id)
        return {r.attribute: r.to_id for r in session.scalars(query)}


def is_sound(hub: Hub) -> bool:
    with hub.read() as session:
        return [failure for check in verify(hub, session) for failure in check.failures] == []


# --- records come, change and leave ---


def test_a_record_gets_a_golden_record_with_its_values(any_hub: Hub) -> None:
    resolved = load(any_hub, "crm", record("1", **HARBOUR))

    found = golden(any_hub, "crm:1")
    assert (resolved.created, resolved.changed, resolved.merged) == (1, 0, 0)
    assert cells(any_hub, found) == HARBOUR
    assert state(any_hub, found) == ("current", found)


def test_a_record_of_the_same_thing_joins_it(any_hub: Hub) -> None:
    load(any_hub, "crm", record("1", **HARBOUR))
    first = golden(any_hub, "crm:1")

    resolved = load(any_hub, "erp", record("A", **HARBOUR, currency="GBP"))

    assert (resolved.created, resolved.changed) == (0, 1)
    assert golden(any_hub, "erp:A") == first
    assert cells(any_hub, first)["currency"] == "GBP"


def test_a_record_of_another_thing_stays_apart(any_hub: Hub) -> None:
    load(any_hub, "crm", record("1", **HARBOUR), record("2", **KESTREL))

    assert golden(any_hub, "crm:1") != golden(any_hub, "crm:2")
    assert tasks(any_hub) == {}


def test_equal_names_of_two_types_are_never_joined(any_hub: Hub) -> None:
    load(any_hub, "crm", record("1", name="Weber", email="anna@weber.de", kind="person"))
    load(any_hub, "hcm", record("1", family_name="Weber", email="anna@weber.de"), entity="worker")

    with any_hub.read() as session:
        assert len(partition(session)) == 2


def test_an_update_that_makes_it_another_thing_parts_it(any_hub: Hub) -> None:
    load(any_hub, "crm", record("1", **HARBOUR))
    load(any_hub, "erp", record("A", **HARBOUR))
    first = golden(any_hub, "crm:1")

    resolved = load(any_hub, "erp", record("A", NOON + timedelta(days=1), **KESTREL))

    assert resolved.created == 1
    assert golden(any_hub, "crm:1") == first
    assert golden(any_hub, "erp:A") != first
    assert cells(any_hub, first) == HARBOUR
    assert is_sound(any_hub)


def test_the_last_record_that_leaves_retires_the_golden_record_and_its_id_comes_back(any_hub: Hub) -> None:
    load(any_hub, "crm", record("1", **HARBOUR))
    found = golden(any_hub, "crm:1")

    gone = load(any_hub, "crm", record("1", NOON + timedelta(days=1), deleted=True))
    retired = state(any_hub, found)
    load(any_hub, "crm", record("1", NOON + timedelta(days=2), **HARBOUR))

    assert gone.retired == 1
    assert retired == ("retired", found)
    assert golden(any_hub, "crm:1") == found
    assert state(any_hub, found) == ("current", found)
    assert is_sound(any_hub)


def test_a_golden_record_outlives_one_of_its_records(any_hub: Hub) -> None:
    load(any_hub, "crm", record("1", **HARBOUR))
    load(any_hub, "erp", record("A", **HARBOUR, currency="GBP"))
    found = golden(any_hub, "crm:1")

    load(any_hub, "erp", record("A", NOON + timedelta(days=1), deleted=True))

    assert state(any_hub, found) == ("current", found)
    assert cells(any_hub, found) == HARBOUR


def test_the_same_rows_again_write_nothing(ready_url: str) -> None:
    hub = hub_at(ready_url, targets={"lake": {"kind": "file", "path": "lake"}})
    batches: list[tuple[str, str, IncomingRecord]] = [
        ("crm", "client", record("1", **HARBOUR)),
        ("erp", "client", record("A", **HARBOUR)),
        ("psa", "project", record("p", name="ERP rollout", client="crm:1")),
    ]
    for source, entity, row in batches:
        take_in(hub, source, entity, [row])
    before = count(hub, Event, OutboxRow, GoldenVersion, IssuedId, Edge, Membership)

    resolved = [take_in(hub, source, entity, [row])[1] for source, entity, row in batches]

    assert count(hub, Event, OutboxRow, GoldenVersion, IssuedId, Edge, Membership) == before
    assert before[1] > 0
    assert resolved == [Resolved()] * 3
    hub.close()


def test_resolving_everything_again_mints_and_writes_nothing(any_hub: Hub) -> None:
    load(any_hub, "crm", record("1", **HARBOUR), record("2", **KESTREL))
    load(any_hub, "erp", record("A", **HARBOUR))
    before = count(any_hub, Event, GoldenVersion, IssuedId)
    ids = {name: golden(any_hub, name) for name in ("crm:1", "crm:2", "erp:A")}

    with any_hub.write() as uow:
        again = resolve(
            uow, {"client": [row[0] for row in uow.session.execute(select(col(SourceRecord.id)))]}
        )

    assert count(any_hub, Event, GoldenVersion, IssuedId) == before
    assert {name: golden(any_hub, name) for name in ids} == ids
    assert (again.created, again.changed, again.unchanged) == (0, 0, 2)


# --- ids ---


@pytest.fixture
def three(any_hub: Hub) -> Mapping[str, str]:
    """Three unlike clients, oldest first, by what they are."""
    for key, values in (("1", HARBOUR), ("2", KESTREL), ("3", ZEPHYR)):
        load(any_hub, "crm", record(key, **values))
    return {key: golden(any_hub, f"crm:{key}") for key in "123"}


def become(hub: Hub, key: str, values: Mapping[str, Any], day: int) -> Resolved:
    return load(hub, "crm", record(key, NOON + timedelta(days=day), **values))


def test_of_two_golden_records_that_merge_the_older_id_survives(
    any_hub: Hub, three: Mapping[str, str]
) -> None:
    resolved = become(any_hub, "2", HARBOUR, 1)

    assert resolved.merged == 1
    assert state(any_hub, three["2"]) == ("merged", three["1"])
    assert state(any_hub, three["1"]) == ("current", three["1"])
    assert is_sound(any_hub)


def test_of_two_golden_records_that_merge_the_published_id_survives(
    any_hub: Hub, three: Mapping[str, str]
) -> None:
    with any_hub.write() as uow:
        told = Receipt(
            target="lake",
            golden_id=three["2"],
            entity_type="client",
            version=1,
            event_id="evt",
            attempt=1,
            outcome="delivered",
            at=uow.now,
        )
        uow.session.add(told)

    become(any_hub, "2", HARBOUR, 1)

    assert state(any_hub, three["1"]) == ("merged", three["2"])


def test_a_chain_of_merges_is_one_hop(any_hub: Hub, three: Mapping[str, str]) -> None:
    become(any_hub, "3", KESTREL, 1)
    assert state(any_hub, three["3"]) == ("merged", three["2"])

    load(any_hub, "crm", *(record(key, NOON + timedelta(days=2), **HARBOUR) for key in "23"))

    assert state(any_hub, three["2"]) == ("merged", three["1"])
    assert state(any_hub, three["3"]) == ("merged", three["1"])
    assert is_sound(any_hub)


def test_a_merge_is_told_with_its_successor(any_hub: Hub, three: Mapping[str, str]) -> None:
    become(any_hub, "2", HARBOUR, 1)

    with any_hub.read() as session:
        told = session.scalars(select(Event).where(col(Event.type) == "golden.merged")).one()
    assert (told.subject, told.details["into"]) == (three["2"], three["1"])


def test_a_redirected_id_comes_back_when_its_record_leaves(any_hub: Hub, three: Mapping[str, str]) -> None:
    become(any_hub, "2", HARBOUR, 1)

    become(any_hub, "2", KESTREL, 2)

    assert golden(any_hub, "crm:2") == three["2"]
    assert state(any_hub, three["2"]) == ("current", three["2"])
    assert cells(any_hub, three["2"]) == KESTREL
    assert cells(any_hub, three["1"]) == HARBOUR
    assert count(any_hub, IssuedId) == [3]
    assert is_sound(any_hub)


def test_at_a_split_the_majority_keeps_the_id(any_hub: Hub) -> None:
    load(any_hub, "crm", record("1", **HARBOUR))
    first = golden(any_hub, "crm:1")
    load(any_hub, "erp", record("A", **HARBOUR))
    load(any_hub, "clm", record("x", **HARBOUR))

    become(any_hub, "1", KESTREL, 1)

    assert {golden(any_hub, "erp:A"), golden(any_hub, "clm:x")} == {first}
    assert golden(any_hub, "crm:1") != first
    assert is_sound(any_hub)


def test_at_an_even_split_the_id_stays_with_the_record_it_was_issued_for(any_hub: Hub) -> None:
    load(any_hub, "crm", record("1", **HARBOUR))
    load(any_hub, "erp", record("A", **HARBOUR))
    first = golden(any_hub, "crm:1")

    become(any_hub, "1", KESTREL, 1)

    assert golden(any_hub, "crm:1") == first
    assert golden(any_hub, "erp:A") != first


def test_ids_say_their_type_and_nothing_else(any_hub: Hub, three: Mapping[str, str]) -> None:
    for golden_id in three.values():
        kind, _, token = golden_id.partition("-")

        assert kind == "client"
        assert len(token) == 12
        assert token.isalnum()


# --- references ---


def project(hub: Hub, client: str, key: str = "p", name: str = "ERP rollout") -> str:
    load(hub, "psa", record(key, name=name, code=f"P-{key}", client=client), entity="project")
    return golden(hub, f"psa:{key}", "project")


def test_a_reference_leads_to_the_golden_record(any_hub: Hub) -> None:
    load(any_hub, "crm", record("1", **HARBOUR))

    found = project(any_hub, "crm:1")

    assert relations(any_hub, found) == {"client": golden(any_hub, "crm:1")}
    assert cells(any_hub, found)["client"] == golden(any_hub, "crm:1")


def test_a_key_without_source_is_one_of_the_own_source(any_hub: Hub) -> None:
    load(any_hub, "psa", record("1", **HARBOUR))

    assert relations(any_hub, project(any_hub, "1")) == {"client": golden(any_hub, "psa:1")}


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("7", ("psa", "7")),
        ("crm:7", ("crm", "7")),
        ("crm:7:1", ("crm", "7:1")),
        ("file.crm-1:7", ("file.crm-1", "7")),
        ("4711: Strategy", ("psa", "4711: Strategy")),
        (":7", ("psa", ":7")),
    ],
)
def test_a_reference_names_a_source_and_a_key(text: str, key: tuple[str, str]) -> None:
    assert parse_reference(text, "psa") == key


def test_a_reference_waits_for_its_target(any_hub: Hub) -> None:
    found = project(any_hub, "crm:1")
    assert relations(any_hub, found) == {}

    load(any_hub, "crm", record("1", **HARBOUR))

    assert relations(any_hub, found) == {"client": golden(any_hub, "crm:1")}
    assert is_sound(any_hub)


def test_a_reference_that_is_no_evidence_waits_too(any_hub: Hub) -> None:
    load(any_hub, "crm", record("1", **HARBOUR, owner="hcm:w"))
    load(any_hub, "hcm", record("w", family_name="Weber", given_name="Anna"), entity="worker")

    assert relations(any_hub, golden(any_hub, "crm:1")) == {"owner": golden(any_hub, "hcm:w", "worker")}


def test_references_follow_a_merge_and_its_end(any_hub: Hub, three: Mapping[str, str]) -> None:
    found = project(any_hub, "crm:2")

    become(any_hub, "2", HARBOUR, 1)
    merged = relations(any_hub, found)
    become(any_hub, "2", KESTREL, 2)

    assert merged == {"client": three["1"]}
    assert relations(any_hub, found) == {"client": three["2"]}
    assert is_sound(any_hub)


def test_a_reference_to_a_deleted_record_leads_to_its_golden_record(any_hub: Hub) -> None:
    load(any_hub, "crm", record("1", **HARBOUR))
    load(any_hub, "erp", record("A", **HARBOUR))
    found = project(any_hub, "crm:1")

    load(any_hub, "crm", record("1", NOON + timedelta(days=1), deleted=True))

    assert relations(any_hub, found) == {"client": golden(any_hub, "erp:A")}
    assert is_sound(any_hub)


def test_a_reference_to_a_deleted_record_follows_the_merge_of_its_golden_record(any_hub: Hub) -> None:
    load(any_hub, "crm", record("1", **KESTREL))
    load(any_hub, "crm", record("2", **HARBOUR))
    load(any_hub, "erp", record("A", **HARBOUR))
    found = project(any_hub, "crm:2")
    load(any_hub, "crm", record("2", NOON + timedelta(days=1), deleted=True))

    load(any_hub, "erp", record("A", NOON + timedelta(days=2), **KESTREL))

    assert relations(any_hub, found) == {"client": golden(any_hub, "crm:1")}
    assert is_sound(any_hub)


def test_a_reference_to_the_own_golden_record_is_dropped(any_hub: Hub) -> None:
    load(any_hub, "crm", record("1", **HARBOUR))
    load(any_hub, "erp", record("A", **HARBOUR, parent="crm:1"))
    found = golden(any_hub, "crm:1")

    assert golden(any_hub, "erp:A") == found
    assert relations(any_hub, found) == {}
    assert "parent" not in cells(any_hub, found)


def test_a_reference_to_another_golden_record_of_the_type_is_kept(any_hub: Hub) -> None:
    load(any_hub, "crm", record("1", **HARBOUR), record("2", **KESTREL, parent="1"))

    assert relations(any_hub, golden(any_hub, "crm:2")) == {"parent": golden(any_hub, "crm:1")}


# --- exact keys ---


def assignment(hub: Hub, source: str, key: str, **values: str) -> str:
    stated: dict[str, Any] = {
        "worker": "hcm:w",
        "project": "psa:p",
        "role": "Analyst",
        "start_date": "2026-01-01",
    } | values
    load(hub, source, record(key, **stated), entity="assignment")
    return golden(hub, f"{source}:{key}", "assignment")


@pytest.fixture
def staffed(any_hub: Hub) -> Hub:
    """A worker known to two sources under two keys, and a project."""
    person: dict[str, Any] = {
        "family_name": "Weber",
        "given_name": "Anna",
        "birth_date": "1980-02-01",
        "email": "a.weber@firm.eu",
    }
    load(any_hub, "hcm", record("w", **person), entity="worker")
    load(any_hub, "psa", record("77", **person), entity="worker")
    load(any_hub, "psa", record("p", name="ERP rollout"), entity="project")
    return any_hub


def test_assignments_of_one_exact_key_are_one_whatever_their_references_are_called(staffed: Hub) -> None:
    one = assignment(staffed, "psa", "a")

    assert assignment(staffed, "jira", "b", worker="psa:77", role=" analyst ") == one


@pytest.mark.parametrize(
    "difference", [{"role": "Analysts"}, {"start_date": "2026-01-02"}, {"worker": "hcm:other"}], ids=str
)
def test_assignments_that_differ_in_one_part_of_the_key_are_two(
    staffed: Hub, difference: dict[str, str]
) -> None:
    one = assignment(staffed, "psa", "a")

    assert assignment(staffed, "jira", "b", **difference) != one
    assert tasks(staffed) == {}


def test_rates_join_by_exact_key_once_their_references_are_known(any_hub: Hub) -> None:
    rate: dict[str, Any] = {"kind": "bill", "unit": "hour", "currency": "GBP", "valid_from": "2026-01-01"}
    load(any_hub, "psa", record("r", **rate, amount=180.0, client="crm:1"), entity="rate")
    load(any_hub, "erp", record("s", **rate, amount=185.0, client="erp:A"), entity="rate")
    apart = golden(any_hub, "psa:r", "rate") != golden(any_hub, "erp:s", "rate")

    load(any_hub, "crm", record("1", **HARBOUR))
    load(any_hub, "erp", record("A", **HARBOUR))

    assert apart
    assert golden(any_hub, "psa:r", "rate") == golden(any_hub, "erp:s", "rate")
    assert is_sound(any_hub)


# --- what takes no part, or must not decide ---


@pytest.mark.parametrize("name", ["Test GmbH", "Dummy Ltd", "unknown", "n/a"])
def test_a_block_listed_name_takes_no_candidates(any_hub: Hub, name: str) -> None:
    stated = {**HARBOUR, "name": name}
    load(any_hub, "crm", record("1", **stated))
    load(any_hub, "erp", record("A", **stated))

    assert golden(any_hub, "crm:1") != golden(any_hub, "erp:A")
    assert tasks(any_hub) == {}


def test_the_settings_block_further_names(ready_url: str) -> None:
    hub = hub_at(ready_url, matching={"block_list": ["Harbour Pine PLC"]})
    load(hub, "crm", record("1", **HARBOUR))
    load(hub, "erp", record("A", **HARBOUR))

    assert golden(hub, "crm:1") != golden(hub, "erp:A")
    hub.close()


NAMES = [
    "Aldgate Bakery",
    "Beacon Tools",
    "Copper Kettle",
    "Drummond Rail",
    "Elmwood Care",
    "Fenland Marine",
    "Gable Roofs",
    "Hollin Press",
    "Iris Optics",
    "Juniper Wines",
    "Kelso Mills",
    "Larch Timber",
    "Moss Freight",
    "Nettle Dyes",
    "Orchard Homes",
    "Pewter Works",
    "Quince Foods",
    "Rowan Books",
    "Saffron Spice",
    "Thistle Wool",
    "Umber Paints",
    "Violet Salon",
    "Willow Baskets",
    "Xenon Lamps",
    "Yarrow Herbs",
    "Zinc Castings",
]


def test_a_switchboard_that_many_clients_share_loses_its_force_and_fuses_nobody(any_hub: Hub) -> None:
    shared = "+44 20 7946 0000"
    load(any_hub, "crm", *(record(str(n), name=name, phone=shared) for n, name in enumerate(NAMES[:2])))
    with any_hub.read() as session:
        before = {r.column: r.weight for r in explain_pair(any_hub, session, 1, 2).reasons}

    load(any_hub, "crm", *(record(str(n), name=name, phone=shared) for n, name in enumerate(NAMES)))

    with any_hub.read() as session:
        after = {r.column: r.weight for r in explain_pair(any_hub, session, 1, 2).reasons}
        assert len(partition(session)) == len(NAMES)
    assert before["phone"] > 0
    assert after["phone"] == 0


def test_what_leaned_on_a_switchboard_is_looked_at_again(any_hub: Hub) -> None:
    shared = "+44 20 7946 0000"
    alike = [
        record("1", name="Harbour Pine plc", phone=shared),
        record("2", name="Harbor Pyne", phone=shared),
    ]
    load(any_hub, "crm", *alike)
    with any_hub.read() as session:
        before = session.scalars(select(col(Edge.weight))).one()

    load(any_hub, "erp", *(record(str(n), name=name, phone=shared) for n, name in enumerate(NAMES)))

    with any_hub.read() as session:
        after = session.scalars(select(col(Edge.weight))).all()
    assert all(weight < before for weight in after)


@pytest.mark.parametrize(
    ("left", "right"),
    [({"lei": ONE_LEI}, {"lei": OTHER_LEI}), ({"tax_id": ONE_TAX_ID}, {"tax_id": OTHER_TAX_ID})],
    ids=["lei", "tax id"],
)
def test_different_official_ids_keep_apart_what_else_agrees_and_ask(
    any_hub: Hub, left: dict[str, Any], right: dict[str, Any]
) -> None:
    load(any_hub, "crm", record("1", **FULL, **left))
    load(any_hub, "erp", record("A", **FULL, **right))

    both = {golden(any_hub, "crm:1"), golden(any_hub, "erp:A")}
    assert len(both) == 2
    assert tasks(any_hub) == {"exclusive_id": both}


def test_a_record_that_fits_two_contradicting_clients_joins_neither(any_hub: Hub) -> None:
    load(any_hub, "crm", record("1", **FULL, lei=ONE_LEI))
    load(any_hub, "erp", record("A", **FULL, lei=OTHER_LEI))

    load(any_hub, "clm", record("x", **FULL))

    ids = {golden(any_hub, name) for name in ("crm:1", "erp:A", "clm:x")}
    assert len(ids) == 3
    assert tasks(any_hub)["ambiguous"] == ids


def test_a_task_goes_when_its_reason_goes(any_hub: Hub) -> None:
    load(any_hub, "crm", record("1", **FULL, lei=ONE_LEI))
    load(any_hub, "erp", record("A", **FULL, lei=OTHER_LEI))

    mended = load(any_hub, "erp", record("A", NOON + timedelta(days=1), **FULL, lei=ONE_LEI))

    assert (mended.merged, mended.tasks_closed) == (1, 1)
    assert tasks(any_hub) == {}
    assert is_sound(any_hub)


def test_a_record_that_changes_no_value_is_a_version_of_the_golden_record_that_it_joins(any_hub: Hub) -> None:
    hub = any_hub
    row = {"name": "Harbour Pine plc", "website": "harbourpine.co.uk", "city": "Bristol", "country": "GB"}
    take_in(hub, "erp", "client", [record("A", **row)])
    take_in(hub, "clm", "client", [record("x", NOON - timedelta(days=9), **row)])

    with hub.read() as session:
        first, second = session.scalars(select(GoldenVersion).order_by(col(GoldenVersion.version)))
    assert (len(first.records), len(second.records), first.cells) == (1, 2, second.cells)
    before = count(hub, GoldenVersion, Event)
    with hub.write() as uow:
        replay(uow)
    assert count(hub, GoldenVersion, Event) == before
