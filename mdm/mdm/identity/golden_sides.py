"""The golden records and source records that an operation names, checked one refusal at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session, col

from mdm.errors import (
    AlreadyRedirectedError,
    NoGoldenIdError,
    NotCurrentError,
    NotGoldenError,
    StaleVersionError,
    UnknownGoldenIdError,
    UnknownRecordError,
    VersionNotSeenError,
)
from mdm.store.decisions import IssuedId
from mdm.store.derived import GoldenRecord, Membership
from mdm.store.records import SourceRecord


@dataclass(frozen=True, slots=True)
class RecordKey:
    """A source record by type, source and key."""

    entity_type: str
    source: str
    source_key: str


@dataclass(frozen=True, slots=True)
class GoldenSide:
    """A current golden record: its version and its source records, ascending."""

    golden_id: str
    entity_type: str
    version: int
    records: tuple[int, ...]


def current_side(session: Session, golden_id: str) -> GoldenSide:
    """A golden record that is current.

    Raises:
        NoGoldenIdError: no id was given.
        NotGoldenError: a source record was named instead.
        UnknownGoldenIdError: no golden record ever had this id.
        AlreadyRedirectedError: it was merged into another.
        NotCurrentError: it is retired or erased.
    """
    if not golden_id or not golden_id.strip():
        raise NoGoldenIdError
    issued = session.get(IssuedId, golden_id)
    if issued is None:
        source, colon, key = golden_id.partition(":")
        if colon and _known(session, source, key):
            raise NotGoldenError(golden_id)
        raise UnknownGoldenIdError(golden_id)
    if issued.redirected_to:
        raise AlreadyRedirectedError(golden_id, issued.redirected_to)
    record = session.get(GoldenRecord, golden_id)
    if record is None or record.state != "active":
        raise NotCurrentError(golden_id, record.state if record else "retired")
    return GoldenSide(golden_id, issued.entity_type, issued.version, records_of(session, golden_id))


def records_of(session: Session, golden_id: str) -> tuple[int, ...]:
    """The source records of a golden record, ascending."""
    query = select(col(Membership.record_id)).where(col(Membership.golden_id) == golden_id)
    return tuple(sorted(session.scalars(query)))


def check_seen(side: GoldenSide, seen: Mapping[str, int], *, mandatory: bool) -> None:
    """Refuse an operation on a golden record that has changed since somebody looked at it.

    Raises:
        VersionNotSeenError: the version is mandatory and missing.
        StaleVersionError: it is another one now.
    """
    version = seen.get(side.golden_id)
    if version is None and mandatory:
        raise VersionNotSeenError(side.golden_id, side.version)
    if version is not None and version != side.version:
        raise StaleVersionError(
            f"{side.golden_id} has changed since you looked: you saw version {version}, it is at version "
            f"{side.version}; look again, then repeat it with that version."
        )


def record_id(session: Session, key: RecordKey) -> int:
    """The row id of a live source record.

    Raises:
        UnknownRecordError: it is unknown or not live.
    """
    query = select(col(SourceRecord.id)).where(
        col(SourceRecord.entity_type) == key.entity_type, col(SourceRecord.source) == key.source,
        col(SourceRecord.source_key) == key.source_key, col(SourceRecord.live).is_(True),
    )  # fmt: skip
    found = session.scalar(query)
    if found is None:
        raise UnknownRecordError(key.source, key.source_key)
    return found


def named_record(session: Session, name: str) -> RecordKey:
    """The live source record that `source:key` names, of whichever type has it.

    Raises:
        UnknownRecordError: there is none.
    """
    source, _, key = name.partition(":")
    query = select(col(SourceRecord.entity_type)).where(
        col(SourceRecord.source) == source,
        col(SourceRecord.source_key) == key,
        col(SourceRecord.live).is_(True),
    )
    found = session.scalars(query.order_by(col(SourceRecord.entity_type))).first()
    if found is None:
        raise UnknownRecordError(source, key)
    return RecordKey(found, source, key)


def _known(session: Session, source: str, key: str) -> bool:
    query = select(col(SourceRecord.id)).where(
        col(SourceRecord.source) == source, col(SourceRecord.source_key) == key
    )
    return session.scalars(query).first() is not None
