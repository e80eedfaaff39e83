"""What stewards decide: verdicts on source records, kept for good and stronger than any score."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import select
from sqlmodel import col

from mdm.entities import EntityType
from mdm.errors import (
    AlreadyDecidedError,
    RefusedError,
    UnknownRecordError,
    UnknownTaskError,
    UnknownVerdictError,
)
from mdm.failpoints import reach
from mdm.golden_ids import golden_ids_of
from mdm.resolve import resolve
from mdm.resolve.conflicts import fingerprint
from mdm.resolve.override_tasks import OVERRIDE_CONFLICT
from mdm.resolve.partition import StandingVerdict, verdicts_on
from mdm.store.decisions import Verdict, VerdictRecord
from mdm.store.derived import Membership, Task
from mdm.store.records import SourceRecord
from mdm.unit_of_work import UnitOfWork

Answer = Literal["same", "distinct", "unsure"]
ANSWERS: tuple[Answer, ...] = ("same", "distinct", "unsure")


@dataclass(frozen=True, slots=True)
class RecordKey:
    """A source record by type, source and key."""

    entity_type: str
    source: str
    source_key: str


@dataclass(frozen=True, slots=True)
class Decided:
    """The verdict was recorded; `golden_ids` are the golden records of its source records now."""

    verdict_id: str
    entity_type: str
    golden_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Conflicted:
    """The verdict was not recorded, because another one that stands says the opposite."""

    message: str
    verdict_id: str = ""


@dataclass(frozen=True, slots=True)
class _Question:
    """Two groups of source records, and the record of each that the evidence joins."""

    entity_type: EntityType
    left: tuple[int, ...]
    right: tuple[int, ...]
    left_record: int
    right_record: int
    task_id: str = ""


def decide(
    uow: UnitOfWork, task_id: str, answer: Answer, *, reason: str = "", certain: bool = False
) -> Decided | Conflicted:
    """Answer a task of the queue.

    Args:
        answer: same merges the two golden records; distinct keeps all their source records apart for good;
            unsure takes the task off the queue until the evidence changes.
        certain: the answer rests on more than the evidence shown.

    Raises:
        UnknownTaskError: the queue holds no such task.
    """
    task = uow.session.get(Task, task_id)
    if task is None:
        raise UnknownTaskError(task_id)
    if task.kind == OVERRIDE_CONFLICT:
        raise RefusedError(
            f"The task {task_id} is about a golden value, not about records; "
            f"settle it with mdm override {task.left_golden}.{task.cause} VALUE, or --remove."
        )
    entity_type = uow.hub.registry[task.entity_type]
    left, right = (_records_of(uow, golden_id) for golden_id in (task.left_golden, task.right_golden))
    if task.left_record in right:
        left, right = right, left
    question = _Question(entity_type, left, right, task.left_record, task.right_record, task_id)
    return _answer(uow, question, answer, reason=reason, certain=certain)


def decide_records(
    uow: UnitOfWork,
    left: RecordKey,
    right: RecordKey,
    answer: Answer,
    *,
    reason: str = "",
    certain: bool = False,
) -> Decided | Conflicted:
    """Say about two source records whether they are the same real thing, whether or not there is a task.

    Raises:
        UnknownRecordError: one of them is unknown or not live, or they are of different types.
    """
    left_id, right_id = _record_id(uow, left), _record_id(uow, right)
    if left.entity_type != right.entity_type or left_id == right_id:
        raise UnknownRecordError(right.source, right.source_key)
    golden = golden_ids_of(uow.session, [left_id, right_id])
    apart = golden[left_id] != golden[right_id]
    question = _Question(
        uow.hub.registry[left.entity_type],
        _records_of(uow, golden[left_id]) if apart else (left_id,),
        _records_of(uow, golden[right_id]) if apart else (right_id,),
        left_id,
        right_id,
    )
    return _answer(uow, question, answer, reason=reason, certain=certain)


def withdraw(uow: UnitOfWork, verdict_id: str, *, reason: str = "") -> Decided:
    """Undo a verdict: it is kept but no longer stands, and what it joined or parted is resolved without it.

    Raises:
        UnknownVerdictError: there is no such verdict.
        AlreadyDecidedError: it no longer stands.
    """
    verdict = uow.session.get(Verdict, verdict_id)
    if verdict is None:
        raise UnknownVerdictError(verdict_id)
    if verdict.superseded_by:
        raise AlreadyDecidedError(f"The verdict {verdict_id} no longer stands; there is nothing to undo.")
    number = uow.emit("verdict.withdrawn", verdict.entity_type, verdict_id, {"reason_given": bool(reason)})
    verdict.superseded_by = f"withdrawn-{number}"
    uow.session.flush()
    reach("unmerge.after_verdict_before_resolve")
    spoken = select(col(VerdictRecord.record_id)).where(col(VerdictRecord.verdict_id) == verdict_id)
    touched = set(uow.session.scalars(spoken))
    resolve(uow, {verdict.entity_type: touched})
    golden = golden_ids_of(uow.session, touched)
    return Decided(verdict_id, verdict.entity_type, tuple(dict.fromkeys(golden[r] for r in sorted(golden))))


def _answer(
    uow: UnitOfWork, question: _Question, answer: Answer, *, reason: str, certain: bool
) -> Decided | Conflicted:
    """Check against the verdicts that stand, record the new one, resolve what it touches."""
    standing = verdicts_on(uow.session, {*question.left, *question.right})
    opposite = _opposite(standing, question, answer)
    if opposite is not None:
        return Conflicted(
            f"{opposite.author} said {opposite.answer!r} about these records (verdict {opposite.id}) "
            "and that still stands; settle it with them first.",
            opposite.id,
        )
    verdict = _record(uow, question, answer, reason=reason, certain=certain)
    _supersede(uow, standing, question, verdict)
    uow.session.flush()
    reach("merge.after_verdict_before_resolve")
    touched = {*question.left, *question.right}
    resolve(uow, {question.entity_type.name: touched})
    golden = golden_ids_of(uow.session, touched)
    return Decided(
        verdict.id, question.entity_type.name, tuple(dict.fromkeys(golden[r] for r in sorted(golden)))
    )


def _opposite(
    standing: Sequence[StandingVerdict], question: _Question, answer: Answer
) -> StandingVerdict | None:
    """A standing verdict that the answer would contradict."""
    if answer == "same":
        return next(
            (v for v in standing if v.answer == "distinct" and v.separates(question.left, question.right)),
            None,
        )
    if answer == "distinct":
        return next(
            (v for v in standing if v.answer == "same" and v.separates(question.left, question.right)), None
        )
    return None


def _record(uow: UnitOfWork, question: _Question, answer: Answer, *, reason: str, certain: bool) -> Verdict:
    # Same speaks of the two records that the evidence joins; distinct and unsure of both groups as they are.
    left = (question.left_record,) if answer == "same" else question.left
    right = (question.right_record,) if answer == "same" else question.right
    details = {
        "answer": answer,
        "certain": certain,
        "left": list(left),
        "right": list(right),
        "task": question.task_id,
    }
    number = uow.emit("verdict.recorded", question.entity_type.name, question.task_id or "records", details)
    verdict = Verdict(
        id=f"verdict-{hashlib.sha256(f'{number}:{uow.now.isoformat()}'.encode()).hexdigest()[:12]}",
        entity_type=question.entity_type.name,
        answer=answer,
        certain=certain,
        reason=reason,
        author=uow.author,
        decided_at=uow.now,
        fingerprint=fingerprint(uow.session, question.entity_type, (*left, *right)),
        basis={
            "task": question.task_id,
            "left": question.left_record,
            "right": question.right_record,
            "event": number,
        },
    )
    uow.session.add(verdict)
    uow.session.flush()
    for side, records in (("left", left), ("right", right)):
        uow.session.add_all(
            VerdictRecord(verdict_id=verdict.id, record_id=record, side=side) for record in records
        )
    return verdict


def _supersede(
    uow: UnitOfWork, standing: Sequence[StandingVerdict], question: _Question, verdict: Verdict
) -> None:
    """A new answer to the same question takes the place of an earlier `unsure`."""
    for earlier in standing:
        if earlier.answer == "unsure" and earlier.separates(question.left, question.right):
            row = uow.session.get_one(Verdict, earlier.id)
            row.superseded_by = verdict.id


def _records_of(uow: UnitOfWork, golden_id: str) -> tuple[int, ...]:
    query = (
        select(col(Membership.record_id))
        .where(col(Membership.golden_id) == golden_id)
        .order_by(col(Membership.record_id))
    )
    return tuple(uow.session.scalars(query))


def _record_id(uow: UnitOfWork, key: RecordKey) -> int:
    query = select(col(SourceRecord.id)).where(
        col(SourceRecord.entity_type) == key.entity_type, col(SourceRecord.source) == key.source,
        col(SourceRecord.source_key) == key.source_key, col(SourceRecord.live).is_(True),
    )  # fmt: skip
    found = uow.session.scalar(query)
    if found is None:
        raise UnknownRecordError(key.source, key.source_key)
    return found
