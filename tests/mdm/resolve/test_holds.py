"""Holds on what people's merges made alike: they stand and fall with what people say."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from mdm.decide import Decided, RecordKey, decide_records
from mdm.golden_ids import golden_id_of
from mdm.hub import Hub
from mdm.identity import Merged, MergeRequest, UnmergeRequest, current_side, merge, undo, unmerge
from mdm.replay import replay
from mdm.store.derived import Task
from mdm.testing import NOON, derived_state, hub_at, partition, record, take_in
from mdm.verify import verify

LEI = "529900T8BM49AURSDO55"
LATER = NOON + timedelta(days=1)
ONE = frozenset({frozenset({"project/psa:P1", "project/erp:P2"})})
TWO = frozenset({frozenset({"project/psa:P1"}), frozenset({"project/erp:P2"})})


@pytest.fixture
def hub(database_url: str) -> Iterator[Hub]:
    """Two clients, and an equal project for each."""
    made = hub_at(database_url)
    take_in(made, "crm", "client", [record("A", name="Harbour Pine plc", lei=LEI)])
    take_in(made, "crm", "client", [record("B", name="Kestrel Foods GmbH")])
    for source, key, client in (("psa", "P1", "crm:A"), ("erp", "P2", "crm:B")):
        project = record(key, name="ERP rollout", client=client, start_date="2025-01-10")
        take_in(made, source, "project", [project])
    yield made
    made.close()


def merged(hub: Hub) -> Merged:
    """Ann merges the two clients."""
    with hub.write("ann") as uow:
        loser, survivor = (
            current_side(uow.session, golden_id_of(uow.session, "client", "crm", key)) for key in "BA"
        )
        seen = {side.golden_id: side.version for side in (loser, survivor)}
        done = merge(uow, MergeRequest(loser.golden_id, survivor.golden_id, seen))
    assert isinstance(done, Merged)
    return done


def projects(hub: Hub) -> tuple[frozenset[frozenset[str]], int]:
    """Which projects are one, and how many tasks ask about them."""
    with hub.read() as session:
        asked = [task for task in session.scalars(select(Task)) if task.entity_type == "project"]
        return partition(session, "project"), len(asked)


def content(hub: Hub) -> dict[str, list[tuple[Any, ...]]]:
    """Everything derived but the versions of golden records, which only rise."""
    with hub.read() as session:
        state = derived_state(hub, session)
    return {name: rows for name, rows in state.items() if name not in {"golden_record", "issued_id"}}


def agrees_with_a_replay(hub: Hub) -> bool:
    """Whether everything derived comes back the same, and every invariant holds."""
    with hub.read() as session:
        before = derived_state(hub, session)
    with hub.write("ann") as uow:
        replay(uow)
    with hub.read() as session:
        return derived_state(hub, session) == before and not any(c.failures for c in verify(hub, session))


def give_b_the_lei_of_a(hub: Hub) -> None:
    """Evidence alone joins the two clients."""
    take_in(hub, "crm", "client", [record("B", LATER, name="Kestrel Foods GmbH", lei=LEI)])


def test_undo_gives_back_everything_and_takes_the_hold_along(hub: Hub) -> None:
    before = content(hub)
    done = merged(hub)
    held = projects(hub)

    with hub.write("ann") as uow:
        undo(uow, done.operation)

    assert held == (TWO, 1)
    assert content(hub) == before
    give_b_the_lei_of_a(hub)
    assert projects(hub) == (ONE, 0)
    assert agrees_with_a_replay(hub)


def test_a_hold_ends_with_an_unmerge_and_stands_again_when_that_is_undone(hub: Hub) -> None:
    before = content(hub)
    done = merged(hub)
    together = content(hub)

    with hub.write("ann") as uow:
        parted = unmerge(uow, UnmergeRequest(done.redirected))
    apart = content(hub)
    take_in(hub, "erp", "project", [record("P2", LATER, client="crm:A")])
    alike = projects(hub)
    take_in(hub, "erp", "project", [record("P2", LATER + timedelta(days=1), client="crm:B")])
    with hub.write("ann") as uow:
        undo(uow, parted.operation)

    assert apart == before
    assert alike == (ONE, 0)
    assert projects(hub) == (TWO, 1)
    assert together["task"] == content(hub)["task"]
    assert agrees_with_a_replay(hub)


def test_a_hold_stands_as_long_as_anybody_joins_what_made_the_two_alike(hub: Hub) -> None:
    done = merged(hub)
    with hub.write("bert") as uow:
        a, b = (RecordKey("client", "crm", key) for key in "AB")
        again = decide_records(uow, a, b, "same")
    assert isinstance(again, Decided)

    with hub.write("ann") as uow:
        undo(uow, done.operation)
    kept = projects(hub)
    give_b_the_lei_of_a(hub)
    still = projects(hub)
    with hub.write("bert") as uow:
        undo(uow, again.verdict_id)

    assert kept == still == (TWO, 1)
    assert projects(hub) == (ONE, 0)
    assert agrees_with_a_replay(hub)
