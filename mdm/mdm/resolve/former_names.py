"""What source records stated before, so that a thing is found by its former names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from mdm.entities import EntityType
from mdm.query.search_terms import searched_attributes
from mdm.store.chunks import rows_in
from mdm.store.records import RecordVersion, SourceRecord

Stated = Mapping[str, Mapping[str, Any]]

_FORMER = (
    select(col(RecordVersion.record_id), col(RecordVersion.values))
    .join(SourceRecord, col(SourceRecord.id) == col(RecordVersion.record_id))
    .where(col(RecordVersion.id) != col(SourceRecord.current_version_id))
)


def former_claims(
    session: Session, entity_type: EntityType, record_ids: Iterable[int]
) -> dict[int, list[Stated]]:
    """Record id to what each of its former versions stated of the attributes that a record is found by."""
    names = {attribute.name for attribute in searched_attributes(entity_type)}
    if not names:
        return {}
    found: dict[int, list[Stated]] = {}
    for record_id, stated in rows_in(session, _FORMER, col(RecordVersion.record_id), record_ids):
        claims = {name: {"v": stated[name]} for name in names if stated.get(name) is not None}
        if claims:
            found.setdefault(record_id, []).append(claims)
    return found
