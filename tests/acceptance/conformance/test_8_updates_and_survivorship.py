"""Updates, deletions, survivorship and stewards' values."""

from __future__ import annotations

from typing import Any

import time_machine
from deployment import Firm

HARBOUR = {"name": "Harbour Pine plc", "website": "harbourpine.co.uk", "city": "Bristol", "country": "GB"}
TYPED, FIRST, SECOND = "+44 20 7946 0101", "+44 20 7946 0102", "+44 20 7946 0103"


def one(firm: Firm, entity_type: str = "client") -> tuple[str, dict[str, Any]]:
    """The only golden record, with its values."""
    ((golden_id, values),) = firm.golden(entity_type).items()
    return golden_id, values


def test_row_094_an_override_until_the_basis_changes_outlives_a_reload_of_the_same_values(
    firm: Firm,
) -> None:
    """Only another value of the source ends it, and the hub says that it is so."""
    firm.load("crm", "client", {"id": "1", **HARBOUR, "phone": FIRST, "changed_at": "2026-01-01"})
    golden_id, _ = one(firm)
    firm.mdm("override", f"{golden_id}.phone", TYPED, "--until", "basis", "--reason", "they rang")

    firm.load("crm", "client", {"id": "1", **HARBOUR, "phone": FIRST, "changed_at": "2026-01-02"})
    assert one(firm)[1]["phone"] == TYPED
    assert "until the sources change" in firm.mdm("explain", f"{golden_id}.phone").out
    firm.load("crm", "client", {"id": "1", **HARBOUR, "phone": SECOND, "changed_at": "2026-01-03"})

    assert one(firm)[1]["phone"] == SECOND
    page = firm.http("GET", f"/console/golden/{golden_id}").text
    assert "they rang" in page
    assert "stale: the sources have changed since" in page
    firm.sound()


def test_row_095_overrides_on_both_sides_of_a_merge_are_a_task(firm: Firm) -> None:
    """Neither steward's value is dropped in silence: the survivor's stays, and somebody has to choose."""
    more = {"email": "office@harbourpine.co.uk", "street": "Quay Street 1", "postcode": "BS1 4ND"}
    firm.load("crm", "client", {"id": "1", **HARBOUR, **more, "lei": "529900T8BM49AURSDO55"})
    firm.load("erp", "client", {"id": "A", **HARBOUR, **more, "lei": "5493001KJTIIGC8Y1R12"})
    (task,) = firm.tasks("client")
    left, right = task["left"]["golden_id"], task["right"]["golden_id"]
    firm.mdm("override", f"{left}.phone", FIRST)
    firm.mdm("override", f"{right}.phone", SECOND)

    firm.mdm("steward", "decide", task["id"], "same")

    survivor, values = one(firm)
    (clash,) = firm.tasks("client")
    assert clash["kind"] == "override_conflict"
    assert values["phone"] == {left: FIRST, right: SECOND}[survivor]
    firm.sound()
    firm.mdm("override", f"{survivor}.phone", SECOND)
    assert one(firm)[1]["phone"] == SECOND
    assert firm.tasks("client") == []
    firm.mdm("replay")
    assert one(firm)[1]["phone"] == SECOND


RULES = """
[sources]
netsuite = {{ role = "erp" }}
salesforce = {{ role = "crm" }}

[survivorship.client]
{rules}
"""


def test_row_089_survivorship_gives_the_same_at_creation_at_a_match_and_at_a_merge(firm: Firm) -> None:
    """One function in one order, also where keys are no numbers: neither order nor occasion matters."""
    rows = [
        ("netsuite", {"id": "N-b", **HARBOUR, "phone": FIRST, "changed_at": "2026-01-02"}),
        ("salesforce", {"id": "0018Z", **HARBOUR, "phone": SECOND, "changed_at": "2026-01-01"}),
        ("netsuite", {"id": "N-a", **HARBOUR, "phone": TYPED, "changed_at": "2026-01-02"}),
    ]
    for source, row in rows:
        firm.load(source, "client", row)
    at_matches = one(firm)[1]
    firm.mdm("replay")
    assert one(firm)[1] == at_matches
    for source, row in rows:
        firm.load(source, "client", {**row, "deleted": "true", "changed_at": "2026-02-01"})
    for source, row in reversed(rows):
        firm.load(source, "client", {**row, "deleted": "", "changed_at": "2026-02-02"})

    assert {k: v for k, v in one(firm)[1].items() if k != "golden_id"} == {
        k: v for k, v in at_matches.items() if k != "golden_id"
    }
    assert at_matches["phone"] == TYPED


