"""Golden records that part again."""

from __future__ import annotations

import json
from typing import Any

from deployment import Firm
from stewards import FULL, UNLIKE, merge, state, unlike, where

LATER = "2031-01-01"


def test_row_075_a_linear_unmerge_gives_back_the_first_content_and_leaves_the_rest(firm: Firm) -> None:
    """Of A, B and C merged step by step, C returns with what was its own; A and B stay together."""
    firm.load("erp", "client", {"id": "c2", **FULL})
    firm.load("crm", "client", {"id": "c1", **FULL})
    ids = unlike(firm, "ab")
    first = firm.crosswalk("client")["crm:c1"]
    content = firm.golden("client")[first]
    merge(firm, ids["b"], ids["a"])
    merge(firm, first, ids["a"])

    firm.mdm("unmerge", first)

    found = firm.crosswalk("client")
    assert found == {"crm:a": ids["a"], "crm:b": ids["a"], "crm:c1": first, "erp:c2": first}
    assert firm.golden("client")[first] == content
    firm.sound()


def test_row_076_a_tree_unmerge_takes_along_what_was_merged_before(firm: Firm) -> None:
    """D had been merged into C before C went into A: as a tree, C leaves together with D."""
    ids = unlike(firm, "abcd")
    for loser, survivor in (("d", "c"), ("b", "a")):
        merge(firm, ids[loser], ids[survivor])
    before = state(firm)
    merge(firm, ids["c"], ids["a"])

    firm.mdm("unmerge", ids["c"], "--tree")

    assert state(firm) == before
    assert where(firm, ids["d"]) == ("merged", ids["c"])
    firm.sound()


def test_row_077_the_old_id_revives_and_the_redirect_ends_with_a_split_answer(firm: Firm) -> None:
    """Whoever holds the survivor's id is told which golden records it is now, and in which shares."""
    ids = unlike(firm, "ac")
    merge(firm, ids["c"], ids["a"])
    assert where(firm, ids["c"]) == ("merged", ids["a"])

    firm.mdm("unmerge", ids["c"])

    asked = firm.mdm("where", ids["a"], "--json").json
    events = firm.http("GET", "/api/v1/changes").json()["changes"]
    (split,) = [event for event in events if event["type"] == "golden.split"]
    assert where(firm, ids["c"]) == ("current", ids["c"])
    assert {s["golden_id"]: s["share"] for s in asked["successors"]} == {ids["a"]: 0.5, ids["c"]: 0.5}
    assert split["subject"] == ids["a"]
    assert set(split["details"]["successors"]) == {ids["a"], ids["c"]}


def test_row_078_relations_follow_their_own_source_record(firm: Firm) -> None:
    """A project that names the client by a record that leaves goes with it."""
    ids = unlike(firm, "ac")
    firm.load("psa", "project", {"id": "p", "name": "ERP rollout", "client": "crm:c"})
    (project,) = set(firm.crosswalk("project").values())
    merge(firm, ids["c"], ids["a"])
    merged = firm.golden("project")[project]["client"]

    firm.mdm("unmerge", ids["c"])

    assert merged == ids["a"]
    assert firm.golden("project")[project]["client"] == ids["c"]
    firm.sound()


def test_row_079_what_a_source_said_after_the_merge_leaves_with_its_record(firm: Firm) -> None:
    """A phone that c got while it was merged is c's afterwards, and nobody else's."""
    ids = unlike(firm, "ac")
    merge(firm, ids["c"], ids["a"])
    phone = {"id": "c", "name": UNLIKE["c"], "phone": "+44 20 7946 0101", "changed_at": LATER}
    firm.load("crm", "client", phone)
    assert firm.golden("client")[ids["a"]]["phone"]

    firm.mdm("unmerge", ids["c"])

    golden = firm.golden("client")
    assert golden[ids["c"]]["phone"]
    assert not golden[ids["a"]].get("phone")


def test_row_080_a_value_that_a_steward_set_after_the_merge_has_to_be_assigned(firm: Firm) -> None:
    """The preview lists it as undecided; nothing parts without an answer, and with one it goes there."""
    ids = unlike(firm, "ac")
    merge(firm, ids["c"], ids["a"])
    firm.mdm("override", f"{ids['a']}.city", "Leeds")

    shown = firm.mdm("unmerge", ids["c"], "--preview", "--json").json
    (undecided,) = shown["undecided"]
    firm.mdm("unmerge", ids["c"], code=1)
    still = where(firm, "crm:c")[1]
    firm.mdm("unmerge", ids["c"], "--assign", f"{undecided['id']}=leaves")

    golden = firm.golden("client")
    assert (undecided["attribute"], undecided["value"]) == ("city", "Leeds")
    assert still == ids["a"]
    assert golden[ids["c"]]["city"] == "Leeds"
    assert not golden[ids["a"]].get("city")
    firm.sound()


def test_row_081_an_unmerged_pair_that_still_matches_is_kept_apart_by_a_block_one_can_undo(
    firm: Firm,
) -> None:
    """The next run does not merge it again; the block is seen, and once it is undone the evidence speaks."""
    for source in ("crm", "erp"):
        firm.load(source, "client", {"id": "1", **FULL})

    parted = firm.mdm("detach", "erp:1", "--json").json
    firm.mdm("resolve", "--entity", "client")
    apart = firm.groups("client")
    page = firm.http("GET", f"/console/golden/{parted['leaves'][0]}").text
    firm.mdm("undo", parted["operation"])

    assert apart == {frozenset({"crm:1"}), frozenset({"erp:1"})}
    assert "distinct" in page
    assert firm.groups("client") == {frozenset({"crm:1", "erp:1"})}
    firm.sound()


def test_row_083_one_row_of_a_contributor_that_has_two_can_be_detached(firm: Firm) -> None:
    """Of two rows that came with one merged golden record, one leaves and the other stays."""
    rows: list[dict[str, Any]] = [{"id": key, **FULL} for key in ("1", "2")]
    firm.load("erp", "client", rows[0])
    firm.load("clm", "client", rows[1])
    ids = {**unlike(firm, "a"), "c": firm.crosswalk("client")["erp:1"]}
    merge(firm, ids["c"], ids["a"])

    firm.mdm("detach", "clm:2")

    found = firm.crosswalk("client")
    assert found["crm:a"] == found["erp:1"] == ids["a"]
    assert found["clm:2"] not in {ids["a"], ""}
    assert where(firm, ids["c"])[0] == "split"
    firm.sound()


def test_row_082_a_stricter_model_is_planned_first_and_never_undoes_what_a_person_merged(firm: Firm) -> None:
    """The plan only lists what it would part, changes nothing, and lists no merge of a person's."""
    for source, suffix in (("crm", "Ltd"), ("erp", "Limited")):
        towns = (
            {"id": t, "name": f"{t} Lantern {suffix}", "city": t, "website": f"{t}.example"} for t in "xyz"
        )
        firm.load(source, "client", *towns)
    ids = unlike(firm, "ab")
    merge(firm, ids["a"], ids["b"])
    before = state(firm)
    firm.mdm("train", "--entity", "client")
    model = json.loads((firm.folder / "client-model.json").read_text("utf-8"))
    model["match_threshold"], model["review_threshold"] = 90.0, 80.0
    (firm.folder / "strict.json").write_text(json.dumps(model), "utf-8")

    planned = firm.mdm("plan", "--model", "strict.json", "--entity", "client", "--json").json

    assert planned["counts"]["split"] == len({g for k, g in before[0].items() if k.startswith("erp")}) > 0
    assert ids["b"] not in {parted["from"] for parted in planned["changes"]["split"]}
    assert state(firm) == before
