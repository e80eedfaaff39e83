"""Handling many tasks at once: each for itself, and a preview leaves nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from strawberry.types import ExecutionResult

from mdm.hub import Hub
from mdm.store.derived import Task
from mdm.testing import make_golden, record

Data = Callable[..., Any]
Run = Callable[..., ExecutionResult]
HANDLED = "{ taskId outcome { ... on Handled { assignee deferredUntil } ... on Refused { code } } }"
WAITING = "{ conflicts { nodes { id assignee } } }"


@pytest.fixture
def tasks(hub: Hub) -> list[str]:
    """Ids of two tasks."""
    make_golden(hub, "client", "c-1", {"crm": record("1", name="Harbour Pine")})
    with hub.write("test") as uow:
        for name in ("task-1", "task-2"):
            task = Task(
                id=name, entity_type="client", kind="contradiction", left_golden="c-1", right_golden="c-1",
                left_record=1, right_record=1, weight=1.0, cause="review", text="Ask.",
            )  # fmt: skip
            uow.session.add(task)
    return ["task-1", "task-2"]


def test_many_tasks_are_given_to_one_person_and_an_unknown_one_holds_up_no_other(
    data: Data, tasks: list[str]
) -> None:
    done = data(
        f'mutation ($ids: [ID!]!) {{ assignMany(taskIds: $ids, to: "ben") {HANDLED} }}',
        ids=[tasks[0], "task-none", tasks[1]],
    )["assignMany"]

    assert [one["outcome"].get("code") for one in done] == [None, "NOT_FOUND", None]
    assert {one["assignee"] for one in data(WAITING)["conflicts"]["nodes"]} == {"ben"}


def test_a_preview_of_many_changes_nothing(data: Data, tasks: list[str]) -> None:
    given, put_aside = (
        data(f"mutation ($ids: [ID!]!) {{ found: {call} {HANDLED} }}", ids=tasks)["found"]
        for call in (
            'assignMany(taskIds: $ids, to: "ben", preview: true)',
            'deferMany(taskIds: $ids, until: "2026-04-01T00:00:00Z", preview: true)',
        )
    )

    assert [one["outcome"]["assignee"] for one in given] == ["ben", "ben"]
    assert all(one["outcome"]["deferredUntil"] for one in put_aside)
    assert [one["assignee"] for one in data(WAITING)["conflicts"]["nodes"]] == [None, None]


def test_deferred_tasks_leave_the_queue(data: Data, tasks: list[str]) -> None:
    data(
        f'mutation ($ids: [ID!]!) {{ deferMany(taskIds: $ids, until: "2026-04-01T00:00:00Z") {HANDLED} }}',
        ids=[tasks[0], tasks[0]],
    )

    assert [one["id"] for one in data(WAITING)["conflicts"]["nodes"]] == [tasks[1]]


def test_more_than_two_hundred_are_too_many(run: Run, tasks: list[str]) -> None:
    result = run(
        f'mutation ($ids: [ID!]!) {{ assignMany(taskIds: $ids, to: "ben") {HANDLED} }}',
        ids=[f"task-{n}" for n in range(201)],
    )

    assert result.errors is not None
    assert "give 200 at most" in result.errors[0].message
