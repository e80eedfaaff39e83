"""Resolution, the one code path for one record and for a million: a list of named steps.

The result depends on live source records, verdicts, the ledger and the model alone, so it may be run for any
records, in any cut, any number of times.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from itertools import chain

from sqlalchemy import select
from sqlmodel import col

from mdm.entities import EntityType, Kind
from mdm.failpoints import reach
from mdm.golden_ids import golden_ids_of
from mdm.history.noting import note_redirects
from mdm.history.queue import note_tasks
from mdm.models import current_model
from mdm.overrides.standing import holders_of
from mdm.refolding import fold_due
from mdm.resolve.conflicts import refresh_tasks
from mdm.resolve.due import due_by
from mdm.resolve.edges import rescore
from mdm.resolve.evidence import live_records
from mdm.resolve.expiry import end_expired
from mdm.resolve.golden_records import end_golden_records, write_golden_records
from mdm.resolve.holds import held_because_of, moved_by_people, partition_under_policy
from mdm.resolve.identity import Assignment, assign_ids
from mdm.resolve.links import ChangedLinks
from mdm.resolve.memberships import store_memberships
from mdm.resolve.references import referrers, store_references
from mdm.resolve.verdicts import contested_on, verdicts_on
from mdm.store.beside import stay_apart
from mdm.store.chunks import rows_in
from mdm.store.records import SourceRecord
from mdm.unit_of_work import UnitOfWork


@dataclass
class Resolved:
    """What a resolution did, in golden records and tasks."""

    created: int = 0
    changed: int = 0
    merged: int = 0
    retired: int = 0
    unchanged: int = 0
    tasks_opened: int = 0
    tasks_closed: int = 0


@dataclass
class _Round:
    """What is still to do while types are resolved one after the other."""

    touched: dict[str, set[int]]
    returning: frozenset[str] = frozenset()
    alike_by_people: dict[str, dict[int, str]] = field(default_factory=dict)
    golden: dict[str, set[str]] = field(default_factory=dict)
    regrouped: set[str] = field(default_factory=set)
    ended: dict[str, dict[str, str]] = field(default_factory=dict)
    revived: set[str] = field(default_factory=set)
    result: Resolved = field(default_factory=Resolved)
    links: ChangedLinks = field(default_factory=ChangedLinks)


def resolve(
    uow: UnitOfWork,
    touched: Mapping[str, Collection[int]],
    spoken_of: Mapping[str, Collection[str]] | None = None,
    *,
    returning: Collection[str] = (),
    rebuilding: bool = False,
) -> Resolved:
    """Bring everything derived in line with these source records, and what time has changed.

    Args:
        touched: entity type to the row ids of records whose claims, life or verdicts changed.
        spoken_of: entity type to golden ids about whose values a steward said something.
        returning: golden ids whose merge by a person no longer stands.
        rebuilding: everything derived was dropped, so what is found again is no news.
    """
    todo = _Round({name: set(ids) for name, ids in touched.items() if ids}, frozenset(returning))
    due = fold_due(uow)
    for name, records in due.items():
        todo.touched.setdefault(name, set()).update(records)
    for golden in (due_by(uow.session, uow.now), spoken_of or {}):
        for name, ids in golden.items():
            todo.golden.setdefault(name, set()).update(ids)
    expired = end_expired(uow)
    # What time has changed lies anywhere.
    stay_apart(uow.session, not due and not expired and not todo.golden)
    for name, records in expired.items():
        todo.touched.setdefault(name, set()).update(records)
    for entity_type in uow.hub.registry.in_order:
        if todo.touched.get(entity_type.name):
            _resolve_type(uow, entity_type, todo)
    _write_values(uow, todo)
    note_tasks(uow.session, uow.now)
    if not rebuilding:
        todo.links.tell(uow)
    return todo.result


def _resolve_type(uow: UnitOfWork, entity_type: EntityType, todo: _Round) -> None:
    """Records of one type: references, scores, clusters, ids, queue; then whoever refers to what moved."""
    changed = todo.touched.pop(entity_type.name)
    model = current_model(uow.session, entity_type)
    _store_references(uow, entity_type, changed)
    reach("resolve.after_references")
    affected = rescore(uow.hub, uow.session, entity_type, model, changed)
    reach("resolve.after_edges")
    alike = todo.alike_by_people.pop(entity_type.name, None)
    partition = partition_under_policy(uow, entity_type, model, affected, alike)
    _touch_held(uow, entity_type, {*changed, *chain.from_iterable(partition.clusters)}, todo)
    assignment = assign_ids(uow, entity_type, partition.clusters, affected, todo.returning)
    reach("merge.after_ids_before_crosswalk")
    todo.links.moved(entity_type.name, store_memberships(uow, entity_type, assignment, model.version))
    note_redirects(uow, {*assignment.merged, *assignment.revived})
    reach("merge.after_crosswalk_before_values")
    _note_golden(entity_type, assignment, changed, todo)
    looked_at = {*assignment.members, *assignment.before, *assignment.merged} | _spoken_of(uow, affected)
    queue = refresh_tasks(uow.hub, uow.session, entity_type, model, looked_at, partition.cuts)
    reach("resolve.after_tasks")
    todo.links.asked(entity_type.name, queue)
    todo.result.tasks_opened += len(queue.opened)
    todo.result.tasks_closed += len(queue.closed)
    _touch_referrers(uow, entity_type, assignment.moved | _deleted_behind(uow, assignment), todo)
    _note_alike(uow, entity_type, moved_by_people(uow.session, assignment), todo)


def _store_references(uow: UnitOfWork, entity_type: EntityType, changed: Collection[int]) -> None:
    names = [attribute.name for attribute in entity_type.attributes if attribute.kind is Kind.reference]
    records: dict[int, tuple[str, dict[str, str]]] = {record_id: ("", {}) for record_id in changed}
    for record in live_records(uow.session, changed):
        stated = {name: str(record.claims[name]["v"]) for name in names if name in record.claims}
        records[record.id] = (record.source, stated)
    store_references(uow.session, entity_type, records)


def _note_golden(
    entity_type: EntityType,
    assignment: Assignment,
    changed: Collection[int],
    todo: _Round,
) -> None:
    """Which golden records have to be written and which ended."""
    ended = {**assignment.merged, **dict.fromkeys(assignment.emptied, "")}
    todo.ended.setdefault(entity_type.name, {}).update(ended)
    todo.revived |= assignment.revived.keys()
    home = {record: golden for golden, records in assignment.members.items() for record in records}
    moved = assignment.moved
    stale = {home[record] for record in (*changed, *moved) if record in home}
    stale |= {
        golden
        for golden in assignment.before
        if golden in assignment.members and assignment.before[golden] & moved
    }
    stale |= assignment.issued | assignment.revived.keys()
    todo.golden.setdefault(entity_type.name, set()).update(stale)
    todo.regrouped |= {home[record] for record in moved if record in home}
    todo.regrouped |= {golden for golden, records in assignment.before.items() if records & moved}
    todo.result.merged += len(assignment.merged)
    todo.result.retired += len(assignment.emptied)


def _touch_referrers(uow: UnitOfWork, entity_type: EntityType, moved: Collection[int], todo: _Round) -> None:
    """Whoever refers to a record that moved: matched again if that is evidence, else only re-pointed."""
    if not moved:
        return
    for (name, attribute), ids in referrers(uow.session, uow.hub.registry, entity_type.name, moved).items():
        stay_apart(uow.session, not ids)
        referring = uow.hub.registry[name]
        if any(a.name == attribute for a in referring.evidence_references):
            todo.touched.setdefault(name, set()).update(ids)
        todo.golden.setdefault(name, set()).update(_golden_of(uow, ids))


def _touch_held(uow: UnitOfWork, entity_type: EntityType, records: Collection[int], todo: _Round) -> None:
    """Whoever a hold keeps apart because of a verdict on these records, which may have ended."""
    for name, ids in held_because_of(uow.session, records).items():
        if name != entity_type.name:
            todo.touched.setdefault(name, set()).update(ids)


def _note_alike(uow: UnitOfWork, entity_type: EntityType, moved: Mapping[int, str], todo: _Round) -> None:
    """Whose evidence changed because people merged what they refer to, and which verdict did it."""
    for verdict in sorted(set(moved.values())):
        own = {record for record, because in moved.items() if because == verdict}
        for (name, attribute), ids in referrers(uow.session, uow.hub.registry, entity_type.name, own).items():
            if any(a.name == attribute for a in uow.hub.registry[name].evidence_references):
                todo.alike_by_people.setdefault(name, {}).update(dict.fromkeys(ids, verdict))


def _spoken_of(uow: UnitOfWork, record_ids: Collection[int]) -> set[str]:
    """Golden records that an uncertain verdict or a contested one about these records speaks of."""
    spoken = [v for v in verdicts_on(uow.session, record_ids) if v.answer != "same" and not v.certain]
    spoken += contested_on(uow.session, record_ids)
    return _golden_of(uow, {record for verdict in spoken for record in (*verdict.left, *verdict.right)})


def _deleted_behind(uow: UnitOfWork, assignment: Assignment) -> set[int]:
    """Deleted records that lead to an id which now leads elsewhere."""
    turned = {*assignment.merged, *assignment.revived}
    if not turned:
        return set()
    there = select(col(SourceRecord.id))
    return {row[0] for row in rows_in(uow.session, there, col(SourceRecord.last_golden_id), turned)}


def _golden_of(uow: UnitOfWork, record_ids: Collection[int]) -> set[str]:
    return set(golden_ids_of(uow.session, record_ids).values())


def _follow_overrides(uow: UnitOfWork, todo: _Round) -> None:
    """Golden records whose steward made them refer to an id that now leads elsewhere."""
    turned = {lost for ended in todo.ended.values() for lost, into in ended.items() if into} | todo.revived
    for entity_type, golden_id in holders_of(uow.session, turned):
        todo.golden.setdefault(entity_type, set()).add(golden_id)


def _write_values(uow: UnitOfWork, todo: _Round) -> None:
    """Survivorship once every id is settled, so that references point where they should."""
    _follow_overrides(uow, todo)
    for entity_type in uow.hub.registry.in_order:
        ended = todo.ended.get(entity_type.name, {})
        end_golden_records(uow, entity_type, ended)
        golden = todo.golden.get(entity_type.name, set()) - ended.keys()
        if golden:
            counts = write_golden_records(uow, entity_type, golden, todo.regrouped)
            todo.result.created += counts["created"]
            todo.result.changed += counts["changed"]
            todo.result.unchanged += counts["unchanged"]
