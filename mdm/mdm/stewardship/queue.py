"""The stewards' queue: what waits for a person, the most valuable task first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from math import exp2, log2
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, func, select, union_all
from sqlmodel import Session, col

from mdm.access.view import view_of
from mdm.history.queue import tasks_at
from mdm.history.relations import relations_around
from mdm.history.tables import golden_at, membership_at
from mdm.history.when import NOW, When
from mdm.stewardship.labels import GoldenLabel, stored_label
from mdm.stewardship.notes import deferred_tasks
from mdm.stewardship.page import Page
from mdm.store.chunks import CHUNK, chunks, rows_in
from mdm.store.derived import Membership, Relation, Task

if TYPE_CHECKING:
    from mdm.hub import Hub

CERTAIN = frozenset({"contradiction", "override_conflict", "hierarchy_loop"})
"""Kinds of tasks whose decision certainly changes something."""


@dataclass(frozen=True, slots=True)
class TaskSummary:
    """One line of the queue.

    Attributes:
        kind: possible_match, possible_duplicate, contradiction, override_conflict or hierarchy_loop.
        weight: of the pair that caused it, log2 odds.
        probability: what the weight implies, 0 to 1.
        cause: why a machine must not decide, as a word; `text` says it in a sentence.
        value: what a decision is worth, see `worth`.
    """

    id: str
    entity_type: str
    kind: str
    left: GoldenLabel
    right: GoldenLabel
    weight: float
    probability: float
    cause: str
    text: str
    value: float

    @property
    def cursor(self) -> str:
        """The task's place in the queue, for the page behind it."""
        return _cursor(self.value, self.id)


def chance(weight: float) -> float:
    """The probability that a weight in bits implies: 0 bits is 0.5, 10 bits 0.999."""
    return 1.0 / (1.0 + exp2(-max(-1000.0, min(1000.0, weight))))


def worth(kind: str, weight: float, reach: int) -> float:
    """What a decision is worth: how likely it changes something, times how much hangs on it.

    Args:
        reach: source records on both sides, and golden records that refer to either.

    A contradiction or a clash of overrides certainly changes something. A pair at 0 bits with 3 records and
    nothing that refers to it is worth 0.5 * log2(1 + 3) = 1.
    """
    return (1.0 if kind in CERTAIN else chance(weight)) * log2(1 + reach)


@dataclass(frozen=True, slots=True)
class _Waiting:
    id: str
    entity_type: str
    kind: str
    left_golden: str
    right_golden: str
    weight: float


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
    if entity_type is not None:
        entity_type = hub.registry[entity_type].name
    when = When(known_at)
    ranked = _ranked(hub, session, entity_type, kind, when)
    start = _place_after(after)
    behind = [entry for entry in ranked if start is None or (-entry[0], entry[1].id) > start]
    shown = behind[:first]
    end = _cursor(shown[-1][0], shown[-1][1].id) if shown else None
    return Page(_summaries(hub, session, shown, when), len(ranked), end, len(behind) > len(shown))


def queue_counts(hub: Hub, session: Session) -> dict[str, dict[str, int]]:
    """How many tasks wait: entity type to kind to number; every type is there, deferred tasks are not."""
    counts: dict[str, dict[str, int]] = {t.name: {} for t in hub.registry}
    if not view_of(session).sees_all_rows:
        for _, task in _ranked(hub, session, None, None):
            counts[task.entity_type][task.kind] = counts[task.entity_type].get(task.kind, 0) + 1
        return counts
    query = select(col(Task.entity_type), col(Task.kind), func.count()).group_by(
        col(Task.entity_type), col(Task.kind)
    )
    for name, kind, number in session.execute(query.where(col(Task.id).not_in(deferred_tasks(hub.clock())))):
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
    ids = [task.id for _, task in _ranked(hub, session, entity_type, kind)]
    if task_id not in ids:
        return TaskPlace(0, len(ids), None, ids[0] if ids else None)
    at = ids.index(task_id)
    before, behind = ids[at - 1] if at else None, ids[at + 1] if at + 1 < len(ids) else None
    return TaskPlace(at + 1, len(ids), before, behind)


def next_task(
    hub: Hub,
    session: Session,
    *,
    entity_type: str | None = None,
    kind: str | None = None,
    preferred: str | None = None,
) -> str | None:
    """The preferred task if it still waits, else the most valuable one; None if nothing waits."""
    ids = [task.id for _, task in _ranked(hub, session, entity_type, kind)]
    return preferred if preferred in ids else ids[0] if ids else None


