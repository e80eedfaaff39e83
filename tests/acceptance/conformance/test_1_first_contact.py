"""The first records of a thing."""

from __future__ import annotations

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
