"""One task as a steward sees it: two golden records side by side, where they differ, why the score is so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, select
from sqlmodel import Session

from mdm.access.view import view_of
from mdm.entities import EntityType
from mdm.errors import UnknownRecordError, UnknownTaskError
from mdm.history.claims import members_at
from mdm.history.queue import tasks_at
from mdm.history.when import NOW, When
from mdm.identity.task_sides import groups_within
from mdm.resolve.evidence import RecordClaims
from mdm.resolve.pair_explanation import PairExplanation, explain_pair
from mdm.stewardship.attribute_rows import AttributeRow, attribute_rows
from mdm.stewardship.labels import GoldenLabel, golden_labels
from mdm.stewardship.source_records import SourceView, source_views
from mdm.stewardship.verdicts import EarlierVerdict, verdicts_about

if TYPE_CHECKING:
    from mdm.hub import Hub


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two: its golden record and the source records behind it."""

    golden: GoldenLabel
    records: tuple[SourceView, ...]


@dataclass(frozen=True, slots=True)
class TaskView:
    """Everything that a steward sees before deciding.

    Attributes:
        scored: the pair of source records that caused the task, left and right.
        explanation: why that pair scores as it does; None if one of them is no longer live.
        verdicts: what people said before about any of the records, the newest first.
    """

    id: str
    entity_type: EntityType
    kind: str
    cause: str
    text: str
    weight: float
    left: Side
    right: Side
    scored: tuple[SourceView | None, SourceView | None]
    rows: tuple[AttributeRow, ...]
    explanation: PairExplanation | None
    verdicts: tuple[EarlierVerdict, ...]


def task_view(hub: Hub, session: Session, task_id: str, when: When = NOW) -> TaskView:
    """One task with all that a decision needs, or needed at a moment.

    Args:
        when: the queue, the records, the model and what people had said, as of a moment.

    Raises:
        UnknownTaskError: the queue holds, or held, no such task; it may be settled.
    """
    when, view = When(when.known_at), view_of(session)
    task = _task(session, task_id, when)
    entity_type, ids = hub.registry[task.entity_type], {task.left_golden, task.right_golden}
    found: dict[str, list[RecordClaims]] = {golden_id: [] for golden_id in ids} | members_at(
        session, ids, when
    )
    sides = _of_each_side(session, task, found, when)
    pair = _oriented(task, sides[0])
    explanation = _explanation(hub, session, pair, when)
    for golden_id, records in found.items():
        view.note(entity_type, {name for record in records for name in record.claims}, [golden_id])
    labels = golden_labels(session, hub.registry, found, when)
    left, right = (
        Side(labels[golden_id], source_views(session, entity_type, records))
        for golden_id, records in zip((task.left_golden, task.right_golden), sides, strict=True)
    )
    views = {view.record_id: view for view in (*left.records, *right.records)}
    return TaskView(
        id=task.id,
        entity_type=entity_type,
        kind=task.kind,
        cause=task.cause,
        text=task.text,
        weight=task.weight,
        left=left,
        right=right,
        scored=(views.get(pair[0]), views.get(pair[1])),
        rows=attribute_rows(
            hub,
            session,
            entity_type,
            (left.golden.golden_id, right.golden.golden_id),
            sides,
            explanation,
            when,
        ),
        explanation=explanation,
        verdicts=verdicts_about(session, views, when),
    )


def _task(session: Session, task_id: str, when: When) -> Row[*tuple[Any, ...]]:
    queue = tasks_at(when)
    task = session.execute(select(*queue.c).where(queue.c.id == task_id)).first()
    sides = {task.left_golden, task.right_golden} if task else set()
    if task is None or not sides <= view_of(session).visible(session, sides):
        raise UnknownTaskError(task_id)
    return task


def _of_each_side(
    session: Session, task: Row[*tuple[Any, ...]], found: Mapping[str, list[RecordClaims]], when: When
) -> tuple[list[RecordClaims], list[RecordClaims]]:
    left, right = found[task.left_golden], found[task.right_golden]
    if task.left_golden != task.right_golden:
        return left, right
    one, other = groups_within(session, (task.left_record,), (task.right_record,), when)
    return [r for r in left if r.id in one], [r for r in left if r.id in other] or left


def _oriented(task: Row[*tuple[Any, ...]], left: Sequence[RecordClaims]) -> tuple[int, int]:
    """The scored pair, the record of the left golden record first."""
    if task.left_record in {record.id for record in left}:
        return task.left_record, task.right_record
    return task.right_record, task.left_record


def _explanation(hub: Hub, session: Session, pair: tuple[int, int], when: When) -> PairExplanation | None:
    try:
        return explain_pair(hub, session, *pair, when)
    except UnknownRecordError:
        return None
