"""What a unit of work changed, read back from the history that it wrote."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from mdm.access import View
from mdm.entities import EntityRegistry, EntityType
from mdm.event_log import last_event_number
from mdm.store.chunks import objects_in, rows_in
from mdm.store.decisions import Event, GoldenVersion
from mdm.store.derived import Task
from mdm.store.history import RecordLink
from mdm.store.publishing import OutboxRow
from mdm.store.records import SourceRecord
from mdm.survivorship import ClaimValue
from mdm.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class MovedRecord:
    """A source record that left one golden record for another; "" where its source has deleted it."""

    source: str
    source_key: str
    from_golden: str
    to_golden: str


@dataclass(frozen=True, slots=True)
class IdChange:
    """What became of a golden id.

    Attributes:
        what: minted, redirected, revived or retired.
        into: where a redirected id leads.
    """

    golden_id: str
    what: str
    into: str = ""


@dataclass(frozen=True, slots=True)
class ValueChange:
    """A golden value before and after; None where there is none."""

    golden_id: str
    attribute: str
    before: ClaimValue | None
    after: ClaimValue | None


@dataclass(frozen=True, slots=True)
class RelationChange:
    """Where a relation of a golden record led before and leads now; "" where there is none."""

    golden_id: str
    attribute: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Changes:
    """Everything that an operation changed, each part in order.

    Attributes:
        values: of golden records that are current afterwards.
        tasks_opened: ids of tasks that wait now and did not before.
        publications: target and golden id of every change that a target will be told.
        versions: golden id to its version afterwards.
    """

    records: tuple[MovedRecord, ...]
    ids: tuple[IdChange, ...]
    values: tuple[ValueChange, ...]
    relations: tuple[RelationChange, ...]
    tasks_opened: tuple[str, ...]
    tasks_closed: tuple[str, ...]
    publications: tuple[tuple[str, str], ...]
    versions: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Watch:
    """The state of a unit of work from which on changes are of interest."""

    uow: UnitOfWork
    event_number: int
    link_id: int
    tasks: frozenset[str]

    @classmethod
    def begin(cls, uow: UnitOfWork) -> Watch:
        """Look from here on."""
        uow.session.flush()
        links = uow.session.scalar(select(func.max(col(RecordLink.id)))) or 0
        return cls(uow, last_event_number(uow.session), links, _tasks(uow.session))

    def changes(self) -> Changes:
        """What changed since."""
        session = self.uow.session
        session.flush()
        versions = self._shown(_versions(session, self.event_number))
        tasks = _tasks(session)
        registry = self.uow.hub.registry
        seen = self.uow.visible(*(step.after.golden_id for step in versions))
        shown = [step for step in versions if step.after.golden_id in seen]
        return Changes(
            records=_moved(session, self.link_id),
            ids=tuple(_id_changes(session, versions)),
            values=tuple(_values(self.uow.view, registry, shown)),
            relations=tuple(_relations(self.uow.view, registry, shown)),
            tasks_opened=tuple(sorted(tasks - self.tasks)),
            tasks_closed=tuple(sorted(self.tasks - tasks)),
            publications=tuple(p for p in _publications(session, self.event_number) if p[1] in seen),
            versions={step.after.golden_id: step.after.version for step in shown},
        )

    def _shown(self, steps: list[_Step]) -> list[_Step]:
        """The golden records that exist for whoever acts."""
        visible = self.uow.visible(*(step.after.golden_id for step in steps))
        return [step for step in steps if step.after.golden_id in visible]


@dataclass(frozen=True, slots=True)
class _Step:
    """A golden record's history across a unit of work: its last entry before, and its last one now."""

    entity_type: str
    before: GoldenVersion | None
    after: GoldenVersion

    def cells(self) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
        """The current values before and after; a record that is not current has none."""
        then = self.before.cells if self.before is not None and self.before.state == "active" else {}
        return then, self.after.cells if self.after.state == "active" else {}


def _tasks(session: Session) -> frozenset[str]:
    return frozenset(session.scalars(select(col(Task.id))))