def test_row_090_a_group_comes_whole_from_one_source(firm: Firm) -> None:
    """The address of the ERP wins as a whole; the city that only the CRM states does not slip in."""
    website = {"name": "Harbour Pine plc", "website": "harbourpine.co.uk", "email": "a@harbourpine.co.uk"}
    firm.load("netsuite", "client", {"id": "1", **website, "street": "Quay Street 1", "postcode": "BS1 4ND"})
    firm.load("salesforce", "client", {"id": "2", **website, "city": "Bristol", "postcode": "BS1 4ND"})

    _, values = one(firm)
    assert (values["street"], values["postcode"], values["city"]) == ("Quay Street 1", "BS1 4ND", None)


def test_row_091_recency_goes_by_the_sources_own_clock(firm: Firm) -> None:
    """What the hub touched last does not matter, nor does a later load of an older change."""
    firm.settings(RULES.format(rules='phone = "most_recent()"'))
    firm.load("netsuite", "client", {"id": "1", **HARBOUR, "phone": FIRST, "changed_at": "2026-01-05"})
    firm.load("salesforce", "client", {"id": "2", **HARBOUR, "phone": SECOND, "changed_at": "2026-01-04"})
    assert one(firm)[1]["phone"] == FIRST

    firm.mdm("resolve")
    firm.load("salesforce", "client", {"id": "2", **HARBOUR, "phone": TYPED, "changed_at": "2026-01-03"})

    assert one(firm)[1]["phone"] == FIRST


def test_row_092_trust_that_fades_is_overtaken_at_the_configured_day(firm: Firm) -> None:
    """The ERP's old value holds to the last day, and gives way at midnight without any source's word."""
    firm.settings(RULES.format(rules='phone = "trust(erp=0.9, crm=0.6, decay=linear(400))"'))
    with time_machine.travel("2026-06-01T12:00:00Z", tick=False):
        firm.load("netsuite", "client", {"id": "1", **HARBOUR, "phone": FIRST, "changed_at": "2026-01-01"})
        firm.load(
            "salesforce",
            "client",
            {"id": "2", **HARBOUR, "phone": SECOND, "changed_at": "2026-04-11T07:12:00Z"},
        )
        assert one(firm)[1]["phone"] == FIRST
        golden_id = one(firm)[0]
        assert "from 2026-07-20 on, by decay" in firm.mdm("explain", f"{golden_id}.phone").out
    with time_machine.travel("2026-07-19T23:59:00Z", tick=False):
        firm.mdm("resolve")
        assert one(firm)[1]["phone"] == FIRST
    with time_machine.travel("2026-07-20T00:00:00Z", tick=False):
        # Any resolution works off what is due, here that of a load about somebody else.
        firm.load("salesforce", "worker", {"id": "w", "family_name": "Okafor", "given_name": "Ada"})
        assert one(firm)[1]["phone"] == SECOND
        firm.sound()


def test_row_093_a_value_that_fails_validation_is_ranked_down_to_the_floor(firm: Firm) -> None:
    """The next best value is chosen; where that is trusted less than the floor, the doubtful one stays."""
    firm.settings(RULES.format(rules='phone = "trust(erp=0.9, crm=0.6, floor=0.2, downgrade=1)"'))
    firm.load("netsuite", "client", {"id": "1", **HARBOUR, "phone": "unknown-1", "changed_at": "2026-01-01"})
    firm.load("salesforce", "client", {"id": "2", **HARBOUR, "phone": SECOND, "changed_at": "2026-01-01"})
    assert one(firm)[1]["phone"] == SECOND

    firm.settings(RULES.format(rules='phone = "trust(erp=0.9, crm=0.1, floor=0.2, downgrade=0.5)"'))
    firm.mdm("resolve")

    assert one(firm)[1]["phone"] == "unknown-1"
    firm.sound()


def test_row_096_after_a_change_of_rules_nothing_is_stale(firm: Firm) -> None:
    """A resolution under the new rules gives what a rebuild from nothing gives."""
    firm.settings(RULES.format(rules='phone = "prefer(erp)"'))
    firm.load("netsuite", "client", {"id": "1", **HARBOUR, "phone": FIRST}, {"id": "9", "name": "Zephyr AB"})
    firm.load("salesforce", "client", {"id": "2", **HARBOUR, "phone": SECOND})
    golden_id = next(i for i, values in firm.golden("client").items() if values["phone"])
    assert firm.golden("client")[golden_id]["phone"] == FIRST

    rules = 'phone = "when(country=GB, then=prefer(crm), otherwise=prefer(erp))"'
    firm.settings(RULES.format(rules=rules))
    firm.mdm("resolve")
    after = firm.golden("client")
    firm.sound()
    firm.mdm("replay")

    assert firm.golden("client") == after
    assert after[golden_id]["phone"] == SECOND
    assert "prefer(crm)" in firm.mdm("explain", f"{golden_id}.phone").out


