"""The stewards' queue as it was at a moment that has passed: read and weighed as a whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlmodel import Session

from mdm.access.view import view_of
from mdm.history.queue import tasks_at
from mdm.history.relations import relations_around
from mdm.history.tables import membership_at
from mdm.history.when import When
from mdm.stewardship.notes import is_deferred
from mdm.stewardship.task_summary import TaskSummary, summary_of, told
from mdm.store.chunks import rows_in
from mdm.task_worth import DIGITS, worth

if TYPE_CHECKING:
    from mdm.hub import Hub


def queue_then(
    hub: Hub, session: Session, when: When, entity_type: str | None, kind: str | None
) -> list[TaskSummary]:
    """What waited, the most valuable task first.

    Args:
        when: what was known at a moment.
    """
    task, view = tasks_at(when), view_of(session)
    query = told(task, when).where(~is_deferred(task.c.id, when.known_at or hub.clock()))
    if entity_type is not None:
        query = query.where(task.c.entity_type == hub.registry[entity_type].name)
    if kind is not None:
        query = query.where(task.c.kind == kind)
    rows = session.execute(query).all()
    visible = view.visible(session, {i for row in rows for i in (row.left_golden, row.right_golden)})
    rows = [row for row in rows if {row.left_golden, row.right_golden} <= visible]
    reach = _reach(hub, session, visible, when)
    found = []
    for row in rows:
        hangs_on_it = sum(reach[i] for i in {row.left_golden, row.right_golden})
        found.append(summary_of(hub, view, row, -round(worth(row.kind, row.weight, hangs_on_it), DIGITS)))
    return sorted(found, key=lambda one: (-one.value, one.id))


def _reach(hub: Hub, session: Session, golden_ids: Collection[str], when: When) -> Counter[str]:
    """How many source records a golden record had, and how many golden records referred to it, together."""
    members = membership_at(when)
    rows = rows_in(session, select(members.c.golden_id), members.c.golden_id, golden_ids)
    related = relations_around(hub, session, golden_ids, when)
    wanted = set(golden_ids)
    return Counter(row[0] for row in rows) + Counter(one.to_id for one in related if one.to_id in wanted)
