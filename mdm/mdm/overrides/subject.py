"""The golden value that a steward speaks of: it must exist, be current, and be an attribute of its type."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import col

from mdm.access.principal import Action
from mdm.entities import Attribute, EntityType
from mdm.errors import RefusedError, StaleVersionError, UsageError
from mdm.golden_ids import visible_id
from mdm.resolve.evidence import RecordClaims, live_records
from mdm.resolve.golden_records import targets_of
from mdm.resolve.survivors import Survivors, survivors_of
from mdm.store.derived import GoldenRecord, Membership
from mdm.survivorship import Claim
from mdm.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Subject:
    """One attribute of one current golden record, with what its sources and stewards say."""

    entity_type: EntityType
    attribute: Attribute
    golden_id: str
    records: tuple[RecordClaims, ...]
    claims: tuple[Claim, ...]
    survivors: Survivors

    @property
    def newest_version(self) -> int:
        """The greatest current version id among the source records."""
        return max((record.version or 0 for record in self.records), default=0)


def subject_of(
    uow: UnitOfWork, golden_id: str, attribute: str, *, expected_version: int | None = None
) -> Subject:
    """What a steward speaks of; an id that was merged leads to its survivor.

    Args:
        expected_version: the version that the steward saw; None not to ask.

    Raises:
        UnknownGoldenIdError: the id was never issued.
        ForbiddenError: whoever speaks may not decide about the type, or not see the attribute.
        UsageError: the type has no such attribute.
        RefusedError: the golden record is retired.
        StaleVersionError: it has changed, or was merged into another, since the steward looked.
    """
    session = uow.session
    found = visible_id(session, uow.view, golden_id)
    uow.require(Action.decide, found.entity_type)
    entity_type = uow.hub.registry[found.entity_type]
    declared = entity_type.by_name.get(attribute)
    if declared is None:
        raise UsageError(
            f"{entity_type.name} has no attribute {attribute!r}; it has {', '.join(entity_type.by_name)}."
        )
    uow.view.require(entity_type, attribute)
    stored = session.get(GoldenRecord, found.golden_id)
    if stored is None or stored.state != "active":
        raise RefusedError(f"{found.golden_id} is retired: no source has it any more, so it takes no value.")
    if expected_version is not None and found.golden_id != golden_id:
        raise StaleVersionError(
            f"{golden_id} was merged into {found.golden_id} since you looked; look again."
        )
    if expected_version is not None and stored.version != expected_version:
        raise StaleVersionError(
            f"{found.golden_id} is at version {stored.version}, you looked at {expected_version}; look again."
        )
    members = select(col(Membership.record_id)).where(col(Membership.golden_id) == found.golden_id)
    records = live_records(session, session.scalars(members))
    led = targets_of(session, entity_type, records)
    survivors = survivors_of(uow.hub, session, entity_type, {found.golden_id: records}, led, moment=uow.now)[
        found.golden_id
    ]
    claims = survivors.claims.get(attribute, [])
    return Subject(entity_type, declared, found.golden_id, tuple(records), tuple(claims), survivors)


def dotted(name: str) -> tuple[str, str]:
    """`client-4q7x.phone` as golden id and attribute.

    Raises:
        UsageError: it has no dot.
    """
    golden_id, dot, attribute = name.rpartition(".")
    if not dot or not golden_id or not attribute:
        raise UsageError(
            f"{name!r} names no golden value; write it as GOLDEN.attribute, such as client-4q7x.phone."
        )
    return golden_id, attribute
