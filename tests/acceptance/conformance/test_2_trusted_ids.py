"""Ids that are trusted: tax number, LEI, registration number, and whose they are."""

from __future__ import annotations

import pytest
from deployment import Firm

LEI, OTHER_LEI, THIRD_LEI = "529900T8BM49AURSDO55", "5493001KJTIIGC8Y1R12", "213800WAVVOPS85N2205"
HARBOUR = {"name": "Harbour Pine plc", "website": "harbourpine.co.uk", "city": "Bristol", "country": "GB"}
KESTREL = {"name": "Kestrel Foods GmbH", "website": "kestrel-foods.de", "city": "Köln", "country": "DE"}
PLACE = {"phone": "+44 117 496 0101", "postcode": "BS1 4ND", "street": "Quay Street 1"}


def values(firm: Firm, key: str) -> dict[str, object]:
    """The golden values behind `source:key`."""
    return firm.golden("client")[firm.crosswalk("client")[key]]


def test_row_012_without_an_external_id_the_hub_mints_its_own(firm: Firm) -> None:
    """The id is the hub's, says nothing, and the log says that it was made."""
    firm.load("crm", "client", {"id": "1", **HARBOUR})

    ((key, golden_id),) = firm.crosswalk("client").items()
    assert key == "crm:1"
    assert golden_id.startswith("client-")
    assert "Harbour" not in golden_id
    changes = firm.http("GET", "/api/v1/changes?after=0").json()
    assert golden_id in str(changes)


def test_row_013_an_external_id_that_comes_later_stands_beside_the_golden_id(firm: Firm) -> None:
    """The golden id stays; the LEI becomes one of the values."""
    firm.load("crm", "client", {"id": "1", **HARBOUR})
    before = firm.crosswalk("client")["crm:1"]

    firm.load("erp", "client", {"id": "A", **HARBOUR, "lei": LEI})

    assert firm.crosswalk("client") == {"crm:1": before, "erp:A": before}
    assert values(firm, "crm:1")["lei"] == LEI


def test_row_014_one_lei_links_records_that_differ_in_name_and_city(firm: Firm) -> None:
    """The LEI decides, and the golden record and the explanation warn of what speaks against."""
    firm.load("crm", "client", {"id": "1", "name": "Harbour Pine plc", "city": "Bristol", "lei": LEI})
    firm.load("erp", "client", {"id": "A", "name": "Kestrel Foods GmbH", "city": "Köln", "lei": LEI})

    assert firm.groups("client") == {frozenset({"crm:1", "erp:A"})}
    against = firm.mdm("explain", "crm:1", "erp:A", "--json").json["reasons"]
    assert {r["column"] for r in against if r["weight"] < 0} >= {"name", "city"}
    page = firm.http("GET", f"/console/golden/{firm.crosswalk('client')['crm:1']}").text
    assert "differ in" in page
    firm.sound()


def test_row_015_different_leis_keep_equal_names_and_addresses_apart(firm: Firm) -> None:
    """Two golden records, flagged as possible duplicates, because a person has to say which id is wrong."""
    firm.load("crm", "client", {"id": "1", **HARBOUR, **PLACE, "lei": LEI})
    firm.load("erp", "client", {"id": "A", **HARBOUR, **PLACE, "lei": OTHER_LEI})

    assert len(firm.groups("client")) == 2
    (task,) = firm.tasks("client")
    assert task["kind"] == "possible_duplicate"
    firm.mdm("replay")
    assert firm.tasks("client") == [task]
    firm.sound()


@pytest.mark.parametrize(("number", "things"), [("C-1001", 1), ("C-1002", 1), ("C-9003", 2)])
def test_row_016_any_of_several_ids_of_one_system_links(firm: Firm, number: str, things: int) -> None:
    """A firm that is known under two client numbers takes in a record with either, and with no other."""
    firm.load("erp", "client", {"id": "A", **HARBOUR, **PLACE, "client_number": "C-1001"})
    firm.load("psa", "client", {"id": "B", **HARBOUR, **PLACE, "client_number": "C-1002"})
    assert len(firm.groups("client")) == 1

    firm.load("crm", "client", {"id": "1", "name": "Harbour Pine", "client_number": number})

    assert len(firm.groups("client")) == things
    firm.sound()


def test_row_017_an_equal_text_in_two_id_systems_is_no_match(firm: Firm) -> None:
    """A registration number that equals somebody's client number says nothing."""
    firm.load("crm", "client", {"id": "1", **HARBOUR, "registration_number": "12345678"})
    firm.load("erp", "client", {"id": "A", **KESTREL, "client_number": "12345678"})

    assert len(firm.groups("client")) == 2
    assert firm.tasks("client") == []


def test_row_018_in_strict_mode_an_id_may_be_added_but_not_changed(firm: Firm) -> None:
    """The row goes to quarantine with the reason; file and service say the same."""
    firm.settings("[trusted_ids.client.lei]\nmay_change = false\n")
    firm.load("crm", "client", {"id": "1", **HARBOUR, "changed_at": "2026-01-01"})
    firm.load("crm", "client", {"id": "1", **HARBOUR, "lei": LEI, "changed_at": "2026-01-02"})
    assert values(firm, "crm:1")["lei"] == LEI

    row = {"id": "1", **HARBOUR, "lei": OTHER_LEI, "changed_at": "2026-01-03"}
    said = firm.load("crm", "client", row, code=3)
    body = {"source": "crm", "entity_type": "client", "records": [row]}
    answer = firm.http("POST", "/api/v1/records", json=body)

    assert values(firm, "crm:1")["lei"] == LEI
    assert "may not change" in said.out + said.err + firm.mdm("quarantine", "list").out
    assert "may not change" in answer.text
    firm.sound()


