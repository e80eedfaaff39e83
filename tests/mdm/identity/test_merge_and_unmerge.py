"""Merge, detach, unmerge and undo: what they change, what they refuse, and that they can be taken back."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col

from mdm.decide import Decided, RecordKey, decide, decide_records
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
from mdm.history import When
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
    id_lists,
    merge,
    previewed,
    undo,
    unmerge,
)
from mdm.replay import replay
from mdm.resolve import resolve
from mdm.stewardship import task_view
from mdm.store.decisions import Event, IssuedId
from mdm.store.derived import GoldenRecord, Relation, Task
from mdm.store.publishing import Receipt
from mdm.testing import NOON, derived_state, hub_at, record, take_in
from mdm.verify import verify

UNLIKE = {
    "a": "Ashdown Legal LLP",
    "b": "Barleycorn Bakeries",
    "c": "Cobalt Mining AG",
    "d": "Dovetail Joinery",
    "e": "Elmwood Nurseries",
}


def five_clients(hub: Hub) -> Hub:
    """Five clients that no evidence joins, and a project of c's."""
    take_in(hub, "crm", "client", [record(key, name=name) for key, name in UNLIKE.items()])
    take_in(hub, "psa", "project", [record("p", name="ERP rollout", client="crm:c")])
    return hub


@pytest.fixture
def five(hub: Hub) -> Hub:
    """On SQLite."""
    return five_clients(hub)


@pytest.fixture
def five_on_both(any_hub: Hub) -> Hub:
    """On either database: the test runs twice."""
    return five_clients(any_hub)


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


def test_a_merge_against_anothers_verdict_becomes_a_task_that_names_both(five_on_both: Hub) -> None:
    with five_on_both.write("anna") as uow:
        decide_records(uow, RecordKey("client", "crm", "a"), RecordKey("client", "crm", "c"), "distinct")
    with five_on_both.write("bert") as uow:
        decide_records(uow, RecordKey("client", "crm", "b"), RecordKey("client", "crm", "c"), "same")
    a, b = golden(five_on_both, "a"), golden(five_on_both, "b")

    with five_on_both.write("carla") as uow:
        refused = merge(uow, MergeRequest(a, b, seen(five_on_both, a, b)))

    assert isinstance(refused, Conflicted)
    assert golden(five_on_both, "a") != golden(five_on_both, "b")
    ((kind, cause, text),) = tasks(five_on_both)
    assert (kind, cause) == ("contradiction", "contested")
    assert "anna said distinct" in text
    assert "carla said same" in text
    assert is_sound(five_on_both)
    assert replays_alike(five_on_both)


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


def test_tree_unmerge_takes_along_what_was_merged_before(five_on_both: Hub) -> None:
    ids = homes(five_on_both)
    for loser, survivor in (("d", "c"), ("b", "a"), ("c", "a")):
        join(five_on_both, loser, survivor)

    part(five_on_both, ids["c"], tree=True)

    assert homes(five_on_both) == {"a": ids["a"], "b": ids["a"], "c": ids["c"], "d": ids["c"], "e": ids["e"]}
    assert leads_to(five_on_both, ids["d"]) == ("merged", ids["c"])
    assert is_sound(five_on_both)


def test_what_stayed_behind_leaves_with_the_tree_that_it_stayed_in(five_on_both: Hub) -> None:
    ids = homes(five_on_both)
    for loser, survivor in (("d", "c"), ("c", "a")):
        join(five_on_both, loser, survivor)
    part(five_on_both, ids["c"])  # d stays with a
    join(five_on_both, "a", "e")

    part(five_on_both, ids["a"], tree=True)

    assert homes(five_on_both) == {**ids, "d": ids["a"]}
    assert leads_to(five_on_both, ids["d"]) == ("merged", ids["a"])
    assert is_sound(five_on_both)
    assert replays_alike(five_on_both)


def test_what_stayed_behind_is_of_the_branch_that_it_came_with(five: Hub) -> None:
    ids = homes(five)
    for loser, survivor in (("d", "c"), ("c", "b"), ("b", "a")):
        join(five, loser, survivor)
    part(five, ids["c"])  # d stays with a, where it came to with b

    part(five, ids["b"], tree=True)

    assert homes(five) == {**ids, "d": ids["b"]}
    assert is_sound(five)
    assert replays_alike(five)


