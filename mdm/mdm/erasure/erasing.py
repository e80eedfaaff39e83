"""Erases a subject in one transaction: the ledger, its records, what is derived, history and free texts."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import select
from sqlmodel import col

from mdm.erasure.fingerprints import Fingerprints
from mdm.erasure.subject import Subject, subject_of
from mdm.erasure.traces import blank_history, blank_records, blank_texts
from mdm.errors import AlreadyDecidedError
from mdm.failpoints import reach
from mdm.resolve import resolve
from mdm.resolve.golden_records import end_golden_records
from mdm.resolve.references import referrers
from mdm.store.erasures import ErasedKey, ErasedRecord, Erasure
from mdm.unit_of_work import UnitOfWork


@dataclass
class Erased:
    """What an erasure removed, by table; `golden_ids` now resolve to `erased`."""

    golden_ids: tuple[str, ...]
    records: int
    removed: dict[str, int] = field(default_factory=dict)


def erase(uow: UnitOfWork, golden_id: str, *, reason: str) -> Erased:
    """Remove a subject's values for good; ids, times and authors stay, and the event log still verifies.

    Run `mdm.erasure.clean` after the transaction: until then the database's files hold old pages.

    Args:
        reason: why, such as the number of the request; it is kept, so it must name nobody.

    Raises:
        UnknownGoldenIdError: the id was never issued.
        AlreadyDecidedError: it was erased before.
    """
    subject = subject_of(uow.hub, uow.session, golden_id)
    if uow.session.get(Erasure, subject.golden_ids[0]) is not None:
        raise AlreadyDecidedError(f"{golden_id} was erased before; there is nothing left to erase.")
    result = Erased(subject.golden_ids, len(subject.records))
    keys = _note(uow, subject, reason)
    reach("erase.after_ledger_before_records")
    touched = referrers(uow.session, uow.hub.registry, subject.entity_type.name, set(subject.records))
    result.removed = blank_texts(uow.session, subject)
    result.removed |= blank_records(uow.session, subject, keys)
    reach("erase.after_records_before_resolve")
    _resolve(uow, subject, touched)
    reach("erase.after_resolve_before_history")
    result.removed |= blank_history(uow.session, subject)
    reach("erase.after_history")
    return result


def _note(uow: UnitOfWork, subject: Subject, reason: str) -> dict[int, str]:
    """Write the ledger of erasures; the name that each source record has from now on instead of its key."""
    entity = subject.entity_type.name
    prints = Fingerprints.of(uow.hub.settings)
    details = {"golden_ids": list(subject.golden_ids), "records": sorted(subject.records)}
    number = uow.emit("subject.erased", entity, subject.golden_ids[0], details)
    uow.session.flush()
    keys = {record: prints.of_key(entity, *named) for record, named in subject.records.items()}
    fingerprints = {*keys.values(), *(prints.of_name(entity, name) for name in subject.names)}
    known = set(
        uow.session.scalars(
            select(col(ErasedKey.fingerprint)).where(col(ErasedKey.fingerprint).in_(fingerprints))
        )
    )
    first = subject.golden_ids[0]
    uow.session.add_all(
        Erasure(
            golden_id=one,
            entity_type=entity,
            reason=reason,
            author=uow.author,
            at=uow.now,
            event_number=number,
        )
        for one in subject.golden_ids
        if uow.session.get(Erasure, one) is None
    )
    uow.session.add_all(ErasedRecord(record_id=record, golden_id=first) for record in subject.records)
    uow.session.add_all(
        ErasedKey(fingerprint=one, entity_type=entity, golden_id=first)
        for one in sorted(fingerprints - known)
    )
    uow.session.flush()
    return {record: f"erased-{record}-{fingerprint[:12]}" for record, fingerprint in keys.items()}


def _resolve(uow: UnitOfWork, subject: Subject, referring: dict[tuple[str, str], set[int]]) -> None:
    """Take the subject out of everything derived, and out of what refers to it; tell the targets."""
    touched: dict[str, set[int]] = {subject.entity_type.name: set(subject.records)}
    for (name, _attribute), records in referring.items():
        touched.setdefault(name, set()).update(records)
    resolve(uow, touched)
    end_golden_records(uow, subject.entity_type, {subject.golden_ids[0]: ""})
