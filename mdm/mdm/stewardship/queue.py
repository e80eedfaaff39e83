"""The stewards' queue: what waits for a person, the most valuable task first.

A page is read by an index from the place that a cursor names, so it takes as long in a long queue as in a
short one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Select, Table, and_, func, or_, select, tuple_
from sqlmodel import Session, col

from mdm.access.view import View, view_of
from mdm.history.when import NOW, When
from mdm.stewardship.notes import is_deferred
from mdm.stewardship.page import Page
from mdm.stewardship.past_queue import queue_then
from mdm.stewardship.task_summary import TaskSummary, place_after, summary_of, told
from mdm.store.derived import Task

if TYPE_CHECKING:
    from mdm.hub import Hub

TASK: Table = Task.__table__  # type: ignore[attr-defined]  # SQLModel hides it


def tasks(
    hub: Hub,
    session: Session,
    *,
    entity_type: str | None = None,
    kind: str | None = None,
    after: str | None = None,
    first: int = 50,
    known_at: datetime | None = None,
) -> Page[TaskSummary]:
    """The queue in the order of value to the steward; what someone deferred is left out until its time.

    Args:
        entity_type: only tasks about this type; None for all.
        kind: only tasks of this kind; None for all.
        after: the `end_cursor` of the page before; a task decided meanwhile does not disturb it.
        known_at: the queue as it was at this moment; None for now.

    Raises:
        UnknownEntityTypeError: no such type is declared.
    """
    start = place_after(after)
    if known_at is not None:
        found = queue_then(hub, session, When(known_at), entity_type, kind)
        return _page([one for one in found if start is None or (-one.value, one.id) > start], first)
    query = told(TASK, NOW).where(*_waiting(hub, session, entity_type, kind))
    if start is not None:
        query = query.where(_place() > tuple_(*start))
    rows = session.execute(_in_order(query).limit(first + 1))
    return _page([summary_of(hub, view_of(session), row, row.rank) for row in rows], first)


def _page(found: Sequence[TaskSummary], first: int) -> Page[TaskSummary]:
    shown = found[:first]
    return Page(shown, shown[-1].cursor if shown else None, len(found) > first)


def tasks_count(
    hub: Hub,
    session: Session,
    *,
    entity_type: str | None = None,
    kind: str | None = None,
    known_at: datetime | None = None,
) -> int:
    """How many tasks wait, or waited at a moment, of one type or kind, or of all."""
    if known_at is not None:
        return len(queue_then(hub, session, When(known_at), entity_type, kind))
    query = select(func.count()).select_from(Task)
    return session.scalar(query.where(*_waiting(hub, session, entity_type, kind))) or 0


def queue_counts(hub: Hub, session: Session, known_at: datetime | None = None) -> dict[str, dict[str, int]]:
    """How many tasks wait: entity type to kind to number; every type is there, deferred tasks are not.

    Args:
        known_at: how many waited at this moment; None for now.
    """
    counts: dict[str, dict[str, int]] = {t.name: {} for t in hub.registry}
    if known_at is not None:
        for one in queue_then(hub, session, When(known_at), None, None):
            kinds = counts.setdefault(one.entity_type, {})
            kinds[one.kind] = kinds.get(one.kind, 0) + 1
        return counts
    columns = (col(Task.entity_type), col(Task.kind))
    query = select(*columns, func.count()).where(*_waiting(hub, session, None, None)).group_by(*columns)
    for name, kind, number in session.execute(query):
        counts.setdefault(name, {})[kind] = number
    return counts


@dataclass(frozen=True, slots=True)
class TaskPlace:
    """Where a task stands in the queue: number from 1 (0 if deferred or filtered out), and its neighbours."""

    number: int
    total: int
    previous_id: str | None
    next_id: str | None


def task_place(
    hub: Hub, session: Session, task_id: str, *, entity_type: str | None = None, kind: str | None = None
) -> TaskPlace:
    """Where a task stands among those of its type and kind, or of all."""
    waiting = _waiting(hub, session, entity_type, kind)
    total = tasks_count(hub, session, entity_type=entity_type, kind=kind)
    ids = select(col(Task.id)).where(*waiting)
    found = session.execute(
        select(col(Task.rank), col(Task.id)).where(*waiting, col(Task.id) == task_id)
    ).first()
    if found is None:
        return TaskPlace(0, total, None, session.scalar(_in_order(ids).limit(1)))
    here = tuple_(*found)
    before = select(func.count()).select_from(Task).where(*waiting, _place() < here)
    backwards = ids.where(_place() < here).order_by(col(Task.rank).desc(), col(Task.id).desc())
    return TaskPlace(
        number=(session.scalar(before) or 0) + 1,
        total=total,
        previous_id=session.scalar(backwards.limit(1)),
        next_id=session.scalar(_in_order(ids.where(_place() > here)).limit(1)),
    )


def next_task(
    hub: Hub,
    session: Session,
    *,
    entity_type: str | None = None,
    kind: str | None = None,
    preferred: str | None = None,
) -> str | None:
    """The preferred task if it still waits, else the most valuable one; None if nothing waits."""
    ids = select(col(Task.id)).where(*_waiting(hub, session, entity_type, kind))
    if preferred is not None and session.scalar(ids.where(col(Task.id) == preferred)) is not None:
        return preferred
    following: str | None = session.scalar(_in_order(ids).limit(1))
    return following


def _place() -> ColumnElement[Any]:
    return tuple_(col(Task.rank), col(Task.id))


def _in_order(query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    return query.order_by(col(Task.rank), col(Task.id))


def _waiting(
    hub: Hub, session: Session, entity_type: str | None, kind: str | None
) -> list[ColumnElement[bool]]:
    """Conditions that leave the tasks that wait for this principal."""
    conditions = [~is_deferred(col(Task.id), hub.clock()), *_visible(hub, view_of(session))]
    if entity_type is not None:
        conditions.append(col(Task.entity_type) == hub.registry[entity_type].name)
    if kind is not None:
        conditions.append(col(Task.kind) == kind)
    return conditions


def _visible(hub: Hub, view: View) -> list[ColumnElement[bool]]:
    """A task exists for whom both golden records exist."""
    if view.sees_all_rows:
        return []
    sides = (col(Task.left_golden), col(Task.right_golden))
    return [
        or_(
            *(
                and_(col(Task.entity_type) == t.name, *(view.holds(t, side) for side in sides))
                for t in hub.registry
            )
        )
    ]