PLACE = {"phone": FIRST, "postcode": "BS1 4ND", "street": "Quay Street 1", "email": "a@harbourpine.co.uk"}
KESTREL = {"name": "Kestrel Foods GmbH", "website": "kestrel-foods.de", "city": "Köln", "country": "DE"}


def test_row_084_an_update_recomputes_values_and_parts_what_no_longer_matches(firm: Firm) -> None:
    """A corrected phone shows at once; a record that became somebody else leaves with its values."""
    firm.load("crm", "client", {"id": "1", **HARBOUR, **PLACE, "changed_at": "2026-01-01"})
    firm.load("erp", "client", {"id": "A", **HARBOUR, **PLACE, "changed_at": "2026-01-01"})
    golden_id, _ = one(firm)

    firm.load("crm", "client", {"id": "1", **HARBOUR, **PLACE, "phone": SECOND, "changed_at": "2026-01-02"})
    assert one(firm)[1]["phone"] == SECOND
    nothing = dict.fromkeys(PLACE)
    firm.load("crm", "client", {"id": "1", **KESTREL, **nothing, "changed_at": "2026-01-03"})

    assert len(set(firm.crosswalk("client").values())) == 2
    home = firm.crosswalk("client")["erp:A"]
    assert firm.golden("client")[home]["phone"] == FIRST
    assert golden_id in firm.golden("client")
    firm.sound()


def test_row_085_an_update_that_lifts_possible_to_match_links_and_closes_the_task(firm: Firm) -> None:
    """The contradicting id is corrected, so the two are one and nothing waits any more."""
    firm.load("crm", "client", {"id": "1", **HARBOUR, **PLACE, "lei": "529900T8BM49AURSDO55"})
    row = {"id": "A", **HARBOUR, **PLACE, "lei": "5493001KJTIIGC8Y1R12"}
    firm.load("erp", "client", {**row, "changed_at": "2026-01-01"})
    (task,) = firm.tasks("client")

    said = firm.load("erp", "client", {**row, "lei": "529900T8BM49AURSDO55", "changed_at": "2026-01-02"})

    assert "1 closed" in said.out
    assert firm.tasks("client") == []
    one(firm)
    assert firm.mdm("steward", "show", task["id"], code=1).err


def test_row_086_a_golden_record_without_live_records_retires_and_still_resolves(firm: Firm) -> None:
    """Its tasks close, and who pointed at it still finds it."""
    firm.load("crm", "client", {"id": "1", **HARBOUR, **PLACE, "lei": "529900T8BM49AURSDO55", "deleted": ""})
    firm.load("erp", "client", {"id": "A", **HARBOUR, **PLACE, "lei": "5493001KJTIIGC8Y1R12"})
    golden_id = firm.crosswalk("client")["crm:1"]
    assert len(firm.tasks("client")) == 1

    firm.load("crm", "client", {"id": "1", **HARBOUR, **PLACE, "lei": None, "deleted": "true"})

    assert "crm:1" not in firm.crosswalk("client")
    assert golden_id not in firm.golden("client")
    assert firm.tasks("client") == []
    assert "Retired" in firm.http("GET", f"/console/golden/{golden_id}").text
    firm.sound()


def test_row_087_with_one_of_two_sources_gone_the_golden_record_is_recomputed(firm: Firm) -> None:
    """It keeps its id and loses what only the deleted record said."""
    firm.load("crm", "client", {"id": "1", **HARBOUR, **PLACE, "changed_at": "2026-01-01"})
    firm.load("erp", "client", {"id": "A", **HARBOUR, **PLACE, "phone": SECOND, "changed_at": "2026-01-02"})
    golden_id, values = one(firm)
    assert values["phone"] == SECOND

    firm.load("erp", "client", {"id": "A", **HARBOUR, **PLACE, "changed_at": "2026-01-03", "deleted": "true"})

    assert one(firm) == (golden_id, {**values, "phone": FIRST})
    firm.sound()


def test_row_088_nobody_writes_or_labels_a_golden_record_from_outside(firm: Firm) -> None:
    """A row can name neither a golden id nor the hub's own fields; values are set by an override alone."""
    firm.load("crm", "client", {"id": "1", **HARBOUR})
    golden_id, _ = one(firm)
    for field in ("golden_id", "state", "version", "cells"):
        row = {"id": "1", **HARBOUR, field: golden_id}
        body = {"source": "crm", "entity_type": "client", "records": [row]}
        assert firm.http("POST", "/api/v1/records", json=body).status_code in (400, 422)
        assert "has no attribute" in firm.load("crm", "client", row, code=1).err
    answer = firm.http("PUT", f"/api/v1/golden/{golden_id}", json={"name": "x"})

    assert answer.status_code in (404, 405)
    assert one(firm)[1]["name"] == HARBOUR["name"]
