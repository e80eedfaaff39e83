"""From which day to which golden records are related."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from mdm.golden_ids import golden_id_of
from mdm.history import NOW, When
from mdm.hub import Hub
from mdm.query.neighbours import dated_neighbours_of
from mdm.testing import NOON, hub_at, record, take_in

LATER = NOON + timedelta(hours=1)
Told = list[tuple[str, bool, str, date | None, date | None]]


@pytest.fixture
def hub(database_url: str) -> Iterator[Hub]:
    """Cost centers of which one moves from below A to below B at new year; a worker who stays in it."""
    made = hub_at(database_url)
    centers = [record(key, code=key, name=name) for key, name in (("A", "Advisory"), ("B", "Tax"))]
    take_in(made, "erp", "cost_center", centers)
    below_a = record("K", code="4711", name="Strategy", parent="A", effective_from="2024-01-01")
    below_b = record("K", LATER, parent="B", effective_from="2026-01-01")
    take_in(made, "erp", "cost_center", [below_a])
    take_in(made, "hcm", "worker", [record("W", family_name="Weber", cost_center="erp:K")])
    made.clock = lambda: LATER
    take_in(made, "erp", "cost_center", [below_b])
    yield made
    made.close()


def told(hub: Hub, entity_type: str, source: str, key: str, when: When = NOW) -> Told:
    """Relation, direction, neighbour by its key, first day, first day after."""
    with hub.read() as session:
        golden_id = golden_id_of(session, entity_type, source, key)
        names = {golden_id_of(session, "cost_center", "erp", name): name for name in "ABK"}
        names[golden_id_of(session, "worker", "hcm", "W")] = "W"
        return [
            (n.relation, n.outgoing, names[n.golden_id], dated.valid_from, dated.valid_to)
            for dated in dated_neighbours_of(hub, session, [golden_id], when)[golden_id]
            for n in [dated.neighbour]
        ]


def test_a_parent_holds_from_one_day_to_another_seen_from_both_sides(hub: Hub) -> None:
    new_year, begin = date(2026, 1, 1), date(2024, 1, 1)

    assert sorted(told(hub, "cost_center", "erp", "K"), key=str) == sorted(
        [
            ("parent", True, "A", begin, new_year),
            ("parent", True, "B", new_year, None),
            ("cost_center", False, "W", None, None),
        ],
        key=str,
    )
    assert told(hub, "cost_center", "erp", "A") == [("parent", False, "K", begin, new_year)]
    assert told(hub, "cost_center", "erp", "B") == [("parent", False, "K", new_year, None)]
    assert told(hub, "worker", "hcm", "W") == [("cost_center", True, "K", None, None)]


def test_what_was_known_before_is_told_as_it_was_known(hub: Hub) -> None:
    then = When(NOON)

    assert ("parent", True, "A", date(2024, 1, 1), None) in told(hub, "cost_center", "erp", "K", then)
    assert told(hub, "cost_center", "erp", "B", then) == []


def test_days_that_follow_each_other_are_one_window(hub: Hub) -> None:
    renamed = record("K", LATER + timedelta(hours=1), name="Foresight", effective_from="2025-01-01")
    take_in(hub, "erp", "cost_center", [renamed])

    parents = [one for one in told(hub, "cost_center", "erp", "K") if one[0] == "parent"]

    assert sorted(parents, key=str) == [
        ("parent", True, "A", date(2024, 1, 1), date(2026, 1, 1)),
        ("parent", True, "B", date(2026, 1, 1), None),
    ]
