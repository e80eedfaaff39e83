"""Source records as a steward sees them: who said what, and when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from mdm.access.view import View, view_of
from mdm.entities import EntityType
from mdm.resolve.evidence import RecordClaims
from mdm.stewardship.wording import text_of, title_of
from mdm.store.chunks import rows_in
from mdm.store.records import RecordVersion, SourceRecord


@dataclass(frozen=True, slots=True)
class StatedValue:
    """One value that a source record states; `flag` says why it is doubtful, "" if it is not."""

    attribute: str
    title: str
    text: str
    flag: str


@dataclass(frozen=True, slots=True)
class SourceView:
    """One source record.

    Attributes:
        changed_at: the source's own clock for the version that stands; None if it has none.
        values: what it states, in the order of the declaration.
    """

    record_id: int
    source: str
    source_key: str
    changed_at: datetime | None
    first_seen_at: datetime
    values: tuple[StatedValue, ...]


_STATED = select(col(RecordVersion.id), col(RecordVersion.changed_at), col(SourceRecord.first_seen_at)).join(
    SourceRecord, col(SourceRecord.id) == col(RecordVersion.record_id)
)


def source_views(
    session: Session, entity_type: EntityType, records: Sequence[RecordClaims]
) -> tuple[SourceView, ...]:
    """These records for people; one statement for all."""
    versions = [record.version for record in records if record.version is not None]
    stated = {row[0]: (row[1], row[2]) for row in rows_in(session, _STATED, col(RecordVersion.id), versions)}
    view = view_of(session)
    return tuple(_view(view, entity_type, record, *stated[record.version or 0]) for record in records)


def _view(
    view: View,
    entity_type: EntityType,
    record: RecordClaims,
    changed_at: datetime | None,
    first_seen_at: datetime,
) -> SourceView:
    claims = view.open_part(entity_type, record.claims)
    values = tuple(
        StatedValue(
            a.name,
            title_of(a.name),
            text_of(claims[a.name]["v"]),
            claims[a.name].get("f") or "",
        )
        for a in entity_type.attributes
        if a.name in claims
    )
    return SourceView(record.id, record.source, record.source_key, changed_at, first_seen_at, values)
