"""CONFORMANCE 108 and 111: starting again, and erasing a person."""

from __future__ import annotations

from deployment import Firm

ANN = {
    "given_name": "Annqx",
    "family_name": "Kellerqx",
    "email": "annqx@example.org",
    "birth_date": "1984-05-06",
}
BEN = {
    "given_name": "Ben",
    "family_name": "Okafor",
    "email": "ben.okafor@example.org",
    "birth_date": "1990-01-02",
}
TRACES = ("Annqx", "annqx", "Kellerqx", "KEYQX")


def test_row_108_everything_derived_is_cleared_and_built_anew_while_decisions_stay(firm: Firm) -> None:
    """Golden records and links go, also merged ones; decisions and ids stay, and loading works."""
    harbour = {"name": "Harbour Pine plc", "email": "desk@harbour-pine.example", "city": "Bristol"}
    firm.load(
        "crm",
        "client",
        {"id": "1", **harbour, "parent": None},
        {"id": "2", "name": "Kestrel Foods", "email": "post@kestrel.example", "city": "Leeds", "parent": "1"},
    )
    firm.load(
        "erp",
        "client",
        {"id": "9", "name": "Zephyr Legal LLP", "email": "law@zephyr.example", "city": "York"},
    )
    lost = firm.crosswalk("client")["erp:9"]
    firm.load("erp", "client", {"id": "9", **harbour})
    firm.mdm("override", f"{firm.crosswalk('client')['crm:2']}.city", "Hull")
    before = (firm.crosswalk("client"), firm.golden("client"), firm.tasks("client"))
    assert lost not in before[1]

    firm.mdm("replay")

    assert (firm.crosswalk("client"), firm.golden("client"), firm.tasks("client")) == before
    assert firm.golden("client")[firm.crosswalk("client")["crm:2"]]["city"] == "Hull"
    assert firm.query("query($id: ID!) { client(id: $id) { id } }", id=lost)["client"]["id"] in before[1]
    firm.load("erp", "client", {"id": "10", "name": "Birch Consulting GmbH"})
    assert len(firm.crosswalk("client")) == 4
    firm.sound()


def test_row_111_an_erased_person_leaves_no_trace_but_the_marker(firm: Firm) -> None:
    """No table, history, queue, search, outbox or file page names the person; the log has a marker."""
    firm.settings('[targets.lake]\nkind = "file"\npath = "lake"\n')
    firm.load("hcm", "worker", {"id": "KEYQX-1", **ANN}, {"id": "2", **BEN})
    firm.load("erp", "worker", {"id": "KEYQX-2", **ANN})
    firm.load("hcm", "worker", {"id": "KEYQX-1", **ANN, "birth_date": "no date"}, code=3)
    firm.load("hcm", "worker", {"id": "KEYQX-1", **ANN, "job_title": "Analyst"})
    golden_id = firm.crosswalk("worker")["hcm:KEYQX-1"]
    ben = firm.golden("worker")[firm.crosswalk("worker")["hcm:2"]]
    assert [t for t in TRACES if t.encode() not in _bytes(firm)] == []

    said = firm.mdm("erase", "hcm:KEYQX-1", "--reason", "request 7")

    assert golden_id in said.out
    assert [t for t in TRACES if t.encode() in _bytes(firm)] == []
    found = firm.query("query($t: String!) { search(text: $t, first: 5) { __typename } }", t="Kellerqx")
    assert found["search"] == []
    assert firm.mdm("quarantine", "list").out.count("qx") == 0
    events = firm.http("GET", "/api/v1/changes?limit=1000").json()["changes"]
    assert {e["type"] for e in events if e["subject"] == golden_id} >= {"subject.erased", "golden.erased"}
    assert firm.golden("worker")[firm.crosswalk("worker")["hcm:2"]] == ben
    firm.load("hcm", "worker", {"id": "KEYQX-1", **ANN})
    assert list(firm.crosswalk("worker")) == ["hcm:2"]
    assert [t for t in TRACES if t.encode() in _bytes(firm)] == []
    firm.mdm("publish", "lake")
    told = "".join(path.read_text("utf-8") for path in (firm.folder / "lake").glob("*.jsonl"))
    assert f'"{golden_id}"' in told
    assert "qx" not in told
    firm.sound()


def _bytes(firm: Firm) -> bytes:
    return b"".join(path.read_bytes() for path in firm.folder.glob("mdm.db*"))
