"""The first records of a thing."""

from __future__ import annotations

import pytest
from deployment import Firm


def test_row_001_the_first_record_of_a_client_becomes_a_golden_record_of_the_hub(firm: Firm) -> None:
    """One source record makes one golden record, whose values and crosswalk say where they come from."""
    firm.load("crm", "client", {"id": "C1", "name": "Quarry Lane Stationers Ltd", "country": "GB"})

    ((key, golden_id),) = firm.crosswalk("client").items()
    client = firm.query(
        "query ($id: ID!) { client(id: $id) { id name country sources { system key } } }", id=golden_id
    )["client"]
    assert key == "crm:C1"
    assert client == {
        "id": golden_id,
        "name": "Quarry Lane Stationers Ltd",
        "country": "GB",
        "sources": [{"system": "crm", "key": "C1"}],
    }
    firm.sound()


QUARRY = {
    "name": "Quarry Lane Stationers Ltd",
    "website": "quarrylane.co.uk",
    "city": "Leeds",
    "country": "GB",
}


def test_row_002_an_unrelated_record_gets_a_golden_record_of_its_own(firm: Firm) -> None:
    """Nothing links two clients that share nothing."""
    firm.load(
        "crm", "client", {"id": "C1", **QUARRY}, {"id": "C2", "name": "Kestrel Foods GmbH", "city": "Köln"}
    )

    assert firm.groups("client") == {frozenset({"crm:C1"}), frozenset({"crm:C2"})}
    assert firm.tasks("client") == []
    firm.sound()


def test_row_003_a_matching_record_of_another_source_joins_the_golden_record(firm: Firm) -> None:
    """The golden id stays; nothing new is made."""
    firm.load("crm", "client", {"id": "C1", **QUARRY})
    before = firm.crosswalk("client")["crm:C1"]
    firm.load("erp", "client", {"id": "E1", **QUARRY})

    assert firm.crosswalk("client") == {"crm:C1": before, "erp:E1": before}
    firm.sound()


def pairs(firm: Firm) -> dict[frozenset[str], str]:
    """The two source keys of every task about clients of one record each, and its kind."""
    keys = {golden_id: key for key, golden_id in firm.crosswalk("client").items()}
    return {
        frozenset({keys[task["left"]["golden_id"]], keys[task["right"]["golden_id"]]}): task["kind"]
        for task in firm.tasks("client")
    }


def test_row_004_a_weak_match_gets_a_golden_record_of_its_own_and_a_task(firm: Firm) -> None:
    """An equal name in another city is enough to ask and too little to decide."""
    firm.load("crm", "client", {"id": "C1", **QUARRY})
    firm.load("erp", "client", {"id": "E1", "name": QUARRY["name"], "city": "York", "country": "GB"})

    assert firm.groups("client") == {frozenset({"crm:C1"}), frozenset({"erp:E1"})}
    assert pairs(firm) == {frozenset({"crm:C1", "erp:E1"}): "possible_match"}
    firm.sound()


@pytest.mark.parametrize("order", ["full other third", "third other full", "other third full"])
def test_row_005_a_weak_match_beside_a_full_one_is_no_task(firm: Firm, order: str) -> None:
    """It is linked to the one; that it resembles a firm with another LEI a little is asked of nobody."""
    known: dict[str, dict[str, str]] = {
        "full": {**QUARRY, "lei": "529900T8BM49AURSDO55"},
        "third": QUARRY,
        "other": {
            "name": QUARRY["name"], "city": "York", "country": "GB", "lei": "5493001KJTIIGC8Y1R12"
        },
    }  # fmt: skip
    for which in order.split():
        firm.load("erp" if which == "third" else "crm", "client", {"id": which, **known[which]})

    assert firm.groups("client") == {frozenset({"crm:full", "erp:third"}), frozenset({"crm:other"})}
    assert firm.tasks("client") == []
    firm.load("crm", "client", {"id": "full", **QUARRY, "lei": None})
    (task,) = firm.tasks("client")
    assert task["kind"] == "possible_match"
    firm.sound()


def test_row_006_a_record_that_matches_two_contradicting_golden_records_chooses_neither(
    firm: Firm,
) -> None:
    """Two LEIs keep the two apart; the third record stands alone, and people are asked about all three."""
    place = {"name": QUARRY["name"], "city": "Leeds", "country": "GB"}
    firm.load("crm", "client", {"id": "C1", **place, "lei": "529900T8BM49AURSDO55"})
    firm.load("clm", "client", {"id": "C2", **place, "lei": "5493001KJTIIGC8Y1R12"})
    before = firm.crosswalk("client")
    firm.load("erp", "client", {"id": "E1", **place})

    after = firm.crosswalk("client")
    assert len(set(after.values())) == 3
    assert after.items() >= before.items()
    assert pairs(firm) == {
        frozenset({"crm:C1", "clm:C2"}): "possible_duplicate",
        frozenset({"crm:C1", "erp:E1"}): "possible_duplicate",
        frozenset({"clm:C2", "erp:E1"}): "possible_duplicate",
    }
    firm.sound()


