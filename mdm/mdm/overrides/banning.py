"""Use cases: a steward bans a value from a golden record, or lifts the ban."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from sqlalchemy import update
from sqlmodel import col

from mdm.entities import Kind
from mdm.errors import UnusableValueError
from mdm.overrides.bans import is_banned
from mdm.overrides.standing import StandingBan
from mdm.overrides.subject import Subject, subject_of
from mdm.resolve import resolve
from mdm.store.sayings import BannedValue
from mdm.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Banned:
    """What became of it; `ban_id` is empty once no ban on the value stands, `changed` false if it was so."""

    golden_id: str
    attribute: str
    value: str
    ban_id: str
    changed: bool


def ban_value(
    uow: UnitOfWork,
    golden_id: str,
    attribute: str,
    value: str,
    *,
    reason: str = "",
    expected_version: int | None = None,
) -> Banned:
    """Never let this golden record take this value, whoever states it; the next best claim takes its place.

    To ban it twice changes nothing.

    Raises:
        UnknownGoldenIdError, UsageError, RefusedError, StaleVersionError: see `subject_of`.
        UnusableValueError: the value is blank.
    """
    subject = subject_of(uow, golden_id, attribute, expected_version=expected_version)
    text = _text(subject, value)
    standing = _standing(subject, text)
    if standing:
        return Banned(subject.golden_id, attribute, text, standing[0].id, changed=False)
    details = {"attribute": attribute, "reason_given": bool(reason)}
    number = uow.emit("value.banned", subject.entity_type.name, subject.golden_id, details)
    ban = BannedValue(
        id=f"ban-{hashlib.sha256(f'{number}:{subject.golden_id}'.encode()).hexdigest()[:12]}",
        entity_type=subject.entity_type.name,
        golden_id=subject.golden_id,
        attribute=attribute,
        value=text,
        author=uow.author,
        reason=reason,
        at=uow.now,
    )
    uow.session.add(ban)
    _bring_in_line(uow, subject)
    return Banned(subject.golden_id, attribute, text, ban.id, changed=True)


def lift_ban(
    uow: UnitOfWork,
    golden_id: str,
    attribute: str,
    value: str,
    *,
    reason: str = "",
    expected_version: int | None = None,
) -> Banned:
    """Allow a value again; to lift a ban that does not stand changes nothing.

    Raises:
        UnknownGoldenIdError, UsageError, RefusedError, StaleVersionError: see `subject_of`.
        UnusableValueError: the value is blank.
    """
    subject = subject_of(uow, golden_id, attribute, expected_version=expected_version)
    text = _text(subject, value)
    standing = _standing(subject, text)
    if not standing:
        return Banned(subject.golden_id, attribute, text, "", changed=False)
    ids = [ban.id for ban in standing]
    details = {"attribute": attribute, "bans": ids, "reason_given": bool(reason)}
    number = uow.emit("ban.lifted", subject.entity_type.name, subject.golden_id, details)
    statement = update(BannedValue).where(col(BannedValue.id).in_(ids))
    uow.session.execute(statement.values(ended_by=f"lifted-{number}", ended_at=uow.now))
    _bring_in_line(uow, subject)
    return Banned(subject.golden_id, attribute, text, "", changed=True)


def _text(subject: Subject, value: str) -> str:
    """The value as claims hold it, so that `12` bans the number 12.0."""
    text = str(value).strip()
    if not text:
        raise UnusableValueError(f"{subject.attribute.name}: a blank cannot be banned; name the value.")
    if subject.attribute.kind is Kind.number:
        try:
            return str(float(text))
        except ValueError as exc:
            raise UnusableValueError(
                f'{subject.attribute.name}: "{text}" is no number; write it as 1234.5.'
            ) from exc
    return text


def _standing(subject: Subject, text: str) -> list[StandingBan]:
    bans = subject.survivors.said.banned(subject.attribute.name)
    return [ban for ban in bans if is_banned(subject.attribute, text, ban)]


def _bring_in_line(uow: UnitOfWork, subject: Subject) -> None:
    uow.session.flush()
    resolve(uow, {}, {subject.entity_type.name: {subject.golden_id}})
