"""What a transaction knows to be in no table, so that nobody has to look there.

Of a record that has just come in no verdict speaks, and no block key, link or membership of it is stored; a
golden id that was just issued has no row, search term or override. Most records that arrive are such: each
would cost thirty statements that find nothing.

What is known ends with the transaction, and for a table with the first row that is written to it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import Table, event
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.elements import SQLCoreOperations
from sqlmodel import Session

Item = TypeVar("Item")

Place = tuple[str, str]
"""Table and column."""

NEW_RECORD: tuple[Place, ...] = (
    ("verdict_record", "record_id"), ("hold_record", "record_id"), ("record_link", "record_id"),
    ("record_reference", "record_id"), ("membership", "record_id"), ("block_key", "record_id"),
    ("edge", "left_id"), ("edge", "right_id"),
)  # fmt: skip
"""What names no source record that has just been stored."""

NEW_GOLDEN_ID: tuple[Place, ...] = (
    ("golden_record", "golden_id"), ("golden_version", "golden_id"), ("golden_period", "golden_id"),
    ("task", "left_golden"), ("task", "right_golden"), ("search_term", "golden_id"), ("relation", "from_id"),
    ("value_due", "golden_id"), ("strong_id", "golden_id"), ("override", "golden_id"),
    ("banned_value", "golden_id"), ("membership", "golden_id"),
)  # fmt: skip
"""What names no golden id that was just issued; the typed table of its type does neither."""

_KEY = "mdm.absent"


def nothing_yet(session: Session, places: Iterable[Place], values: Collection[Any]) -> None:
    """Say that these columns hold none of the values, which this transaction alone has made up."""
    known: dict[Place, set[Any]] | None = session.info.get(_KEY)
    if known is None:
        known = session.info[_KEY] = {}
    for place in places:
        known.setdefault(place, set()).update(values)


def worth_asking(session: Session, column: SQLCoreOperations[Any], items: Iterable[Item]) -> Iterable[Item]:
    """Those of the items of which the column may hold one."""
    known: Mapping[Place, set[Any]] | None = session.info.get(_KEY)
    if not known:
        return items
    absent = known.get(_place(column))
    return [item for item in items if item not in absent] if absent else items


def forget(session: Session, table: str) -> None:
    """A row is written to the table: whatever was known of it may be so no longer."""
    known: dict[Place, set[Any]] | None = session.info.get(_KEY)
    if known:
        for place in [place for place in known if place[0] == table]:
            del known[place]


@lru_cache(maxsize=4096)
def _place(column: SQLCoreOperations[Any]) -> Place:
    """Where a column stands; of one that stands in no table itself nothing is known."""
    if isinstance(column, InstrumentedAttribute):
        column = column.expression
    table = getattr(column, "table", None)
    return (table.name, column.name) if isinstance(table, Table) else ("", "")  # type: ignore[attr-defined]


@event.listens_for(Session, "before_flush")
def _forget_objects(session: Session, *_: Any) -> None:
    if _KEY not in session.info:
        return
    for name in {type(new).__tablename__ for new in session.new}:
        forget(session, str(name))


@event.listens_for(Session, "after_transaction_end")
def _forget_all(session: Session, transaction: Any) -> None:
    if transaction.parent is None:
        session.info.pop(_KEY, None)