@pytest.mark.parametrize("order", ["leeds york both", "both york leeds", "york both leeds"])
def test_row_006_a_record_that_matches_two_golden_records_which_agree_joins_them(
    firm: Firm, order: str
) -> None:
    """Too little joins the two; with a record that matches both they are one, whoever came first."""
    name = {"name": "Harbour Pine plc", "country": "GB"}
    place = {"street": "Quay Street 1", "postcode": "LS1 4ND"}
    reach = {"email": "office@harbourpine.co.uk", "phone": "+44 117 496 0101"}
    known: dict[str, dict[str, str]] = {
        "leeds": {**name, **place, "city": "Leeds"},
        "york": {**name, **reach, "city": "York"},
        "both": {**name, **place, **reach},
    }
    for number, which in enumerate(order.split()):
        if which == "both" and number == 2:
            assert len(firm.groups("client")) == 2
        firm.load(f"system{number}", "client", {"id": which, **known[which]})

    assert len(firm.groups("client")) == 1
    assert firm.tasks("client") == []
    firm.sound()


def test_row_007_a_record_without_evidence_stands_alone_until_an_update_brings_some(firm: Firm) -> None:
    """It is stored and takes no candidates; once it says who it is, it joins."""
    firm.load("crm", "client", {"id": "C1", **QUARRY})
    firm.load("erp", "client", {"id": "E1", "status": "active"})
    assert len(firm.groups("client")) == 2
    assert firm.tasks("client") == []

    firm.load("erp", "client", {"id": "E1", **QUARRY})

    assert firm.groups("client") == {frozenset({"crm:C1", "erp:E1"})}
    firm.sound()


def test_row_008_a_client_and_a_worker_are_never_linked(firm: Firm) -> None:
    """A person may be both; each role keeps its own golden record, and the page of either names the other."""
    firm.load("crm", "client", {"id": "C", "name": "Anna Weber", "kind": "person", "email": "anna@weber.eu"})
    anna = {"id": "W", "given_name": "Anna", "family_name": "Weber", "email": "anna@weber.eu"}
    berta = {"id": "X", "given_name": "Berta", "family_name": "Weber", "email": "berta@weber.eu"}
    firm.load("hcm", "worker", anna, berta)

    client, workers = firm.crosswalk("client")["crm:C"], firm.crosswalk("worker")
    assert len({client, *workers.values()}) == 3
    assert firm.tasks("client") == firm.tasks("worker") == []
    for one, other in ((client, workers["hcm:W"]), (workers["hcm:W"], client)):
        page = firm.http("GET", f"/console/golden/{one}").text
        assert "May be the same person in another role" in page
        assert f"/console/golden/{other}" in page
    assert "in another role" not in firm.http("GET", f"/console/golden/{workers['hcm:X']}").text
    firm.sound()


def test_row_009_a_record_that_its_source_wants_left_out_is_stored_but_not_mastered(firm: Firm) -> None:
    """It is in no crosswalk and no golden record, and cannot be linked; without the tag it is mastered."""
    firm.load("crm", "client", {"id": "C1", **QUARRY})
    tagged = {
        "source": "erp",
        "entity_type": "client",
        "records": [{"id": "E1", "do_not_master": True, **QUARRY}],
    }
    answer = firm.http("POST", "/api/v1/records", json=tagged).json()

    assert (answer["records"][0]["status"], answer["records"][0]["golden_id"]) == ("left_out", None)
    assert list(firm.crosswalk("client")) == ["crm:C1"]
    refused = firm.mdm("explain", "crm:C1", "erp:E1", code=1)
    assert "erp" in refused.err
    firm.mdm("steward", "say", "crm:C1", "erp:E1", "same", code=1)
    assert list(firm.crosswalk("client")) == ["crm:C1"]
    firm.load("erp", "client", {"id": "E1", "do_not_master": None, **QUARRY})
    assert firm.groups("client") == {frozenset({"crm:C1", "erp:E1"})}
    firm.sound()


def test_row_010_a_blocked_name_takes_no_candidates(firm: Firm) -> None:
    """Two test clients stay apart, each with a golden record of its own."""
    firm.load("crm", "client", {"id": "C1", **QUARRY, "name": "Test GmbH"})
    firm.load("erp", "client", {"id": "E1", **QUARRY, "name": "Test GmbH"})

    assert len(firm.groups("client")) == 2
    assert firm.tasks("client") == []
    firm.sound()


def test_row_011_a_reference_to_an_unknown_key_waits_until_its_record_is_filled(firm: Firm) -> None:
    """A bare placeholder takes part in no matching; once filled it matches, and the project leads to it."""
    firm.load("erp", "client", {"id": "E1", **QUARRY})
    firm.load("psa", "project", {"id": "P", "name": "Atlas", "client": "crm:C9"})
    firm.load("crm", "client", {"id": "C9", "status": "prospect"})
    placeholder = firm.crosswalk("client")["crm:C9"]
    assert placeholder != firm.crosswalk("client")["erp:E1"]

    firm.load("crm", "client", {"id": "C9", **QUARRY})

    (project,) = firm.golden("project").values()
    assert firm.groups("client") == {frozenset({"crm:C9", "erp:E1"})}
    assert project["client"] == firm.crosswalk("client")["erp:E1"]
    firm.sound()
