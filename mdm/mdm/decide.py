"""What stewards decide: verdicts on source records, kept for good and stronger than any score."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from mdm.access.principal import Action
from mdm.entities import EntityType
from mdm.errors import RefusedError, UnknownRecordError, UnknownTaskError
from mdm.failpoints import reach
from mdm.golden_ids import golden_ids_of
from mdm.identity.contesting import contest, opposing, settle_contested
from mdm.identity.golden_sides import RecordKey, record_id, records_of
from mdm.identity.outcomes import Conflicted
from mdm.identity.recording import NewVerdict, record_verdict
from mdm.identity.task_sides import task_sides
from mdm.identity.undoing import undo
from mdm.resolve import resolve
from mdm.resolve.hierarchies import HIERARCHY_LOOP
from mdm.resolve.override_tasks import OVERRIDE_CONFLICT
from mdm.store.derived import Task
from mdm.unit_of_work import UnitOfWork

__all__ = [
    "ANSWERS",
    "Answer",
    "Conflicted",
    "Decided",
    "RecordKey",
    "Said",
    "decide",
    "decide_records",
    "withdraw",
]

Answer = Literal["same", "distinct", "unsure"]
ANSWERS: tuple[Answer, ...] = ("same", "distinct", "unsure")


@dataclass(frozen=True, slots=True)
class Said:
    """What a person says beside the answer.

    Attributes:
        certain: it rests on more than the evidence shown, so new evidence does not open it again.
        until: when it ends by itself; None for never.
    """

    reason: str = ""
    certain: bool = False
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Decided:
    """The verdict was recorded; `golden_ids` are the golden records of its source records now."""

    verdict_id: str
    entity_type: str
    golden_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Question:
    """Two groups of source records, and the record of each that the evidence joins."""

    entity_type: EntityType
    left: tuple[int, ...]
    right: tuple[int, ...]
    left_record: int
    right_record: int
    said: Said = field(default_factory=Said)
    task_id: str = ""
    settles: bool = False


def decide(
    uow: UnitOfWork,
    task_id: str,
    answer: Answer,
    *,
    reason: str = "",
    certain: bool = False,
    until: datetime | None = None,
) -> Decided | Conflicted:
    """Answer a task of the queue.

    Args:
        answer: same merges the two golden records; distinct keeps all their source records apart; unsure
            takes the task off the queue. An answer about a contradiction settles it: it takes the place of
            what was said on both sides.
        certain: the answer rests on more than the evidence shown; else the task opens again once a matching
            attribute changes, with this answer shown.
        until: when the answer ends by itself.

    Raises:
        UnknownTaskError: the queue holds no such task.
    """
    task = uow.session.get(Task, task_id)
    if task is None:
        raise UnknownTaskError(task_id)
    if task.kind == HIERARCHY_LOOP:
        raise RefusedError(
            f"The task {task_id} is about a loop of parents, not about records that may be the same; "
            f"correct one of its references in its source: {task.text}"
        )
    if task.kind == OVERRIDE_CONFLICT:
        raise RefusedError(
            f"The task {task_id} is about a golden value, not about records; "
            f"settle it with mdm override {task.left_golden}.{task.cause} VALUE, or --remove."
        )
    entity_type = uow.hub.registry[task.entity_type]
    if not {task.left_golden, task.right_golden} <= uow.visible(task.left_golden, task.right_golden):
        raise UnknownTaskError(task_id)
    uow.require(Action.decide, entity_type.name)
    left, right = task_sides(uow.session, task)
    if task.left_record in right:
        left, right = right, left
    question = _Question(
        entity_type, left, right, task.left_record, task.right_record, Said(reason, certain, until), task_id,
        settles=task.kind == "contradiction",
    )  # fmt: skip
    return _answer(uow, question, answer)


def decide_records(
    uow: UnitOfWork,
    left: RecordKey,
    right: RecordKey,
    answer: Answer,
    *,
    reason: str = "",
    certain: bool = False,
    until: datetime | None = None,
) -> Decided | Conflicted:
    """Say about two source records whether they are the same real thing, whether or not there is a task.

    Raises:
        UnknownRecordError: one of them is unknown or not live, or they are of different types.
    """
    uow.require(Action.decide, left.entity_type)
    left_id, right_id = record_id(uow.session, left), record_id(uow.session, right)
    if left.entity_type != right.entity_type or left_id == right_id:
        raise UnknownRecordError(right.source, right.source_key)
    golden = golden_ids_of(uow.session, [left_id, right_id])
    apart = golden[left_id] != golden[right_id]
    question = _Question(
        uow.hub.registry[left.entity_type],
        records_of(uow.session, golden[left_id]) if apart else (left_id,),
        records_of(uow.session, golden[right_id]) if apart else (right_id,),
        left_id,
        right_id,
        Said(reason, certain, until),
    )
    return _answer(uow, question, answer)


def withdraw(uow: UnitOfWork, verdict_id: str, *, reason: str = "") -> Decided:
    """Undo a verdict: it is kept but no longer stands, and what it joined or parted is resolved without it.

    Raises:
        UnknownVerdictError: there is no such verdict.
        AlreadyDecidedError: it no longer stands.
    """
    undone = undo(uow, verdict_id, reason=reason)
    return Decided(verdict_id, undone.entity_type, undone.golden_ids)


def _answer(uow: UnitOfWork, question: _Question, answer: Answer) -> Decided | Conflicted:
    """Check against the verdicts that stand, record the new one, resolve what it touches."""
    new = _verdict(question, answer)
    against = [] if question.settles else opposing(uow, answer, question.left, question.right)
    if against:
        return contest(uow, new, against)
    verdict = record_verdict(uow, new)
    settle_contested(uow, question.left, question.right, verdict)
    reach("merge.after_verdict_before_resolve")
    touched = {*question.left, *question.right}
    resolve(uow, {question.entity_type.name: touched})
    golden = golden_ids_of(uow.session, touched)
    ids = tuple(dict.fromkeys(golden[r] for r in sorted(golden)))
    return Decided(verdict.id, question.entity_type.name, ids)


def _verdict(question: _Question, answer: Answer) -> NewVerdict:
    # Same speaks of the two records that the evidence joins; the others of both groups as they are.
    narrow = answer == "same" and not question.settles
    return NewVerdict(
        question.entity_type,
        answer,
        (question.left_record,) if narrow else question.left,
        (question.right_record,) if narrow else question.right,
        reason=question.said.reason,
        certain=question.said.certain,
        until=question.said.until,
        operation="settle" if question.settles and answer != "unsure" else "",
        basis={"task": question.task_id, "left": question.left_record, "right": question.right_record},
    )
