"""An id that one thing has and no other: held once, or disputed on all who hold it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from mdm.golden_ids import golden_id_of
from mdm.hub import Hub
from mdm.identity import Merged, MergeRequest, merge, undo
from mdm.overrides.setting import override_value, remove_override
from mdm.replay import replay
from mdm.store.decisions import IssuedId
from mdm.store.derived import StrongId, Task
from mdm.strong_ids import fill_strong_ids
from mdm.testing import NOON, derived_state, record, take_in
from mdm.verify import verify

FIRM = {"name": "Harbour Pine plc", "city": "Bristol", "country": "GB", "email": "desk@harbour-pine.example"}
UNLIKE = {"name": "Zephyr Legal LLP", "city": "Leeds", "country": "GB", "email": "law@zephyr.example"}
THIRD = {"name": "Kestrel Foods GmbH", "city": "Köln", "country": "DE", "email": "post@kestrel.example"}
LATER = NOON + timedelta(days=1)
VAT = "DE136695976"
OTHER_VAT = "DE129273398"


def held(hub: Hub) -> dict[str, bool]:
    """Golden id to whether the tax id that it holds is disputed."""
    with hub.read() as session:
        rows = session.scalars(select(StrongId).where(col(StrongId.attribute) == "tax_id"))
        return {row.golden_id: bool(row.disputant) for row in rows}


def home(hub: Hub, key: str) -> str:
    """The golden record of a CRM record."""
    with hub.read() as session:
        return golden_id_of(session, "client", "crm", key)


def wrong(hub: Hub) -> list[str]:
    """What `mdm verify` finds."""
    with hub.read() as session:
        return [failure for check in verify(hub, session) for failure in check.failures]


def two_that_share(hub: Hub) -> tuple[str, str]:
    """Two golden records of unlike firms with one tax id."""
    take_in(hub, "crm", "client", [record("1", **FIRM, tax_id=VAT), record("2", **UNLIKE, tax_id=VAT)])
    one, other = home(hub, "1"), home(hub, "2")
    assert one != other
    return one, other


def test_an_id_that_one_golden_record_holds_is_not_disputed(any_hub: Hub) -> None:
    take_in(
        any_hub, "crm", "client", [record("1", **FIRM, tax_id=VAT), record("2", **UNLIKE, tax_id=OTHER_VAT)]
    )

    assert held(any_hub) == {home(any_hub, "1"): False, home(any_hub, "2"): False}
    assert wrong(any_hub) == []


def test_an_id_that_unlike_firms_share_is_disputed_on_both(any_hub: Hub) -> None:
    one, other = two_that_share(any_hub)

    assert held(any_hub) == {one: True, other: True}
    assert wrong(any_hub) == []


def test_what_is_disputed_waits_for_a_steward(any_hub: Hub) -> None:
    one, other = two_that_share(any_hub)

    with any_hub.read() as session:
        tasks = {(task.left_golden, task.right_golden) for task in session.scalars(select(Task))}
    assert tasks == {(min(one, other), max(one, other))}


def test_a_dispute_spreads_to_a_later_holder_and_ends_with_the_last_but_one(any_hub: Hub) -> None:
    take_in(any_hub, "crm", "client", [record("1", **FIRM, tax_id=VAT)])
    first = held(any_hub)
    take_in(any_hub, "crm", "client", [record("2", **UNLIKE, tax_id=VAT)])
    take_in(any_hub, "crm", "client", [record("3", **THIRD, tax_id=VAT)])
    shared = held(any_hub)
    take_in(any_hub, "crm", "client", [record("2", LATER, deleted=True)])
    take_in(any_hub, "crm", "client", [record("1", LATER, **FIRM, tax_id=OTHER_VAT)])

    assert list(first.values()) == [False]
    assert list(shared.values()) == [True, True, True]
    assert held(any_hub) == {home(any_hub, "1"): False, home(any_hub, "3"): False}
    assert wrong(any_hub) == []


def test_a_merge_ends_a_dispute_and_its_undo_brings_it_back(any_hub: Hub) -> None:
    one, other = two_that_share(any_hub)
    before = held(any_hub)
    with any_hub.write("anna") as uow:
        seen = {i: uow.session.get_one(IssuedId, i).version for i in (one, other)}
        merged = merge(uow, MergeRequest(one, other, seen))
    assert isinstance(merged, Merged)
    alone = held(any_hub)
    with any_hub.write("anna") as uow:
        undo(uow, merged.operation)

    assert alone == {other: False}
    assert held(any_hub) == before
    assert wrong(any_hub) == []


def test_a_steward_s_own_value_is_held_like_a_source_s(any_hub: Hub) -> None:
    take_in(any_hub, "crm", "client", [record("1", **FIRM, tax_id=VAT), record("2", **UNLIKE)])
    with any_hub.write("anna") as uow:
        override_value(uow, home(any_hub, "2"), "tax_id", VAT)
    shared = held(any_hub)
    with any_hub.write("anna") as uow:
        remove_override(uow, home(any_hub, "2"), "tax_id")

    assert shared == {home(any_hub, "1"): True, home(any_hub, "2"): True}
    assert held(any_hub) == {home(any_hub, "1"): False}


@pytest.mark.parametrize("tax_id", ["DE136695977", "n/a"])
def test_what_is_no_valid_id_is_held_by_nobody(any_hub: Hub, tax_id: str) -> None:
    take_in(any_hub, "crm", "client", [record("1", **FIRM, tax_id=tax_id)])

    assert held(any_hub) == {}
    assert wrong(any_hub) == []


def test_a_replay_and_a_fill_give_the_same_holders_and_disputes(any_hub: Hub) -> None:
    two_that_share(any_hub)
    with any_hub.write() as uow:
        before = derived_state(any_hub, uow.session)
        fill_strong_ids(uow.session, any_hub.registry)
        filled = derived_state(any_hub, uow.session)
        replay(uow)
        replayed = derived_state(any_hub, uow.session)

    assert filled == before
    assert replayed == before


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM strong_id WHERE golden_id = (SELECT MIN(golden_id) FROM strong_id)",
        "UPDATE strong_id SET id_hash = id_hash + 1",
    ],
    ids=["a holder that is not noted", "another id than its own"],
)
def test_verify_finds_what_the_constraints_cannot(any_hub: Hub, statement: str) -> None:
    two_that_share(any_hub)
    with any_hub.write() as uow:
        uow.session.execute(text(statement))

    assert wrong(any_hub) != []


def test_the_store_refuses_a_second_holder(any_hub: Hub) -> None:
    take_in(any_hub, "crm", "client", [record("1", **FIRM, tax_id=VAT), record("2", **UNLIKE)])
    second = (
        "INSERT INTO strong_id (golden_id, attribute, id_hash, entity_type, disputant) "
        f"SELECT '{home(any_hub, '2')}', attribute, id_hash, entity_type, '' FROM strong_id"
    )

    with pytest.raises(IntegrityError), any_hub.write() as uow:
        uow.session.execute(text(second))
