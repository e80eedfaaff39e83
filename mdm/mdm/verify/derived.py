"""Checks of what is derived: the crosswalk, golden values, typed rows, relations, the queue."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

import networkx as nx
from sqlalchemy import select
from sqlmodel import Session, col

from mdm.entities import EntityType
from mdm.resolve.conflicts import task_id
from mdm.resolve.evidence import RecordClaims, live_records
from mdm.resolve.golden_records import targets_of
from mdm.resolve.hierarchies import HIERARCHY_LOOP, loop_task_id
from mdm.resolve.override_tasks import OVERRIDE_CONFLICT, override_task_id
from mdm.resolve.survivors import Led, Survivors, cells_of, survivors_of
from mdm.resolve.verdicts import PairsInForce, holding, holds_on, in_force, verdicts_on
from mdm.store.decisions import VerdictRecord
from mdm.store.derived import GoldenRecord, Membership, Relation, Task, ValueDue
from mdm.store.golden_tables import row_of
from mdm.store.holds import HoldRecord
from mdm.store.records import SourceRecord
from mdm.task_worth import ranks_of
from mdm.verify.check import Check

if TYPE_CHECKING:
    from mdm.hub import Hub


def one_golden_record_each(hub: Hub, session: Session, check: Check) -> Iterator[str]:
    """Every live source record belongs to exactly one golden record that is current."""
    query = (
        select(
            col(SourceRecord.id), col(SourceRecord.live), col(Membership.golden_id), col(GoldenRecord.state)
        )
        .outerjoin(Membership, col(Membership.record_id) == col(SourceRecord.id))
        .outerjoin(GoldenRecord, col(GoldenRecord.golden_id) == col(Membership.golden_id))
        .execution_options(yield_per=5000)
    )
    held: set[str] = set()
    for record_id, live, golden_id, state in session.execute(query):
        check.checked += 1
        held.add(golden_id or "")
        if live and state != "active":
            yield f"source record {record_id} is live but its golden record is {state or 'missing'}"
        if not live and golden_id:
            yield f"source record {record_id} is deleted but still belongs to {golden_id}"
    for golden_id in session.scalars(
        select(col(GoldenRecord.golden_id)).where(col(GoldenRecord.state) == "active")
    ):
        if golden_id not in held:
            yield f"golden record {golden_id} is current but has no source record"


def values_explained(hub: Hub, session: Session, check: Check) -> Iterator[str]:
    """Every golden value names its claim and rule, and survivorship gives the same value again."""
    for entity_type in hub.registry:
        current = select(col(GoldenRecord.golden_id), col(GoldenRecord.cells)).where(
            col(GoldenRecord.entity_type) == entity_type.name, col(GoldenRecord.state) == "active"
        )
        kept = dict(session.execute(current).all())
        if not kept:
            continue
        members: dict[str, set[int]] = {}
        query = select(col(Membership.golden_id), col(Membership.record_id)).where(
            col(Membership.entity_type) == entity_type.name
        )
        for golden_id, record_id in session.execute(query):
            members.setdefault(golden_id, set()).add(record_id)
        records = {r.id: r for r in live_records(session, {i for ids in members.values() for i in ids})}
        led = targets_of(session, entity_type, records.values())
        own = {g: [records[i] for i in members.get(g, ()) if i in records] for g in kept}
        survivors = _survivors_then(hub, session, entity_type, own, led)
        for golden_id, cells in kept.items():
            expected = cells_of(survivors[golden_id].choices)
            check.checked += len(cells)
            for name in sorted(cells.keys() | expected.keys()):
                if cells.get(name) != expected.get(name):
                    yield f"{golden_id}.{name} is not what survivorship gives"


def _survivors_then(
    hub: Hub,
    session: Session,
    entity_type: EntityType,
    members: Mapping[str, Sequence[RecordClaims]],
    led: Led,
) -> dict[str, Survivors]:
    """The values now; of golden records that wait to be looked at again, those just before that was due."""
    now = hub.clock()
    overdue = select(col(ValueDue.golden_id), col(ValueDue.due_at)).where(
        col(ValueDue.entity_type) == entity_type.name, col(ValueDue.due_at) <= now
    )
    moments = {golden_id: due - timedelta(microseconds=1) for golden_id, due in session.execute(overdue)}
    found: dict[str, Survivors] = {}
    for moment in {now, *moments.values()}:
        those = {g: own for g, own in members.items() if moments.get(g, now) == moment}
        found |= survivors_of(hub, session, entity_type, those, led, moment=moment)
    return found


def verdicts_kept(hub: Hub, session: Session, check: Check) -> Iterator[str]:
    """No golden record joins what a verdict keeps apart, none parts what a verdict joins."""
    home = dict(session.execute(select(col(Membership.record_id), col(Membership.golden_id))).all())
    verdicts = verdicts_on(session, set(session.scalars(select(col(VerdictRecord.record_id)))))
    check.checked = len(verdicts)
    pairs = in_force(verdicts, home)
    contested = _contested(session, home, pairs)
    for (left, right), verdict in pairs.distinct.items():
        if home[left] == home[right]:
            yield f"verdict {verdict.id} says distinct, but {home[left]} joins its records"
    for (left, right), verdict in pairs.same.items():
        if home[left] != home[right] and contested.isdisjoint((left, right)):
            homes = " and ".join(sorted((home[left], home[right])))
            yield f"verdict {verdict.id} says same, but its records lie in {homes}"


def _contested(session: Session, home: Mapping[int, str], pairs: PairsInForce) -> set[int]:
    """Records that verdicts of `same` tie to a contradiction in the queue: people have to settle it first."""
    tied: nx.Graph[int] = nx.Graph()
    tied.add_edges_from(pairs.same)
    query = select(col(Task.left_golden), col(Task.right_golden)).where(col(Task.kind) == "contradiction")
    clashing = {golden_id for row in session.execute(query) for golden_id in row}
    ends = [record for record in tied if home.get(record) in clashing]
    return {record for end in ends for record in nx.node_connected_component(tied, end)}


def holds_kept(hub: Hub, session: Session, check: Check) -> Iterator[str]:
    """No golden record joins what a hold keeps apart until a verdict ends it."""
    home = dict(session.execute(select(col(Membership.record_id), col(Membership.golden_id))).all())
    held = set(session.scalars(select(col(HoldRecord.record_id))))
    holds = holds_on(session, held)
    check.checked = len(holds)
    for hold in holding(holds, in_force(verdicts_on(session, held))):
        for left, right in hold.pairs(home):
            if home[left] == home[right]:
                yield f"{hold.id} still stands, but {home[left]} joins its records"


def tasks_current(hub: Hub, session: Session, check: Check) -> Iterator[str]:
    """Every task is about two current golden records."""
    current = set(
        session.scalars(select(col(GoldenRecord.golden_id)).where(col(GoldenRecord.state) == "active"))
    )
    for task in session.scalars(select(Task)):
        check.checked += 1
        if not {task.left_golden, task.right_golden} <= current:
            yield f"task {task.id} is about a golden record that is not current"
        if task.id != _proper_id(task):
            yield f"task {task.id} has a wrong id"


def tasks_weighed(hub: Hub, session: Session, check: Check) -> Iterator[str]:
    """Every task ranks by what its decision is worth."""
    stored = {row.id: row.rank for row in session.execute(select(col(Task.id), col(Task.rank)))}
    ranks = ranks_of(session, stored)
    check.checked = len(stored)
    for name, rank in sorted(stored.items()):
        if rank != ranks[name]:
            yield f"task {name} ranks at {rank}, but its decision is worth {-ranks[name]}"


def _proper_id(task: Task) -> str:
    if task.kind == OVERRIDE_CONFLICT:
        return override_task_id(task.entity_type, task.left_golden, task.cause)
    if task.kind == HIERARCHY_LOOP:
        return loop_task_id(task.entity_type, task.left_golden, task.cause, task.left_record)
    return task_id(task.entity_type, task.left_golden, task.right_golden)


def typed_rows_match(hub: Hub, session: Session, check: Check) -> Iterator[str]:
    """Every current golden record has one typed row that holds its values, and no other has one."""
    for entity_type in hub.registry:
        table = hub.golden_tables[entity_type.name]
        rows = {row.id: dict(row._mapping) for row in session.execute(select(table))}
        current = select(col(GoldenRecord.golden_id), col(GoldenRecord.cells)).where(
            col(GoldenRecord.entity_type) == entity_type.name, col(GoldenRecord.state) == "active"
        )
        for golden_id, cells in session.execute(current):
            check.checked += 1
            if rows.pop(golden_id, None) != row_of(entity_type, golden_id, cells):
                yield f"{golden_id} reads otherwise in {table.name}"
        for golden_id in rows:
            yield f"{table.name} holds {golden_id}, which is no current golden record"


def relations_follow(hub: Hub, session: Session, check: Check) -> Iterator[str]:
    """Every relation is a reference that a current golden record holds, and the other way round."""
    stored = select(
        col(Relation.from_id),
        col(Relation.attribute),
        col(Relation.from_type),
        col(Relation.to_id),
        col(Relation.to_type),
    )
    found = {tuple(row) for row in session.execute(stored)}
    held = set()
    for entity_type in hub.registry:
        current = select(col(GoldenRecord.golden_id), col(GoldenRecord.cells)).where(
            col(GoldenRecord.entity_type) == entity_type.name, col(GoldenRecord.state) == "active"
        )
        for golden_id, cells in session.execute(current):
            references = [a for a in entity_type.references if a.name in cells]
            held |= {
                (golden_id, a.name, entity_type.name, cells[a.name]["value"], a.target) for a in references
            }
    check.checked = len(held)
    for from_id, attribute, _, to_id, _ in sorted(held ^ found):
        yield f"the relation {attribute} from {from_id} to {to_id} is not what the golden records say"
