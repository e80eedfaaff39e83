"""What a golden id or a source key leads to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import bindparam, select
from sqlmodel import Session, col

from mdm.access.view import View
from mdm.errors import UnknownGoldenIdError, UnknownRecordError
from mdm.history.tables import golden_at, issued_by, membership_at, redirect_at
from mdm.history.when import NOW, When
from mdm.store.chunks import Query, rows_in
from mdm.store.decisions import IssuedId
from mdm.store.derived import Membership
from mdm.store.erasures import Erasure
from mdm.store.history import RecordLink
from mdm.store.records import SourceRecord


@dataclass(frozen=True, slots=True)
class Successor:
    """A golden record that holds some of the source records that an id once had.

    Attributes:
        share: of those records, 0 to 1.
        records: how many they are.
    """

    golden_id: str
    share: float
    records: int


@dataclass(frozen=True, slots=True)
class Resolution:
    """What an id leads to.

    Attributes:
        state: current; merged (`golden_id` is the survivor); split (its records went different ways, most of
            its own to `golden_id`); retired (all its records are gone); erased (its subject was, whenever one
            asks for).
        golden_id: the id to go on with.
        asked: the id that was asked for.
        successors: who holds the live records that it ever had, the greatest share first; empty if they are
            all in one golden record. A current id that lost some names itself, too.
    """

    state: str
    golden_id: str
    entity_type: str
    asked: str
    successors: tuple[Successor, ...] = ()


def resolve_id(session: Session, golden_id: str, when: When = NOW) -> Resolution:
    """What a golden id leads to, or led to at a moment, in one hop.

    Raises:
        UnknownGoldenIdError: it was not issued, or not yet.
    """
    session.flush()
    row = session.connection().execute(_resolving(When(when.known_at)), {"asked": golden_id}).first()
    if row is None:
        raise UnknownGoldenIdError(golden_id)
    entity_type, into, state, erased = row
    if erased is not None:
        return Resolution("erased", into or golden_id, entity_type, golden_id)
    successors = _successors(session, golden_id, when)
    if into:
        kind = "split" if successors else "merged"
        return Resolution(kind, into, entity_type, golden_id, successors)
    kind = "current" if state == "active" else "retired"
    return Resolution(kind, golden_id, entity_type, golden_id, successors)


@lru_cache(maxsize=64)
def _resolving(when: When) -> Query:
    """SQL for type, redirect, state and erasure of an id, known at a moment."""
    golden = golden_at(when)
    return (
        select(col(IssuedId.entity_type), redirect_at(when), golden.c.state, col(Erasure.golden_id))
        .select_from(IssuedId)
        .outerjoin(golden, golden.c.golden_id == col(IssuedId.golden_id))
        .outerjoin(Erasure, col(Erasure.golden_id) == col(IssuedId.golden_id))
        .where(col(IssuedId.golden_id) == bindparam("asked"), issued_by(when))
    )


def visible_id(session: Session, view: View, golden_id: str, when: When = NOW) -> Resolution:
    """What a golden id leads to for whoever asks; one that leads to a record of others is unknown to them.

    With a row filter an unknown id is looked up as if it were known, so that the time tells nothing either.

    Raises:
        UnknownGoldenIdError: it was not issued, or not yet, or does not exist for whoever asks.
    """
    try:
        found = resolve_id(session, golden_id, when)
    except UnknownGoldenIdError:
        view.visible(session, [golden_id])
        raise
    if found.golden_id not in view.visible(session, [found.golden_id]):
        raise UnknownGoldenIdError(golden_id)
    return found


def _successors(session: Session, golden_id: str, when: When) -> tuple[Successor, ...]:
    """Who holds the records that an id ever had, if that is more than one golden record."""
    query = _homes(When(when.known_at))
    homes = Counter(session.connection().scalars(query, {"asked": golden_id}))
    if len(homes) < 2:
        return ()
    ranked = sorted(homes.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Successor(home, count / homes.total(), count) for home, count in ranked)


@lru_cache(maxsize=64)
def _homes(when: When) -> Query:
    """SQL for where the records are that an id ever had, known at a moment."""
    ever = select(col(RecordLink.record_id)).where(col(RecordLink.golden_id) == bindparam("asked"))
    if when.known_at is not None:
        ever = ever.where(col(RecordLink.at) <= when.known_at)
    membership = membership_at(when)
    return select(membership.c.golden_id).where(membership.c.record_id.in_(ever))


_MEMBERSHIPS = select(col(Membership.golden_id), col(Membership.record_id))


def golden_ids_of(session: Session, record_ids: Collection[int]) -> dict[int, str]:
    """The golden id of each of these source records that is live."""
    rows = rows_in(session, _MEMBERSHIPS, col(Membership.record_id), record_ids)
    return {record_id: golden_id for golden_id, record_id in rows}


def members_of(session: Session, golden_ids: Collection[str]) -> dict[str, list[int]]:
    """The source records of each of these golden records, ascending; one that has none is absent."""
    found: dict[str, list[int]] = {}
    for golden_id, record_id in rows_in(session, _MEMBERSHIPS, col(Membership.golden_id), golden_ids):
        found.setdefault(golden_id, []).append(record_id)
    return {golden_id: sorted(records) for golden_id, records in found.items()}


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
