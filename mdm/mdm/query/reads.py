"""Who read classified attributes of which golden records: for those who may audit, newest first."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, String, cast, select
from sqlmodel import Session, col

from mdm.access.principal import Action
from mdm.access.view import view_of
from mdm.errors import ForbiddenError
from mdm.query.pages import checked_first
from mdm.store.rights import ClassifiedRead


@dataclass(frozen=True, slots=True)
class ReadQuery:
    """Which reads are wanted; all that is given must hold.

    Attributes:
        since: at this moment or later.
        until: before this moment.
        before: number of the read behind which the page begins.
    """

    reader: str | None = None
    golden_id: str | None = None
    entity_type: str | None = None
    attribute: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    first: int = 50
    before: int | None = None


@dataclass(frozen=True, slots=True)
class Read:
    """Somebody read one classified attribute of some golden records, in one request; its values are not kept.

    Attributes:
        number: grows with every read.
        key_id: of the API key it came with, "" if with another proof.
        request_id: under which the log tells more.
    """

    number: int
    at: datetime
    reader: str
    key_id: str
    request_id: str
    entity_type: str
    attribute: str
    golden_ids: tuple[str, ...]


def classified_reads(session: Session, query: ReadQuery) -> tuple[Read, ...]:
    """A page of reads, the newest first.

    With a row filter only golden records of those rows are named, and reads of no others are told; a page
    that holds fewer than asked for is the last one all the same.

    Raises:
        ForbiddenError: whoever asks may not audit.
        QueryError: the page size does not make sense.
    """
    view = view_of(session)
    if not view.principal.may(Action.audit):
        raise ForbiddenError(
            f"{view.principal.name} may not see who read what; ask an administrator for the role auditor."
        )
    wanted, before, told = checked_first(query.first), query.before, list[Read]()
    while len(told) < wanted:
        rows = _rows(session, replace(query, before=before))
        visible = view.visible(session, {golden_id for row in rows for golden_id in row.golden_ids})
        told += [read for read in (_read(row, visible) for row in rows) if read.golden_ids]
        if len(rows) < wanted:
            break
        before = rows[-1].id
    return tuple(told[:wanted])


def _rows(session: Session, query: ReadQuery) -> list[ClassifiedRead]:
    statement = select(ClassifiedRead).where(*_conditions(query)).order_by(col(ClassifiedRead.id).desc())
    return list(session.scalars(statement.limit(query.first)))


def _conditions(query: ReadQuery) -> list[ColumnElement[bool]]:
    read = ClassifiedRead
    equal = (
        (col(read.reader), query.reader), (col(read.entity_type), query.entity_type),
        (col(read.attribute), query.attribute),
    )  # fmt: skip
    found: list[ColumnElement[bool]] = [column == value for column, value in equal if value is not None]
    if query.golden_id is not None:
        # The ids are kept as a JSON list, in which each stands in quotation marks.
        found.append(cast(col(read.golden_ids), String).contains(f'"{query.golden_id}"', autoescape=True))
    if query.since is not None:
        found.append(col(read.at) >= query.since)
    if query.until is not None:
        found.append(col(read.at) < query.until)
    if query.before is not None:
        found.append(col(read.id) < query.before)
    return found


def _read(row: ClassifiedRead, visible: set[str]) -> Read:
    return Read(
        number=row.id or 0, at=row.at, reader=row.reader, key_id=row.key_id, request_id=row.request_id,
        entity_type=row.entity_type, attribute=row.attribute,
        golden_ids=tuple(golden_id for golden_id in row.golden_ids if golden_id in visible),
    )  # fmt: skip
