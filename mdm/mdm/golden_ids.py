"""What a golden id or a source key leads to."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session, col

from mdm.errors import UnknownGoldenIdError, UnknownRecordError
from mdm.history.tables import golden_at, issued_by, membership_at, redirect_at
from mdm.history.when import NOW, When
from mdm.store.chunks import rows_in
from mdm.store.decisions import IssuedId
from mdm.store.derived import GoldenRecord, Membership
from mdm.store.erasures import Erasure
from mdm.store.records import SourceRecord


@dataclass(frozen=True, slots=True)
class Resolution:
    """What an id leads to.

    Attributes:
        state: current; merged (`golden_id` is the survivor); retired (all its records are gone); erased (its
            subject was).
        golden_id: the id to go on with.
        asked: the id that was asked for.
    """

    state: str
    golden_id: str
    entity_type: str
    asked: str


def resolve_id(session: Session, golden_id: str, when: When = NOW) -> Resolution:
    """What a golden id leads to, or led to at a moment, in one hop.

    Raises:
        UnknownGoldenIdError: it was not issued, or not yet.
    """
    if when.known_at is None:
        return _resolve_now(session, golden_id)
    golden = golden_at(When(when.known_at))
    query = (
        select(col(IssuedId.entity_type), redirect_at(when), golden.c.state)
        .outerjoin(golden, golden.c.golden_id == col(IssuedId.golden_id))
        .where(col(IssuedId.golden_id) == golden_id, issued_by(when))
    )
    row = session.execute(query).first()
    if row is None:
        raise UnknownGoldenIdError(golden_id)
    entity_type, into, state = row
    if into:
        return Resolution("merged", into, entity_type, golden_id)
    return Resolution("current" if state == "active" else "retired", golden_id, entity_type, golden_id)


def _resolve_now(session: Session, golden_id: str) -> Resolution:
    issued = session.get(IssuedId, golden_id)
    if issued is None:
        raise UnknownGoldenIdError(golden_id)
    if session.get(Erasure, golden_id) is not None:
        return Resolution("erased", issued.redirected_to or golden_id, issued.entity_type, golden_id)
    if issued.redirected_to:
        return Resolution("merged", issued.redirected_to, issued.entity_type, golden_id)
    record = session.get(GoldenRecord, golden_id)
    state = "current" if record is not None and record.state == "active" else "retired"
    return Resolution(state, golden_id, issued.entity_type, golden_id)


def golden_ids_of(session: Session, record_ids: Collection[int]) -> dict[int, str]:
    """The golden id of each of these source records that is live."""
    query = select(col(Membership.record_id), col(Membership.golden_id))
    return {row[0]: row[1] for row in rows_in(session, query, col(Membership.record_id), record_ids)}


def golden_id_of(
    session: Session, entity_type: str | None, source: str, source_key: str, when: When = NOW
) -> str:
    """The golden id that a source key leads to, or led to at a moment.

    Args:
        entity_type: None for whichever type has the key.

    Raises:
        UnknownRecordError: no live record has this source and key.
    """
    membership = membership_at(when)
    query = (
        select(membership.c.golden_id)
        .join(SourceRecord, col(SourceRecord.id) == membership.c.record_id)
        .where(col(SourceRecord.source) == source, col(SourceRecord.source_key) == source_key)
        .order_by(membership.c.entity_type)
    )
    if entity_type is not None:
        query = query.where(col(SourceRecord.entity_type) == entity_type)
    found: str | None = session.scalars(query).first()
    if found is None:
        raise UnknownRecordError(source, source_key)
    return found
