"""Golden records that a steward merges."""

from __future__ import annotations

import pytest
from deployment import Firm
from stewards import FULL, ONE_LEI, OTHER_LEI, merge, person, seen, state, unlike, where


def test_row_061_the_survivor_keeps_its_id_and_the_other_id_redirects_to_it(firm: Firm) -> None:
    """After a merge one id is golden, the other leads to it, and search no longer finds it as golden."""
    ids = unlike(firm, "ab")

    merge(firm, ids["a"], ids["b"])

    found = firm.query('{ search(text: "Ashdown Legal", types: [CLIENT]) { id } }')["search"]
    assert where(firm, ids["a"]) == ("merged", ids["b"])
    assert where(firm, ids["b"]) == ("current", ids["b"])
    assert set(firm.golden("client")) == {ids["b"]}
    assert {hit["id"] for hit in found} == {ids["b"]}
    firm.sound()


def test_row_062_values_of_a_full_record_are_kept_if_it_is_merged_into_a_bare_one(firm: Firm) -> None:
    """A survivor without a value takes it from the record that was merged into it."""
    firm.load("crm", "client", {"id": "full", **FULL}, {"id": "bare", "name": "Zephyr Lighting AB"})
    ids = firm.crosswalk("client")

    merge(firm, ids["crm:full"], ids["crm:bare"])

    golden = firm.golden("client")[ids["crm:bare"]]
    assert {name: golden[name] for name in ("email", "city")} == {n: FULL[n] for n in ("email", "city")}


def test_row_063_values_of_a_full_survivor_are_kept(firm: Firm) -> None:
    """A bare or doubtful record that is merged into a full one takes nothing from it."""
    firm.load("crm", "client", {"id": "full", **FULL}, {"id": "bad", "name": "Zephyr", "email": "no address"})
    ids = firm.crosswalk("client")
    before = firm.golden("client")[ids["crm:full"]]

    merge(firm, ids["crm:bad"], ids["crm:full"])

    assert firm.golden("client")[ids["crm:full"]]["email"] == before["email"]


def test_row_064_values_that_the_caller_supplies_win_and_stay(firm: Firm) -> None:
    """A value chosen with the merge is the steward's override, whatever the sources state later."""
    ids = unlike(firm, "ab")

    merge(firm, ids["a"], ids["b"], "--set", "name=Ashdown and Barleycorn")
    firm.load("crm", "client", {"id": "b", "name": "Barleycorn Bakers", "changed_at": "2031-01-01"})

    assert firm.golden("client")[ids["b"]]["name"] == "Ashdown and Barleycorn"


@pytest.mark.parametrize("swapped", [False, True], ids=["one way", "the other"])
def test_row_065_a_possible_duplicate_is_settled_by_the_merge(firm: Firm, swapped: bool) -> None:
    """Whichever of the two survives, the task about them is gone."""
    firm.load("crm", "client", {"id": "1", **FULL, "lei": ONE_LEI})
    firm.load("erp", "client", {"id": "A", **FULL, "lei": OTHER_LEI})
    ids = list(firm.crosswalk("client").values())
    assert len(firm.tasks("client")) == 1

    merge(firm, *(reversed(ids) if swapped else ids))

    assert firm.tasks("client") == []


def test_row_066_links_move_and_no_source_record_is_left_with_two(firm: Firm) -> None:
    """Records of either side, in any mix, belong to the survivor afterwards, each of them once."""
    firm.load("crm", "client", {"id": "1", **FULL}, {"id": "2", "name": "Zephyr Lighting AB"})
    firm.load("erp", "client", {"id": "A", **FULL}, {"id": "B", "name": "Zephyr Lighting AB", "city": "Lund"})
    ids = firm.crosswalk("client")

    merge(firm, ids["crm:1"], ids["crm:2"])
    if ids["erp:B"] != ids["crm:2"]:
        merge(firm, ids["erp:B"], ids["crm:2"])

    rows = firm.mdm("crosswalk", "--entity", "client", "--format", "csv").rows
    assert len(rows) == len({(row["source"], row["source_key"]) for row in rows}) == 4
    assert {row["golden_id"] for row in rows} == {ids["crm:2"]}


