"""Source records as a steward sees them: who said what, and when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from mdm.access.view import View, view_of
from mdm.entities import EntityType
from mdm.stewardship.wording import text_of, title_of
from mdm.store.chunks import objects_in, rows_in
from mdm.store.derived import Membership
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
        changed_at: the source's own clock for the current version; None if it has none.
        values: what it states now, in the order of the declaration.
    """

    record_id: int
    source: str
    source_key: str
    live: bool
    changed_at: datetime | None
    first_seen_at: datetime
    values: tuple[StatedValue, ...]


def members(session: Session, golden_ids: Iterable[str]) -> dict[str, list[SourceRecord]]:
    """The live source records of each golden record, in the order of source and key."""
    found: dict[str, list[SourceRecord]] = {golden_id: [] for golden_id in golden_ids}
    query = select(col(Membership.record_id), col(Membership.golden_id))
    home = {row[0]: row[1] for row in rows_in(session, query, col(Membership.golden_id), list(found))}
    for record in objects_in(session, select(SourceRecord), col(SourceRecord.id), home):
        found[home[record.id]].append(record)
    for records in found.values():
        records.sort(key=lambda record: (record.source, record.source_key))
    return found


def source_views(
    session: Session, entity_type: EntityType, records: Sequence[SourceRecord]
) -> tuple[SourceView, ...]:
    """These records for people; one statement for all."""
    query = select(col(RecordVersion.id), col(RecordVersion.changed_at))
    current = [r.current_version_id for r in records if r.current_version_id is not None]
    changed = {row[0]: row[1] for row in rows_in(session, query, col(RecordVersion.id), current)}
    view = view_of(session)
    return tuple(
        _view(view, entity_type, record, changed.get(record.current_version_id)) for record in records
    )


def _view(
    view: View, entity_type: EntityType, record: SourceRecord, changed_at: datetime | None
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
    return SourceView(
        record_id=record.id or 0,
        source=record.source,
        source_key=record.source_key,
        live=record.live,
        changed_at=changed_at,
        first_seen_at=record.first_seen_at,
        values=values,
    )
