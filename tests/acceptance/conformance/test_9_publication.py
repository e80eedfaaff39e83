"""Publication and events: what subscribers hear of changed links, merges, conflicts and their own echoes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import permutations
from typing import Any

import pytest
from deployment import Firm
from stewards import FULL, ONE_LEI, OTHER_LEI, UNLIKE, merge, unlike
from subscriber import Copy, Subscriber
from subscriber import subscriber as listening

NAME = {"name": "Harbour Pine plc", "country": "GB"}
PLACE = {"street": "Quay Street 1", "postcode": "LS1 4ND"}
REACH = {"email": "office@harbourpine.co.uk", "phone": "+44 117 496 0101"}


@pytest.fixture
def subscriber() -> Iterator[Subscriber]:
    """A system that listens."""
    with listening() as found:
        yield found


def links_changed(firm: Firm, after: int) -> list[dict[str, Any]]:
    """The details of the events behind a number that name changed links."""
    page = firm.http("GET", f"/api/v1/changes?after={after}&limit=1000").json()
    return [change["details"] for change in page["changes"] if change["type"] == "links.changed"]


def newest(firm: Firm) -> int:
    """The number of the newest event."""
    last: int = firm.http("GET", "/api/v1/changes").json()["last"]
    return last


def test_row_097_one_input_that_changes_several_links_makes_one_event_that_names_them_all(
    firm: Firm,
) -> None:
    """Two golden records become one, a question is settled and another arises: all of it in one event."""
    firm.load("crm", "client", {"id": "place", **NAME, **PLACE, "city": "Leeds"})
    firm.load("erp", "client", {"id": "reach", **NAME, **REACH, "city": "York"})
    firm.load("psa", "client", {"id": "other", **NAME, "city": "Perth"})
    ids, settled, before = firm.crosswalk("client"), firm.tasks("client"), newest(firm)
    assert len(set(ids.values())) == 3

    firm.load("clm", "client", {"id": "both", **NAME, **PLACE, **REACH})

    (event,) = links_changed(firm, before)
    now = firm.crosswalk("client")
    moved = {(link["before"], link["golden_id"]) for link in event["links"]["client"]}
    assert moved == {(ids.get(key), now[key]) for key in now if ids.get(key) != now[key]}
    open_now = {task["id"] for task in firm.tasks("client")}
    closed = {task["id"] for task in settled} - open_now
    assert {link["task"] for link in event["closed"]["client"]} == closed != set()
    opened = {link["task"]: link["kind"] for link in event.get("opened", {}).get("client", [])}
    assert opened.keys() == open_now - {task["id"] for task in settled}
    firm.mdm("replay")
    assert len(links_changed(firm, before)) == 1
    firm.sound()


def test_row_098_a_delivery_that_fails_and_is_retried_is_no_second_event(
    firm: Firm, subscriber: Subscriber
) -> None:
    """The second attempt carries the id and the bytes of the first, and the log has grown by nothing."""
    firm.settings(subscriber.settings())
    firm.load("crm", "client", {"id": "1", **FULL})
    before = newest(firm)
    subscriber.answers = [500]

    firm.mdm("publish", "crm", code=1)
    firm.mdm("publish", "crm")
    firm.mdm("publish", "crm")

    first, second = subscriber.messages
    assert first == second
    assert newest(firm) == before


def test_row_099_a_subscriber_that_applies_by_sequence_ends_right_and_sees_a_gap(
    firm: Firm, subscriber: Subscriber
) -> None:
    """Twice and out of order the end is the same; a message that never came is known to be missing."""
    firm.settings(subscriber.settings())
    for number in range(3):
        row = {"id": "1", "name": f"Harbour Pine {number}", "changed_at": f"2026-01-0{number + 1}"}
        firm.load("erp", "client", row)
        firm.mdm("publish", "crm")
    messages = [told for _, told in subscriber.messages]
    assert [told["data"]["version"] for told in messages] == [1, 2, 3]

    for order in permutations([*messages, *messages[:2]]):
        copy = Copy()
        for told in order:
            copy.apply(told)
        assert copy.held[messages[0]["subject"]][1]["values"]["name"] == "Harbour Pine 2"
    whole, broken = Copy(), Copy()
    for told in messages:
        whole.apply(told)
    for told in (messages[0], messages[2]):
        broken.apply(told)
    assert not whole.missed
    assert broken.missed == {messages[0]["subject"]}


def test_row_099_versions_that_were_overtaken_before_delivery_are_no_gap(
    firm: Firm, subscriber: Subscriber
) -> None:
    """What a later version overtook before it was sent is not missing."""
    firm.settings(subscriber.settings())
    copy = Copy()
    for number in range(4):
        row = {"id": "1", "name": f"Harbour Pine {number}", "changed_at": f"2026-01-0{number + 1}"}
        firm.load("erp", "client", row)
        if number in (0, 3):
            firm.mdm("publish", "crm")
    for _, told in subscriber.messages:
        copy.apply(told)

    assert [told["data"]["version"] for _, told in subscriber.messages] == [1, 4]
    assert not copy.missed


def test_row_100_a_subscriber_that_holds_both_sides_of_a_merge_is_told_which_of_its_keys_to_fold(
    firm: Firm, subscriber: Subscriber
) -> None:
    """The instruction speaks the subscriber's own keys, with either id, and stays the same afterwards."""
    firm.settings(subscriber.settings('system = "crm"'))
    ids = unlike(firm, "ab")
    firm.mdm("publish", "crm")
    assert [told["keys"] for told in subscriber.about(ids["b"])] == [["b"]]

    merge(firm, ids["a"], ids["b"])
    firm.mdm("publish", "crm")
    firm.load("crm", "client", {"id": "b", "name": UNLIKE["b"], "city": "Leeds"})
    firm.mdm("publish", "crm")

    (*_, gone) = subscriber.about(ids["a"])
    (_, merged, later) = subscriber.about(ids["b"])
    assert (gone["state"], gone["redirected_to"], gone["keys"]) == ("merged", ids["b"], ["a"])
    assert merged["keys"] == later["keys"] == ["a", "b"]
    assert gone["fold"] == merged["fold"] == later["fold"] == {"keep": "b", "fold": ["a"]}


