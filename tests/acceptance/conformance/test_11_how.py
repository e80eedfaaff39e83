"""How a golden record came about."""

from __future__ import annotations

from deployment import Firm

NAME = "Kestrel Harbour Logistics"
SITE = {"city": "Leeds", "country": "GB"}


def test_row_120_how_a_five_record_entity_was_built_is_told_step_by_step(firm: Firm) -> None:
    """The steps are ordered, each has a rule and evidence, and the last one is the present state."""
    phone, tax = {"phone": "+44 113 496 0101"}, {"tax_id": "GB980780684"}
    firm.load("crm", "client", {"id": "C1", "name": f"{NAME} Ltd", **SITE, **phone})
    firm.load("crm", "client", {"id": "C2", "name": f"{NAME} Limited", **SITE, **phone})
    firm.load("erp", "client", {"id": "E1", "name": NAME, **SITE, **tax})
    firm.load("erp", "client", {"id": "E2", "name": f"{NAME.upper()} LTD", **SITE, **tax})
    firm.load("psa", "client", {"id": "P1", "name": f"{NAME} Ltd.", **SITE, "phone": "0113 496 0101"})
    firm.load("psa", "client", {"id": "P2", "name": "Granite Orchard Foods Ltd", "city": "York"})
    crosswalk = firm.crosswalk("client")
    golden_id = crosswalk["crm:C1"]

    told = firm.mdm("explain", golden_id, "--json").json
    last_line = firm.mdm("explain", golden_id).out.splitlines()[-1]

    present = sorted(key for key, own in crosswalk.items() if own == golden_id)
    assert present == ["crm:C1", "crm:C2", "erp:E1", "erp:E2", "psa:P1"]
    assert [step["number"] for step in told["steps"]] == [1, 2, 3, 4]
    assert all(step["rule"] and step["reasons"] for step in told["steps"])
    groups = {(key,) for key in present}
    for step in told["steps"]:
        joined = {tuple(step["one"]), tuple(step["other"])}
        assert joined <= groups
        groups = groups - joined | {tuple(step["records"])}
    assert told["steps"][-1]["records"] == told["records"] == present
    assert last_line == f"Now: {', '.join(present)}"
