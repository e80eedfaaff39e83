"""Merge, detach, unmerge and undo: what they change, what they refuse, and that they can be taken back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col

from mdm.decide import RecordKey, decide_records
from mdm.errors import (
    AlreadyRedirectedError,
    MdmError,
    NoGoldenIdError,
    NotCurrentError,
    NotGoldenError,
    NothingToPartError,
    OtherTypeError,
    SameIdTwiceError,
    StaleVersionError,
    UnknownGoldenIdError,
    VersionNotSeenError,
)
from mdm.golden_ids import golden_id_of, resolve_id
from mdm.hub import Hub
from mdm.identity import (
    Conflicted,
    DetachRequest,
    Merged,
    MergeRequest,
    Parted,
    Undone,
    UnmergeRequest,
    detach,
    merge,
    previewed,
    undo,
    unmerge,
)
from mdm.replay import replay
from mdm.store.decisions import Event, IssuedId
from mdm.store.derived import GoldenRecord, Relation, Task
from mdm.testing import NOON, derived_state, record, take_in
from mdm.verify import verify

UNLIKE = {
    "a": "Ashdown Legal LLP",
    "b": "Barleycorn Bakeries",
    "c": "Cobalt Mining AG",
    "d": "Dovetail Joinery",
    "e": "Elmwood Nurseries",
}


@pytest.fixture
def five(any_hub: Hub) -> Hub:
    """Five clients that no evidence joins, and a project of c's."""
    for key, name in UNLIKE.items():
        take_in(any_hub, "crm", "client", [record(key, name=name)])
    take_in(any_hub, "psa", "project", [record("p", name="ERP rollout", client="crm:c")])
    return any_hub


def golden(hub: Hub, key: str, entity: str = "client", source: str = "crm") -> str:
    with hub.read() as session:
        return golden_id_of(session, entity, source, key)


def homes(hub: Hub) -> dict[str, str]:
    return {key: golden(hub, key) for key in UNLIKE}


def seen(hub: Hub, *ids: str) -> dict[str, int]:
    with hub.read() as session:
        return {i: session.get_one(IssuedId, i).version for i in ids}


def join(hub: Hub, loser: str, survivor: str, author: str = "anna") -> Merged:
    """Merge the golden records of two keys."""
    one, other = golden(hub, loser), golden(hub, survivor)
    with hub.write(author) as uow:
        found = merge(uow, MergeRequest(one, other, seen(hub, one, other)))
    assert isinstance(found, Merged)
    return found


def part(hub: Hub, what: str, *, tree: bool = False) -> Parted:
    with hub.write("anna") as uow:
        return unmerge(uow, UnmergeRequest(what, tree=tree))


def leads_to(hub: Hub, golden_id: str) -> tuple[str, str]:
    with hub.read() as session:
        found = resolve_id(session, golden_id)
        return found.state, found.golden_id


def values(hub: Hub) -> dict[str, Any]:
    """Cells and relations of every current golden record."""
    with hub.read() as session:
        current = select(GoldenRecord).where(col(GoldenRecord.state) == "active")
        cells = {g.golden_id: g.cells for g in session.scalars(current)}
        related = sorted((r.from_id, r.attribute, r.to_id) for r in session.scalars(select(Relation)))
        return {"cells": cells, "relations": related}


def tasks(hub: Hub) -> list[tuple[str, str, str]]:
    with hub.read() as session:
        return [(t.kind, t.cause, t.text) for t in session.scalars(select(Task).order_by(col(Task.id)))]


def is_sound(hub: Hub) -> bool:
    with hub.read() as session:
        return [failure for check in verify(hub, session) for failure in check.failures] == []


def replays_alike(hub: Hub) -> bool:
    with hub.read() as session:
        before = derived_state(hub, session)
    with hub.write("replay") as uow:
        replay(uow)
    with hub.read() as session:
        return derived_state(hub, session) == before


# --- merge ---


def test_a_merge_keeps_the_named_survivor_and_redirects_the_other(five: Hub) -> None:
    before = homes(five)

    merged = join(five, "a", "b")

    assert (merged.golden_id, merged.redirected) == (before["b"], before["a"])
    assert leads_to(five, before["a"]) == ("merged", before["b"])
    assert golden(five, "a") == golden(five, "b") == before["b"]
    assert is_sound(five)
    assert replays_alike(five)


def test_relations_follow_a_merge(five: Hub) -> None:
    before = homes(five)

    merged = join(five, "c", "a")

    project = golden(five, "p", "project", "psa")
    assert [(r.golden_id, r.attribute, r.before, r.after) for r in merged.changes.relations] == [
        (project, "client", before["c"], before["a"])
    ]


