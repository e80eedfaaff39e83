"""Drops everything derived and rebuilds it from what is kept: ids, links, values, queue come back alike."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import delete, select
from sqlmodel import col

from mdm.failpoints import reach
from mdm.garbage import collected_seldom
from mdm.history.queue import touch_tasks
from mdm.resolve import Resolved, resolve
from mdm.resolve.golden_records import end_golden_records
from mdm.store.decisions import IssuedId
from mdm.store.derived import DERIVED, GoldenRecord, Task
from mdm.store.records import SourceRecord
from mdm.task_worth import weigh_changed
from mdm.unit_of_work import UnitOfWork

Progress = Callable[[str, int], None]


@collected_seldom()
def replay(uow: UnitOfWork, progress: Progress | None = None) -> Resolved:
    """Rebuild every derived table in this transaction.

    Args:
        progress: called with an entity type's name and how many records of it are replayed.
    """
    _drop(uow)
    reach("replay.after_drop")
    touched: dict[str, set[int]] = {}
    query = select(col(SourceRecord.entity_type), col(SourceRecord.id)).where(
        col(SourceRecord.live).is_(True)
    )
    for entity_type, record_id in uow.session.execute(query):
        touched.setdefault(entity_type, set()).add(record_id)
    for name, ids in touched.items():
        if progress:
            progress(name, len(ids))
    result = resolve(uow, touched, rebuilding=True)
    reach("replay.before_ended")
    _restore_ended(uow)
    weigh_changed(uow.session)
    return result


def _drop(uow: UnitOfWork) -> None:
    touch_tasks(uow.session, uow.session.scalars(select(col(Task.id))))
    for table in DERIVED:
        uow.session.execute(delete(table))
    for entity_type in uow.hub.registry:
        uow.session.execute(uow.hub.golden_tables[entity_type.name].delete())
    uow.session.expire_all()


def _restore_ended(uow: UnitOfWork) -> None:
    """Merged and retired golden records come from the ledger: ids that no live record leads to directly."""
    current = set(uow.session.scalars(select(col(GoldenRecord.golden_id))))
    for entity_type in uow.hub.registry:
        query = select(col(IssuedId.golden_id), col(IssuedId.redirected_to)).where(
            col(IssuedId.entity_type) == entity_type.name
        )
        ended = {g: into or "" for g, into in uow.session.execute(query) if g not in current}
        end_golden_records(uow, entity_type, ended)
