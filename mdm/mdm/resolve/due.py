"""Golden values that change as time passes: when to look at each record again, and whose time has come.

Values at a moment are a function of claims, overrides and that moment. They change by themselves only at
moments known beforehand: an override's last day, the day at which a trust score falls below another's. The
hub notes the next one; every resolution first works off what is due.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlmodel import Session, col

from mdm.entities import EntityType
from mdm.store.bulk import add_rows, drop_rows
from mdm.store.derived import ValueDue

_DUE = select(col(ValueDue.entity_type), col(ValueDue.golden_id)).where(
    col(ValueDue.due_at) <= bindparam("moment")
)


def due_by(session: Session, moment: datetime) -> dict[str, set[str]]:
    """The golden records whose values may have changed by this moment: entity type to golden ids."""
    found: dict[str, set[str]] = {}
    for entity_type, golden_id in session.connection().execute(_DUE, {"moment": moment}):
        found.setdefault(entity_type, set()).add(golden_id)
    return found


def set_due(
    session: Session, entity_type: EntityType, golden_ids: Iterable[str], due: Mapping[str, datetime]
) -> None:
    """Replace what is noted about these golden records; those without a moment never change by themselves."""
    drop_rows(session, ValueDue, "golden_id", golden_ids)
    rows = [{"golden_id": g, "entity_type": entity_type.name, "due_at": at} for g, at in sorted(due.items())]
    add_rows(session, ValueDue, rows)
