"""Two golden records attribute by attribute: where they differ, and what one made of both would say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlmodel import Session

from mdm.entities import Attribute, EntityType
from mdm.explain.value import survivors_at
from mdm.history.when import NOW, When
from mdm.resolve.evidence import RecordClaims
from mdm.resolve.pair_explanation import PairExplanation
from mdm.stewardship.differences import Mark, Segment, Segments, differences, mark_of
from mdm.stewardship.labels import golden_labels
from mdm.stewardship.preview import preview
from mdm.stewardship.wording import describe, text_of, title_of
from mdm.survivorship import Choice
from mdm_matching import Reason

if TYPE_CHECKING:
    from mdm.hub import Hub


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


def attribute_rows(
    hub: Hub,
    session: Session,
    entity_type: EntityType,
    ids: tuple[str, str],
    records: tuple[Sequence[RecordClaims], Sequence[RecordClaims]],
    explanation: PairExplanation | None,
    when: When = NOW,
) -> tuple[AttributeRow, ...]:
    """The attributes that either of two golden records has, in the order of the declaration.

    Args:
        ids: the golden ids, left and right.
        records: the source records of each.
        explanation: why the scored pair scores as it does, if it could be told.
        when: as of a moment.
    """
    left, right = (
        survivors_at(hub, session, entity_type, golden_id, own, when).choices
        for own, golden_id in zip(records, ids, strict=True)
    )
    merged = preview(hub, session, entity_type, [*records[0], *records[1]], ids, when)
    reasons = {reason.column: reason for reason in explanation.reasons} if explanation else {}
    shown = _Shown(session, hub, entity_type, (left, right, merged), when)
    rows = (
        _row(attribute, (left, right), merged.get(attribute.name), shown, reasons.get(attribute.name))
        for attribute in entity_type.attributes
    )
    return tuple(row for row in rows if row is not None)


class _Shown:
    """The text of every choice; references by the label of the golden record that they lead to."""

    def __init__(
        self,
        session: Session,
        hub: Hub,
        entity_type: EntityType,
        choices: Sequence[Mapping[str, Choice]],
        when: When,
    ) -> None:
        self._references = {a.name for a in entity_type.references}
        claims = [c for by_name in choices for name, c in by_name.items() if name in self._references]
        ids = {str(value) for choice in claims for value in (choice.value, *(c.value for c in choice.beats))}
        self._labels = golden_labels(session, hub.registry, ids, when)

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
