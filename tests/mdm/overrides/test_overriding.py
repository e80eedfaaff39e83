"""A steward's own value: how long it holds, what it survives, and what a merge makes of it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlmodel import col, select

from mdm.decide import RecordKey, decide, decide_records, withdraw
from mdm.errors import RefusedError, StaleVersionError, UnusableValueError, UsageError
from mdm.explain import explain_values
from mdm.golden_ids import golden_id_of, resolve_id
from mdm.hub import Hub
from mdm.ingest import end_missing
from mdm.overrides import Lifetime, standing
from mdm.overrides.banning import ban_value, lift_ban
from mdm.overrides.setting import Until, override_value, remove_override
from mdm.resolve import resolve
from mdm.store.decisions import Event
from mdm.store.derived import GoldenRecord, Task
from mdm.store.sayings import Override
from mdm.testing import NOON, record, take_in
from mdm.verify import verify

LATER, LATEST = NOON + timedelta(days=1), NOON + timedelta(days=2)
OURS, THEIRS = "+44 20 7946 0101", "+44 20 7946 0102"


def client(hub: Hub, key: str = "1", at: datetime = NOON, **values: object) -> str:
    """A client of the CRM with this phone; returns its golden id."""
    stated = {"name": f"Harbour {key * 3} Pine", "country": "GB", "phone": THEIRS} | values
    take_in(hub, "crm", "client", [record(key, at, **stated)])  # type: ignore[arg-type]
    with hub.read() as session:
        return golden_id_of(session, "client", "crm", key)


def value(hub: Hub, golden_id: str, attribute: str = "phone") -> object:
    with hub.read() as session:
        assert [(c.name, c.failures) for c in verify(hub, session) if c.failures] == []
        choice = explain_values(hub, session, golden_id).get(attribute)
        stored = session.get_one(GoldenRecord, golden_id).cells.get(attribute)
        assert (stored["value"] if stored else None) == (choice.value if choice else None)
        return choice.value if choice else None


def override(hub: Hub, golden_id: str, text: object = OURS, attribute: str = "phone", **how: object) -> str:
    with hub.write("anna") as uow:
        return override_value(uow, golden_id, attribute, text, **how).override_id  # type: ignore[arg-type]


def test_an_override_takes_the_place_of_what_the_sources_say_and_names_its_author(any_hub: Hub) -> None:
    golden_id = client(any_hub)

    override(any_hub, golden_id, reason="they told me")

    assert value(any_hub, golden_id) == OURS
    with any_hub.read() as session:
        choice = explain_values(any_hub, session, golden_id)["phone"]
        (stands,) = standing(session, [golden_id])[golden_id]
    assert (choice.claim.source, choice.claim.source_key, choice.rule) == (
        "steward",
        "anna",
        "override(forever)",
    )
    assert [claim.value for claim in choice.beats] == [THEIRS]
    assert (stands.author, stands.reason, stands.at) == ("anna", "they told me", NOON)
    assert stands.basis["claims"] == {"crm:1": THEIRS}


def test_an_override_can_fill_what_no_source_states_and_outlives_loads(hub: Hub) -> None:
    golden_id = client(hub)
    override(hub, golden_id, "Bristol", "city")

    client(hub, at=LATER, phone="+44 20 7946 0103")

    assert value(hub, golden_id, "city") == "Bristol"


def test_to_say_the_same_again_writes_nothing(hub: Hub) -> None:
    golden_id = client(hub)
    first = override(hub, golden_id, until=Until(Lifetime.basis))
    with hub.read() as session:
        before = len(session.exec(select(Event)).all())

    assert override(hub, golden_id, until=Until(Lifetime.basis)) == first
    with hub.read() as session:
        assert len(session.exec(select(Event)).all()) == before


def test_a_new_override_takes_the_place_of_the_former_one_which_is_kept(hub: Hub) -> None:
    golden_id = client(hub)
    first = override(hub, golden_id)

    second = override(hub, golden_id, "+44 20 7946 0104")

    assert value(hub, golden_id) == "+44 20 7946 0104"
    with hub.read() as session:
        assert session.get_one(Override, first).ended_by == second
        assert session.get_one(Override, first).value == OURS


def test_a_removed_override_lets_the_sources_speak_again(hub: Hub) -> None:
    golden_id = client(hub)
    override(hub, golden_id)
    with hub.write("bert") as uow:
        assert remove_override(uow, golden_id, "phone").changed
        assert not remove_override(uow, golden_id, "phone").changed

    assert value(hub, golden_id) == THEIRS


@pytest.mark.parametrize(
    ("lifetime", "same_again", "other_value"),
    [
        (Lifetime.forever, OURS, OURS),
        (Lifetime.basis, OURS, "+44 20 7946 0105"),
        (Lifetime.next_write, THEIRS, "+44 20 7946 0105"),
    ],
)
def test_how_long_an_override_holds_when_the_source_speaks_again(
    hub: Hub, lifetime: Lifetime, same_again: str, other_value: str
) -> None:
    golden_id = client(hub)
    override(hub, golden_id, until=Until(lifetime))

    client(hub)
    assert value(hub, golden_id) == OURS
    client(hub, at=LATER)
    assert value(hub, golden_id) == same_again
    client(hub, at=LATEST, phone="+44 20 7946 0105")
    assert value(hub, golden_id) == other_value


def test_an_override_until_a_date_ends_at_that_date_with_the_next_resolution(hub: Hub) -> None:
    golden_id = client(hub)
    override(hub, golden_id, until=Until(Lifetime.date, LATER))
    hub.clock = lambda: LATER - timedelta(seconds=1)
    with hub.write() as uow:
        assert resolve(uow, {}).changed == 0

    hub.clock = lambda: LATER
    with hub.read() as session:
        assert [(c.name, c.failures) for c in verify(hub, session) if c.failures] == []
    with hub.write() as uow:
        assert resolve(uow, {}).changed == 1

    assert value(hub, golden_id) == THEIRS


WRONG = {
    "phone": ("nonsense", "no valid phone"),
    "status": ("asleep", "none of"),
    "email": ("", "blank"),
    "country": ("  ", "blank"),
}


@pytest.mark.parametrize("attribute", WRONG)
def test_a_value_that_the_attribute_cannot_hold_is_refused(hub: Hub, attribute: str) -> None:
    golden_id = client(hub)
    text, why = WRONG[attribute]

    with hub.write("anna") as uow, pytest.raises(UnusableValueError, match=why):
        override_value(uow, golden_id, attribute, text)


def test_dates_numbers_and_references_are_read_as_their_attribute_holds_them(hub: Hub) -> None:
    parent = client(hub, "9")
    golden_id = client(hub)
    take_in(hub, "psa", "project", [record("p", name="Rollout", client="crm:1")])
    with hub.read() as session:
        project = golden_id_of(session, "project", "psa", "p")
    override(hub, golden_id, parent, "parent")
    override(hub, project, "12.50", "budget")
    override(hub, project, "2026-03-31", "end_date")

    assert value(hub, golden_id, "parent") == parent
    assert (value(hub, project, "budget"), value(hub, project, "end_date")) == (12.5, "2026-03-31")
    with hub.write("anna") as uow:
        with pytest.raises(UnusableValueError, match="leads to a client"):
            override_value(uow, golden_id, "parent", project)
        with pytest.raises(UnusableValueError, match="yesterday"):
            override_value(uow, project, "end_date", "yesterday")
        with pytest.raises(UsageError, match="no attribute"):
            override_value(uow, project, "colour", "red")
        with pytest.raises(UsageError, match="has passed"):
            override_value(uow, project, "budget", 1, until=Until(Lifetime.date, NOON))


def same(hub: Hub, left: str, right: str) -> str:
    with hub.write("bert") as uow:
        decided = decide_records(
            uow, RecordKey("client", "crm", left), RecordKey("client", "crm", right), "same"
        )
        return decided.verdict_id


def test_a_reference_that_was_set_follows_a_merge_and_comes_back_with_an_unmerge(hub: Hub) -> None:
    keeper, leaver, golden_id = client(hub, "8"), client(hub, "9"), client(hub)
    override(hub, golden_id, leaver, "parent")

    verdict = same(hub, "8", "9")
    assert value(hub, golden_id, "parent") == keeper
    with hub.write("bert") as uow:
        withdraw(uow, verdict)

    assert value(hub, golden_id, "parent") == leaver


def test_a_version_of_a_record_that_was_merged_is_no_look_at_its_survivor(hub: Hub) -> None:
    one, other = client(hub, "1"), client(hub, "2")
    with hub.write("anna") as uow:
        keys = [RecordKey("client", "crm", key) for key in "12"]
        decide_records(uow, keys[0], keys[1], "same", reason="one firm")
    with hub.write("bert") as uow:
        loser, survivor = sorted((one, other), key=lambda i: resolve_id(uow.session, i).golden_id == i)
        version = uow.session.get_one(GoldenRecord, survivor).version

        with pytest.raises(StaleVersionError, match="was merged into"):
            override_value(uow, loser, "phone", OURS, expected_version=version)


def test_a_stale_look_and_a_retired_record_are_refused(hub: Hub) -> None:
    golden_id = client(hub)
    with hub.write("anna") as uow:
        with pytest.raises(StaleVersionError, match="look again"):
            override_value(uow, golden_id, "phone", OURS, expected_version=7)
        resolve(uow, {"client": end_missing(uow, "crm", "client", set())})
        with pytest.raises(RefusedError, match="retired"):
            override_value(uow, golden_id, "phone", OURS)


def tasks(hub: Hub) -> list[Task]:
    with hub.read() as session:
        return list(session.exec(select(Task).where(col(Task.kind) == "override_conflict")).all())


def test_two_overrides_that_a_merge_brings_together_are_a_task_until_one_is_chosen(any_hub: Hub) -> None:
    keeper, leaver = client(any_hub, "1"), client(any_hub, "2")
    override(any_hub, keeper, OURS)
    override(any_hub, leaver, "+44 20 7946 0107")

    same(any_hub, "1", "2")

    (task,) = tasks(any_hub)
    assert (task.left_golden, task.cause) == (keeper, "phone")
    assert value(any_hub, keeper) == OURS
    with any_hub.write("anna") as uow, pytest.raises(RefusedError, match="mdm override"):
        decide(uow, task.id, "same")
    # What is addressed to the merged id lands on the survivor.
    override(any_hub, leaver, "+44 20 7946 0107")
    assert value(any_hub, keeper) == "+44 20 7946 0107"
    assert tasks(any_hub) == []


def test_an_override_of_the_merged_id_is_a_proposal_and_its_own_again_after_the_merge_is_undone(
    hub: Hub,
) -> None:
    keeper, leaver = client(hub, "1"), client(hub, "2")
    override(hub, leaver)

    verdict = same(hub, "1", "2")
    with hub.read() as session:
        (proposal,) = standing(session, [keeper])[keeper]
    assert (proposal.proposal, proposal.golden_id, value(hub, keeper)) == (True, leaver, THEIRS)
    assert [task.cause for task in tasks(hub)] == ["phone"]
    with hub.write("bert") as uow:
        withdraw(uow, verdict)

    assert (value(hub, keeper), value(hub, leaver)) == (THEIRS, OURS)
    assert tasks(hub) == []


def test_removing_drops_the_proposals_too(hub: Hub) -> None:
    keeper, leaver = client(hub, "1"), client(hub, "2")
    override(hub, leaver)
    same(hub, "1", "2")

    with hub.write("anna") as uow:
        assert remove_override(uow, keeper, "phone").changed

    assert tasks(hub) == []


def test_a_banned_value_gives_way_to_the_next_claim_and_returns_when_the_ban_is_lifted(any_hub: Hub) -> None:
    golden_id = client(any_hub)
    other = record("E", name="Harbour 111 Pine", country="GB", phone="+44 20 7946 0108")
    take_in(any_hub, "erp", "client", [other])
    with any_hub.write("bert") as uow:
        decide_records(uow, RecordKey("client", "crm", "1"), RecordKey("client", "erp", "E"), "same")
    chosen = value(any_hub, golden_id)
    second = ({THEIRS, "+44 20 7946 0108"} - {chosen}).pop()

    with any_hub.write("anna") as uow:
        assert ban_value(uow, golden_id, "phone", str(chosen)).changed
        # Written otherwise it is the same number, and banned already.
        assert not ban_value(uow, golden_id, "phone", str(chosen).replace(" ", "")).changed
    assert value(any_hub, golden_id) == second
    with any_hub.write("anna") as uow:
        ban_value(uow, golden_id, "phone", second)
    assert value(any_hub, golden_id) is None
    with any_hub.write("anna") as uow:
        assert lift_ban(uow, golden_id, "phone", str(chosen)).changed
        assert not lift_ban(uow, golden_id, "phone", str(chosen)).changed

    assert value(any_hub, golden_id) == chosen


def test_a_ban_travels_with_a_merge(hub: Hub) -> None:
    keeper, leaver = client(hub, "1"), client(hub, "2", phone="+44 20 7946 0109")
    with hub.write("anna") as uow:
        ban_value(uow, leaver, "phone", THEIRS)

    same(hub, "1", "2")

    assert value(hub, keeper) == "+44 20 7946 0109"
