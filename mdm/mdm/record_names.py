"""Finds the source record that a person names as `source:key`."""

from __future__ import annotations

from sqlalchemy import or_, select
from sqlmodel import Session, col

from mdm.errors import UnknownRecordError, UsageError
from mdm.store.records import SourceRecord


def named_record(session: Session, name: str, entity_type: str | None = None) -> SourceRecord:
    """The live source record of a name such as `salesforce:001A`; source and key may hold colons themselves.

    Raises:
        UnknownRecordError: there is none.
        UsageError: the name has no colon, or records of several entity types have it.
    """
    parts = [(name[:place], name[place + 1 :]) for place, letter in enumerate(name) if letter == ":"]
    if not parts:
        raise UsageError(f"{name!r} names no source record; write it as source:key, such as crm:17.")
    either = [
        (col(SourceRecord.source) == source) & (col(SourceRecord.source_key) == key) for source, key in parts
    ]
    query = select(SourceRecord).where(or_(*either), col(SourceRecord.live).is_(True))
    if entity_type is not None:
        query = query.where(col(SourceRecord.entity_type) == entity_type)
    found = session.scalars(query.order_by(col(SourceRecord.entity_type))).all()
    if not found:
        raise UnknownRecordError(*parts[0])
    if len(found) > 1:
        types = ", ".join(record.entity_type for record in found)
        raise UsageError(f"{name} is a record of several entity types ({types}); name one with --entity.")
    return found[0]
