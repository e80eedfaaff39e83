"""Checks of what is kept for questions about the past."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlmodel import Session, col

from mdm.history.queue import SAYS
from mdm.store.decisions import IssuedId
from mdm.store.derived import Membership, Task
from mdm.store.history import IdRedirect, RecordLink, TaskEntry
from mdm.verify.check import Check

if TYPE_CHECKING:
    from mdm.hub import Hub


def moments_kept(hub: Hub, session: Session, check: Check) -> Iterator[str]:
    """The newest entry of each record's and id's history says what the crosswalk and the ledger say."""
    newest = select(func.max(col(RecordLink.id))).group_by(col(RecordLink.record_id))
    links = select(col(RecordLink.record_id), col(RecordLink.golden_id)).where(col(RecordLink.id).in_(newest))
    said: dict[int, str | None] = {row[0]: row[1] for row in session.execute(links)}
    for record_id, golden_id in session.execute(select(col(Membership.record_id), col(Membership.golden_id))):
        check.checked += 1
        if said.pop(record_id, None) != golden_id:
            yield f"the history of source record {record_id} does not end with {golden_id}"
    for record_id, golden_id in said.items():
        if golden_id is not None:
            yield f"the history of source record {record_id} ends with {golden_id}, which it left"
    newest = select(func.max(col(IdRedirect.id))).group_by(col(IdRedirect.golden_id))
    redirects = select(col(IdRedirect.golden_id), col(IdRedirect.into)).where(col(IdRedirect.id).in_(newest))
    turned: dict[str, str | None] = {row[0]: row[1] for row in session.execute(redirects)}
    for golden_id, into in session.execute(select(col(IssuedId.golden_id), col(IssuedId.redirected_to))):
        check.checked += 1
        if turned.get(golden_id) != into:
            yield f"the history of {golden_id} does not end with a redirect to {into or 'itself'}"


def queue_kept(hub: Hub, session: Session, check: Check) -> Iterator[str]:
    """The newest entry of each task's history says what the queue says."""
    entry, task = TaskEntry.__table__, Task.__table__  # type: ignore[attr-defined]  # SQLModel hides them
    newest = select(func.max(entry.c.id)).group_by(entry.c.task_id)
    noted = select(entry.c.task_id, *(entry.c[name] for name in SAYS)).where(
        entry.c.id.in_(newest), entry.c.kind != ""
    )
    said = {row[0]: tuple(row[1:]) for row in session.execute(noted)}
    for row in session.execute(select(task.c.id, *(task.c[name] for name in SAYS))):
        check.checked += 1
        if said.pop(row[0], None) != tuple(row[1:]):
            yield f"the history of {row[0]} does not end with what the queue says of it"
    for name in sorted(said):
        yield f"the history says that {name} waits, but the queue does not hold it"
