"""What people said before about the same records."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import Session, col

from mdm.history.verdicts import given_by
from mdm.history.when import NOW, When
from mdm.store.decisions import Verdict


@dataclass(frozen=True, slots=True)
class EarlierVerdict:
    """One verdict about at least one of the records; `superseded` if a later one replaced it.

    Attributes:
        operation: merge, detach or unmerge if it came by one; "" for an answer to a task.
    """

    id: str
    answer: str
    certain: bool
    reason: str
    author: str
    decided_at: datetime
    superseded: bool
    operation: str = ""


def verdicts_about(
    session: Session, record_ids: Iterable[int], when: When = NOW
) -> tuple[EarlierVerdict, ...]:
    """Every verdict that speaks, or at a moment spoke, of any of these records, the newest first."""
    given = given_by(session, record_ids, when)
    return tuple(_view(verdict, superseded=superseded) for verdict, superseded in given)


def standing_verdict(session: Session, verdict_id: str) -> EarlierVerdict | None:
    """One verdict, if there is such a one and it still stands."""
    verdict = session.get(Verdict, verdict_id) if verdict_id else None
    return _view(verdict, superseded=False) if verdict is not None and verdict.superseded_by is None else None


def _view(verdict: Verdict, *, superseded: bool) -> EarlierVerdict:
    return EarlierVerdict(
        id=verdict.id,
        answer=verdict.answer,
        certain=verdict.certain,
        reason=verdict.reason,
        author=verdict.author,
        decided_at=verdict.decided_at,
        superseded=superseded,
        operation=str(verdict.basis.get("operation", "")),
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
