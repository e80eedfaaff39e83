"""What stewards write about tasks, who has them, and until when they are put aside."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from mdm.errors import MdmError, RefusedError, UnknownTaskError, UsageError
from mdm.hub import Hub
from mdm.replay import replay
from mdm.stewardship import tasks
from mdm.stewardship.notes import NoteKind, assign, comment, defer, handling_of, reopen
from mdm.testing import NOON
from mdm.unit_of_work import UnitOfWork

OpenTask = Callable[..., str]
TOMORROW = NOON + timedelta(days=1)


def waiting(hub: Hub) -> list[str]:
    with hub.read() as session:
        return [task.id for task in tasks(hub, session).items]


def test_a_task_is_commented_and_given_to_somebody(hub: Hub, open_task: OpenTask) -> None:
    task = open_task(hub)
    with hub.write("ada") as uow:
        comment(uow, task, "Asked their accountant.")
        assign(uow, task, "bo")
    with hub.write("bo") as uow:
        assign(uow, task, "")

    with hub.read() as session:
        handling = handling_of(session, [task])[task]
    assert [(n.kind, n.text, n.author) for n in handling.notes] == [
        (NoteKind.comment, "Asked their accountant.", "ada"),
        (NoteKind.assigned, "bo", "ada"),
        (NoteKind.assigned, "", "bo"),
    ]
    assert handling.assignee == ""


def test_giving_a_task_to_whoever_has_it_writes_nothing(hub: Hub, open_task: OpenTask) -> None:
    task = open_task(hub)
    with hub.write("ada") as uow:
        assign(uow, task, "bo")
        again = assign(uow, task, "bo ")

    assert (again.assignee, len(again.notes)) == ("bo", 1)


def test_a_deferred_task_comes_back_when_somebody_reopens_it(hub: Hub, open_task: OpenTask) -> None:
    task = open_task(hub)
    with hub.write("ada") as uow:
        defer(uow, task, TOMORROW, "the contract comes tomorrow")
    assert waiting(hub) == []

    with hub.write("bo") as uow:
        handling = reopen(uow, task, "it came today")

    assert waiting(hub) == [task]
    assert handling.deferred_until is None


def test_the_newest_word_on_a_deferral_counts(hub: Hub, open_task: OpenTask) -> None:
    task = open_task(hub)
    with hub.write("ada") as uow:
        defer(uow, task, NOON + timedelta(days=30))
        reopen(uow, task)
        defer(uow, task, TOMORROW)

    assert waiting(hub) == []
    with hub.read() as session:
        assert handling_of(session, [task])[task].deferred_until == TOMORROW


@pytest.mark.parametrize(
    ("act", "error"),
    [
        (lambda uow, task: comment(uow, task, "  "), UsageError),
        (lambda uow, task: comment(uow, task, "x" * 5001), UsageError),
        (lambda uow, task: comment(uow, "task-none", "x"), UnknownTaskError),
        (lambda uow, task: assign(uow, "task-none", ""), UnknownTaskError),
        (lambda uow, task: defer(uow, task, NOON), UsageError),
        (lambda uow, task: defer(uow, task, datetime(2030, 1, 1)), UsageError),  # noqa: DTZ001  # the case
        (reopen, RefusedError),
        (lambda uow, task: reopen(uow, "task-none"), UnknownTaskError),
    ],
    ids=["no text", "too much text", "no task", "nobody's task", "past", "no zone", "not deferred", "none"],
)
def test_what_makes_no_sense_is_refused(
    hub: Hub, open_task: OpenTask, act: Callable[[UnitOfWork, str], object], error: type[MdmError]
) -> None:
    task = open_task(hub)
    with pytest.raises(error), hub.write("ada") as uow:
        act(uow, task)

    with hub.read() as session:
        assert handling_of(session, [task])[task].notes == ()


def test_notes_outlive_a_replay_and_their_text_stays_out_of_the_event_log(
    hub: Hub, open_task: OpenTask
) -> None:
    task = open_task(hub)
    with hub.write("ada") as uow:
        comment(uow, task, "Roth lives in Leeds")
        replay(uow)

    with hub.read() as session:
        assert handling_of(session, [task])[task].notes[0].text == "Roth lives in Leeds"
        from mdm.change_feed import changes_after

        events = [c for c in changes_after(session, 0, limit=1000).changes if c.type == "task.commented"]
    assert [(event.subject, event.details) for event in events] == [(task, {})]
