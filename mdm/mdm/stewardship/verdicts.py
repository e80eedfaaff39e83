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
    query = select(VerdictRecord.verdict_id)
    ids = {row[0] for row in rows_in(session, query, col(VerdictRecord.record_id), set(record_ids))}
    found = [row[0] for row in rows_in(session, select(Verdict), col(Verdict.id), ids)]
    found.sort(key=lambda verdict: (verdict.decided_at, verdict.id), reverse=True)
    return tuple(
        EarlierVerdict(
            id=v.id,
            answer=v.answer,
            certain=v.certain,
            reason=v.reason,
            author=v.author,
            decided_at=v.decided_at,
            superseded=v.superseded_by is not None,
        )
        for v in found
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
