"""A hierarchy has no loop: the claim that would close one is kept, not applied, and a task names the path."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from sqlmodel import col, select

from mdm.decide import RecordKey, decide, decide_records
from mdm.errors import RefusedError
from mdm.export import golden_rows
from mdm.golden_ids import golden_id_of
from mdm.history.when import NOW, When, when_of
from mdm.hub import Hub
from mdm.ingest import IncomingRecord
from mdm.replay import replay
from mdm.resolve.loops import refuse_loops
from mdm.store.derived import Task
from mdm.survivorship import Claim, SourceOrder
from mdm.testing import NOON, derived_state, record, take_in
from mdm.verify import verify


def parents(hub: Hub, when: When = NOW) -> dict[str, str | None]:
    """Key to key of the parent, of cost centers of one source."""
    with hub.read() as session:
        keys = "ABC"
        ids = {key: golden_id_of(session, "cost_center", "erp", key) for key in keys}
        named = {golden_id: key for key, golden_id in ids.items()}
        rows = golden_rows(session, hub.registry["cost_center"], when)
        return {named[r["golden_id"]]: named.get(r["parent"]) for r in rows if r["golden_id"] in named}


def tasks(hub: Hub) -> list[Task]:
    with hub.read() as session:
        return list(session.exec(select(Task).where(col(Task.kind) == "hierarchy_loop")))


def center(key: str, parent: str | None, day: int, **values: Any) -> IncomingRecord:
    name = {"A": "Strategy", "B": "Payroll", "C": "Zebra Legal"}[key]
    return record(key, NOON + timedelta(days=day), code=f"{key}-100", name=name, parent=parent, **values)


def sound(hub: Hub) -> None:
    with hub.read() as session:
        assert [check.failures for check in verify(hub, session) if check.failures] == []
        before = derived_state(hub, session)
    with hub.write("replay") as uow:
        replay(uow)
    with hub.read() as session:
        assert derived_state(hub, session) == before


@pytest.mark.parametrize("order", list(permutations(range(3))), ids=lambda order: "".join(map(str, order)))
def test_whatever_comes_first_the_newest_claim_of_a_loop_gives_way(hub: Hub, order: tuple[int, ...]) -> None:
    rows = [center("A", "erp:B", 0), center("B", "erp:C", 1), center("C", "erp:A", 2)]
    for number in order:
        take_in(hub, "erp", "cost_center", [rows[number]])

    (task,) = tasks(hub)

    assert parents(hub) == {"A": "B", "B": "C", "C": None}
    with hub.read() as session:
        a, b, c = (golden_id_of(session, "cost_center", "erp", key) for key in "ABC")
    assert f"{c} > {a} > {b} > {c}" in task.text
    assert task.left_golden == c
    sound(hub)


def test_a_loop_that_its_source_mends_is_forgotten(hub: Hub) -> None:
    take_in(
        hub, "erp", "cost_center", [center("A", "erp:B", 0), center("B", "erp:A", 1), center("C", None, 0)]
    )
    assert parents(hub) == {"A": "B", "B": None, "C": None}

    take_in(hub, "erp", "cost_center", [center("A", "erp:C", 3)])

    assert parents(hub) == {"A": "C", "B": "A", "C": None}
    assert tasks(hub) == []
    sound(hub)


def test_a_merge_that_closes_a_loop_leaves_the_newest_claim_out(hub: Hub) -> None:
    rows = [center("A", "erp:B", 0), center("B", "erp:C", 1), center("C", None, 2)]
    take_in(hub, "erp", "cost_center", rows)
    with hub.write("steward") as uow:
        decide_records(uow, *(RecordKey("cost_center", "erp", key) for key in "AC"), "same")

    (task,) = tasks(hub)

    with hub.read() as session:
        a, b = (golden_id_of(session, "cost_center", "erp", key) for key in "AB")
    assert f"{b} > {a} > {b}" in task.text
    sound(hub)


def test_a_loop_on_other_days_only_is_refused_for_those_days(hub: Hub) -> None:
    take_in(
        hub,
        "erp",
        "cost_center",
        [center("A", "erp:B", 0), center("B", "erp:A", 1, effective_to="2025-01-01")],
    )
    take_in(
        hub, "erp", "cost_center", [center("B", None, 2, effective_from="2025-01-01"), center("C", None, 0)]
    )

    assert parents(hub) == {"A": "B", "B": None, "C": None}
    assert parents(hub, when_of(None, "2024-06-01")) == {"A": "B", "B": None, "C": None}
    (task,) = tasks(hub)
    assert task.cause.startswith("parent ")
    sound(hub)


def test_a_task_about_a_loop_is_not_decided_but_mended_in_the_source(hub: Hub) -> None:
    take_in(hub, "erp", "cost_center", [center("A", "erp:B", 0), center("B", "erp:A", 1)])
    (task,) = tasks(hub)

    with hub.write("steward") as uow, pytest.raises(RefusedError, match="correct one of its references"):
        decide(uow, task.id, "same")


def test_two_loops_that_share_a_record_end_without_a_loop() -> None:
    def claim(parent: str, day: int) -> Claim:
        return Claim("parent", parent, "erp", f"{parent}{day}", day, day, NOON + timedelta(days=day))

    ranked = {"a": [claim("b", 5), claim("c", 1)], "b": [claim("a", 2)], "c": [claim("a", 3)]}

    refused = refuse_loops(ranked, SourceOrder())

    assert {g: [r.path for r in found] for g, found in refused.items()} == {
        "a": [("a", "b", "a")],
        "c": [("c", "a", "c")],
    }
