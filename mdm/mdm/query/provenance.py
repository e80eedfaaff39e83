"""Why golden values are what they are: the claim each came from, the rule that chose it, what it beat."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, case, select, true
from sqlmodel import Session, col

from mdm.access.view import View, view_of
from mdm.entities import Attribute, EntityType
from mdm.history.claims import Led, members_at, targets_at
from mdm.history.tables import golden_at
from mdm.history.when import NOW, When
from mdm.query.sources import SourceKey
from mdm.resolve.evidence import RecordClaims
from mdm.resolve.hierarchies import HIERARCHY_LOOP, refused_among
from mdm.resolve.survivors import survivors_of
from mdm.store.chunks import rows_in
from mdm.store.derived import Membership, RecordReference, Task
from mdm.store.records import SourceRecord
from mdm.survivorship import Choice, Claim, ClaimValue

if TYPE_CHECKING:
    from mdm.hub import Hub


@dataclass(frozen=True, slots=True)
class BeatenClaim:
    """A claim that another one was preferred to.

    Attributes:
        value: what the source states; a golden id for a reference.
    """

    value: ClaimValue
    source: SourceKey


@dataclass(frozen=True, slots=True)
class Cell:
    """One golden value and where it comes from.

    Attributes:
        value: text (a date as ISO 8601, a reference as golden id), number, or list of texts; None if masked.
        rule: the survivorship rule that chose it, such as `prefer(erp, crm)`.
        since: when the source changed the claim, by its own clock; None if it has none.
        source: the record that states it; None if none of the current records does, or a steward set it.
        beats: the claims of other records that lost, best first.
        masked: whether whoever asks may not see it; such a cell stands whether or not there is a value.
    """

    attribute: str
    value: ClaimValue | None
    rule: str
    since: datetime | None
    source: SourceKey | None
    beats: tuple[BeatenClaim, ...]
    masked: bool = False


def cells_of(
    hub: Hub, session: Session, golden_ids: Collection[str], when: When = NOW
) -> dict[str, tuple[Cell, ...]]:
    """The cells of each current golden record, in the order of the declaration; few statements for all.

    Args:
        when: the values, rules and sources as the hub gave them at a moment, or as they hold on a day; what
            was beaten is ranked by the rules of today.
    """
    view = view_of(session)
    golden_ids = view.visible(session, golden_ids)
    members = _members(session, golden_ids) if when.is_now else members_at(session, golden_ids, when)
    led = _led_to(hub, session, members, when)
    found: dict[str, tuple[Cell, ...]] = dict.fromkeys(golden_ids, ())
    kept, refused = _kept(session, golden_ids, when)
    for name, those in kept.items():
        entity_type = hub.registry[name]
        own = {golden_id: members.get(golden_id, []) for golden_id in those}
        survivors = survivors_of(
            hub, session, entity_type, own, led, when.known_at, refused=refused_among(entity_type, refused)
        )
        choices = view.all_choices(session, entity_type, {g: survivors[g].choices for g in those})
        for golden_id, cells in view.shown(session, entity_type, those).items():
            found[golden_id] = tuple(_cells(view, entity_type, cells, own[golden_id], choices[golden_id]))
            view.note(entity_type, cells, [golden_id])
    return found


def _kept(
    session: Session, golden_ids: Collection[str], when: When
) -> tuple[dict[str, dict[str, Mapping[str, Any]]], list[tuple[str, str, int]]]:
    """The cells that are kept, by entity type and golden id; and what the tasks say is not applied."""
    golden = golden_at(when)
    loop = and_(col(Task.left_golden) == golden.c.golden_id, col(Task.kind) == HIERARCHY_LOOP)
    query = (
        select(
            golden.c.golden_id, golden.c.entity_type, golden.c.cells, col(Task.cause), col(Task.left_record)
        )
        .outerjoin_from(golden, Task, loop)
        .where(golden.c.state == "active")
    )  # fmt: skip
    kept: dict[str, dict[str, Mapping[str, Any]]] = {}
    refused: list[tuple[str, str, int]] = []
    for golden_id, name, cells, cause, record in rows_in(session, query, golden.c.golden_id, set(golden_ids)):
        kept.setdefault(name, {})[golden_id] = cells
        if cause is not None:
            refused.append((golden_id, cause, record))
    return kept, refused


def _cells(
    view: View,
    entity_type: EntityType,
    kept: Mapping[str, Mapping[str, Any]],
    records: list[RecordClaims],
    choices: Mapping[str, Choice],
) -> Iterable[Cell]:
    places = {record.id: SourceKey(record.source, record.source_key) for record in records}
    masked = view.masked(entity_type)
    for attribute in entity_type.attributes:
        if attribute.name in masked:
            yield Cell(attribute.name, None, "", None, None, (), masked=True)
        if attribute.name not in kept:
            continue
        cell = kept[attribute.name]
        choice = choices.get(attribute.name)
        rivals = (choice.claim, *choice.beats) if choice else ()
        yield Cell(
            attribute=attribute.name,
            value=cell["value"],
            rule=cell["rule"],
            since=datetime.fromisoformat(cell["since"]) if cell["since"] else None,
            source=places.get(cell["record"]),
            beats=tuple(
                BeatenClaim(claim.value, SourceKey(claim.source, claim.source_key))
                for claim in rivals
                if claim.record_id not in (0, cell["record"])
                and not _taken_in(attribute, claim, cell["value"])
            ),
        )


def _taken_in(attribute: Attribute, claim: Claim, value: ClaimValue) -> bool:
    """Whether the claim is part of a value that holds several texts, and so beaten by nobody."""
    if not isinstance(value, list):
        return False
    stated = claim.value if isinstance(claim.value, list) else [str(claim.value)]
    return set(stated) <= set(value)


def _members(session: Session, golden_ids: Collection[str]) -> dict[str, list[RecordClaims]]:
    query = (
        select(
            col(Membership.golden_id),
            col(SourceRecord.id),
            col(SourceRecord.source),
            col(SourceRecord.source_key),
            col(SourceRecord.claims),
            col(SourceRecord.current_version_id),
        )
        .join(SourceRecord, col(SourceRecord.id) == col(Membership.record_id))
        .order_by(col(SourceRecord.source), col(SourceRecord.source_key))
    )
    found: dict[str, list[RecordClaims]] = {}
    for golden_id, *record in rows_in(session, query, col(Membership.golden_id), set(golden_ids)):
        found.setdefault(golden_id, []).append(RecordClaims(*record))
    return found


def _led_to(hub: Hub, session: Session, members: Mapping[str, Sequence[RecordClaims]], when: When) -> Led:
    """Where the references of these records lead, or led."""
    records = [record for own in members.values() for record in own]
    if when.is_now:
        return _led_to_now(session, [record.id for record in records])
    return {key: led for t in hub.registry for key, led in targets_at(session, t, records, when).items()}


def _led_to_now(session: Session, record_ids: Collection[int]) -> Led:
    view = view_of(session)
    # Asked along with the rest, because what leads elsewhere is not shown.
    seen = view.rows_of_ids(col(RecordReference.target_type), col(Membership.golden_id))
    there = and_(
        col(SourceRecord.entity_type) == col(RecordReference.target_type),
        col(SourceRecord.source) == col(RecordReference.target_source),
        col(SourceRecord.source_key) == col(RecordReference.target_key),
    )
    query = (
        select(
            col(RecordReference.target_type),
            col(RecordReference.target_source),
            col(RecordReference.target_key),
            col(Membership.golden_id),
            case((and_(true(), *seen), 1), else_=0),
        )
        .join(SourceRecord, there)
        .join(Membership, col(Membership.record_id) == col(SourceRecord.id))
    )
    rows = list(rows_in(session, query, col(RecordReference.record_id), record_ids))
    view.learn({row[3]: bool(row[4]) for row in rows})
    return {(row[0], (row[1], row[2])): row[3] for row in rows}