CONFLICT = {"name": "Harbour Pine plc", "city": "Leeds", "country": "GB"}


@pytest.mark.parametrize(("policy", "told"), [("true", []), ('"previous"', [1]), ("false", [2])])
def test_row_101_a_golden_record_with_an_open_conflict_goes_out_as_the_policy_says(
    firm: Firm, policy: str, told: list[int]
) -> None:
    """It is held back, or goes out as the subscriber has it, or as it is; what was held back is told."""
    firm.settings(f'[targets.lake]\nkind = "file"\npath = "lake"\nmode = "full"\nhold_conflicts = {policy}\n')
    firm.load("crm", "client", {"id": "1", **CONFLICT, "lei": ONE_LEI})
    firm.mdm("publish", "lake")
    golden_id = firm.crosswalk("client")["crm:1"]
    firm.load("crm", "client", {"id": "1", **CONFLICT, "lei": ONE_LEI, "industry": "timber"})
    firm.load("erp", "client", {"id": "2", **CONFLICT, "lei": OTHER_LEI})
    assert len(firm.tasks("client")) == 1
    written = set((firm.folder / "lake").glob("client-*.jsonl"))

    said = firm.mdm("publish", "lake").out

    (file,) = set((firm.folder / "lake").glob("client-*.jsonl")) - written
    sent = [json.loads(line)["data"] for line in file.read_text(encoding="utf-8").splitlines()]
    assert [one["version"] for one in sent if one["golden_id"] == golden_id] == told
    assert (" held" in said) == (policy != "false")
    page = firm.http("GET", "/console/publications").text
    assert ("a task on it is open" in page) == (policy != "false")


def test_row_101_what_a_subscriber_has_already_goes_out_again_while_a_conflict_is_open(firm: Firm) -> None:
    """A conflict alone changes no value: the version that it has is the one to send."""
    firm.settings(
        '[targets.lake]\nkind = "file"\npath = "lake"\nmode = "full"\nhold_conflicts = "previous"\n'
    )
    firm.load("crm", "client", {"id": "1", **CONFLICT, "lei": ONE_LEI})
    firm.mdm("publish", "lake")
    firm.load("erp", "client", {"id": "2", **CONFLICT, "lei": OTHER_LEI})
    written = set((firm.folder / "lake").glob("client-*.jsonl"))

    firm.mdm("publish", "lake")

    (file,) = set((firm.folder / "lake").glob("client-*.jsonl")) - written
    sent = [json.loads(line)["subject"] for line in file.read_text(encoding="utf-8").splitlines()]
    assert sent == [firm.crosswalk("client")["crm:1"]]


def test_row_102_our_own_published_values_that_come_back_are_no_claim_of_the_source(
    firm: Firm, subscriber: Subscriber
) -> None:
    """Nothing goes out again, and once the true source is gone the other's own value stands."""
    firm.settings(subscriber.settings('system = "crm"'))
    own = {**FULL, "name": "Harbour Pine"}
    firm.load("crm", "client", {"id": "1", **own, "changed_at": "2026-01-01"})
    firm.load("erp", "client", {"id": "A", **FULL, "changed_at": "2026-01-01"})
    golden_id = firm.crosswalk("client")["crm:1"]
    firm.mdm("publish", "crm")
    assert subscriber.about(golden_id)[-1]["values"]["name"] == FULL["name"]
    sent, before = len(subscriber.messages), firm.golden("client")

    said = firm.load("crm", "client", {"id": "1", **FULL, "changed_at": "2026-01-02"})
    firm.mdm("publish", "crm")

    assert "1 echoed" in said.out + said.err
    assert (len(subscriber.messages), firm.golden("client")) == (sent, before)
    assert "'Harbour Pine'" in firm.mdm("explain", f"{golden_id}.name", "--json").out.replace('"', "'")
    firm.load("crm", "client", {"id": "1", **FULL, "name": "Harbour Pines", "changed_at": "2026-01-03"})
    firm.load("crm", "client", {"id": "1", **FULL, "changed_at": "2026-01-04"})
    assert "Harbour Pines" not in firm.mdm("explain", f"{golden_id}.name", "--json").out
    firm.sound()


def test_row_112_a_subscriber_hears_of_a_merge_with_the_old_and_the_new_id(
    firm: Firm, subscriber: Subscriber
) -> None:
    """By message and in the feed."""
    firm.settings(subscriber.settings())
    ids = unlike(firm, "ab")
    firm.mdm("publish", "crm")
    before = newest(firm)

    merge(firm, ids["a"], ids["b"])
    firm.mdm("publish", "crm")

    told = subscriber.about(ids["a"])[-1]
    assert (told["golden_id"], told["state"], told["redirected_to"]) == (ids["a"], "merged", ids["b"])
    feed = firm.http("GET", f"/api/v1/changes?after={before}").json()["changes"]
    merged = [c for c in feed if c["type"] == "golden.merged"]
    assert [(c["subject"], c["details"]["into"]) for c in merged] == [(ids["a"], ids["b"])]
