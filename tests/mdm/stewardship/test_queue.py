"""The queue: order, pages, facets, deferral."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from mdm.errors import UnknownEntityTypeError, UnknownTaskError
from mdm.hub import Hub
from mdm.stewardship import next_task, queue_counts, task_place, task_view, tasks, tasks_count
from mdm.store.decisions import TaskNote
from mdm.task_worth import worth
from mdm.testing import NOON, hub_at

OpenTask = Callable[..., str]


def test_a_decision_is_worth_its_chance_times_what_hangs_on_it() -> None:
    assert worth("possible_match", 0.0, 3) == 1.0


def test_a_contradiction_counts_as_certain() -> None:
    assert worth("contradiction", -20.0, 3) == 2.0


def test_likelier_tasks_come_first_and_pages_hold_each_once(database_url: str, open_task: OpenTask) -> None:
    hub = hub_at(database_url)
    names = [("Alba", "Zorn", 1.0), ("Birke", "Yps", 3.0), ("Cedro", "Xaver", 2.0)]
    ids = [open_task(hub, left, right, weight=weight) for left, right, weight in names]

    with hub.read() as session:
        first = tasks(hub, session, first=2)
        second = tasks(hub, session, first=2, after=first.end_cursor)
        total = tasks_count(hub, session)

    assert [t.id for t in (*first.items, *second.items)] == [ids[1], ids[2], ids[0]]
    assert (total, first.has_next, second.has_next) == (3, True, False)
    hub.close()


def test_a_task_knows_its_place_and_its_neighbours(hub: Hub, open_task: OpenTask) -> None:
    last, first = open_task(hub, "Alba", "Zorn", weight=1.0), open_task(hub, "Birke", "Yps", weight=3.0)

    with hub.read() as session:
        place = task_place(hub, session, last)

        assert (place.number, place.total, place.previous_id, place.next_id) == (2, 2, first, None)


def test_the_next_task_is_the_preferred_one_if_it_still_waits(hub: Hub, open_task: OpenTask) -> None:
    last, first = open_task(hub, "Alba", "Zorn", weight=1.0), open_task(hub, "Birke", "Yps", weight=3.0)

    with hub.read() as session:
        found = [next_task(hub, session, preferred=wanted) for wanted in (last, "task-gone", None)]

    assert found == [last, first, first]


def test_deferred_tasks_are_hidden_until_their_time(hub: Hub, open_task: OpenTask) -> None:
    later, over = open_task(hub, "Alba", "Zorn"), open_task(hub, "Birke", "Yps")
    with hub.write("ada") as uow:
        for task, days in ((later, 1), (over, -1)):
            until = NOON + timedelta(days=days)
            uow.session.add(TaskNote(task_id=task, kind="deferred", author="ada", at=NOON, until=until))

    with hub.read() as session:
        assert [t.id for t in tasks(hub, session).items] == [over]
        assert queue_counts(hub, session)["client"] == {"possible_match": 1}


def test_every_declared_type_has_a_count(hub: Hub, open_task: OpenTask) -> None:
    open_task(hub, kind="contradiction")

    with hub.read() as session:
        counts = queue_counts(hub, session)

    assert counts["client"] == {"contradiction": 1}
    assert set(counts) == {t.name for t in hub.registry}


def test_an_unknown_type_is_named(hub: Hub) -> None:
    with hub.read() as session, pytest.raises(UnknownEntityTypeError, match="'clients'"):
        tasks(hub, session, entity_type="clients")


def test_a_cursor_that_is_none_means_the_beginning(hub: Hub, open_task: OpenTask) -> None:
    task = open_task(hub)

    with hub.read() as session:
        assert [t.id for t in tasks(hub, session, after="no~~cursor").items] == [task]


def test_an_unknown_task_is_an_error(hub: Hub) -> None:
    with hub.read() as session, pytest.raises(UnknownTaskError):
        task_view(hub, session, "task-none")
