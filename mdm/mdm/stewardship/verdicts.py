"""What people said before about the same records."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import Session, col

from mdm.store.chunks import rows_in
from mdm.store.decisions import Verdict, VerdictRecord


@dataclass(frozen=True, slots=True)
class EarlierVerdict:
    """One verdict about at least one of the records; `superseded` if a later one replaced it."""

    id: str
    answer: str
    certain: bool
    reason: str
    author: str
    decided_at: datetime
    superseded: bool


def verdicts_about(session: Session, record_ids: Iterable[int]) -> tuple[EarlierVerdict, ...]:
    """Every verdict that speaks of any of these records, the newest first."""
    query = select(col(VerdictRecord.verdict_id))
    ids = {row[0] for row in rows_in(session, query, col(VerdictRecord.record_id), set(record_ids))}
    found = [row[0] for row in rows_in(session, select(Verdict), col(Verdict.id), ids)]
    found.sort(key=lambda verdict: (verdict.decided_at, verdict.id), reverse=True)
    return tuple(_view(verdict) for verdict in found)


def standing_verdict(session: Session, verdict_id: str) -> EarlierVerdict | None:
    """One verdict, if there is such a one and it still stands."""
    verdict = session.get(Verdict, verdict_id) if verdict_id else None
    return _view(verdict) if verdict is not None and verdict.superseded_by is None else None


def _view(verdict: Verdict) -> EarlierVerdict:
    return EarlierVerdict(
        id=verdict.id,
        answer=verdict.answer,
        certain=verdict.certain,
        reason=verdict.reason,
        author=verdict.author,
        decided_at=verdict.decided_at,
        superseded=verdict.superseded_by is not None,
    )


def decided_since(session: Session, author: str, moment: datetime) -> int:
    """How many verdicts that still stand somebody gave since a moment."""
    query = (
        select(func.count())
        .select_from(Verdict)
        .where(
            col(Verdict.author) == author,
            col(Verdict.decided_at) >= moment,
            col(Verdict.superseded_by).is_(None),
        )
    )
    return session.scalar(query) or 0
