"""One golden record as a steward sees it: values with source, rule and what they beat; history; relations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, or_, select
from sqlmodel import Session, col

from mdm.access.view import View, view_of
from mdm.entities import EntityType
from mdm.errors import UnknownGoldenIdError
from mdm.resolve.hierarchies import HIERARCHY_LOOP
from mdm.stewardship.hand_over_groups import hand_over_groups
from mdm.stewardship.labels import GoldenLabel, golden_labels
from mdm.stewardship.preview import current_values
from mdm.stewardship.said_view import BanView, OverrideView, ban_views, override_views
from mdm.stewardship.source_records import SourceView, members, source_views
from mdm.stewardship.verdicts import EarlierVerdict, verdicts_about
from mdm.stewardship.warnings import quality_warnings
from mdm.stewardship.wording import describe, text_of, title_of
from mdm.store.decisions import GoldenVersion
from mdm.store.derived import GoldenRecord, Relation, Task
from mdm.survivorship import Choice, Claim, ClaimValue

if TYPE_CHECKING:
    from mdm.hub import Hub

SHOWN = 50
"""Entries of history, and relations of one kind, that a view holds; the totals say how many there are."""


@dataclass(frozen=True, slots=True)
class ClaimView:
    """One claim: what a source record states."""

    text: str
    golden_id: str
    source: str
    source_key: str
    changed_at: datetime | None
    flag: str


@dataclass(frozen=True, slots=True)
class CellView:
    """One golden value: the claim it came from, the rule that chose it, the claims it beat, best first."""

    name: str
    title: str
    description: str
    value: ClaimView
    rule: str
    beaten: tuple[ClaimView, ...]


@dataclass(frozen=True, slots=True)
class VersionView:
    """One entry of the history: what changed in it. Attributes are given by name, from and to by text."""

    version: int
    at: datetime
    state: str
    event_number: int
    changes: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class RelationGroup:
    """The golden records that refer to this one through one attribute; `total` may be more than are shown."""

    entity_type: str
    attribute: str
    title: str
    records: tuple[GoldenLabel, ...]
    total: int


@dataclass(frozen=True, slots=True)
class GoldenView:
    """A golden record with all that explains it.

    Attributes:
        masked: titles of the attributes that whoever asks may not see, whether or not they have a value.
        into: the survivor, if the record was merged.
        relations: who refers to it; where it refers to is among its values.
        tasks: ids of the open tasks about it.
        loops: which of its claims are not applied because they would close a loop, in words.
        warnings: sentences about what looks odd in it.
    """

    golden: GoldenLabel
    entity_type: EntityType
    version: int
    cells: tuple[CellView, ...]
    records: tuple[SourceView, ...]
    history: tuple[VersionView, ...]
    relations: tuple[RelationGroup, ...]
    verdicts: tuple[EarlierVerdict, ...]
    overrides: tuple[OverrideView, ...]
    bans: tuple[BanView, ...]
    warnings: tuple[str, ...]
    tasks: tuple[str, ...]
    loops: tuple[str, ...]
    into: GoldenLabel | None
    masked: tuple[str, ...] = ()


def golden_view(hub: Hub, session: Session, golden_id: str, *, into: str = "") -> GoldenView:
    """One golden record, current or former.

    Args:
        into: the id it redirects to, if it was merged.

    Raises:
        UnknownGoldenIdError: the hub holds no such record.
    """
    stored, view = session.get(GoldenRecord, golden_id), view_of(session)
    if stored is None or golden_id not in view.visible(session, [golden_id]):
        raise UnknownGoldenIdError(golden_id)
    entity_type = hub.registry[stored.entity_type]
    records = members(session, [golden_id])[golden_id]
    survived = current_values(hub, session, entity_type, golden_id, records)
    choices = survived.choices
    history = _history(session, view, entity_type, golden_id)
    view.note(entity_type, choices, [golden_id])
    labels = golden_labels(
        session, hub.registry, {golden_id, *filter(None, [into]), *_linked(entity_type, choices, history)}
    )
    views = source_views(session, entity_type, records)
    return GoldenView(
        golden=labels[golden_id],
        entity_type=entity_type,
        version=stored.version,
        cells=tuple(_cell(entity_type, choice, labels) for choice in choices.values()),
        records=views,
        history=version_views(entity_type, history, labels),
        relations=_relations(hub, session, golden_id),
        verdicts=verdicts_about(session, [view.record_id for view in views]),
        overrides=override_views(survived),
        bans=ban_views(survived),
        warnings=quality_warnings(hub, session, entity_type, views),
        tasks=_tasks(session, golden_id),
        loops=_loops(session, golden_id),
        into=labels[into] if into else None,
        masked=tuple(title_of(a.name) for a in entity_type.attributes if a.name in view.masked(entity_type)),
    )


def _linked(
    entity_type: EntityType, choices: Mapping[str, Choice], history: Sequence[GoldenVersion]
) -> set[str]:
    """Every golden id that a value of the record, now or formerly, leads to."""
    ids: set[str] = set()
    for name in (a.name for a in entity_type.references):
        if name in choices:
            ids |= {str(v) for v in (choices[name].value, *(claim.value for claim in choices[name].beats))}
    return ids | linked_ids(entity_type, history)


def linked_ids(entity_type: EntityType, history: Sequence[GoldenVersion]) -> set[str]:
    """Every golden id that a value of these versions leads to."""
    names = [a.name for a in entity_type.references]
    return {str(v.cells[name]["value"]) for v in history for name in names if name in v.cells}


def value_text(
    entity_type: EntityType, name: str, value: ClaimValue, labels: Mapping[str, GoldenLabel]
) -> str:
    """A value as people read it: a reference by the label of what it leads to."""
    attribute = entity_type.by_name.get(name)
    return labels[str(value)].label if attribute is not None and attribute.target else text_of(value)


def _cell(entity_type: EntityType, choice: Choice, labels: Mapping[str, GoldenLabel]) -> CellView:
    attribute = entity_type.by_name[choice.attribute]

    def shown(claim: Claim, value: ClaimValue) -> ClaimView:
        text = value_text(entity_type, choice.attribute, value, labels)
        golden_id = str(value) if attribute.target else ""
        return ClaimView(text, golden_id, claim.source, claim.source_key, claim.changed_at, claim.flagged)

    return CellView(
        name=attribute.name,
        title=title_of(attribute.name),
        description=describe(attribute),
        value=shown(choice.claim, choice.value),
        rule=choice.rule,
        beaten=tuple(shown(claim, claim.value) for claim in choice.beats),
    )


def _history(session: Session, view: View, entity_type: EntityType, golden_id: str) -> list[GoldenVersion]:
    """The newest entries and the one before them, the newest first, with the cells that may be seen."""
    query = select(GoldenVersion).where(col(GoldenVersion.golden_id) == golden_id)
    found = list(session.scalars(query.order_by(col(GoldenVersion.version).desc()).limit(SHOWN + 1)))
    return with_seen_cells(session, view, entity_type, found)


def with_seen_cells(
    session: Session, view: View, entity_type: EntityType, versions: list[GoldenVersion]
) -> list[GoldenVersion]:
    """The versions with the cells that may be seen; the session forgets them, so that nothing writes them."""
    for version in versions:
        session.expunge(version)
        cells = {version.golden_id: version.cells}
        version.cells = view.shown(session, entity_type, cells)[version.golden_id]
    return versions


def version_views(
    entity_type: EntityType, history: list[GoldenVersion], labels: Mapping[str, GoldenLabel]
) -> tuple[VersionView, ...]:
    """What changed in each of these versions, the newest first; the last one is only compared with."""
    first_known = bool(history) and history[-1].version <= 1
    pairs: list[tuple[GoldenVersion, GoldenVersion | None]] = list(pairwise(history))
    if history and first_known:
        pairs.append((history[-1], None))
    return tuple(
        VersionView(
            v.version,
            v.at,
            v.state,
            v.event_number,
            _changes(entity_type, v.cells, before.cells if before else {}, labels),
        )
        for v, before in pairs
    )


def _changes(
    entity_type: EntityType,
    after: Mapping[str, Any],
    before: Mapping[str, Any],
    labels: Mapping[str, GoldenLabel],
) -> tuple[tuple[str, str, str], ...]:
    def text(cells: Mapping[str, Any], name: str) -> str:
        return value_text(entity_type, name, cells[name]["value"], labels) if name in cells else ""

    names = dict.fromkeys([*(a.name for a in entity_type.attributes), *before, *after])
    values = ((name, text(before, name), text(after, name)) for name in names)
    return tuple((title_of(name), old, new) for name, old, new in values if old != new)


def _relations(hub: Hub, session: Session, golden_id: str) -> tuple[RelationGroup, ...]:
    """Who refers to the record, by type and attribute; and how its work goes on under another name."""
    to_this = col(Relation.to_id) == golden_id
    view = view_of(session)
    counted = select(col(Relation.from_type), col(Relation.attribute), func.count()).where(to_this)
    groups = session.execute(counted.group_by(col(Relation.from_type), col(Relation.attribute))).all()
    found = []
    for name, attribute, total in sorted(tuple(row) for row in groups):
        referrer, table = hub.registry[name], hub.golden_tables[name]
        if attribute in view.masked(referrer):
            continue
        query = select(col(Relation.from_id)).where(
            to_this, col(Relation.from_type) == name, col(Relation.attribute) == attribute
        )
        if not view.sees_all_rows:
            there = select(table.c.id).where(*view.rows(referrer, table))
            query = query.where(col(Relation.from_id).in_(there))
            total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
        ids = list(session.scalars(query.order_by(col(Relation.from_id)).limit(SHOWN)))
        labels = golden_labels(session, hub.registry, ids)
        title = f"{title_of(hub.registry[name].plural)} ({title_of(attribute).lower()})"
        found.append(RelationGroup(name, attribute, title, tuple(labels[i] for i in ids), total))
    found += [
        RelationGroup(name, relation, title, records, len(records))
        for name, relation, title, records in hand_over_groups(hub, session, golden_id)
    ]
    return tuple(group for group in found if group.total)


def _tasks(session: Session, golden_id: str) -> tuple[str, ...]:
    query = select(col(Task.id)).where(
        or_(col(Task.left_golden) == golden_id, col(Task.right_golden) == golden_id)
    )
    return tuple(session.scalars(query.order_by(col(Task.id))))


def _loops(session: Session, golden_id: str) -> tuple[str, ...]:
    query = select(col(Task.text)).where(col(Task.left_golden) == golden_id, col(Task.kind) == HIERARCHY_LOOP)
    return tuple(session.scalars(query.order_by(col(Task.id))))
