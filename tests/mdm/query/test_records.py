from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import col, update

from mdm.errors import QueryError, UnknownEntityTypeError
from mdm.hub import Hub
from mdm.query.conditions import Condition, Operator
from mdm.query.keyset import Order
from mdm.query.pages import PageRequest, count, page
from mdm.query.provenance import BeatenClaim, cells_of
from mdm.query.records import golden_by_ids, golden_by_key, golden_of_type
from mdm.query.sources import SourceKey, sources_of
from mdm.resolve.golden_records import end_golden_records
from mdm.store.decisions import IssuedId
from mdm.testing import NOON, make_golden, record


def merge(hub: Hub, loser: str, survivor: str) -> None:
    """What a merge leaves of the loser: an id that leads to the survivor."""
    with hub.write("test") as uow:
        end_golden_records(uow, hub.registry["client"], {loser: survivor})
        redirect = update(IssuedId).where(col(IssuedId.golden_id) == loser).values(redirected_to=survivor)
        uow.session.execute(redirect)


@pytest.fixture
def merged(hub: Hub, put: Callable[..., str]) -> Hub:
    put("worker", "w-1", family_name="Weber")
    put("client", "c-1", name="Alder")
    put("client", "c-2", name="Alder Ltd")
    put("project", "p-1", name="Roof", client="c-1")
    merge(hub, "c-2", "c-1")
    return hub


def test_a_retired_id_leads_to_the_survivor_whoever_asks(merged: Hub) -> None:
    with merged.read() as session:
        of_type = golden_of_type(merged, session, "client", ["c-1", "c-2", "w-1", "nobody"])
        of_any = golden_by_ids(merged, session, ["c-1", "c-2", "w-1", "nobody"])
        referring = page(
            merged, session, "project", PageRequest(conditions=(Condition("client", Operator.eq, "c-2"),))
        )

    assert {asked: row.golden_id for asked, row in of_type.items()} == {"c-1": "c-1", "c-2": "c-1"}
    assert {asked: row.golden_id for asked, row in of_any.items()} == {
        "c-1": "c-1",
        "c-2": "c-1",
        "w-1": "w-1",
    }
    assert [row.golden_id for row in referring.rows] == ["p-1"]


def test_keys_lead_to_golden_ids_of_their_own_type_only(merged: Hub) -> None:
    with merged.read() as session:
        keys = [("erp", "c-1"), ("erp", "w-1"), ("crm", "c-1")]

        found = golden_by_key(merged, session, "client", keys)

    assert {key: row.golden_id for key, row in found.items()} == {("erp", "c-1"): "c-1"}


def test_sources_stand_in_order_and_unknown_ids_have_none(hub: Hub) -> None:
    rows = {"workday": record("2", family_name="Weber"), "erp": record("9", family_name="Weber")}
    make_golden(hub, "worker", "w-1", rows)

    with hub.read() as session:
        found = sources_of(session, ["w-1", "nobody"])

    assert [(m.system, m.key) for m in found["w-1"]] == [("erp", "9"), ("workday", "2")]
    assert found["nobody"] == ()


def test_beaten_claims_come_best_first_and_references_as_golden_ids(
    hub: Hub, put: Callable[..., str]
) -> None:
    put("client", "c-1", source="erp", name="Alder")
    put("client", "c-2", source="crm", name="Birch")
    rows = {
        "psa": record("1", name="Roof", client="crm:c-2"),
        "erp": record("2", NOON - timedelta(days=1), name="Roof works", client="c-1"),
        "crm": record("3", name="Roof (old)", client="crm:nobody"),
    }
    make_golden(hub, "project", "p-1", rows)

    with hub.read() as session:
        cells = {cell.attribute: cell for cell in cells_of(hub, session, ["p-1", "nobody"])["p-1"]}

    assert cells["name"].value == "Roof"
    assert cells["name"].beats == (
        BeatenClaim("Roof works", SourceKey("erp", "2")),
        BeatenClaim("Roof (old)", SourceKey("crm", "3")),
    )
    assert cells["client"].value == "c-2"
    assert cells["client"].beats == (
        BeatenClaim("c-1", SourceKey("erp", "2")),
    )  # an open reference claims nothing


def test_values_that_survive_together_name_the_one_record_they_come_from(hub: Hub) -> None:
    rows = {
        "crm": record("1", name="Alder", street="Old Road 1", city="Leeds", postcode="LS1"),
        "erp": record("2", name="Alder", street="New Road 2", city="York"),
    }
    make_golden(hub, "client", "c-1", rows)

    with hub.read() as session:
        cells = {cell.attribute: cell for cell in cells_of(hub, session, ["c-1"])["c-1"]}

    assert {name: cells[name].source for name in ("street", "city")} == dict.fromkeys(
        ("street", "city"), SourceKey("erp", "2")
    )
    assert cells["street"].beats == (BeatenClaim("Old Road 1", SourceKey("crm", "1")),)
    assert "postcode" not in cells


@pytest.mark.parametrize(
    ("request_", "complaint"),
    [
        (PageRequest(first=201), "first is 201"),
        (PageRequest(conditions=(Condition("colour", Operator.eq, "red"),)), "no attribute 'colour'"),
        (PageRequest(conditions=(Condition("name", Operator.lt, "red"),)), "cannot be compared by lt"),
        (PageRequest(ordering=(Order("colour"),)), "no attribute 'colour'"),
        (PageRequest(ordering=(Order("name"), Order("name"))), "names name twice"),
        (PageRequest(after="?"), "does not belong to this list"),
    ],
)
def test_a_page_that_makes_no_sense_is_refused(
    sqlite_hub: Hub, request_: PageRequest, complaint: str
) -> None:
    with sqlite_hub.read() as session, pytest.raises(QueryError, match=complaint):
        page(sqlite_hub, session, "client", request_)


def test_an_unknown_type_is_refused(sqlite_hub: Hub) -> None:
    with sqlite_hub.read() as session, pytest.raises(UnknownEntityTypeError):
        count(sqlite_hub, session, "planet")
