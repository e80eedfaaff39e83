"""One golden record as a steward sees it: values with source, rule and what they beat; history; relations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import or_, select
from sqlmodel import Session

from mdm.access.view import view_of
from mdm.entities import EntityType
from mdm.errors import UnknownGoldenIdError
from mdm.explain.value import survivors_at
from mdm.history.claims import members_at
from mdm.history.queue import tasks_at
from mdm.history.tables import golden_at
from mdm.history.when import NOW, When
from mdm.resolve.hierarchies import HIERARCHY_LOOP
from mdm.stewardship.golden_cells import CellView, cell_view, published_cells
from mdm.stewardship.golden_history import VersionView, linked_ids, newest_versions, version_views
from mdm.stewardship.labels import GoldenLabel, golden_labels
from mdm.stewardship.relation_groups import RelationGroup, relation_groups
from mdm.stewardship.said_view import BanView, OverrideView, ban_views, override_views
from mdm.stewardship.source_records import SourceView, source_views
from mdm.stewardship.verdicts import EarlierVerdict, verdicts_about
from mdm.stewardship.warnings import quality_warnings
from mdm.stewardship.wording import title_of
from mdm.store.decisions import GoldenVersion
from mdm.survivorship import Choice

if TYPE_CHECKING:
    from mdm.hub import Hub


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


def golden_view(
    hub: Hub, session: Session, golden_id: str, *, into: str = "", when: When = NOW
) -> GoldenView:
    """One golden record, current or former, now or as it was at a moment.

    Args:
        into: the id it redirects to, if it was merged.
        when: as of a moment; its values are then those that were published.

    Raises:
        UnknownGoldenIdError: the hub holds, or held, no such record.
    """
    when, view, golden = When(when.known_at), view_of(session), golden_at(When(when.known_at))
    query = select(golden.c.entity_type, golden.c.version, golden.c.cells)
    stored = session.execute(query.where(golden.c.golden_id == golden_id)).first()
    if stored is None or golden_id not in view.visible(session, [golden_id]):
        raise UnknownGoldenIdError(golden_id)
    entity_type = hub.registry[stored.entity_type]
    records = members_at(session, [golden_id], when).get(golden_id, [])
    survived = survivors_at(hub, session, entity_type, golden_id, records, when)
    choices = survived.choices
    history = newest_versions(session, view, entity_type, golden_id, when)
    view.note(entity_type, choices, [golden_id])
    linked = {golden_id, *filter(None, [into]), *_linked(entity_type, choices, history)}
    labels = golden_labels(session, hub.registry, linked, when)
    views = source_views(session, entity_type, records)
    if when.is_now:
        cells = tuple(cell_view(entity_type, choice, labels) for choice in choices.values())
    else:
        shown = view.shown(session, entity_type, {golden_id: stored.cells})[golden_id]
        cells = tuple(published_cells(session, entity_type, shown, choices, labels))
    return GoldenView(
        golden=labels[golden_id],
        entity_type=entity_type,
        version=stored.version,
        cells=cells,
        records=views,
        history=version_views(entity_type, history, labels),
        relations=relation_groups(hub, session, entity_type, golden_id, when),
        verdicts=verdicts_about(session, [view.record_id for view in views], when),
        overrides=override_views(survived),
        bans=ban_views(survived),
        warnings=quality_warnings(hub, session, entity_type, records, when),
        tasks=_tasks(session, golden_id, when),
        loops=_loops(session, golden_id, when),
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


def _tasks(session: Session, golden_id: str, when: When) -> tuple[str, ...]:
    task = tasks_at(when)
    about = or_(task.c.left_golden == golden_id, task.c.right_golden == golden_id)
    return tuple(session.scalars(select(task.c.id).where(about).order_by(task.c.id)))


def _loops(session: Session, golden_id: str, when: When) -> tuple[str, ...]:
    task = tasks_at(when)
    query = select(task.c.text).where(task.c.left_golden == golden_id, task.c.kind == HIERARCHY_LOOP)
    return tuple(session.scalars(query.order_by(task.c.id)))
