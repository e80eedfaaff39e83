"""Which tasks waited in the stewards' queue at a moment.

The queue is derived and written anew whenever something is resolved. Whoever writes to it does so by
`put_tasks` and `drop_tasks`; at the end of a resolution `note_tasks` writes an entry for each task that is
another one than its newest entry says, so that a replay, which finds everything again, adds none.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import FromClause, func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from mdm.history.when import When
from mdm.store.bulk import add_rows, drop_rows
from mdm.store.chunks import rows_in
from mdm.store.derived import Task
from mdm.store.history import TaskEntry

TOUCHED = "mdm.tasks_touched"
"""Where a session remembers which tasks were written or dropped since they were noted last."""

SAYS = (
    "entity_type", "kind", "left_golden", "right_golden", "left_record", "right_record", "weight",
    "cause", "text",
)  # fmt: skip
"""What a task says beside its id."""


def put_tasks(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write tasks into the queue."""
    add_rows(session, Task, rows)
    touch_tasks(session, (str(row["id"]) for row in rows))


def drop_tasks(session: Session, ids: Iterable[str]) -> None:
    """Take tasks off the queue."""
    gone = list(ids)
    drop_rows(session, Task, "id", gone)
    touch_tasks(session, gone)


def touch_tasks(session: Session, ids: Iterable[str]) -> None:
    """Have these tasks looked at when they are noted next."""
    session.info.setdefault(TOUCHED, set()).update(ids)


def note_tasks(session: Session, now: datetime) -> None:
    """Write an entry for each touched task that says something else than its newest entry, or is gone."""
    touched: set[str] = session.info.pop(TOUCHED, set())
    if not touched:
        return
    task = Task.__table__  # type: ignore[attr-defined]  # SQLModel hides it
    columns = (task.c[name] for name in SAYS)
    waiting = {
        row[0]: tuple(row[1:]) for row in rows_in(session, select(task.c.id, *columns), task.c.id, touched)
    }
    known = _newest(session, touched)
    rows = [
        {"task_id": name, "noted_at": now, **dict(zip(SAYS, said, strict=True))}
        for name in sorted(touched)
        for said in [waiting.get(name) or _left(known.get(name))]
        if said is not None and said != known.get(name)
    ]
    add_rows(session, TaskEntry, rows)


def _left(known: tuple[Any, ...] | None) -> tuple[Any, ...] | None:
    """That a task left the queue; None if it was never noted."""
    if known is None:
        return None
    return tuple(
        "" if name in {"kind", "cause", "text"} else said for name, said in zip(SAYS, known, strict=True)
    )


def _newest(session: Session, task_ids: Collection[str]) -> dict[str, tuple[Any, ...]]:
    """What the newest entry of each task says."""
    newest = select(func.max(col(TaskEntry.id))).group_by(col(TaskEntry.task_id))
    ids = [row[0] for row in rows_in(session, newest, col(TaskEntry.task_id), task_ids)]
    entry = TaskEntry.__table__  # type: ignore[attr-defined]  # SQLModel hides it
    query = select(entry.c.task_id, *(entry.c[name] for name in SAYS))
    return {row[0]: tuple(row[1:]) for row in rows_in(session, query, entry.c.id, ids)}


def tasks_at(when: When) -> FromClause:
    """The queue: the columns of `task`. It depends on no day of valid time."""
    if when.known_at is None:
        return Task.__table__  # type: ignore[attr-defined,no-any-return]  # SQLModel hides it
    entry, later = aliased(TaskEntry), aliased(TaskEntry)
    newest = (
        select(func.max(later.id))
        .where(col(later.task_id) == col(entry.task_id), col(later.at) <= when.known_at)
        .scalar_subquery()
    )
    query = select(col(entry.task_id).label("id"), *(col(getattr(entry, name)) for name in SAYS)).where(
        col(entry.id) == newest, col(entry.kind) != ""
    )
    return query.subquery("task_then")
