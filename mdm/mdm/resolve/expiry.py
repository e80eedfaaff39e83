"""Verdicts that somebody gave until a date: once the clock has passed it they no longer stand."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, select
from sqlmodel import Session, col

from mdm.store.chunks import rows_in
from mdm.store.decisions import Verdict, VerdictRecord
from mdm.unit_of_work import UnitOfWork


def has_expired(session: Session, moment: datetime) -> bool:
    """Whether a verdict stands whose date has come."""
    due = select(col(Verdict.id)).where(col(Verdict.superseded_by).is_(None), col(Verdict.until) <= moment)
    return session.scalar(due.limit(1)) is not None


_EXPIRED = (
    select(col(Verdict.id))
    .where(col(Verdict.superseded_by).is_(None), col(Verdict.until) <= bindparam("now"))
    .order_by(col(Verdict.id))
)


def end_expired(uow: UnitOfWork) -> dict[str, set[int]]:
    """End every verdict whose date has come, in the order of their ids; the verdict itself is kept.

    Returns:
        entity type to the records that those verdicts spoke of, which have to be resolved without them.
    """
    touched: dict[str, set[int]] = {}
    uow.session.flush()
    # To ask for objects takes twice as long, and nearly always there are none.
    ids = uow.session.connection().scalars(_EXPIRED, {"now": uow.now}).all()
    for verdict in [uow.session.get_one(Verdict, name) for name in ids]:
        number = uow.emit("verdict.expired", verdict.entity_type, verdict.id, {"answer": verdict.answer})
        verdict.superseded_by = f"expired-{number}"
        spoken = select(col(VerdictRecord.record_id))
        about = {row[0] for row in rows_in(uow.session, spoken, col(VerdictRecord.verdict_id), [verdict.id])}
        touched.setdefault(verdict.entity_type, set()).update(about)
    if touched:
        uow.session.flush()
    return touched
