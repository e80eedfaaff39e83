"""Resolution as a job: asked for with all records, a type, one record or a criterion, done by a worker.

A job is two events: one says what was asked for, the other what came of it. So a job that a process took to
its grave still waits, and one that is done is never done again: both are written under the write lock.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlmodel import Session, col

from mdm.access.principal import Action
from mdm.errors import QueryError, UnknownJobError
from mdm.golden_ids import golden_id_of, resolve_id
from mdm.query.conditions import Condition, Operator
from mdm.query.conditions import where as conditions_of
from mdm.refresh import refresh
from mdm.resolve import Resolved, resolve
from mdm.store.chunks import rows_in
from mdm.store.decisions import Event
from mdm.store.derived import Membership
from mdm.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from mdm.entities import EntityType
    from mdm.hub import Hub

REQUESTED, DONE = "resolution.requested", "resolution.done"

MOST = 10_000
"""Golden records that one job names; more are a whole type."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What to resolve again: all that is given must hold; nothing given is everything.

    Attributes:
        record: one golden record, by its id or as `source:key`.
        where: attribute to the golden value that it must have.
    """

    entity_type: str = ""
    record: str = ""
    where: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Job:
    """A resolution that was asked for.

    Attributes:
        counts: what it did; empty while it waits.
    """

    id: str
    asked_at: datetime
    done_at: datetime | None = None
    counts: Mapping[str, int] = field(default_factory=dict)


def submit(uow: UnitOfWork, scope: Scope) -> str:
    """Ask for a resolution; the id of the job.

    Raises:
        UnknownEntityTypeError, UnknownRecordError, UnknownGoldenIdError: what is named is not there.
        QueryError: the criterion names no attribute or no type, or too many records meet it.
    """
    details = {"entity_type": scope.entity_type, "golden_ids": _named(uow, scope)}
    number = uow.emit(REQUESTED, scope.entity_type, "resolution", details)
    uow.session.flush()
    return str(uow.session.scalar(select(col(Event.id)).where(col(Event.number) == number)))


def resolve_now(uow: UnitOfWork, scope: Scope) -> Resolved:
    """Resolve at once, without a job: where nothing changes, nothing is written.

    Raises:
        UnknownEntityTypeError, UnknownRecordError, UnknownGoldenIdError: what is named is not there.
        QueryError: the criterion names no attribute or no type, or too many records meet it.
    """
    return _resolve(uow, scope.entity_type, _named(uow, scope))


def _resolve(uow: UnitOfWork, entity_type: str, golden_ids: list[str] | None) -> Resolved:
    return (
        refresh(uow, entity_type or None) if golden_ids is None else resolve(uow, _touched(uow, golden_ids))
    )


def _named(uow: UnitOfWork, scope: Scope) -> list[str] | None:
    """The golden records that a resolution is about, if it is allowed; None for a type or everything."""
    entity_type = uow.hub.registry[scope.entity_type] if scope.entity_type else None
    uow.require(Action.administer, entity_type.name if entity_type else None)
    if not scope.record and not scope.where:
        return None
    found = set[str]()
    if scope.record:
        source, colon, key = scope.record.partition(":")
        kind = entity_type.name if entity_type else None
        found = {
            golden_id_of(uow.session, kind, source, key)
            if colon
            else resolve_id(uow.session, scope.record).golden_id
        }
    if scope.where:
        if entity_type is None:
            raise QueryError("A criterion needs an entity type; say which with --entity or entity_type.")
        meeting = _meeting(uow, entity_type, scope.where)
        found = found & meeting if scope.record else meeting
    if len(found) > MOST:
        raise QueryError(
            f"{len(found):,} golden records meet the criterion; "
            f"narrow it to {MOST:,}, or take the whole type."
        )
    return sorted(found)


def _meeting(uow: UnitOfWork, entity_type: EntityType, where: Mapping[str, str]) -> set[str]:
    table = uow.hub.golden_tables[entity_type.name]
    asked = tuple(Condition(name, Operator.eq, value) for name, value in where.items())
    conditions = conditions_of(uow.view, entity_type, table, asked)
    return set(uow.session.scalars(select(table.c.id).where(*conditions)))


def perform(uow: UnitOfWork, job: str) -> Resolved | None:
    """Do a job; None if it was done before.

    Raises:
        UnknownJobError: there is no such job.
    """
    asked = _asked(uow.session, job)
    if job_of(uow.session, job).done_at is not None:
        return None
    uow.require(Action.administer, asked.entity_type or None)
    result = _resolve(uow, asked.entity_type, asked.details["golden_ids"])
    uow.emit(DONE, asked.entity_type, job, asdict(result))
    return result


def _touched(uow: UnitOfWork, golden_ids: list[str]) -> dict[str, set[int]]:
    query = select(col(Membership.entity_type), col(Membership.record_id))
    touched: dict[str, set[int]] = {}
    for name, record in rows_in(uow.session, query, col(Membership.golden_id), golden_ids):
        touched.setdefault(name, set()).add(record)
    return touched


def perform_waiting(hub: Hub, after: int = 0) -> int:
    """Do every job that waits; the number of the newest event that was looked at.

    Args:
        after: jobs up to this event are known to be done.
    """
    with hub.read() as session:
        newest = session.scalar(select(col(Event.number)).order_by(col(Event.number).desc()).limit(1)) or 0
        asked = select(col(Event.id)).where(col(Event.number) > after, col(Event.type) == REQUESTED)
        jobs = list(session.scalars(asked.order_by(col(Event.number))))
    for job in jobs:
        with hub.write() as uow:
            perform(uow, job)
    return newest


def job_of(session: Session, job: str) -> Job:
    """A job as it stands.

    Raises:
        UnknownJobError: there is no such job.
    """
    asked = _asked(session, job)
    done = session.scalar(
        select(Event).where(
            col(Event.number) > asked.number, col(Event.type) == DONE, col(Event.subject) == job
        )
    )
    return Job(job, asked.at, done.at if done else None, done.details if done else {})


def _asked(session: Session, job: str) -> Event:
    found = session.scalar(select(Event).where(col(Event.id) == job, col(Event.type) == REQUESTED))
    if found is None:
        raise UnknownJobError(job)
    return found