def test_merged_and_merged_again_resolves_in_one_hop(five: Hub) -> None:
    before = homes(five)

    join(five, "a", "b")
    join(five, "b", "c")

    assert leads_to(five, before["a"]) == leads_to(five, before["b"]) == ("merged", before["c"])
    assert is_sound(five)


REFUSALS: Mapping[str, tuple[str, str, type[MdmError]]] = {
    "no id": ("", "a", NoGoldenIdError),
    "a source record": ("crm:a", "b", NotGoldenError),
    "the same twice": ("a", "a", SameIdTwiceError),
    "unknown": ("client-0", "a", UnknownGoldenIdError),
    "another type": ("p", "a", OtherTypeError),
    "redirected": ("d", "a", AlreadyRedirectedError),
    "retired": ("gone", "a", NotCurrentError),
}


@pytest.mark.parametrize(("one", "other", "error"), REFUSALS.values(), ids=REFUSALS.keys())
def test_what_cannot_be_merged_is_refused_each_with_its_own_error(
    five: Hub, one: str, other: str, error: type[MdmError]
) -> None:
    take_in(five, "crm", "client", [record("gone", name="Gone Fishing")])
    ids = {**homes(five), "p": golden(five, "p", "project", "psa"), "gone": golden(five, "gone")}
    take_in(five, "crm", "client", [record("gone", NOON + timedelta(days=1), deleted=True)])
    join(five, "d", "e")
    before = values(five)

    for left, right in ((one, other), (other, one)):
        request = MergeRequest(ids.get(left, left), ids.get(right, right))
        with five.write("anna") as uow, pytest.raises(error):
            merge(uow, request)

    assert values(five) == before


def test_a_merge_needs_the_versions_that_were_looked_at(five: Hub) -> None:
    a, b = golden(five, "a"), golden(five, "b")
    looked_at = seen(five, a, b)
    take_in(five, "crm", "client", [record("a", NOON + timedelta(days=1), name="Ashdown and Sons")])

    for versions, error in (({}, VersionNotSeenError), (looked_at, StaleVersionError)):
        with five.write("anna") as uow, pytest.raises(error):
            merge(uow, MergeRequest(a, b, versions))

    assert golden(five, "a") == a


def test_a_merge_against_anothers_verdict_becomes_a_task_that_names_both(five: Hub) -> None:
    with five.write("anna") as uow:
        decide_records(uow, RecordKey("client", "crm", "a"), RecordKey("client", "crm", "c"), "distinct")
    with five.write("bert") as uow:
        decide_records(uow, RecordKey("client", "crm", "b"), RecordKey("client", "crm", "c"), "same")
    a, b = golden(five, "a"), golden(five, "b")

    with five.write("carla") as uow:
        refused = merge(uow, MergeRequest(a, b, seen(five, a, b)))

    assert isinstance(refused, Conflicted)
    assert golden(five, "a") != golden(five, "b")
    ((kind, cause, text),) = tasks(five)
    assert (kind, cause) == ("contradiction", "contested")
    assert "anna said distinct" in text
    assert "carla said same" in text
    assert is_sound(five)
    assert replays_alike(five)


# --- unmerge and undo ---


@pytest.mark.parametrize("way", ["undo", "unmerge"])
def test_a_merge_taken_back_restores_membership_values_relations_and_ids(five: Hub, way: str) -> None:
    join(five, "d", "c")
    before, ids = values(five), homes(five)
    merged = join(five, "c", "a")

    if way == "undo":
        with five.write("anna") as uow:
            undo(uow, merged.operation)
    else:
        part(five, ids["c"], tree=True)

    assert values(five) == before
    assert homes(five) == ids
    assert is_sound(five)
    assert replays_alike(five)


def test_linear_unmerge_leaves_behind_what_was_merged_before(five: Hub) -> None:
    ids = homes(five)
    for loser, survivor in (("d", "c"), ("b", "a"), ("c", "a")):
        join(five, loser, survivor)

    parted = part(five, ids["c"])

    assert parted.leaves == (ids["c"],)
    assert homes(five) == {"a": ids["a"], "b": ids["a"], "c": ids["c"], "d": ids["a"], "e": ids["e"]}
    assert leads_to(five, ids["d"]) == ("merged", ids["a"])
    assert is_sound(five)
    assert replays_alike(five)


