"""Use cases: a steward sets a golden value, or takes that back. What was said is kept for good."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlmodel import col

from mdm.errors import UsageError
from mdm.overrides.checking import checked_value
from mdm.overrides.lifetime import Lifetime
from mdm.overrides.standing import StandingOverride
from mdm.overrides.subject import Subject, subject_of
from mdm.resolve import resolve
from mdm.store.sayings import Override
from mdm.survivorship import ClaimValue, token_of
from mdm.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Overridden:
    """What became of a steward's wish.

    Attributes:
        golden_id: where it landed: the survivor, if the id named was merged.
        override_id: the override that stands now; empty if none does.
        ended: the overrides that no longer stand because of it.
        changed: false if everything was so already, and nothing was written.
    """

    golden_id: str
    attribute: str
    value: ClaimValue | None
    override_id: str
    ended: tuple[str, ...]
    changed: bool


@dataclass(frozen=True, slots=True)
class Until:
    """How long an override is to hold; `moment` belongs to the lifetime `date` and to no other."""

    lifetime: Lifetime = Lifetime.forever
    moment: datetime | None = None

    def __post_init__(self) -> None:
        if (self.lifetime is Lifetime.date) != (self.moment is not None):
            raise UsageError("An override until a date needs that date, and no other lifetime has one.")


def override_value(
    uow: UnitOfWork,
    golden_id: str,
    attribute: str,
    value: Any,
    *,
    until: Until | None = None,
    reason: str = "",
    expected_version: int | None = None,
) -> Overridden:
    """Put a steward's value in the place of what the sources say.

    It takes the place of an earlier one, and settles the proposals that merged ids brought along. To say the
    same again changes nothing.

    Args:
        value: text as a person writes it, a number, a list of texts, or a golden id for a reference.

    Raises:
        UnknownGoldenIdError, UsageError, RefusedError, StaleVersionError: see `subject_of`.
        UnusableValueError: the attribute cannot hold the value.
    """
    until = until or Until()
    if until.moment is not None and until.moment <= uow.now:
        raise UsageError(f"{until.moment:%Y-%m-%d %H:%M} has passed; give a moment to come.")
    subject = subject_of(uow, golden_id, attribute, expected_version=expected_version)
    others = {name: choice.value for name, choice in subject.survivors.choices.items()}
    checked = checked_value(uow.session, subject.entity_type, subject.attribute, value, others)
    before = _standing(subject)
    if len(before) == 1 and not before[0].proposal and _says(before[0], checked, until, subject, uow.now):
        return Overridden(subject.golden_id, attribute, checked, before[0].id, (), changed=False)
    override = _record(uow, subject, checked, until, reason)
    _end(uow, before, override.id)
    _bring_in_line(uow, subject)
    ended = tuple(o.id for o in before)
    return Overridden(subject.golden_id, attribute, checked, override.id, ended, changed=True)


def remove_override(
    uow: UnitOfWork, golden_id: str, attribute: str, *, reason: str = "", expected_version: int | None = None
) -> Overridden:
    """Let the sources speak again; proposals that merged ids brought along go, too.

    To remove what does not stand changes nothing.

    Raises:
        UnknownGoldenIdError, UsageError, RefusedError, StaleVersionError: see `subject_of`.
    """
    subject = subject_of(uow, golden_id, attribute, expected_version=expected_version)
    before = _standing(subject)
    if not before:
        return Overridden(subject.golden_id, attribute, None, "", (), changed=False)
    details = {"attribute": attribute, "overrides": [o.id for o in before], "reason_given": bool(reason)}
    number = uow.emit("override.removed", subject.entity_type.name, subject.golden_id, details)
    _end(uow, before, f"removed-{number}")
    _bring_in_line(uow, subject)
    return Overridden(subject.golden_id, attribute, None, "", tuple(o.id for o in before), changed=True)


def end_overrides(uow: UnitOfWork, override_ids: Collection[str], by: str) -> set[tuple[str, str]]:
    """End those of these overrides that still stand.

    Args:
        by: what ends them, such as undone-<event number>.

    Returns:
        (entity type, golden id) of the golden records they were made on, to be brought in line.
    """
    query = select(Override).where(
        col(Override.id).in_(sorted(override_ids)), col(Override.ended_by).is_(None)
    )
    standing = list(uow.session.scalars(query))
    for override in standing:
        override.ended_by, override.ended_at = by, uow.now
    uow.session.flush()
    return {(override.entity_type, override.golden_id) for override in standing}


def _standing(subject: Subject) -> list[StandingOverride]:
    said = subject.survivors.said
    return [o for o in said.overrides if o.attribute == subject.attribute.name]


def _says(
    override: StandingOverride, value: ClaimValue, until: Until, subject: Subject, now: datetime
) -> bool:
    """Whether an override that stands says just this, and about the sources as they are now."""
    same = token_of(override.value) == token_of(value) and override.lifetime is until.lifetime
    if override.lifetime is Lifetime.date:
        return same and override.until == until.moment
    if override.lifetime is Lifetime.forever:
        return same
    return same and dict(override.basis) == _basis(subject)


def _basis(subject: Subject) -> dict[str, Any]:
    stated = {f"{claim.source}:{claim.source_key}": claim.value for claim in subject.claims}
    return {"claims": stated, "version": subject.newest_version}


def _record(uow: UnitOfWork, subject: Subject, value: ClaimValue, until: Until, reason: str) -> Override:
    attribute = subject.attribute.name
    details = {"attribute": attribute, "lifetime": until.lifetime.value, "reason_given": bool(reason)}
    number = uow.emit("override.set", subject.entity_type.name, subject.golden_id, details)
    override = Override(
        id=f"override-{hashlib.sha256(f'{number}:{subject.golden_id}'.encode()).hexdigest()[:12]}",
        entity_type=subject.entity_type.name,
        golden_id=subject.golden_id,
        attribute=attribute,
        value=value,
        basis=_basis(subject),
        lifetime=until.lifetime.value,
        until=until.moment,
        author=uow.author,
        reason=reason,
        at=uow.now,
    )
    uow.session.add(override)
    return override


def _end(uow: UnitOfWork, overrides: Iterable[StandingOverride], by: str) -> None:
    uow.session.flush()
    ids = [override.id for override in overrides]
    if ids:
        statement = update(Override).where(col(Override.id).in_(ids))
        uow.session.execute(statement.values(ended_by=by, ended_at=uow.now))


def _bring_in_line(uow: UnitOfWork, subject: Subject) -> None:
    resolve(uow, {}, {subject.entity_type.name: {subject.golden_id}})
