"""What the matcher may not do: link by nothing, ask too early, chain strangers, move without a reason."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

from deployment import Firm
from stewards import FULL, ONE_LEI, OTHER_LEI

NAMES = (
    "Ashdown Legal", "Barleycorn Bakeries", "Cobalt Mining", "Dovetail Joinery", "Elmwood Nurseries",
    "Foxglove Press", "Granite Quarries", "Heron Shipping", "Ivory Dental", "Juniper Distillers",
    "Kestrel Foods", "Larkspur Textiles",
)  # fmt: skip


def test_row_114_a_file_whose_matching_cells_are_all_blank_links_nothing(firm: Firm) -> None:
    """Blanks are no evidence: every record stays alone, whichever source it is from, and nobody is asked."""
    blank = dict.fromkeys(FULL)
    named = {**blank, "name": "n/a", "industry": "Retail"}
    for source in ("crm", "erp"):
        firm.load(source, "client", *({"id": str(row), **named} for row in range(12)))

    groups = firm.groups("client")

    assert len(groups) == 24
    assert all(len(group) == 1 for group in groups)
    assert firm.tasks("client") == []
    firm.sound()


def test_row_115_a_deferred_question_stays_away_until_its_date(firm: Firm) -> None:
    """Ten runs over changed records do not bring it back; its date does."""
    firm.load("crm", "client", {"id": "1", **FULL, "lei": ONE_LEI})
    firm.load("erp", "client", {"id": "1", **FULL, "lei": OTHER_LEI})
    (task,) = firm.tasks("client")

    firm.mdm("steward", "defer", task["id"], "--until", "2999-01-01")
    shown = []
    for run in range(10):
        again = {**FULL, "lei": OTHER_LEI, "industry": f"Trade {run}", "changed_at": f"2031-01-{run + 1:02d}"}
        firm.load("erp", "client", {"id": "1", **again})
        firm.mdm("resolve", "--entity", "client")
        shown += firm.tasks("client")
    soon = datetime.now(UTC) + timedelta(seconds=1)
    firm.mdm("steward", "defer", task["id"], "--until", soon.isoformat())
    while datetime.now(UTC) <= soon:
        firm.mdm("resolve", "--entity", "client")

    assert shown == []
    assert [one["id"] for one in firm.tasks("client")] == [task["id"]]
    firm.sound()


def test_row_116_a_value_that_everybody_shares_joins_nobody_and_says_so(firm: Firm) -> None:
    """A switchboard and one mail address under twelve names make no giant, and the reason can be read."""
    shared = {"phone": "+44 117 496 0199", "email": "office@brokers-united.co.uk", "country": "GB"}
    rows = [{"id": str(row), "name": f"{name} Ltd", **shared} for row, name in enumerate(NAMES)]
    firm.load("crm", "client", *rows)
    firm.load("erp", "client", *({**row, "name": str(row["name"]).upper()} for row in rows))

    sizes = Counter(len(group) for group in firm.groups("client"))
    told = firm.mdm("explain", "crm:0", "crm:1").out

    assert sizes == {2: len(NAMES)}
    assert told.count("shared by many unlike records, so it says nothing") == 2
    firm.sound()


def test_row_117_the_same_data_again_change_no_id_and_make_no_event(firm: Firm) -> None:
    """Loading, resolving and replaying what is known already leaves ids, values and the change feed alone."""
    rows = [{"id": str(row), **FULL, "name": f"{name} Ltd"} for row, name in enumerate(NAMES)]
    for source in ("crm", "erp"):
        firm.load(source, "client", *rows)
    before = firm.crosswalk("client"), firm.golden("client"), firm.tasks("client")
    changes = firm.http("GET", "/api/v1/changes?after=0").json()

    for _ in range(3):
        for source in ("erp", "crm"):
            firm.load(source, "client", *reversed(rows))
        firm.mdm("resolve", "--entity", "client")
    firm.mdm("replay")

    assert (firm.crosswalk("client"), firm.golden("client"), firm.tasks("client")) == before
    assert firm.http("GET", "/api/v1/changes?after=0").json() == changes
    firm.sound()


def test_row_118_a_key_with_a_missing_part_is_skipped_and_never_leads_to_every_row(firm: Firm) -> None:
    """Who asks with a town alone, or a name without one, gets those who share a whole key, or nobody."""
    site = {"city": "Leeds", "country": "GB"}
    rows = [{"id": str(row), "name": f"{name} Ltd", **site} for row, name in enumerate(NAMES)]
    firm.load("crm", "client", *rows, {"id": "x", "name": "Nameless Holdings", "city": None, "country": "GB"})

    def found(**record: str) -> list[str]:
        answer = firm.http("POST", "/api/v1/match", json={"entity_type": "client", "record": record})
        return [one["source_key"] for one in answer.json()["candidates"]]

    assert found(city="Leeds", country="GB") == []
    assert found(country="GB") == []
    assert found(name="Kestrel Foods Ltd") == [str(NAMES.index("Kestrel Foods"))]
    assert found(name="Kestrel Foods Ltd", **site)[0] == str(NAMES.index("Kestrel Foods"))
    firm.sound()