def test_row_019_the_golden_id_stays_when_the_trusted_id_of_its_only_source_changes(firm: Firm) -> None:
    """Unless strict mode forbids it, the new id takes the old one's place."""
    firm.load("crm", "client", {"id": "1", **HARBOUR, "lei": LEI, "changed_at": "2026-01-01"})
    before = firm.crosswalk("client")

    firm.load("crm", "client", {"id": "1", **HARBOUR, "lei": OTHER_LEI, "changed_at": "2026-01-02"})

    assert firm.crosswalk("client") == before
    assert values(firm, "crm:1")["lei"] == OTHER_LEI


def test_row_020_a_record_that_takes_anothers_id_moves_there(firm: Firm) -> None:
    """It moves to the golden record of that id; its own is retired once it is empty, and still resolves."""
    firm.load("crm", "client", {"id": "1", **HARBOUR, **PLACE, "lei": LEI, "changed_at": "2026-01-01"})
    firm.load("erp", "client", {"id": "A", **HARBOUR, **PLACE, "lei": OTHER_LEI, "changed_at": "2026-01-01"})
    before = firm.crosswalk("client")
    assert before["crm:1"] != before["erp:A"]

    firm.load("crm", "client", {"id": "1", **HARBOUR, **PLACE, "lei": OTHER_LEI, "changed_at": "2026-01-02"})

    after = firm.crosswalk("client")
    assert after["crm:1"] == after["erp:A"]
    assert after["crm:1"] in before.values()
    left = next(i for i in before.values() if i != after["crm:1"])
    assert firm.http("GET", f"/console/golden/{left}").status_code == 200
    assert firm.tasks("client") == []
    firm.sound()


def test_row_021_a_record_with_the_ids_of_two_golden_records_joins_neither(firm: Firm) -> None:
    """It stands alone; it is possible for both, and those are possible duplicates; nothing is chosen."""
    firm.settings("[trusted_ids.client.registration_number]\nproof = true\n")
    both = {**HARBOUR, **PLACE}
    firm.load("crm", "client", {"id": "1", **both, "lei": LEI, "registration_number": "01234567"})
    firm.load("erp", "client", {"id": "A", **both, "lei": OTHER_LEI, "registration_number": "07654321"})
    firm.load("clm", "client", {"id": "x", **both, "lei": LEI, "registration_number": "07654321"})

    assert len(firm.groups("client")) == 3
    ids = firm.crosswalk("client")
    pairs = {frozenset((t["left"]["golden_id"], t["right"]["golden_id"])) for t in firm.tasks("client")}
    assert pairs == {
        frozenset((ids["crm:1"], ids["erp:A"])),
        frozenset((ids["crm:1"], ids["clm:x"])),
        frozenset((ids["erp:A"], ids["clm:x"])),
    }
    firm.sound()


def test_row_022_a_joining_records_id_does_not_overwrite_the_golden_one(firm: Firm) -> None:
    """The ERP's client number stays, though the CRM's record with another one came later."""
    firm.load(
        "erp",
        "client",
        {"id": "A", **HARBOUR, **PLACE, "client_number": "C-1001", "changed_at": "2026-01-01"},
    )
    firm.load(
        "crm", "client", {"id": "1", **HARBOUR, **PLACE, "client_number": "77", "changed_at": "2026-02-01"}
    )

    assert len(firm.groups("client")) == 1
    assert values(firm, "erp:A")["client_number"] == "C-1001"


def test_row_023_an_id_that_many_unlike_records_share_loses_its_force(firm: Firm) -> None:
    """What it joined at first is looked at again and parted, whatever the order in which they came."""
    firm.settings("[trusted_ids.client.tax_id]\nproof = true\n")
    shared = {"tax_id": "DE136695976", "country": "DE"}
    names = ["Amsel", "Birke", "Cedar", "Drossel", "Eiche", "Falke", "Ginster", "Habicht", "Iltis", "Jasmin"]
    firm.load("erp", "client", {"id": "0", "name": f"{names[0]} Bau GmbH", "city": "Köln", **shared})
    firm.load("crm", "client", {"id": "1", "name": f"{names[1]} Druck AG", "city": "Ulm", **shared})
    assert len(firm.groups("client")) == 1

    rows = [{"id": f"{i}", "name": f"{n} Handel KG", "city": n, **shared} for i, n in enumerate(names[2:], 2)]
    firm.load("erp", "client", *rows)

    assert len(firm.groups("client")) == len(names)
    firm.sound()


def test_row_024_an_id_that_no_authority_can_have_issued_is_refused_with_the_reason(firm: Firm) -> None:
    """A wrong check digit, and a number outside the range of the country that the record names."""
    firm.settings(
        "[trusted_ids.client]\nlei = { refuse_invalid = true }\ntax_id = { refuse_invalid = true }\n"
    )
    wrong = {"id": "1", **HARBOUR, "lei": "529900T8BM49AURSDO56"}
    foreign = {"id": "2", **KESTREL, "tax_id": "DE000000000"}
    firm.load("crm", "client", wrong, code=3)
    firm.load("crm", "client", foreign, code=3)

    assert firm.crosswalk("client") == {}
    said = firm.mdm("quarantine", "list").out
    assert "is no valid LEI" in said
    assert "is no valid tax id" in said