@pytest.mark.parametrize("swapped", [False, True], ids=["one way", "the other"])
def test_row_067_a_persons_link_outlives_the_merge_in_both_directions(firm: Firm, swapped: bool) -> None:
    """What a person joined stays joined after a merge, even once the evidence for the rest is gone."""
    firm.load("crm", "client", {"id": "1", **FULL}, {"id": "2", "name": "Zephyr Lighting AB"})
    firm.load("clm", "client", {"id": "x", "name": "Quill Analytics"})
    with person("anna"):
        firm.mdm("steward", "say", "crm:1", "clm:x", "same")
    ids = firm.crosswalk("client")
    pair = (ids["crm:1"], ids["crm:2"])

    merge(firm, *(reversed(pair) if swapped else pair))
    firm.load("clm", "client", {"id": "x", "name": "Nightjar Records", "changed_at": "2031-01-01"})

    assert firm.groups("client") == {frozenset({"crm:1", "crm:2", "clm:x"})}


@pytest.mark.parametrize("swapped", [False, True], ids=["one way", "the other"])
def test_row_068_a_merge_against_a_no_about_one_of_the_records_is_refused(firm: Firm, swapped: bool) -> None:
    """A record that somebody keeps from one golden record keeps its own from being merged into that."""
    ids = unlike(firm, "abc")
    with person("anna"):
        firm.mdm("steward", "say", "crm:a", "crm:b", "distinct")
    with person("bert"):
        firm.mdm("steward", "say", "crm:a", "crm:c", "same")
        pair = (where(firm, "crm:b")[1], where(firm, "crm:c")[1])
        refused = firm.mdm("merge", *(reversed(pair) if swapped else pair), "--preview", code=1)

    assert "anna" in refused.err
    assert where(firm, "crm:b")[1] == ids["b"]
    firm.sound()


NOT_MERGED = {
    "a source record": "NotGoldenError",
    "nothing": "NoGoldenIdError",
    "one id twice": "SameIdTwiceError",
    "an unknown id": "UnknownGoldenIdError",
    "another type": "OtherTypeError",
    "a redirected id": "AlreadyRedirectedError",
}


def test_row_069_what_cannot_be_merged_is_refused_each_with_its_own_error(firm: Firm) -> None:
    """A source record, nothing, one id twice, an unknown id, another type, a redirected id: six errors."""
    ids = unlike(firm, "abcd")
    firm.load("psa", "project", {"id": "p", "name": "ERP rollout"})
    (project,) = set(firm.crosswalk("project").values())
    merge(firm, ids["c"], ids["d"])
    before = state(firm)
    named = ("crm:b", "", ids["a"], "client-0", project, ids["c"])

    asked = [pair for name in named for pair in ((name, ids["a"]), (ids["a"], name))]

    answers = list(firm.query(merges(asked)).values())

    assert [answer["error"] for answer in answers] == [e for e in NOT_MERGED.values() for _ in range(2)]
    for (one, other), answer in zip(asked, answers, strict=True):
        assert answer["message"] in firm.mdm("merge", one, other, code=1).err
    assert state(firm) == before


def merges(pairs: list[tuple[str, str]]) -> str:
    """A mutation that merges the first of each pair into the second, and tells which error it was."""
    parts = [
        f'm{number}: merge(input: {{loser: "{one}", survivor: "{other}", seen: [{versions(one, other)}]}}) '
        "{ ... on Refused { error message } }"
        for number, (one, other) in enumerate(pairs)
    ]
    return f"mutation {{ {' '.join(parts)} }}"


def versions(*golden_ids: str) -> str:
    """That each of these golden records was seen at its first version."""
    return ", ".join(f'{{id: "{golden_id}", version: 1}}' for golden_id in golden_ids)


def test_row_069_another_tenant_s_golden_record_is_refused_as_one_that_does_not_exist(firm: Firm) -> None:
    """Whoever may work for Germany alone learns nothing of a British client, not even that there is one."""
    firm.load("crm", "client", {"id": "de", "name": "Ashdown Legal LLP", "country": "DE"})
    firm.load("crm", "client", {"id": "gb", "name": "Barleycorn Bakeries", "country": "GB"})
    ids = firm.crosswalk("client")
    before = state(firm)
    made = firm.mdm("key", "create", "berlin", "--role", "steward", "--rows", "country=DE", "--json").json
    key = {"Authorization": f"Bearer {made['key']}"}

    asked = [
        pair
        for name in (ids["crm:gb"], "client-0")
        for pair in ((name, ids["crm:de"]), (ids["crm:de"], name))
    ]

    request = {"json": {"query": merges(asked)}, "headers": key}
    answers = firm.http("POST", "/graphql", production=True, **request).json()["data"].values()

    said = [(answer["error"], answer["message"].replace(ids["crm:gb"], "client-0")) for answer in answers]
    assert len(said) == 4
    assert said[0][0] == "UnknownGoldenIdError"
    assert len(set(said)) == 1
    assert state(firm) == before


