"""Reads the change feed, page by page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlmodel import Session, col

from mdm.change_feed.change import Change, ChangeFilter
from mdm.change_feed.knowable import knowable
from mdm.errors import QueryError
from mdm.event_log import last_event_number
from mdm.store.decisions import Event

LARGEST = 1000
"""Changes of a page at most."""

MOST_NAMES = 500
"""Types and ids that a filter names at most."""


@dataclass(frozen=True, slots=True)
class ChangePage:
    """Changes in order.

    Attributes:
        next_after: ask with this number for what comes behind; it passes over what was left out.
        last: number of the newest event there is; 0 for an empty log.
    """

    changes: tuple[Change, ...]
    next_after: int
    last: int


def changes_after(
    session: Session, after: int, wanted: ChangeFilter | None = None, *, limit: int = 100
) -> ChangePage:
    """The changes behind an event's number that a follower wants and may know of.

    Args:
        after: number of the last event that the follower has; 0 for all.
        limit: changes at most, 1 to 1,000.

    Raises:
        QueryError: the page size makes no sense, no event has that number yet, or too much is filtered by.
    """
    if not 1 <= limit <= LARGEST:
        raise QueryError(f"A page has 1 to {LARGEST:,} changes, not {limit:,}.")
    last = last_event_number(session)
    if not 0 <= after <= last:
        raise QueryError(f"No event has the number {after}; the newest is {last}, and 0 asks for all.")
    query = select(Event).where(col(Event.number) > after, *_conditions(wanted or ChangeFilter()))
    found = session.scalars(query.order_by(col(Event.number)).limit(limit)).all()
    next_after = found[-1].number if len(found) == limit else last
    return ChangePage(
        tuple(_change(event, details) for event, details in knowable(session, found)), next_after, last
    )


def _conditions(wanted: ChangeFilter) -> list[ColumnElement[bool]]:
    if len(wanted.types) + len(wanted.entity_types) + len(wanted.golden_ids) > MOST_NAMES:
        raise QueryError(f"A filter names {MOST_NAMES} names at most; follow all and choose yourself.")
    conditions: list[ColumnElement[bool]] = []
    if wanted.types:
        conditions.append(or_(*(_is_type(name) for name in sorted(wanted.types))))
    if wanted.entity_types:
        conditions.append(col(Event.entity_type).in_(sorted(wanted.entity_types)))
    if wanted.golden_ids:
        conditions.append(col(Event.subject).in_(sorted(wanted.golden_ids)))
    return conditions


def _is_type(name: str) -> ColumnElement[bool]:
    if name.endswith(".*"):
        return col(Event.type).startswith(name[:-1], autoescape=True)
    return col(Event.type) == name


def _change(event: Event, details: dict[str, Any]) -> Change:
    return Change(
        event.number, event.id, event.at, event.type, event.entity_type, event.subject, event.author, details
    )
