"""Links between source records and golden records as the hub made them: queried, sorted, page by page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from mdm.access.view import view_of
from mdm.query.pages import checked_first
from mdm.store.history import RecordLink
from mdm.store.records import SourceRecord


@dataclass(frozen=True, slots=True)
class LinkQuery:
    """Which links are wanted; all that is given must hold.

    Attributes:
        model: the version of the match model in force when the link was made.
        standing: only links that stand now; False for only those that ended; None for both.
        after: the number of the link behind which the page begins.
    """

    golden_id: str | None = None
    entity_type: str | None = None
    source: str | None = None
    source_key: str | None = None
    model: str | None = None
    standing: bool | None = None
    first: int = 50
    after: int | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A source record that belongs, or belonged, to a golden record.

    Attributes:
        number: grows with every link; a page continues behind it.
        created: the golden record was made for this record.
        until: when the record left; None while it belongs to it.
    """

    number: int
    entity_type: str
    source: str
    source_key: str
    golden_id: str
    since: datetime
    until: datetime | None
    created: bool
    model: str


def links(session: Session, query: LinkQuery) -> tuple[Link, ...]:
    """A page of links, the newest first; only of golden records that exist for whoever asks.

    Raises:
        QueryError: the page size does not make sense.
    """
    later = aliased(RecordLink)
    after = (
        select(func.min(later.id))
        .where(col(later.record_id) == col(RecordLink.record_id), col(later.id) > col(RecordLink.id))
        .correlate(RecordLink)
        .scalar_subquery()
    )
    ended = aliased(RecordLink)
    statement = (
        select(
            col(RecordLink.id), col(RecordLink.entity_type), col(SourceRecord.source),
            col(SourceRecord.source_key), col(RecordLink.golden_id), col(RecordLink.at), col(ended.at),
            col(RecordLink.created), col(RecordLink.model),
        )
        .join(SourceRecord, col(SourceRecord.id) == col(RecordLink.record_id))
        .outerjoin(ended, col(ended.id) == after)
        .where(
            col(RecordLink.golden_id).is_not(None),
            *_conditions(query, ended),
            *view_of(session).rows_of_ids(col(RecordLink.entity_type), col(RecordLink.golden_id)),
        )
        .order_by(col(RecordLink.id).desc())
        .limit(checked_first(query.first))
    )  # fmt: skip
    return tuple(Link(*row) for row in session.execute(statement))


def _conditions(query: LinkQuery, ended: type[RecordLink]) -> list[ColumnElement[bool]]:
    wanted: list[tuple[Any, Any]] = [
        (col(RecordLink.golden_id), query.golden_id), (col(RecordLink.entity_type), query.entity_type),
        (col(SourceRecord.source), query.source), (col(SourceRecord.source_key), query.source_key),
        (col(RecordLink.model), query.model),
    ]  # fmt: skip
    found = [column == value for column, value in wanted if value is not None]
    if query.standing is not None:
        found.append(col(ended.id).is_(None) if query.standing else col(ended.id).is_not(None))
    if query.after is not None:
        found.append(col(RecordLink.id) < query.after)
    return found
