"""Who is erased: a golden record, every id that leads to it, and every source record it ever had."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select
from sqlmodel import Session, col

from mdm.entities import EntityType
from mdm.errors import UnknownGoldenIdError
from mdm.golden_ids import resolve_id
from mdm.hub import Hub
from mdm.models import current_model
from mdm.resolve.evidence import RecordClaims, evidence_of
from mdm.store.chunks import rows_in
from mdm.store.decisions import IssuedId
from mdm.store.derived import BlockKey, Membership
from mdm.store.records import RecordVersion, SourceRecord
from mdm_matching import MatchModel
from mdm_matching.semantics import Email, Lei, NationalId, RegistrationNumber, TaxId

NAMING = (Email, Lei, NationalId, RegistrationNumber, TaxId)
"""Kinds of values that name one subject wherever they come from."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What is known of the one who is erased.

    Attributes:
        golden_ids: the golden record's id first, then those that redirect to it.
        records: row id to source and key.
        names: values that name the subject and nobody else: addresses, numbers of authorities.
    """

    entity_type: EntityType
    golden_ids: tuple[str, ...]
    records: Mapping[int, tuple[str, str]]
    names: frozenset[str]


def squashed(value: Any) -> str:
    """A value as it is compared: letters, digits, dots and at signs, in lower case."""
    return "".join(c for c in str(value).casefold() if c.isalnum() or c in "@.")


def each(value: Any) -> Iterable[Any]:
    """The values of one that may be several; none of a blank."""
    return filter(None, value if isinstance(value, list) else [value])


def subject_of(hub: Hub, session: Session, golden_id: str) -> Subject:
    """The subject behind a golden id, also behind one that was merged into another.

    Raises:
        UnknownGoldenIdError: it was never issued.
    """
    resolved = resolve_id(session, golden_id)
    followers = select(col(IssuedId.golden_id)).where(col(IssuedId.redirected_to) == resolved.golden_id)
    ids = (resolved.golden_id, *sorted(session.scalars(followers)))
    records = _records(session, ids)
    if resolved.entity_type not in hub.registry:
        raise UnknownGoldenIdError(golden_id)
    entity_type = hub.registry[resolved.entity_type]
    names = _own_names(session, entity_type, records)
    return Subject(entity_type, ids, records, names)


def _records(session: Session, golden_ids: Iterable[str]) -> dict[int, tuple[str, str]]:
    """Live members, and deleted records that belonged to one of the ids."""
    query = (
        select(col(SourceRecord.id), col(SourceRecord.source), col(SourceRecord.source_key))
        .outerjoin(Membership, col(Membership.record_id) == col(SourceRecord.id))
        .where(
            or_(
                col(Membership.golden_id).in_(golden_ids),
                col(SourceRecord.live).is_(False) & col(SourceRecord.last_golden_id).in_(golden_ids),
            )
        )
    )
    return {row[0]: (row[1], row[2]) for row in session.execute(query)}


def _own_names(session: Session, entity_type: EntityType, records: Mapping[int, Any]) -> frozenset[str]:
    """What names the subject in any version, but for what a live record of somebody else holds as well."""
    query = select(col(RecordVersion.values))
    stated = [row[0] for row in rows_in(session, query, col(RecordVersion.record_id), records)]
    own = {name for values in stated for name in naming_values(entity_type, values)}
    shared = {
        name
        for claims in _claims_beside(session, entity_type, records, stated)
        for name in naming_values(entity_type, {k: claim["v"] for k, claim in claims.items()})
    }
    return frozenset(own - shared)


def _claims_beside(
    session: Session, entity_type: EntityType, records: Iterable[int], stated: Iterable[Mapping[str, Any]]
) -> Iterator[Mapping[str, Any]]:
    """The claims of other records that hold a block key of what these state, or of what they ever stated."""
    ids = set(records)
    keys = {row[0] for row in rows_in(session, select(col(BlockKey.key)), col(BlockKey.record_id), ids)}
    keys |= _keys_of(entity_type, current_model(session, entity_type), stated)
    holders = select(col(BlockKey.record_id))
    beside = {row[0] for row in rows_in(session, holders, col(BlockKey.key), keys)} - ids
    for (claims,) in rows_in(session, select(col(SourceRecord.claims)), col(SourceRecord.id), beside):
        yield claims


def _keys_of(entity_type: EntityType, model: MatchModel, stated: Iterable[Mapping[str, Any]]) -> set[int]:
    """The block keys that records with these values would hold."""
    claims = ({k: {"v": v, "f": ""} for k, v in values.items() if v is not None} for values in stated)
    records = [RecordClaims(0, "", "", own) for own in claims]
    return set(evidence_of(entity_type, model, records, {}).block_keys.key.tolist())


def naming_values(entity_type: EntityType, values: Mapping[str, Any]) -> Iterator[str]:
    """The values of a record that name its subject, squashed."""
    for attribute in entity_type.attributes:
        if isinstance(attribute.semantic, NAMING):
            yield from map(squashed, each(values.get(attribute.name)))
