"""Hierarchies without loops: who could be part of one, which claims are refused, and the tasks about them."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any

import networkx as nx
from sqlalchemy import and_, bindparam, func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from mdm.entities import Attribute, EntityType
from mdm.history.queue import drop_tasks, put_tasks
from mdm.resolve.loops import RefusedClaim, refuse_loops
from mdm.store.chunks import Query, rows_in
from mdm.store.decisions import IssuedId
from mdm.store.derived import Membership, RecordReference, Task
from mdm.store.records import SourceRecord
from mdm.survivorship import Choice, Claim, SourceOrder

HIERARCHY_LOOP = "hierarchy_loop"
"""The kind of these tasks; both sides are the record whose claim is refused, the cause is the attribute."""

Refused = Mapping[tuple[str, str], Collection[int]]
"""(golden id, attribute) to the source records whose claim of it is not applied."""


_IN_LOOPS = select(col(Task.left_golden)).where(
    col(Task.kind) == HIERARCHY_LOOP, col(Task.entity_type) == bindparam("entity_type")
)


def entangled(session: Session, entity_type: EntityType, golden_ids: Collection[str]) -> set[str]:
    """The golden records that could form a loop with these on any day, and those whose claims are refused."""
    if not hierarchies(entity_type):
        return set()
    session.flush()
    found = set(session.connection().scalars(_IN_LOOPS, {"entity_type": entity_type.name}))
    starts = {*golden_ids, *found}
    for attribute in hierarchies(entity_type):
        graph: nx.DiGraph[str] = nx.DiGraph()
        seen: set[str] = set()
        frontier = starts
        while frontier:
            edges = set(_claimed(session, entity_type, attribute, frontier))
            graph.add_edges_from(edges)
            seen |= frontier
            frontier = {parent for _, parent in edges} - seen
        for part in nx.strongly_connected_components(graph):
            found |= part if len(part) > 1 else set()
    return found


def hierarchies(entity_type: EntityType) -> tuple[Attribute, ...]:
    """The references that form a tree."""
    return tuple(a for a in entity_type.references if a.hierarchy)


@cache
def _claims(entity_type: str, attribute: str) -> tuple[Query, Any]:
    """(golden id, the one that it claims as parent), and the column of the former."""
    child, parent = aliased(Membership), aliased(Membership)
    last = col(SourceRecord.last_golden_id)
    led = func.coalesce(parent.golden_id, col(IssuedId.redirected_to), last)
    there = and_(
        col(SourceRecord.entity_type) == col(RecordReference.target_type),
        col(SourceRecord.source) == col(RecordReference.target_source),
        col(SourceRecord.source_key) == col(RecordReference.target_key),
    )
    query = (
        select(col(child.golden_id), led)
        .join(RecordReference, col(RecordReference.record_id) == col(child.record_id))
        .join(SourceRecord, there)
        .outerjoin(parent, col(parent.record_id) == col(SourceRecord.id))
        .outerjoin(IssuedId, col(IssuedId.golden_id) == last)
        .where(col(RecordReference.attribute) == attribute, col(child.entity_type) == entity_type)
    )
    return query, col(child.golden_id)


def _claimed(
    session: Session, entity_type: EntityType, attribute: Attribute, golden_ids: Collection[str]
) -> Iterable[tuple[str, str]]:
    """(child, parent) for every parent that a record of these golden records claims, on whatever day."""
    query, child = _claims(entity_type.name, attribute.name)
    for golden_id, parent_id in rows_in(session, query, child, golden_ids):
        if parent_id is not None and parent_id != golden_id:
            yield golden_id, parent_id


@dataclass(frozen=True, slots=True)
class Loop:
    """A refused claim, the attribute, and the first day of the loop; None if it would be there now."""

    attribute: str
    refused: RefusedClaim
    day: date | None


def loops_of(
    entity_type: EntityType,
    choices: Mapping[str, Mapping[str, Choice]],
    order: SourceOrder,
    day: date | None = None,
) -> list[Loop]:
    """The loops that these choices would close.

    Args:
        choices: golden id to attribute to choice, for all who could be part of a loop.
    """
    found = []
    for attribute in hierarchies(entity_type):
        ranked = {g: _ranked(own[attribute.name]) for g, own in choices.items() if attribute.name in own}
        for refused in refuse_loops(ranked, order).values():
            found += [Loop(attribute.name, one, day) for one in refused]
    return found


def _ranked(choice: Choice) -> list[Claim]:
    """The claims of a choice, best first; what a steward said gives way last."""
    if choice.override:
        return [replace(choice.claim, value=choice.value, changed_at=None)]
    return [choice.claim, *choice.beats]


def refused_by(loops: Iterable[Loop]) -> Refused:
    """The claims that these loops refuse."""
    found: dict[tuple[str, str], set[int]] = {}
    for loop in loops:
        found.setdefault((loop.refused.golden_id, loop.attribute), set()).add(loop.refused.claim.record_id)
    return found


_LOOPS = select(col(Task.left_golden), col(Task.cause), col(Task.left_record)).where(
    col(Task.kind) == HIERARCHY_LOOP
)
_ABOUT_LOOPS = select(col(Task.id)).where(col(Task.kind) == HIERARCHY_LOOP)


def stored_refused(session: Session, entity_type: EntityType, golden_ids: Collection[str]) -> Refused:
    """The claims that are not applied now, as the open tasks say."""
    if not hierarchies(entity_type):
        return {}
    rows = rows_in(session, _LOOPS, col(Task.left_golden), golden_ids)
    return refused_among(entity_type, ((row[0], row[1], row[2]) for row in rows))


def refused_among(entity_type: EntityType, loops: Iterable[tuple[str, str, int]]) -> Refused:
    """The claims that tasks about loops refuse: golden id, attribute and source record of each."""
    names = {a.name for a in hierarchies(entity_type)}
    found: dict[tuple[str, str], set[int]] = {}
    for golden_id, cause, record_id in loops:
        if cause in names:
            found.setdefault((golden_id, cause), set()).add(record_id)
    return found


def store_loop_tasks(
    session: Session, entity_type: EntityType, golden_ids: Collection[str], loops: Sequence[Loop]
) -> None:
    """Bring the tasks about loops in line for these golden records."""
    if not hierarchies(entity_type):
        return
    drop_loop_tasks(session, golden_ids)
    now = {(loop.refused.golden_id, loop.refused.claim) for loop in loops if loop.day is None}
    shown = [x for x in loops if x.day is None or (x.refused.golden_id, x.refused.claim) not in now]
    rows = {row["id"]: row for row in (_task(entity_type, loop) for loop in shown)}
    put_tasks(session, list(rows.values()))


def drop_loop_tasks(session: Session, golden_ids: Collection[str]) -> None:
    """Take the tasks about the refused claims of these golden records off the queue."""
    dropped = [row[0] for row in rows_in(session, _ABOUT_LOOPS, col(Task.left_golden), golden_ids)]
    drop_tasks(session, dropped)


def loop_task_id(entity_type: str, golden_id: str, cause: str, record_id: int) -> str:
    """The id of the task about one refused claim."""
    about = f"{entity_type}\x1f{HIERARCHY_LOOP}\x1f{golden_id}\x1f{cause}\x1f{record_id}"
    return "task-" + hashlib.sha256(about.encode()).hexdigest()[:12]


def _task(entity_type: EntityType, loop: Loop) -> dict[str, Any]:
    refused, claim = loop.refused, loop.refused.claim
    cause = loop.attribute if loop.day is None else f"{loop.attribute} {loop.day}"
    since = "" if loop.day is None else f" from {loop.day} on"
    text = (
        f"The {loop.attribute} that {claim.source}:{claim.source_key} names would close a loop{since}: "
        f"{' > '.join(refused.path)}. It is not applied; correct one of these references in its source."
    )
    return {
        "id": loop_task_id(entity_type.name, refused.golden_id, cause, claim.record_id),
        "entity_type": entity_type.name, "kind": HIERARCHY_LOOP, "cause": cause, "weight": 0.0,
        "left_golden": refused.golden_id, "right_golden": refused.golden_id,
        "left_record": claim.record_id, "right_record": claim.record_id,
        "text": text,
    }  # fmt: skip