def test_tree_unmerge_takes_along_what_was_merged_before(five: Hub) -> None:
    ids = homes(five)
    for loser, survivor in (("d", "c"), ("b", "a"), ("c", "a")):
        join(five, loser, survivor)

    part(five, ids["c"], tree=True)

    assert homes(five) == {"a": ids["a"], "b": ids["a"], "c": ids["c"], "d": ids["c"], "e": ids["e"]}
    assert leads_to(five, ids["d"]) == ("merged", ids["c"])
    assert is_sound(five)


def test_an_unmerge_undone_merges_again_under_the_same_id(five: Hub) -> None:
    ids = homes(five)
    join(five, "c", "a")
    before = values(five)
    parted = part(five, ids["c"])

    with five.write("anna") as uow:
        undone = undo(uow, parted.operation)

    assert isinstance(undone, Undone)
    assert undone.golden_ids == (ids["a"],)
    assert values(five) == before


def test_later_values_leave_with_their_own_record(five: Hub) -> None:
    ids = homes(five)
    join(five, "c", "a")
    take_in(five, "crm", "client", [record("c", NOON + timedelta(days=1), name=UNLIKE["c"], phone="+49 1")])

    part(five, ids["c"])

    cells = values(five)["cells"]
    assert cells[ids["c"]]["phone"]["value"] == "+49 1"
    assert "phone" not in cells[ids["a"]]


def test_a_record_that_came_later_goes_with_the_side_it_matches(five: Hub) -> None:
    ids = homes(five)
    alike: dict[str, Any] = {"name": UNLIKE["c"], "website": "cobalt.de", "email": "hi@cobalt.de"}
    take_in(five, "crm", "client", [record("c", NOON + timedelta(days=1), **alike)])
    join(five, "c", "a")
    take_in(five, "erp", "client", [record("late", **alike)])
    assert golden(five, "late", source="erp") == ids["a"]

    part(five, ids["c"])

    assert golden(five, "late", source="erp") == ids["c"]
    assert homes(five)["a"] == ids["a"]
    assert is_sound(five)


def test_what_was_detached_stays_away_until_the_block_is_undone(any_hub: Hub) -> None:
    alike: dict[str, Any] = {"name": "Cobalt Mining AG", "website": "cobalt.de", "email": "hi@cobalt.de"}
    for source in ("crm", "erp", "clm"):
        take_in(any_hub, source, "client", [record("1", **alike)])
    whole = golden(any_hub, "1")

    with any_hub.write("anna") as uow:
        parted = detach(uow, DetachRequest((RecordKey("client", "crm", "1"),)))
    take_in(any_hub, "crm", "client", [record("1", NOON + timedelta(days=1), **alike, currency="EUR")])
    apart = {source: golden(any_hub, "1", source=source) for source in ("crm", "erp", "clm")}
    with any_hub.write("anna") as uow:
        undo(uow, parted.operation)

    assert apart["crm"] != apart["erp"] == apart["clm"] == whole
    assert parted.stays == whole
    assert {golden(any_hub, "1", source=source) for source in ("crm", "erp", "clm")} == {whole}
    assert is_sound(any_hub)


def test_a_split_is_told_with_every_successor_and_its_records(five: Hub) -> None:
    ids = homes(five)
    join(five, "c", "a")

    part(five, ids["c"])

    with five.read() as session:
        told = session.scalars(select(Event).where(col(Event.type) == "golden.split")).one()
    assert told.subject == ids["a"]
    assert set(told.details["successors"]) == {ids["a"], ids["c"]}


def test_what_was_never_merged_cannot_be_unmerged(five: Hub) -> None:
    join(five, "c", "a")

    for key, says in (("b", "detach"), ("a", golden(five, "a"))):
        with five.write("anna") as uow, pytest.raises(NothingToPartError, match=says):
            unmerge(uow, UnmergeRequest(golden(five, key)))
    with five.write("anna") as uow, pytest.raises(NothingToPartError):
        detach(uow, DetachRequest((RecordKey("client", "crm", "b"),)))


# --- preview ---


def test_a_preview_says_what_will_change_and_changes_nothing(five: Hub) -> None:
    ids, before = homes(five), values(five)
    request = MergeRequest(ids["c"], ids["a"], seen(five, ids["c"], ids["a"]))

    shown = previewed(five, "anna", lambda uow: merge(uow, request))
    unchanged = values(five)
    done = join(five, "c", "a")

    assert isinstance(shown, Merged)
    assert unchanged == before
    assert shown.changes == done.changes
    assert [(r.source_key, r.from_golden, r.to_golden) for r in shown.changes.records] == [
        ("c", ids["c"], ids["a"])
    ]
    assert [(i.golden_id, i.what, i.into) for i in shown.changes.ids] == [(ids["c"], "redirected", ids["a"])]