def test_row_070_a_record_that_is_on_the_block_list_can_be_merged(firm: Firm) -> None:
    """What takes no candidates by itself is merged if a person says so."""
    firm.load("crm", "client", {"id": "1", "name": "Test GmbH"}, {"id": "2", "name": "Zephyr Lighting AB"})
    ids = firm.crosswalk("client")

    merge(firm, ids["crm:1"], ids["crm:2"])

    assert set(firm.crosswalk("client").values()) == {ids["crm:2"]}
    firm.sound()


@pytest.mark.parametrize("changed", ["a", "b"])
def test_row_071_a_merge_of_what_has_changed_since_is_refused(firm: Firm, changed: str) -> None:
    """Whichever side has changed since the steward looked, nothing is merged."""
    ids = unlike(firm, "ab")
    looked_at = seen(firm, ids["a"], ids["b"])
    firm.load("crm", "client", {"id": changed, "name": "Quill Analytics", "changed_at": "2031-01-01"})

    refused = firm.mdm("merge", *looked_at, code=1)

    assert "changed" in refused.err
    assert firm.crosswalk("client") == {"crm:a": ids["a"], "crm:b": ids["b"]}


def test_row_072_a_relation_that_both_have_becomes_one_with_both_provenances(firm: Firm) -> None:
    """Two clients that belong to one worker belong to them once after the merge, and both sources say so."""
    firm.load("crm", "worker", {"id": "w", "family_name": "Weber", "given_name": "Anna"})
    firm.load("crm", "client", {"id": "a", "name": "Ashdown Legal LLP", "owner": "w"})
    firm.load("erp", "client", {"id": "b", "name": "Barleycorn Bakeries", "owner": "crm:w"})
    ids = firm.crosswalk("client")

    merge(firm, ids["crm:a"], ids["erp:b"])

    client = firm.query(
        "query ($id: ID!) { client(id: $id) { owner { ownedClients { totalCount } } "
        "cells { attribute beats { source { system } } source { system } } } }",
        id=ids["erp:b"],
    )["client"]
    (owner,) = [cell for cell in client["cells"] if cell["attribute"] == "owner"]
    assert client["owner"]["ownedClients"]["totalCount"] == 1
    assert {claim["source"]["system"] for claim in (owner, *owner["beats"])} == {"crm", "erp"}


def test_row_073_an_id_merged_twice_leads_to_the_end_in_one_hop(firm: Firm) -> None:
    """A into B into C: A and B both lead straight to C."""
    ids = unlike(firm, "abc")

    merge(firm, ids["a"], ids["b"])
    merge(firm, ids["b"], ids["c"])

    assert where(firm, ids["a"]) == where(firm, ids["b"]) == ("merged", ids["c"])
    firm.sound()


def test_row_074_a_write_addressed_to_the_loser_lands_on_the_survivor(firm: Firm) -> None:
    """A value set on the old id, or a row of its source, changes the survivor, and the event says so."""
    ids = unlike(firm, "ab")
    merge(firm, ids["a"], ids["b"])
    last = firm.http("GET", "/api/v1/changes").json()["last"]

    firm.mdm("override", f"{ids['a']}.city", "Leeds")
    firm.load("crm", "client", {"id": "a", "name": "Ashdown Legal LLP", "email": "hi@ashdown.example"})

    changed = firm.http("GET", f"/api/v1/changes?after={last}").json()["changes"]
    told = [event for event in changed if event["type"] == "golden.changed"]
    golden = firm.golden("client")[ids["b"]]
    assert (golden["city"], golden["email"]) == ("Leeds", "hi@ashdown.example")
    assert {event["subject"] for event in told} == {ids["b"]}
