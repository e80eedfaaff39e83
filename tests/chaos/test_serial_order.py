"""The checker of R17 finds what no serial order does: in made-up histories, and in a hub that is broken."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import contending
import pytest
from contending import at_once, bring_in, differences, perform, state_of
from serial_order import Done, Operation, State, anomalies

from mdm.hub import Hub
from mdm.identity import merging
from mdm.identity.changes import Changes, MovedRecord, ValueChange
from mdm.testing import hub_at

FIRST = State({"a": 1, "b": 1}, {"crm:1": "a", "crm:2": "b"}, {("a", "city"): "Bath"})


def changes(**parts: Any) -> Changes:
    """What an operation found and made, where nothing else happened."""
    empty: dict[str, Any] = dict.fromkeys(
        ("records", "ids", "values", "relations", "tasks_opened", "tasks_closed", "publications"), ()
    )
    return Changes(**{**empty, "versions": {}, **parts})


def value(position: int, seen: int, before: str, after: str) -> Done:
    """Somebody sets the city of a."""
    made = changes(values=(ValueChange("a", "city", before, after),), versions={"a": seen + 1})
    return Done(Operation("value", {}), "done", position, True, {"a": seen}, made)


def last(city: str, version: int) -> State:
    """The state in which the city of a was set."""
    return State({"a": version, "b": 1}, FIRST.homes, {("a", "city"): city})


def test_operations_that_each_saw_what_the_one_before_left_are_serial() -> None:
    history = [value(8, 2, "York", "Hull"), value(5, 1, "Bath", "York")]
    stale = Done(Operation("value", {}), "StaleVersionError", 8, False, {"a": 2})

    assert anomalies([*history, stale], FIRST, last("Hull", 3)) == []


MOVED = changes(records=(MovedRecord("crm", "2", "a", "b"),), versions={"b": 2})
ANOMALIES: dict[str, tuple[list[Done], State, str]] = {
    "a lost update": (
        [value(5, 1, "Bath", "York"), value(8, 1, "Bath", "Hull")], last("Hull", 2), "lost update",
    ),
    "a dirty read": ([value(5, 1, "Truro", "York")], last("York", 2), "another city"),
    "a write that is gone at the end": ([value(5, 1, "Bath", "York")], last("Bath", 2), "values at the end"),
    "a record moved from where it was not": (
        [Done(Operation("merge", {}), "done", 5, True, {}, MOVED)],
        State({"a": 1, "b": 2}, {"crm:1": "a", "crm:2": "b"}, FIRST.values),
        "elsewhere",
    ),
    "a refusal without a reason": (
        [Done(Operation("value", {}), "StaleVersionError", 4, False, {"a": 1})], FIRST, "nothing had changed",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("history", "end", "says"), ANOMALIES.values(), ids=ANOMALIES.keys())
def test_the_checker_finds(history: list[Done], end: State, says: str) -> None:
    assert says in " ".join(anomalies(history, FIRST, end))


@pytest.fixture
def two_hubs(tmp_path: Path) -> Iterator[tuple[Hub, Hub]]:
    """Two empty hubs on SQLite whose clocks stand."""
    hubs = [hub_at(f"sqlite:///{(tmp_path / name).as_posix()}") for name in ("one.db", "other.db")]
    yield hubs[0], hubs[1]
    for hub in hubs:
        hub.close()


def test_a_hub_that_accepts_old_versions_is_found_out(
    two_hubs: tuple[Hub, Hub], monkeypatch: pytest.MonkeyPatch
) -> None:
    def look_away(*_: object, **__: object) -> None:
        return None

    monkeypatch.setattr(contending, "ENTITIES", 16)
    monkeypatch.setattr(merging, "check_seen", look_away)

    found = at_once(*two_hubs, seed=1, operations=40)

    assert any("merge" in failure and "lost update" in failure for failure in found["failures"])


def test_a_write_beside_the_operations_is_found_out(
    two_hubs: tuple[Hub, Hub], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contending, "ENTITIES", 4)
    hub, again = two_hubs
    for one in two_hubs:
        bring_in(one)
    with hub.read() as session:
        first = state_of(session)
    golden_id = Random(1).choice(sorted(first.versions))
    named = {"golden_id": golden_id, "city": "Ripon", "seen": {golden_id: first.versions[golden_id]}}

    perform(hub, Operation("value", named))
    with hub.read() as session:
        end = state_of(session)

    assert anomalies([], first, end) != []
    assert differences(hub, again, []) != []