def test_what_evidence_led_elsewhere_leaves_with_where_it_led(hub: Hub) -> None:
    firm = {"name": "Amber Legal", "email": "office@amber-legal.example", "country": "GB"}
    take_in(hub, "crm", "client", [record("a", **firm), record("b", name="Barleycorn Bakeries")])
    take_in(hub, "crm", "client", [record("c", name="Cobalt Mining AG")])
    take_in(hub, "erp", "client", [record("f", name="Unlike It Ltd", country="GB")])
    other = golden(hub, "c")
    merged = join(hub, "a", "b")
    take_in(hub, "erp", "client", [record("f", NOON + timedelta(days=1), **firm)])
    with hub.write("anna") as uow:
        undo(uow, merged.operation)
    whole = golden(hub, "a")
    assert golden(hub, "f", source="erp") == whole  # by evidence
    join(hub, "a", "c")

    part(hub, whole, tree=True)

    assert golden(hub, "f", source="erp") == golden(hub, "a") == whole
    assert golden(hub, "c") == other
    assert is_sound(hub)
    assert replays_alike(hub)


@pytest.mark.parametrize("way", ["undo", "unmerge"])
def test_an_id_that_comes_back_meets_what_evidence_ties_to_it_as_if_it_had_never_left(
    hub: Hub, way: str
) -> None:
    firm = {"name": "Amber Legal", "email": "office@amber-legal.example", "country": "GB"}
    other = {"name": "Barleycorn Bakeries", "email": "post@barleycorn.example", "country": "GB"}
    for source in ("crm", "erp"):
        take_in(hub, source, "client", [record("a", **firm)])
    for source in ("crm", "erp", "clm", "psa", "hcm", "web"):
        take_in(hub, source, "client", [record("b", **other)])
    take_in(hub, "clm", "client", [record("f", name="Unlike It Ltd", country="GB")])
    mine = golden(hub, "a")
    merged = join(hub, "a", "b")
    take_in(hub, "clm", "client", [record("f", NOON + timedelta(days=1), **firm)])
    assert golden(hub, "f", source="clm") not in {mine, golden(hub, "b")}  # too little ties it to the whole

    if way == "undo":
        with hub.write("anna") as uow:
            undo(uow, merged.operation)
    else:
        part(hub, mine, tree=True)

    assert golden(hub, "f", source="clm") == golden(hub, "a") == mine
    assert is_sound(hub)
    assert replays_alike(hub)


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


def test_what_was_detached_stays_away_until_the_block_is_undone(hub: Hub) -> None:
    alike: dict[str, Any] = {"name": "Cobalt Mining AG", "website": "cobalt.de", "email": "hi@cobalt.de"}
    for source in ("crm", "erp", "clm"):
        take_in(hub, source, "client", [record("1", **alike)])
    whole = golden(hub, "1")

    with hub.write("anna") as uow:
        parted = detach(uow, DetachRequest((RecordKey("client", "crm", "1"),)))
    take_in(hub, "crm", "client", [record("1", NOON + timedelta(days=1), **alike, currency="EUR")])
    apart = {source: golden(hub, "1", source=source) for source in ("crm", "erp", "clm")}
    with hub.write("anna") as uow:
        undo(uow, parted.operation)

    assert apart["crm"] != apart["erp"] == apart["clm"] == whole
    assert parted.stays == whole
    assert {golden(hub, "1", source=source) for source in ("crm", "erp", "clm")} == {whole}
    assert is_sound(hub)


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


# --- policy, dates ---


def publish(hub: Hub, *golden_ids: str) -> None:
    with hub.write() as uow:
        for golden_id in golden_ids:
            uow.session.add(
                Receipt(
                    target="lake",
                    golden_id=golden_id,
                    entity_type="client",
                    version=1,
                    event_id="evt",
                    attempt=1,
                    outcome="delivered",
                    at=uow.now,
                )
            )


ALIKE: dict[str, Any] = {"name": "Quill Analytics", "website": "quill.ie", "email": "hi@quill.ie"}


def become_alike(hub: Hub) -> None:
    """The evidence joins a and b from now on."""
    take_in(hub, "crm", "client", [record(key, NOON + timedelta(days=1), **ALIKE) for key in "ab"])


def test_two_published_golden_records_are_held_apart_until_a_person_decides(five_on_both: Hub) -> None:
    hub, ids = five_on_both, homes(five_on_both)
    publish(hub, ids["a"], ids["b"])

    become_alike(hub)
    held = homes(hub)
    ((_, cause, _),) = tasks(hub)
    assert replays_alike(hub)
    with hub.write("anna") as uow:
        said = decide_records(uow, RecordKey("client", "crm", "a"), RecordKey("client", "crm", "b"), "same")
    joined = homes(hub)
    assert isinstance(said, Decided)
    with hub.write("anna") as uow:
        undo(uow, said.verdict_id)

    assert held == ids
    assert cause == "held"
    assert joined["a"] == joined["b"]
    assert homes(hub) == ids
    assert is_sound(hub)


