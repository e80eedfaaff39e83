"""Stewards' operations on identity and values, each with its outcomes and its preview."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from mdm.hub import Hub
from mdm.testing import NOON, record, take_in

Data = Callable[..., Any]
LATER = NOON + timedelta(hours=1)

CHANGES = """changes {
  records { source { system key } fromId toId } ids { id what into } values { id attribute before after }
  relations { id attribute before after } publications { target } tasksOpened tasksClosed
  versions { id version }
}"""
MERGE = f"""mutation ($input: MergeInput!, $preview: Boolean!) {{
  merge(input: $input, preview: $preview) {{
    __typename
    ... on Merged {{ operation survivor redirected goldenRecords {{ id }} {CHANGES} }}
    ... on Conflicted {{ message verdictId }}
    ... on Stale {{ message }}
    ... on Refused {{ code message }}
  }}
}}"""
UNMERGE = f"""mutation ($input: UnmergeInput!) {{
  unmerge(input: $input) {{
    __typename ... on Parted {{ operation stays leaves {CHANGES} }} ... on Refused {{ code message }}
  }}
}}"""
EVERYTHING = """{ clients(orderBy: {id: ASC}) { nodes {
  id name city sources { system key } cells { attribute value rule source { key } }
  projects { nodes { code } }
} } }"""


@pytest.fixture
def ids(hub: Hub) -> dict[str, str]:
    """Two clients that nobody would take for one, each with a project."""
    take_in(hub, "crm", "client", [record("C1", name="Harbour Pine Ltd", city="Leeds")])
    take_in(hub, "erp", "client", [record("E1", name="Zephyr Mining AG", city="Chur")])
    for code, client in (("P1", "crm:C1"), ("P2", "erp:E1")):
        take_in(hub, "psa", "project", [record(code, code=code, name=f"Work {code}", client=client)])
    return {}


@pytest.fixture
def two(ids: dict[str, str], data: Data) -> dict[str, Any]:
    """The input of a merge of the second into the first, with the versions there are."""
    query = '{ a: clientByKey(system: "crm", key: "C1") { id version } '
    found = data(query + 'b: clientByKey(system: "erp", key: "E1") { id version } }')
    seen = [found["a"], found["b"]]
    return {"loser": found["b"]["id"], "survivor": found["a"]["id"], "seen": seen, "reason": "one owner"}


def test_a_preview_shows_what_a_merge_would_change_and_nothing_of_it_stays(
    two: dict[str, Any], data: Data
) -> None:
    before = data(EVERYTHING)
    shown = data(MERGE, input=two, preview=True)["merge"]
    after = data(EVERYTHING)

    assert before == after
    assert shown["changes"]["ids"] == [{"id": two["loser"], "what": "redirected", "into": two["survivor"]}]
    assert shown["changes"]["records"] == [
        {"source": {"system": "erp", "key": "E1"}, "fromId": two["loser"], "toId": two["survivor"]}
    ]
    (project,) = shown["changes"]["relations"]
    assert (project["attribute"], project["before"], project["after"]) == (
        "client", two["loser"], two["survivor"],
    )  # fmt: skip


def test_an_unmerge_gives_back_what_a_merge_took(two: dict[str, Any], data: Data) -> None:
    before = data(EVERYTHING)
    merged = data(MERGE, input=two, preview=False)["merge"]
    between = data(EVERYTHING)
    (version,) = [v for v in merged["changes"]["versions"] if v["id"] == two["survivor"]]
    parted = data(UNMERGE, input={"id": two["loser"], "seen": version})["unmerge"]

    assert merged["__typename"] == "Merged"
    assert [r["id"] for r in merged["goldenRecords"]] == [two["survivor"]]
    assert len(between["clients"]["nodes"]) == 1
    assert (parted["stays"], parted["leaves"]) == (two["survivor"], [two["loser"]])
    assert {"id": two["loser"], "what": "revived", "into": None} in parted["changes"]["ids"]
    assert data(EVERYTHING) == before


def test_an_operation_is_undone_by_its_id(two: dict[str, Any], data: Data) -> None:
    before = data(EVERYTHING)
    operation = data(MERGE, input=two, preview=False)["merge"]["operation"]
    undo = "mutation ($id: ID!) { undo(operation: $id) { __typename ... on Refused { code message } } }"

    first = data(undo, id=operation)["undo"]
    second = data(undo, id=operation)["undo"]

    assert first == {"__typename": "Undone"}
    assert (second["__typename"], second["code"]) == ("Refused", "REFUSED")
    assert data(EVERYTHING) == before


def test_a_merge_of_what_has_changed_meanwhile_is_stale(hub: Hub, two: dict[str, Any], data: Data) -> None:
    take_in(hub, "crm", "client", [record("C1", LATER, name="Harbour Pine plc", city="York")])

    stale = data(MERGE, input=two, preview=False)["merge"]
    unseen = data(MERGE, input={**two, "seen": []}, preview=False)["merge"]

    assert stale["__typename"] == unseen["__typename"] == "Stale"
    assert "look again" in stale["message"]


@pytest.mark.parametrize(
    ("change", "code", "sentence"),
    [
        ({"loser": "client-none"}, "NOT_FOUND", "client-none"),
        ({"loser": ""}, "REFUSED", ""),
        ({"loser": "SURVIVOR"}, "REFUSED", ""),
    ],
    ids=["unknown", "empty", "itself"],
)
def test_what_cannot_be_merged_is_an_outcome(
    two: dict[str, Any], data: Data, change: dict[str, str], code: str, sentence: str
) -> None:
    change = {name: two["survivor"] if value == "SURVIVOR" else value for name, value in change.items()}

    refused = data(MERGE, input={**two, **change}, preview=False)["merge"]

    assert (refused["__typename"], refused["code"]) == ("Refused", code)
    assert sentence in refused["message"]


def test_a_detached_record_stays_out(hub: Hub, data: Data) -> None:
    same = {"name": "Harbour Pine Ltd", "city": "Leeds", "email": "office@harbourpine.example"}
    take_in(hub, "crm", "client", [record("C1", **same)])
    take_in(hub, "erp", "client", [record("E1", **same)])
    seen = data('{ clientByKey(system: "crm", key: "C1") { id version } }')["clientByKey"]
    detach = """mutation ($input: DetachInput!) { detach(input: $input) {
      __typename ... on Parted { operation stays leaves } ... on Stale { message } } }"""
    records = [{"entityType": "client", "system": "erp", "key": "E1"}]

    stale = data(detach, input={"records": records, "seen": {**seen, "version": 99}})["detach"]
    parted = data(detach, input={"records": records, "seen": seen})["detach"]
    take_in(hub, "erp", "client", [record("E1", LATER, **same, phone="+44 113 496 0120")])
    homes = data("{ clients { nodes { sources { key } } } }")["clients"]["nodes"]

    assert stale["__typename"] == "Stale"
    assert parted["__typename"] == "Parted"
    assert sorted(s["key"] for home in homes for s in home["sources"]) == ["C1", "E1"]
    assert len(homes) == 2


OVERRIDE = """mutation ($input: OverrideInput!, $preview: Boolean = false) {
  override(input: $input, preview: $preview) {
    __typename
    ... on Overridden { changed value overrideId goldenRecord { ... on Client { name city } } }
    ... on Stale { message } ... on Refused { code message } } }"""


def test_a_steward_sets_a_value_and_lets_the_sources_speak_again(two: dict[str, Any], data: Data) -> None:
    cell = {**two["seen"][0], "attribute": "city"}
    asked = {"cell": cell, "value": "Harrogate", "reason": "moved"}

    shown = data(OVERRIDE, input=asked, preview=True)["override"]
    done = data(OVERRIDE, input=asked)["override"]
    stale = data(OVERRIDE, input={**asked, "value": "York"})["override"]
    removed = data(
        """mutation ($cell: CellInput!) { removeOverride(cell: $cell) {
          ... on Overridden { value overrideId ended goldenRecord { ... on Client { city } } } } }""",
        cell={**cell, "version": cell["version"] + 1},
    )["removeOverride"]

    assert (shown["changed"], shown["goldenRecord"]["city"]) == (True, "Leeds")
    assert (done["value"], done["goldenRecord"]["city"]) == ("Harrogate", "Harrogate")
    assert stale["__typename"] == "Stale"
    assert removed["ended"] == [done["overrideId"]]
    assert (removed["value"], removed["goldenRecord"]["city"]) == (None, "Leeds")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"attribute": "shoe_size"}, "BAD_REQUEST"),
        ({"id": "client-none"}, "NOT_FOUND"),
    ],
)
def test_a_cell_that_there_is_not_is_refused(
    two: dict[str, Any], data: Data, change: dict[str, str], code: str
) -> None:
    cell = {**two["seen"][0], "attribute": "city", **change}

    refused = data(OVERRIDE, input={"cell": cell, "value": "York"})["override"]

    assert (refused["__typename"], refused["code"]) == ("Refused", code)


def test_a_banned_value_loses_until_the_ban_is_lifted(two: dict[str, Any], data: Data) -> None:
    cell = {**two["seen"][0], "attribute": "city"}
    query = """mutation ($input: BanInput!) {{ {0}(input: $input) {{
      ... on Banned {{ changed banId goldenRecord {{ version ... on Client {{ city }} }} }} }} }}"""

    banned = data(query.format("ban"), input={"cell": cell, "value": "Leeds"})["ban"]
    again = {"cell": {**cell, "version": banned["goldenRecord"]["version"]}, "value": "Leeds"}
    lifted = data(query.format("liftBan"), input=again)["liftBan"]

    assert (banned["changed"], banned["goldenRecord"]["city"]) == (True, None)
    assert (lifted["banId"], lifted["goldenRecord"]["city"]) == (None, "Leeds")