def _versions(session: Session, since: int) -> list[_Step]:
    """Every golden record that got a version since an event, by id."""
    query = (
        select(GoldenVersion, col(Event.entity_type))
        .join(Event, col(Event.number) == col(GoldenVersion.event_number))
        .where(col(GoldenVersion.event_number) > since)
        .order_by(col(GoldenVersion.golden_id), col(GoldenVersion.version))
    )
    newest: dict[str, tuple[GoldenVersion, str]] = {}
    first: dict[str, int] = {}
    for version, entity_type in session.execute(query):
        newest[version.golden_id] = (version, entity_type)
        first.setdefault(version.golden_id, version.version)
    before = select(GoldenVersion)
    found: dict[str, GoldenVersion] = {}
    for version in objects_in(session, before, col(GoldenVersion.golden_id), newest):
        if version.version == first[version.golden_id] - 1:
            found[version.golden_id] = version
    return [_Step(kind, found.get(golden_id), version) for golden_id, (version, kind) in newest.items()]


def _moved(session: Session, since: int) -> tuple[MovedRecord, ...]:
    """The records whose golden record is another one than at the entry `since` of the crosswalk's history."""
    link = col(RecordLink.id)
    changed = set(session.scalars(select(col(RecordLink.record_id)).where(link > since)))
    homes: list[dict[int, str]] = []
    for part in (link <= since, link > since):
        newest = select(func.max(link)).where(part).group_by(col(RecordLink.record_id))
        ids = {row[0] for row in rows_in(session, newest, col(RecordLink.record_id), changed)}
        query = select(col(RecordLink.record_id), col(RecordLink.golden_id))
        homes.append({row[0]: row[1] or "" for row in rows_in(session, query, link, ids)})
    before, after = homes
    named = select(col(SourceRecord.id), col(SourceRecord.source), col(SourceRecord.source_key))
    found = [
        MovedRecord(source, key, before.get(record, ""), after.get(record, ""))
        for record, source, key in rows_in(session, named, col(SourceRecord.id), changed)
    ]
    return tuple(sorted(found, key=lambda moved: (moved.source, moved.source_key)))


def _id_changes(session: Session, versions: Iterable[_Step]) -> Iterable[IdChange]:
    numbers = [step.after.event_number for step in versions if step.after.state == "merged"]
    query = select(col(Event.number), col(Event.details))
    into = {
        n: str(details.get("into", "")) for n, details in rows_in(session, query, col(Event.number), numbers)
    }
    for step in versions:
        golden_id, state = step.after.golden_id, step.after.state
        if state == "merged":
            yield IdChange(golden_id, "redirected", into.get(step.after.event_number, ""))
        elif state != "active":
            yield IdChange(golden_id, state)
        elif step.before is None:
            yield IdChange(golden_id, "minted")
        elif step.before.state != "active":
            yield IdChange(golden_id, "revived")


def _differences(view: View, entity_type: EntityType, step: _Step) -> Iterable[tuple[str, Any, Any]]:
    """What differs, without what is masked for whoever asks."""
    before, after = (view.open_part(entity_type, cells) for cells in step.cells())
    for name in sorted(before.keys() | after.keys()):
        old, new = (cells[name]["value"] if name in cells else None for cells in (before, after))
        if old != new:
            yield name, old, new


def _values(view: View, registry: EntityRegistry, versions: Iterable[_Step]) -> Iterable[ValueChange]:
    for step in versions:
        references = {a.name for a in registry[step.entity_type].references}
        if step.after.state == "active":
            for name, old, new in _differences(view, registry[step.entity_type], step):
                if name not in references:
                    yield ValueChange(step.after.golden_id, name, old, new)


def _relations(view: View, registry: EntityRegistry, versions: Iterable[_Step]) -> Iterable[RelationChange]:
    for step in versions:
        references = {a.name for a in registry[step.entity_type].references}
        for name, old, new in _differences(view, registry[step.entity_type], step):
            if name in references:
                yield RelationChange(step.after.golden_id, name, old or "", new or "")


def _publications(session: Session, since: int) -> tuple[tuple[str, str], ...]:
    query = select(col(OutboxRow.target), col(OutboxRow.golden_id)).where(col(OutboxRow.event_number) > since)
    return tuple(sorted({(target, golden_id) for target, golden_id in session.execute(query)}))
