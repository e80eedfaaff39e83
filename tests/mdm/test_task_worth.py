"""What decisions are worth, kept with the tasks, and pages of a long queue."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from mdm.hub import Hub
from mdm.replay import replay
from mdm.stewardship import tasks
from mdm.store.bulk import add_rows
from mdm.store.derived import GoldenRecord, Task, TaskToWeigh
from mdm.task_worth import ranks_of, worth
from mdm.testing import record, take_in

OpenTask = Callable[..., str]

FEW, MANY = 200, 4000

PINE: dict[str, Any] = {
    "name": "Harbour Pine plc",
    "website": "harbourpine.co.uk",
    "email": "office@harbourpine.co.uk",
    "city": "Bristol",
}
STEPS: list[tuple[Any, ...]] = [
    ("crm", "client", record("1", **PINE, lei="529900T8BM49AURSDO55")),
    ("erp", "client", record("A", **PINE, lei="5493001KJTIIGC8Y1R12")),
    ("psa", "client", record("X", **PINE, lei="529900T8BM49AURSDO55")),
    ("crm", "project", record("P", name="Roof", client="1")),
    ("crm", "project", record("P", name="Roof", client="1", deleted=True)),
]
"""Two that contradict each other, a third that joins one of them, and one that refers to it for a while."""


def kept_worth(session: Session, task_id: str) -> float:
    return -session.get_one(Task, task_id).rank


def test_a_new_task_is_weighed(any_hub: Hub, open_task: OpenTask) -> None:
    task = open_task(any_hub, weight=0.0)

    with any_hub.read() as session:
        assert kept_worth(session, task) == round(worth("possible_match", 0.0, 2), 6)
        assert session.scalars(select(TaskToWeigh)).all() == []


def test_a_record_that_joins_or_refers_or_leaves_makes_a_task_worth_more_or_less(any_hub: Hub) -> None:
    kept, expected = [], []
    for (source, entity_type, *what), reach in zip(STEPS, (0, 2, 3, 4, 3), strict=True):
        take_in(any_hub, source, entity_type, what)
        with any_hub.read() as session:
            for task in session.scalars(select(Task)):
                kept.append(-task.rank)
                expected.append(round(worth(task.kind, task.weight, reach), 6))

    assert len(set(kept)) == 3
    assert kept == expected


def test_a_replay_weighs_every_task_again(any_hub: Hub) -> None:
    for source, entity_type, *what in STEPS:
        take_in(any_hub, source, entity_type, what)
    with any_hub.read() as session:
        before = [task.rank for task in session.scalars(select(Task))]

    with any_hub.write() as uow:
        replay(uow)

    with any_hub.read() as session:
        assert [task.rank for task in session.scalars(select(Task))] == before
        assert session.scalars(select(TaskToWeigh)).all() == []
    assert [rank < -1 for rank in before] == [True]


def put_tasks(hub: Hub, golden_id: str, numbers: range) -> None:
    with hub.write() as uow:
        rows = [
            {
                "id": f"task-{n:012x}", "entity_type": "client", "kind": "possible_match", "cause": "review",
                "left_golden": golden_id, "right_golden": golden_id, "left_record": 1, "right_record": 1,
                "weight": (n * 7919 % 1000) / 100, "text": "",
            }
            for n in numbers
        ]  # fmt: skip
        add_rows(uow.session, Task, rows)


def steps(hub: Hub, after: str | None) -> int:
    """Instructions of SQLite's machine that a page takes."""
    taken = 0

    def count() -> int:
        nonlocal taken
        taken += 1
        return 0

    with hub.read() as session:
        driver: Any = session.connection().connection.driver_connection
        driver.set_progress_handler(count, 1)
        tasks(hub, session, entity_type="client", after=after)
        driver.set_progress_handler(None, 1)
    return taken


def test_a_page_of_a_long_queue_takes_as_much_work_as_one_of_a_short_queue(hub: Hub) -> None:
    take_in(hub, "crm", "client", [record("C-1", name="Harbour Pine")])
    with hub.read() as session:
        (golden_id,) = session.scalars(select(GoldenRecord.golden_id))
    taken = {}
    for numbers in (range(FEW), range(FEW, MANY)):
        put_tasks(hub, golden_id, numbers)
        with hub.read() as session:
            first = tasks(hub, session, entity_type="client")
        taken[numbers.stop] = (steps(hub, None), steps(hub, first.end_cursor))

    assert taken[MANY] == taken[FEW]


def test_pages_of_thousands_hold_each_task_once_in_the_order_of_worth(any_hub: Hub) -> None:
    take_in(any_hub, "crm", "client", [record("C-1", name="Harbour Pine")])
    with any_hub.read() as session:
        (golden_id,) = session.scalars(select(GoldenRecord.golden_id))
    put_tasks(any_hub, golden_id, range(MANY))

    found = []
    after = None
    with any_hub.read() as session:
        while True:
            page = tasks(any_hub, session, after=after, first=150)
            found += page.items
            after = page.end_cursor
            if not page.has_next:
                break
        ranks = ranks_of(session, [task.id for task in found])

    assert len(ranks) == len(found) == MANY
    assert [task.id for task in found] == sorted(ranks, key=lambda task_id: (ranks[task_id], task_id))
