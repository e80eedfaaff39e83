"""One task as a steward sees it: two golden records side by side, where they differ, why the score is so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlmodel import Session, col

from mdm.access.view import view_of
from mdm.entities import Attribute, EntityType
from mdm.errors import UnknownRecordError, UnknownTaskError
from mdm.identity.task_sides import task_sides
from mdm.resolve.evidence import PairExplanation, explain_pair
from mdm.stewardship.differences import Mark, Segment, Segments, differences, mark_of
from mdm.stewardship.labels import GoldenLabel, golden_labels
from mdm.stewardship.preview import current_values, preview
from mdm.stewardship.source_records import SourceView, members, source_views
from mdm.stewardship.verdicts import EarlierVerdict, verdicts_about
from mdm.stewardship.wording import describe, text_of, title_of
from mdm.store.derived import Task
from mdm.store.records import SourceRecord
from mdm.survivorship import Choice
from mdm_matching import Reason

if TYPE_CHECKING:
    from mdm.hub import Hub


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two: its golden record and the source records behind it."""

    golden: GoldenLabel
    records: tuple[SourceView, ...]


@dataclass(frozen=True, slots=True)
class MergedValue:
    """A value of the record that "same" would make.

    Attributes:
        golden_id: where a reference leads, "" if the attribute is none.
        side: left, right or both: which golden record has this value now.
        beats: the other values that were claimed, best first.
    """

    text: str
    golden_id: str
    side: str
    source: str
    source_key: str
    rule: str
    beats: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AttributeRow:
    """One attribute of both golden records.

    Attributes:
        left: the left value in pieces, marked where it differs; empty if there is none.
        mark: how the two values stand to each other.
        reason: what the attribute says about the pair of records that was scored; None if it is no evidence.
    """

    name: str
    title: str
    description: str
    left: Segments
    right: Segments
    mark: Mark
    merged: MergedValue | None
    reason: Reason | None


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


def task_view(hub: Hub, session: Session, task_id: str) -> TaskView:
    """One task with all that a decision needs.

    Raises:
        UnknownTaskError: the queue holds no such task; it may be settled.
    """
    task, view = session.scalars(select(Task).where(col(Task.id) == task_id)).first(), view_of(session)
    sides_of = {task.left_golden, task.right_golden} if task else set()
    if task is None or not sides_of <= view.visible(session, sides_of):
        raise UnknownTaskError(task_id)
    entity_type = hub.registry[task.entity_type]
    found = members(session, {task.left_golden, task.right_golden})
    sides = _of_each_side(session, task, found)
    pair = _oriented(task, sides[0])
    explanation = _explanation(hub, session, pair)
    for golden_id, records in found.items():
        view.note(entity_type, {name for record in records for name in record.claims}, [golden_id])
    labels = golden_labels(session, hub.registry, found)
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
        rows=_rows(hub, session, entity_type, (left, right), sides, explanation),
        explanation=explanation,
        verdicts=verdicts_about(session, views),
    )


def _of_each_side(
    session: Session, task: Task, found: Mapping[str, list[SourceRecord]]
) -> tuple[list[SourceRecord], list[SourceRecord]]:
    left, right = found[task.left_golden], found[task.right_golden]
    if task.left_golden != task.right_golden:
        return left, right
    one, other = task_sides(session, task)
    return [r for r in left if r.id in one], [r for r in left if r.id in other] or left


def _oriented(task: Task, left: Sequence[SourceRecord]) -> tuple[int, int]:
    """The scored pair, the record of the left golden record first."""
    if task.left_record in {record.id for record in left}:
        return task.left_record, task.right_record
    return task.right_record, task.left_record


def _explanation(hub: Hub, session: Session, pair: tuple[int, int]) -> PairExplanation | None:
    try:
        return explain_pair(hub, session, *pair)
    except UnknownRecordError:
        return None


def _rows(
    hub: Hub,
    session: Session,
    entity_type: EntityType,
    shown_sides: tuple[Side, Side],
    records: tuple[list[SourceRecord], list[SourceRecord]],
    explanation: PairExplanation | None,
) -> tuple[AttributeRow, ...]:
    ids = [side.golden.golden_id for side in shown_sides]
    left, right = (
        current_values(hub, session, entity_type, golden_id, own).choices
        for own, golden_id in zip(records, ids, strict=True)
    )
    merged = preview(hub, session, entity_type, [*records[0], *records[1]], ids)
    reasons = {reason.column: reason for reason in explanation.reasons} if explanation else {}
    shown = _Shown(session, hub, entity_type, (left, right, merged))
    rows = (
        _row(attribute, (left, right), merged.get(attribute.name), shown, reasons.get(attribute.name))
        for attribute in entity_type.attributes
    )
    return tuple(row for row in rows if row is not None)


class _Shown:
    """The text of every choice; references by the label of the golden record that they lead to."""

    def __init__(
        self, session: Session, hub: Hub, entity_type: EntityType, choices: Sequence[Mapping[str, Choice]]
    ) -> None:
        self._references = {a.name for a in entity_type.references}
        claims = [c for by_name in choices for name, c in by_name.items() if name in self._references]
        ids = {str(value) for choice in claims for value in (choice.value, *(c.value for c in choice.beats))}
        self._labels = golden_labels(session, hub.registry, ids)

    def text(self, attribute: str, value: str | float | list[str]) -> str:
        if attribute in self._references:
            return self._labels[str(value)].label
        return text_of(value)

    def choice(self, choice: Choice | None) -> str | None:
        return None if choice is None else self.text(choice.attribute, choice.value)

    def golden_id(self, choice: Choice) -> str:
        return str(choice.value) if choice.attribute in self._references else ""


def _row(
    attribute: Attribute,
    sides: tuple[Mapping[str, Choice], Mapping[str, Choice]],
    merged: Choice | None,
    shown: _Shown,
    reason: Reason | None,
) -> AttributeRow | None:
    left, right = (shown.choice(side.get(attribute.name)) for side in sides)
    mark = mark_of(left, right)
    if mark is None:
        return None
    if left is not None and right is not None:
        pieces = differences(left, right)
    else:
        pieces = tuple((Segment(text, differs=False),) if text else () for text in (left, right))  # type: ignore[assignment]  # two of them
    return AttributeRow(
        name=attribute.name,
        title=title_of(attribute.name),
        description=describe(attribute),
        left=pieces[0],
        right=pieces[1],
        mark=mark,
        merged=_merged(merged, (left, right), shown) if merged else None,
        reason=reason,
    )


def _merged(choice: Choice, sides: tuple[str | None, str | None], shown: _Shown) -> MergedValue:
    text = shown.text(choice.attribute, choice.value)
    has = [name for name, value in zip(("left", "right"), sides, strict=True) if value == text]
    others = dict.fromkeys(shown.text(choice.attribute, claim.value) for claim in choice.beats)
    others.pop(text, None)
    return MergedValue(
        text=text,
        golden_id=shown.golden_id(choice),
        side="both" if len(has) != 1 else has[0],
        source=choice.claim.source,
        source_key=choice.claim.source_key,
        rule=choice.rule,
        beats=tuple(others),
    )
