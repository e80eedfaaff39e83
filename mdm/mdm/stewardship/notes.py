"""What stewards write about a task, who has it, and until when it is put aside: append-only notes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import aliased
from sqlalchemy.sql.elements import SQLCoreOperations
from sqlmodel import Session, col

from mdm.access.principal import Action
from mdm.errors import RefusedError, UnknownTaskError, UsageError
from mdm.store.chunks import objects_in
from mdm.store.decisions import TaskNote
from mdm.store.derived import Task
from mdm.unit_of_work import UnitOfWork

LONGEST = 5000
"""Characters of a comment or a reason."""


class NoteKind(StrEnum):
    """What a note does."""

    comment = "comment"
    """Says something to whoever reads the task."""
    assigned = "assigned"
    """Gives the task to a person, named in the text; to nobody if the text is empty."""
    deferred = "deferred"
    """Takes the task off the queue until a moment."""
    reopened = "reopened"
    """Puts a deferred task back at once."""


@dataclass(frozen=True, slots=True)
class Note:
    """One note as it was written."""

    kind: NoteKind
    text: str
    author: str
    at: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Handling:
    """How a task is being handled.

    Attributes:
        assignee: who has it; "" for nobody.
        deferred_until: when it comes back to the queue; None if it waits there. A moment that has passed
            means that it is back.
        notes: all of them, oldest first.
    """

    assignee: str = ""
    deferred_until: datetime | None = None
    notes: tuple[Note, ...] = ()


def comment(uow: UnitOfWork, task_id: str, text: str) -> Handling:
    """Write a comment.

    Raises:
        UnknownTaskError: the queue holds no such task.
        UsageError: there is no text, or too much.
    """
    if not text.strip():
        raise UsageError("A comment needs a text.")
    return _note(uow, task_id, NoteKind.comment, text)


def assign(uow: UnitOfWork, task_id: str, to: str) -> Handling:
    """Give a task to a person; "" takes it from whoever has it. Nothing is written if they have it already.

    Raises:
        UnknownTaskError: the queue holds no such task.
    """
    before = handling_of(uow.session, [task_id])[task_id]
    if before.assignee == to.strip():
        _check(uow, task_id)
        return before
    return _note(uow, task_id, NoteKind.assigned, to.strip())


def defer(uow: UnitOfWork, task_id: str, until: datetime, reason: str = "") -> Handling:
    """Take a task off the queue until a moment.

    Raises:
        UnknownTaskError: the queue holds no such task.
        UsageError: the moment has no zone or has passed.
    """
    if until.tzinfo is None:
        raise UsageError("A moment needs a zone; write it such as 2026-03-01T12:00:00Z.")
    if until <= uow.now:
        raise UsageError(f"{until.isoformat()} has passed; name a moment to come.")
    return _note(uow, task_id, NoteKind.deferred, reason, until.astimezone(UTC))


def reopen(uow: UnitOfWork, task_id: str, reason: str = "") -> Handling:
    """Put a deferred task back on the queue.

    Raises:
        UnknownTaskError: the queue holds no such task.
        RefusedError: it is not deferred.
    """
    until = handling_of(uow.session, [task_id])[task_id].deferred_until
    if until is None or until <= uow.now:
        _check(uow, task_id)
        raise RefusedError(f"The task {task_id} is not deferred; it waits in the queue.")
    return _note(uow, task_id, NoteKind.reopened, reason)


def handling_of(
    session: Session, task_ids: Collection[str], known_at: datetime | None = None
) -> dict[str, Handling]:
    """How each of these tasks is being handled; every id has an answer.

    Args:
        known_at: how it was being handled at this moment; None for now.
    """
    found: dict[str, list[TaskNote]] = {task_id: [] for task_id in task_ids}
    written = select(TaskNote)
    if known_at is not None:
        written = written.where(col(TaskNote.at) <= known_at)
    for row in objects_in(session, written, col(TaskNote.task_id), set(task_ids)):
        found[row.task_id].append(row)
    return {task_id: _handling(sorted(rows, key=lambda row: row.id or 0)) for task_id, rows in found.items()}


def is_deferred(task_id: SQLCoreOperations[str], moment: datetime) -> ColumnElement[bool]:
    """SQL for: the task is put aside at a moment; the newest word on it then counts."""
    note, later = aliased(TaskNote), aliased(TaskNote)
    settles = col(later.kind).in_([NoteKind.deferred.value, NoteKind.reopened.value])
    superseded = exists().where(
        col(later.task_id) == col(note.task_id),
        col(later.id) > col(note.id),
        settles,
        col(later.at) <= moment,
    )
    return exists().where(
        col(note.task_id) == task_id, col(note.until) > moment, col(note.at) <= moment, ~superseded
    )


def _handling(rows: list[TaskNote]) -> Handling:
    assignee, until = "", None
    for row in rows:
        if row.kind == NoteKind.assigned:
            assignee = row.text
        elif row.kind in {NoteKind.deferred, NoteKind.reopened}:
            until = row.until
    notes = tuple(Note(NoteKind(row.kind), row.text, row.author, row.at, row.until) for row in rows)
    return Handling(assignee, until, notes)


def _check(uow: UnitOfWork, task_id: str) -> Task:
    task = uow.session.get(Task, task_id)
    if task is None:
        raise UnknownTaskError(task_id)
    if not {task.left_golden, task.right_golden} <= uow.visible(task.left_golden, task.right_golden):
        raise UnknownTaskError(task_id)
    uow.require(Action.decide, task.entity_type)
    return task


def _note(
    uow: UnitOfWork, task_id: str, kind: NoteKind, text: str, until: datetime | None = None
) -> Handling:
    task = _check(uow, task_id)
    if len(text) > LONGEST:
        raise UsageError(f"The text has {len(text):,} characters; write {LONGEST:,} at most.")
    details = {"until": until.isoformat()} if until else {}
    uow.emit(f"task.{_PAST[kind]}", task.entity_type, task_id, details)
    note = TaskNote(task_id=task_id, kind=kind.value, text=text, author=uow.author, at=uow.now, until=until)
    uow.session.add(note)
    uow.session.flush()
    return handling_of(uow.session, [task_id])[task_id]


_PAST = {
    NoteKind.comment: "commented",
    NoteKind.assigned: "assigned",
    NoteKind.deferred: "deferred",
    NoteKind.reopened: "reopened",
}
"""What the event about a note is called."""
