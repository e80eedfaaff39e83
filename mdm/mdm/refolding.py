"""Folds all versions of source records again: after a late version, and when a day has come."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlmodel import Session, col

from mdm.folding import Folded, fold
from mdm.store.chunks import rows_in
from mdm.store.records import RecordVersion, SourceRecord
from mdm.store.written_records import forget_written
from mdm.unit_of_work import UnitOfWork


def fold_again(uow: UnitOfWork, record_ids: Collection[int]) -> dict[int, Folded]:
    """Bring the claims of these records in line with all their versions, as they hold today."""
    if not record_ids:
        return {}
    table = RecordVersion.__table__  # type: ignore[attr-defined]  # SQLModel hides it
    versions: dict[int, list[Mapping[str, Any]]] = {}
    for row in rows_in(uow.session, select(table), table.c.record_id, record_ids):
        versions.setdefault(row.record_id, []).append(dict(row._mapping))
    found = {record_id: fold(own, uow.now.date()) for record_id, own in versions.items()}
    _store(uow, found)
    return found


def day_has_come(session: Session, day: date) -> bool:
    """Whether a record states something else from this day on, or an earlier one not yet worked in."""
    turned = select(col(SourceRecord.id)).where(col(SourceRecord.changes_on) <= day)
    return session.scalar(turned.limit(1)) is not None


_TURNED = select(col(SourceRecord.id), col(SourceRecord.entity_type)).where(
    col(SourceRecord.changes_on) <= bindparam("day")
)


def fold_due(uow: UnitOfWork) -> dict[str, set[int]]:
    """Bring records whose day has come to what holds now; returns them by entity type."""
    found: dict[str, set[int]] = {}
    for record_id, entity_type in uow.session.connection().execute(_TURNED, {"day": uow.now.date()}):
        found.setdefault(entity_type, set()).add(record_id or 0)
    fold_again(uow, {record_id for ids in found.values() for record_id in ids})
    return found


def _store(uow: UnitOfWork, folded: Mapping[int, Folded]) -> None:
    rows = [
        {
            "row": record_id, "is_live": own.live, "version": own.current["id"], "stands": own.claims,
            "now": uow.now, "day": uow.now.date() if own.is_dated else None, "next": own.changes_on,
        }
        for record_id, own in sorted(folded.items())
    ]  # fmt: skip
    if not rows:
        return
    forget_written(uow.session, folded)
    table = SourceRecord.__table__  # type: ignore[attr-defined]  # SQLModel hides it
    statement = update(table).where(table.c.id == bindparam("row")).values(
        live=bindparam("is_live"), current_version_id=bindparam("version"), claims=bindparam("stands"),
        last_changed_at=bindparam("now"), effective_on=bindparam("day"), changes_on=bindparam("next"),
    )  # fmt: skip
    uow.session.connection().execute(statement, rows)
