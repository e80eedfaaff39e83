"""Rows that could not be taken in, as a steward sees them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import Session, col

from mdm.stewardship.page import Page
from mdm.stewardship.wording import text_of
from mdm.store.records import QuarantinedRow


@dataclass(frozen=True, slots=True)
class QuarantineView:
    """One row with its place, the reason, and what it says."""

    id: int
    source: str
    entity_type: str
    origin: str
    row_number: int
    column: str
    reason: str
    received_at: datetime
    values: tuple[tuple[str, str], ...]


def quarantined(session: Session, *, after: str | None = None, first: int = 50) -> Page[QuarantineView]:
    """The rows that wait for their cause to be mended, the newest first."""
    waiting = col(QuarantinedRow.state) == "waiting"
    total = session.scalar(select(func.count()).select_from(QuarantinedRow).where(waiting)) or 0
    query = select(QuarantinedRow).where(waiting).order_by(col(QuarantinedRow.id).desc()).limit(first + 1)
    if after and after.isdecimal():
        query = query.where(col(QuarantinedRow.id) < int(after))
    rows = session.scalars(query).all()
    shown = tuple(_view(row) for row in rows[:first])
    return Page(shown, total, str(shown[-1].id) if shown else None, len(rows) > first)


def _view(row: QuarantinedRow) -> QuarantineView:
    return QuarantineView(
        id=row.id or 0,
        source=row.source,
        entity_type=row.entity_type,
        origin=row.origin,
        row_number=row.row_number,
        column=row.column_name,
        reason=row.reason,
        received_at=row.received_at,
        values=tuple(
            (str(k), text_of(v) if isinstance(v, str | float | list) else str(v)) for k, v in row.row.items()
        ),
    )
