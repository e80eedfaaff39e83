"""What people decide about records, and what becomes of it."""

from __future__ import annotations

from typing import Any

import pytest
from deployment import Firm
from stewards import FULL, ONE_LEI, OTHER_LEI, person, seen, unlike, where

LATER, LATEST = "2031-01-01", "2031-02-01"
AGAIN: dict[str, Any] = {**FULL, "changed_at": LATER}


def alike(firm: Firm, *sources: str) -> dict[str, str]:
    """One record of each source, that the evidence joins; `source:key` to golden id."""
    for source in sources:
        firm.load(source, "client", {"id": "1", **FULL})
    return firm.crosswalk("client")


def asked(firm: Firm) -> dict[str, Any]:
    """Two records that all evidence but one joins, and the task about them."""
    firm.load("crm", "client", {"id": "1", **FULL, "lei": ONE_LEI})
    firm.load("erp", "client", {"id": "1", **FULL, "lei": OTHER_LEI})
    (task,) = firm.tasks("client")
    return task


def test_row_025_what_a_person_parted_stays_apart_when_it_is_processed_again(firm: Firm) -> None:
    """A record that somebody keeps from a golden record gets one of its own, whatever the rules say."""
    alike(firm, "crm", "erp")
    firm.mdm("steward", "say", "crm:1", "erp:1", "distinct")

    firm.load("erp", "client", {"id": "1", **AGAIN, "currency": "GBP"})
    firm.mdm("resolve", "--entity", "client")

    assert firm.groups("client") == {frozenset({"crm:1"}), frozenset({"erp:1"})}
    firm.sound()


def test_row_026_what_a_person_joined_is_not_asked_again(firm: Firm) -> None:
    """Where the evidence alone would only make a task, a verdict of same stands and none is opened."""
    task = asked(firm)
    firm.mdm("steward", "decide", task["id"], "same")

    firm.load("erp", "client", {"id": "1", **AGAIN, "lei": OTHER_LEI, "currency": "GBP"})
    firm.mdm("resolve", "--entity", "client")

    assert firm.tasks("client") == []
    assert firm.groups("client") == {frozenset({"crm:1", "erp:1"})}


def test_row_027_a_no_moves_the_record_out_and_rebuilds_the_values_without_it(firm: Firm) -> None:
    """A record that was joined by evidence leaves at a person's word, and takes its values along."""
    before = alike(firm, "crm", "clm")
    firm.load("erp", "client", {"id": "1", **FULL, "industry": "Ship building"})
    assert firm.golden("client")[before["crm:1"]]["industry"] == "Ship building"

    firm.mdm("detach", "erp:1", "--reason", "another yard")

    after = firm.crosswalk("client")
    golden = firm.golden("client")
    assert after["crm:1"] == after["clm:1"] == before["crm:1"] != after["erp:1"]
    assert golden[after["erp:1"]]["industry"] == "Ship building"
    assert not golden[after["crm:1"]].get("industry")
    firm.sound()


def test_row_028_of_two_possible_ones_the_second_cannot_be_accepted_too(firm: Firm) -> None:
    """A record that may be either of two is given to one; a yes to the other is refused, a no is not."""
    ids = unlike(firm, "abc")
    with person("anna"):
        firm.mdm("steward", "say", "crm:a", "crm:b", "distinct")
        firm.mdm("steward", "say", "crm:c", "crm:a", "same")

    with person("bert"):
        refused = firm.mdm("steward", "say", "crm:c", "crm:b", "same", code=1)
        firm.mdm("steward", "say", "crm:c", "crm:b", "distinct")

    assert "anna" in refused.err
    assert where(firm, "crm:c")[1] == where(firm, "crm:a")[1] != ids["b"]
    firm.sound()


