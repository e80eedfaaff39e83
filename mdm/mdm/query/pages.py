"""Golden records of one entity type, page by page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, FromClause, func, select
from sqlmodel import Session

from mdm.access.view import View, view_of
from mdm.errors import QueryError
from mdm.history.tables import typed_at
from mdm.history.when import NOW, When
from mdm.query.conditions import Filter, where
from mdm.query.golden_row import GoldenRow, golden_rows
from mdm.query.keyset import Ordering, behind, checked_ordering, cursor_of, order_clauses, place_of

if TYPE_CHECKING:
    from mdm.hub import Hub

LARGEST = 200
"""Records on one page at most."""


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which page is wanted.

    Attributes:
        first: how many records at most, 0 to 200.
        after: a cursor; the page begins behind it. None for the beginning.
        conditions: all of them hold.
        ordering: most important first; none orders by golden id.
        when: the records as they were known at a moment, or held on a day.
    """

    first: int = 50
    after: str | None = None
    conditions: Filter = ()
    ordering: Ordering = ()
    when: When = NOW


@dataclass(frozen=True, slots=True)
class Page:
    """Some golden records of a longer list, in its order.

    Attributes:
        has_next: whether there are more behind this page.
        has_previous: whether the page begins behind a cursor.
    """

    rows: Sequence[GoldenRow]
    has_next: bool
    has_previous: bool
    ordering: Ordering

    def cursor(self, row: GoldenRow) -> str:
        """The cursor of one of its rows."""
        return cursor_of(self.ordering, row)


def checked_first(first: int) -> int:
    """The page size, if it is one.

    Raises:
        QueryError: it is negative or greater than 200.
    """
    if not 0 <= first <= LARGEST:
        raise QueryError(
            f"first is {first}, but a page holds 0 to {LARGEST} records; ask for less and use after."
        )
    return first


def page(hub: Hub, session: Session, entity_type: str, request: PageRequest) -> Page:
    """One page of the golden records of a type.

    Raises:
        UnknownEntityTypeError: no such type is declared.
        QueryError: the page size, the cursor, a condition or the order does not make sense.
    """
    first = checked_first(request.first)
    table = typed_at(hub, entity_type, request.when)
    query = (
        select(*view_of(session).columns(hub.registry[entity_type], table))
        .where(*clauses_of(hub, view_of(session), entity_type, table, request))
        .order_by(*order_clauses(table, request.ordering))
        .limit(first + 1)
    )
    rows = golden_rows(entity_type, table, session.execute(query))
    view_of(session).saw(row.golden_id for row in rows)
    return cut(rows, request)


def cut(rows: Sequence[GoldenRow], request: PageRequest) -> Page:
    """A page from the rows found, of which there may be one more than asked for."""
    return Page(rows[: request.first], len(rows) > request.first, request.after is not None, request.ordering)


def count(hub: Hub, session: Session, entity_type: str, conditions: Filter = (), when: When = NOW) -> int:
    """How many golden records of a type meet the conditions.

    Raises:
        QueryError: a condition does not make sense.
    """
    declared = hub.registry[entity_type]
    table = typed_at(hub, declared.name, when)
    clauses = where(view_of(session), declared, table, conditions, when)
    query = select(func.count()).select_from(table).where(*clauses)
    return session.scalar(query) or 0


def clauses_of(
    hub: Hub, view: View, entity_type: str, table: FromClause, request: PageRequest
) -> list[ColumnElement[bool]]:
    """The conditions of a request, and that rows stand behind its cursor."""
    declared = hub.registry[entity_type]
    ordering = checked_ordering(view, declared, request.ordering)
    clauses = where(view, declared, table, request.conditions, request.when)
    if request.after is not None:
        clauses.append(behind(table, ordering, place_of(declared, ordering, request.after)))
    return clauses
