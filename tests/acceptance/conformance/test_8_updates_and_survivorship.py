"""Updates, deletions, survivorship and stewards' values."""

from __future__ import annotations

from typing import Any

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