def test_row_029_a_record_belongs_to_one_golden_record_and_not_to_a_second(firm: Firm) -> None:
    """A person who ties a matched record to another golden record is refused where the two are kept apart."""
    alike(firm, "crm", "erp")
    firm.load("clm", "client", {"id": "x", "name": "Zephyr Lighting AB"})
    with person("anna"):
        firm.mdm("steward", "say", "crm:1", "clm:x", "distinct")
    before = firm.crosswalk("client")

    with person("bert"):
        firm.mdm("steward", "say", "erp:1", "clm:x", "same", code=1)
        firm.mdm("steward", "say", "erp:1", "clm:x", "distinct")

    assert firm.crosswalk("client") == before


def test_row_030_a_link_that_a_person_confirms_becomes_theirs_and_keeps_its_score(firm: Firm) -> None:
    """A confirmed link outlives its evidence, and the score that the evidence gave is told as before."""
    alike(firm, "crm", "erp")
    before = firm.mdm("explain", "crm:1", "erp:1", "--json").json

    firm.mdm("steward", "say", "crm:1", "erp:1", "same")
    confirmed = firm.mdm("explain", "crm:1", "erp:1", "--json").json
    blank = dict.fromkeys(FULL)
    firm.load("erp", "client", {"id": "1", **blank, "name": "Zephyr Lighting AB", "changed_at": LATER})

    assert confirmed == before
    assert firm.groups("client") == {frozenset({"crm:1", "erp:1"})}
    firm.sound()


def test_row_031_the_system_cannot_change_what_a_person_linked(firm: Firm) -> None:
    """Evidence against a person's link changes nothing: not by load, not by resolve, not by replay."""
    task = asked(firm)
    firm.mdm("steward", "decide", task["id"], "same", "--certain")
    firm.load("erp", "client", {"id": "1", "name": "Zephyr", "lei": OTHER_LEI, "changed_at": LATER})

    for command in ("resolve", "replay"):
        firm.mdm(command)

    assert firm.groups("client") == {frozenset({"crm:1", "erp:1"})}
    firm.sound()


def test_row_032_nobody_can_ask_for_an_automatic_no(firm: Firm) -> None:
    """Only a person keeps records apart: a request that claims to be the machine's is an error."""
    task = asked(firm)
    asks = "mutation ($input: DecideInput!) { decide(input: $input) { __typename } }"
    given = {"taskId": task["id"], "answer": "DISTINCT", "automatic": True}

    answer = firm.http("POST", "/graphql", json={"query": asks, "variables": {"input": given}}).json()

    assert "automatic" in answer["errors"][0]["message"]
    assert firm.tasks("client") == [task]


def test_row_033_a_stale_version_is_a_conflict_and_none_is_refused(firm: Firm) -> None:
    """A merge has to say which versions were looked at, and they must still be the ones there are."""
    ids = unlike(firm, "ab")
    looked_at = seen(firm, ids["a"], ids["b"])
    firm.load("crm", "client", {"id": "a", "name": "Ashdown and Sons", "changed_at": LATER})

    unsaid = firm.mdm("merge", ids["a"], ids["b"], code=1)
    stale = firm.mdm("merge", *looked_at, code=1)

    assert "version" in unsaid.err
    assert "changed" in stale.err
    assert firm.crosswalk("client") == {"crm:a": ids["a"], "crm:b": ids["b"]}


def test_row_034_two_that_are_declared_apart_are_not_asked_about_for_a_third(firm: Firm) -> None:
    """A record that fits both of two that somebody keeps apart opens no task about those two."""
    task = asked(firm)
    firm.mdm("steward", "decide", task["id"], "distinct", "--certain")
    pair = {task["left"]["golden_id"], task["right"]["golden_id"]}

    firm.load("clm", "client", {"id": "1", **FULL})

    about = [{t["left"]["golden_id"], t["right"]["golden_id"]} for t in firm.tasks("client")]
    assert pair not in about
    firm.sound()


