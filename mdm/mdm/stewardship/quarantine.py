"""Rows that could not be taken in, as a steward sees them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlmodel import Session, col

from mdm.access.view import View, view_of
from mdm.stewardship.page import Page
from mdm.stewardship.wording import text_of
from mdm.store.records import QuarantinedRow

if TYPE_CHECKING:
    from mdm.hub import Hub

WAITING = col(QuarantinedRow.state) == "waiting"


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


def quarantined(
    hub: Hub, session: Session, *, after: str | None = None, first: int = 50
) -> Page[QuarantineView]:
    """The rows that wait for their cause to be mended, the newest first.

    A row has not been placed yet, so with a row filter there is none. Of a column that is masked, or that is
    no attribute of a type some of whose attributes are masked, neither the value nor the complaint is shown.
    """
    view = view_of(session)
    if not view.sees_all_rows:
        return Page((), None, has_next=False)
    query = select(QuarantinedRow).where(WAITING).order_by(col(QuarantinedRow.id).desc()).limit(first + 1)
    if after and after.isdecimal():
        query = query.where(col(QuarantinedRow.id) < int(after))
    rows = session.scalars(query).all()
    shown = tuple(_view(hub, view, row) for row in rows[:first])
    return Page(shown, str(shown[-1].id) if shown else None, len(rows) > first)


def quarantined_count(session: Session) -> int:
    """How many rows wait."""
    if not view_of(session).sees_all_rows:
        return 0
    return session.scalar(select(func.count()).select_from(QuarantinedRow).where(WAITING)) or 0


def _view(hub: Hub, view: View, row: QuarantinedRow) -> QuarantineView:
    hidden = _hidden(hub, view, row)
    return QuarantineView(
        id=row.id or 0,
        source=row.source,
        entity_type=row.entity_type,
        origin=row.origin,
        row_number=row.row_number,
        column=row.column_name,
        reason="masked" if row.column_name in hidden or (hidden and not row.column_name) else row.reason,
        received_at=row.received_at,
        values=tuple(
            (str(k), text_of(v) if isinstance(v, str | float | list) else str(v))
            for k, v in row.row.items()
            if k not in hidden
        ),
    )


def _hidden(hub: Hub, view: View, row: QuarantinedRow) -> set[str]:
    if row.entity_type not in hub.registry:
        return set() if view.principal.unrestricted else {*row.row, row.column_name}
    entity_type = hub.registry[row.entity_type]
    masked = view.masked(entity_type)
    seen = {*(set(entity_type.by_name) - masked), "id", "changed_at", "deleted"}
    return {name for name in (*row.row, row.column_name) if name not in seen} if masked else set()