def test_policy_may_let_published_golden_records_merge(tmp_path: Path, empty_database: Path) -> None:
    shutil.copy(empty_database, tmp_path / "hub.db")
    hub = hub_at(f"sqlite:///{(tmp_path / 'hub.db').as_posix()}", matching={"merge_published": "auto"})
    ids = homes(five_clients(hub))
    publish(hub, ids["a"], ids["b"])

    become_alike(hub)

    assert golden(hub, "a") == golden(hub, "b")
    hub.close()


def test_a_verdict_ends_at_its_date_with_the_next_resolution(five: Hub) -> None:
    with five.write("anna") as uow:
        one, other = RecordKey("client", "crm", "a"), RecordKey("client", "crm", "b")
        decide_records(uow, one, other, "distinct", until=NOON + timedelta(days=2))
    become_alike(five)
    apart = homes(five)
    five.clock = lambda: NOON + timedelta(days=3)

    with five.write() as uow:
        resolve(uow, {})

    assert apart["a"] != apart["b"]
    assert golden(five, "a") == golden(five, "b")
    assert is_sound(five)


def test_an_answer_about_a_contradiction_settles_it(five: Hub) -> None:
    one, other = RecordKey("client", "crm", "a"), RecordKey("client", "crm", "b")
    for author, answer in (("anna", "distinct"), ("bert", "same")):
        with five.write(author) as uow:
            decide_records(uow, one, other, answer)  # type: ignore[arg-type]  # one of the three words
    with five.read() as session:
        (task,) = session.scalars(select(col(Task.id)))

    with five.write("carla") as uow:
        decide(uow, task, "same")

    assert golden(five, "a") == golden(five, "b")
    assert tasks(five) == []
    assert is_sound(five)
    assert replays_alike(five)


def test_what_was_contested_takes_force_when_nothing_stands_against_it_any_more(five: Hub) -> None:
    one, other = RecordKey("client", "crm", "a"), RecordKey("client", "crm", "b")
    with five.write("anna") as uow:
        stands = decide_records(uow, one, other, "distinct")
    with five.write("bert") as uow:
        decide_records(uow, one, other, "same")
    assert isinstance(stands, Decided)

    with five.write("anna") as uow:
        undo(uow, stands.verdict_id)

    assert golden(five, "a") == golden(five, "b")
    assert tasks(five) == []


def test_a_contradiction_within_one_golden_record_is_a_task_about_it(five: Hub) -> None:
    join(five, "a", "b", "anna")

    with five.write("bert") as uow:
        one, other = RecordKey("client", "crm", "a"), RecordKey("client", "crm", "b")
        refused = decide_records(uow, one, other, "distinct")
    with five.read() as session:
        task = session.scalars(select(Task)).one()
        view = task_view(five, session, task.id)
        sides = [[r.source_key for r in side.records] for side in (view.left, view.right)]
    with five.write("carla") as uow:
        decide(uow, task.id, "distinct")

    assert isinstance(refused, Conflicted)
    assert task.left_golden == task.right_golden
    assert sorted(sides) == [["a"], ["b"]]
    assert golden(five, "a") != golden(five, "b")
    assert is_sound(five)


def test_values_that_came_with_a_merge_end_with_it_and_come_back_with_it(five: Hub) -> None:
    ids = homes(five)
    request = MergeRequest(ids["c"], ids["a"], seen(five, ids["c"], ids["a"]), values={"city": "Leeds"})
    with five.write("anna") as uow:
        merge(uow, request)
    merged = values(five)["cells"][ids["a"]]["city"]["value"]

    parted = part(five, ids["c"])
    apart = values(five)["cells"][ids["a"]]
    with five.write("anna") as uow:
        undo(uow, parted.operation)

    assert merged == "Leeds"
    assert "city" not in apart
    assert values(five)["cells"][ids["a"]]["city"]["value"] == "Leeds"
    assert is_sound(five)


def test_an_id_tells_what_it_led_to_at_a_moment_and_who_has_its_records(five: Hub) -> None:
    ids = homes(five)
    day = [NOON + timedelta(days=n) for n in range(4)]
    five.clock = lambda: day[1]
    join(five, "c", "a")
    five.clock = lambda: day[3]
    part(five, ids["c"])

    with five.read() as session:
        then = [resolve_id(session, ids["c"], When(moment)) for moment in (day[0], day[2], day[3])]
        now = resolve_id(session, ids["a"])
        lists = id_lists(session, "client", day[0], day[2])

    assert [(found.state, found.golden_id) for found in then] == [
        ("current", ids["c"]),
        ("merged", ids["a"]),
        ("current", ids["c"]),
    ]
    assert {s.golden_id: s.share for s in now.successors} == {ids["a"]: 0.5, ids["c"]: 0.5}
    assert lists.merged == ((ids["c"], ids["a"]),)
    assert set(lists.survived) == {ids[key] for key in "abde"}
    assert (lists.minted, lists.retired, lists.revived) == ((), (), ())