def test_row_035_no_evidence_merges_what_holds_two_that_somebody_keeps_apart(firm: Firm) -> None:
    """Two golden records stay two if a person parted a record of one from a record of the other."""
    ids = unlike(firm, "ab")
    with person("anna"):
        said = firm.mdm("steward", "say", "crm:a", "crm:b", "distinct", "--certain", "--json").json
    firm.load("crm", "client", *({"id": key, **AGAIN} for key in "ab"))
    firm.load("erp", "client", {"id": "1", **FULL})

    with person("bert"):
        refused = firm.mdm("merge", ids["a"], ids["b"], "--preview", code=1)

    assert where(firm, "crm:a")[1] != where(firm, "crm:b")[1]
    assert said["verdict_id"] in refused.err
    firm.sound()


def test_row_036_contradicting_decisions_become_a_task_that_names_both_and_their_authors(firm: Firm) -> None:
    """b is c, a is not c; who asks for a merge of a with b gets a task with the two decisions in it."""
    ids = unlike(firm, "abc")
    with person("anna"):
        firm.mdm("steward", "say", "crm:b", "crm:c", "same")
        apart = firm.mdm("steward", "say", "crm:a", "crm:c", "distinct", "--json").json
    home = where(firm, "crm:b")[1]

    with person("bert"):
        firm.mdm("merge", f"{ids['a']}@1", f"{home}@{version(firm, home)}", code=1)

    (task,) = firm.tasks("client")
    assert task["kind"] == "contradiction"
    assert f"anna said distinct ({apart['verdict_id']})" in task["text"]
    assert "bert said same" in task["text"]
    assert where(firm, "crm:a")[1] == ids["a"]
    firm.sound()


def version(firm: Firm, golden_id: str) -> int:
    """The version that a golden record is at, as the change feed tells it."""
    events = firm.http("GET", "/api/v1/changes?limit=1000").json()["changes"]
    return max(e["details"]["version"] for e in events if e["subject"] == golden_id)


@pytest.mark.parametrize("answer", ["distinct", "unsure"])
def test_row_037_an_answer_on_insufficient_evidence_opens_again_when_the_evidence_changes(
    firm: Firm, answer: str
) -> None:
    """Once a matching attribute changes the task is back, and the old answer is shown."""
    task = asked(firm)
    with person("anna"):
        said = firm.mdm("steward", "decide", task["id"], answer, "--json").json
    firm.load("erp", "client", {"id": "1", **AGAIN, "lei": OTHER_LEI, "currency": "GBP"})
    unmoved = firm.tasks("client")

    changed = {**FULL, "street": "Quay Street 1a", "changed_at": LATEST}
    firm.load("erp", "client", {"id": "1", **changed, "lei": OTHER_LEI})

    (reopened,) = firm.tasks("client")
    assert unmoved == []
    assert reopened["id"] == task["id"]
    assert f"anna said {answer} ({said['verdict_id']})" in reopened["text"]
    assert len(firm.groups("client")) == 2


def test_row_038_a_certain_answer_is_not_opened_again(firm: Firm) -> None:
    """Whoever knows more than the evidence shows is not asked again when it changes."""
    task = asked(firm)
    firm.mdm("steward", "decide", task["id"], "distinct", "--certain")

    changed = {**FULL, "street": "Quay Street 1a", "changed_at": LATER}
    firm.load("erp", "client", {"id": "1", **changed, "lei": OTHER_LEI})

    assert firm.tasks("client") == []


def test_row_039_a_replay_of_sources_and_verdicts_gives_the_same_partition_ids_and_queue(firm: Firm) -> None:
    """Everything derived is dropped and comes back: golden records, ids, values and tasks."""
    ids = unlike(firm)
    task = asked(firm)
    with person("anna"):
        firm.mdm("steward", "decide", task["id"], "same")
        firm.mdm("steward", "say", "crm:a", "crm:b", "distinct")
        firm.mdm("merge", *seen(firm, ids["c"], ids["d"]))
        firm.mdm("unmerge", ids["c"])
    with person("bert"):
        firm.mdm("steward", "say", "crm:b", "crm:a", "same", code=1)
    before = (firm.crosswalk("client"), firm.golden("client"), firm.tasks("client"))
    assert before[2] != []

    firm.mdm("replay")

    assert (firm.crosswalk("client"), firm.golden("client"), firm.tasks("client")) == before
    firm.sound()