def _ranked(
    hub: Hub, session: Session, entity_type: str | None, kind: str | None, when: When = NOW
) -> list[tuple[float, _Waiting]]:
    task = tasks_at(when)
    query = select(*(task.c[field.name] for field in fields(_Waiting)))
    query = query.where(task.c.id.not_in(deferred_tasks(when.known_at or hub.clock())))
    if entity_type:
        query = query.where(task.c.entity_type == entity_type)
    if kind:
        query = query.where(task.c.kind == kind)
    waiting = [_Waiting(*row) for row in session.execute(query)]
    ids = {i for task in waiting for i in (task.left_golden, task.right_golden)}
    visible = view_of(session).visible(session, ids)
    waiting = [t for t in waiting if {t.left_golden, t.right_golden} <= visible]
    reach = _reach(hub, session, visible, when)
    valued = [(round(worth(t.kind, t.weight, _both(t, reach)), 6), t) for t in waiting]
    return sorted(valued, key=lambda entry: (-entry[0], entry[1].id))


def _both(task: _Waiting, reach: Mapping[str, int]) -> int:
    return sum(reach.get(i, 0) for i in {task.left_golden, task.right_golden})


def _reach(hub: Hub, session: Session, golden_ids: Collection[str], when: When) -> Counter[str]:
    """How many source records a golden record has, and how many golden records refer to it, together."""
    if not when.is_now:
        return _reach_then(hub, session, golden_ids, when)
    found: Counter[str] = Counter()
    for part in chunks(set(golden_ids), CHUNK // 2):
        counts = [
            select(column, func.count()).where(column.in_(part)).group_by(column)
            for column in (col(Membership.golden_id), col(Relation.to_id))
        ]
        for golden_id, number in session.execute(union_all(*counts)):
            found[golden_id] += number
    return found


def _reach_then(hub: Hub, session: Session, golden_ids: Collection[str], when: When) -> Counter[str]:
    members = membership_at(when)
    rows = rows_in(session, select(members.c.golden_id), members.c.golden_id, golden_ids)
    related = relations_around(hub, session, golden_ids, when)
    wanted = set(golden_ids)
    return Counter(row[0] for row in rows) + Counter(one.to_id for one in related if one.to_id in wanted)


def _summaries(
    hub: Hub, session: Session, entries: list[tuple[float, _Waiting]], when: When
) -> list[TaskSummary]:
    told = _told(session, [task.id for _, task in entries], when)
    return [
        TaskSummary(
            id=task.id,
            entity_type=task.entity_type,
            kind=task.kind,
            left=_label(hub, session, task, task.left_golden, told[task.id][3:5]),
            right=_label(hub, session, task, task.right_golden, told[task.id][5:7]),
            weight=task.weight,
            probability=chance(task.weight),
            cause=told[task.id].cause,
            text=told[task.id].text,
            value=value,
        )
        for value, task in entries
    ]


def _told(session: Session, task_ids: Iterable[str], when: When) -> dict[str, Row[*tuple[Any, ...]]]:
    """Of each task: id, cause, text, then cells and state of the left golden record and of the right one."""
    task, left, right = (
        tasks_at(when),
        golden_at(when).alias("left_side"),
        golden_at(when).alias("right_side"),
    )
    query = (
        select(task.c.id, task.c.cause, task.c.text, left.c.cells, left.c.state, right.c.cells, right.c.state)
        .select_from(task)
        .outerjoin(left, left.c.golden_id == task.c.left_golden)
        .outerjoin(right, right.c.golden_id == task.c.right_golden)
    )
    return {row.id: row for row in rows_in(session, query, task.c.id, task_ids)}


def _label(hub: Hub, session: Session, task: _Waiting, golden_id: str, stored: Sequence[Any]) -> GoldenLabel:
    cells, state = stored
    if state is None:
        return GoldenLabel(golden_id, "", golden_id, state="unknown")
    return stored_label(view_of(session), hub.registry[task.entity_type], golden_id, cells, state)


def _cursor(value: float, task_id: str) -> str:
    return f"{value:.6f}~{task_id}"


def is_cursor(text: str) -> bool:
    """Whether a text names a place in the queue."""
    return _place_after(text) is not None


def _place_after(cursor: str | None) -> tuple[float, str] | None:
    """Where a cursor points in the order; one that is none means the beginning."""
    value, _, task_id = (cursor or "").partition("~")
    try:
        return (-float(value), task_id) if task_id else None
    except ValueError:
        return None
