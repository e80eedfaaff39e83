"""The policy on golden records that evidence alone does not merge: a person has to say that they are one.

These are two that others already hold, as the settings say, and two that became alike only when people merged
what they refer to, such as equal projects of two clients. Where evidence would merge them, a hold is written
on the source records of both. Holds are kept, and an input of the partition as verdicts are, so that a replay
gives the same; one ends with a verdict about a pair across it. What people's merges made alike is held only
as long as people still join what they merged: an undo, an unmerge or an expiry ends the hold.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import networkx as nx
from sqlalchemy import bindparam, exists, select
from sqlmodel import Session, col

from mdm.entities import EntityType
from mdm.failpoints import reach
from mdm.golden_ids import golden_ids_of, members_of
from mdm.resolve.identity import Assignment
from mdm.resolve.ledger import subscribers_of
from mdm.resolve.partition import Partition, repartition
from mdm.resolve.verdicts import in_force, verdicts_on
from mdm.store.chunks import rows_in
from mdm.store.decisions import VerdictRecord
from mdm.store.holds import Hold, HoldRecord
from mdm.store.publishing import Receipt
from mdm.unit_of_work import UnitOfWork
from mdm_matching import MatchModel


@dataclass(frozen=True, slots=True)
class _Meeting:
    """Two guarded golden records whose records one cluster would hold, with all records of each.

    Attributes:
        because: the verdict that made them alike; None if they are guarded because they are published.
    """

    left: tuple[int, ...]
    right: tuple[int, ...]
    because: str | None


def partition_under_policy(
    uow: UnitOfWork,
    entity_type: EntityType,
    model: MatchModel,
    touched: Collection[int],
    alike_by_people: Mapping[int, str] | None = None,
) -> Partition:
    """The clusters of what was touched, after every hold that the policy asks for.

    A hold may send a record to another guarded golden record, so this goes on until no new one is needed.

    Args:
        alike_by_people: records whose evidence changed because people merged what they refer to, each with
            the verdict that did it.
    """
    wary = alike_by_people or {}
    published = uow.hub.settings.matching.merge_published != "auto" and _anything_published(uow, entity_type)
    while True:
        partition = repartition(uow.hub, uow.session, entity_type, model, touched)
        if not published and not wary:
            return partition
        meetings = list(_meetings(uow.session, partition, wary, published=published))
        if not meetings:
            return partition
        for meeting in meetings:
            _hold(uow, entity_type, meeting)
        uow.session.flush()
        reach("hold.after_hold_before_partition")


_PUBLISHED = select(
    exists().where(col(Receipt.entity_type) == bindparam("entity_type"), col(Receipt.outcome) == "delivered")
)


def _anything_published(uow: UnitOfWork, entity_type: EntityType) -> bool:
    return bool(uow.session.connection().scalar(_PUBLISHED, {"entity_type": entity_type.name}))


def _meetings(
    session: Session, partition: Partition, wary: Mapping[int, str], *, published: bool
) -> Iterator[_Meeting]:
    """The guarded golden records that evidence alone would bring into one cluster, pair by pair."""
    records = {record for cluster in partition.clusters if len(cluster) > 1 for record in cluster}
    home = golden_ids_of(session, records)
    held_by_others = subscribers_of(session, set(home.values())).keys() if published else set[str]()
    made_alike = {home[record]: wary[record] for record in sorted(wary) if record in home}
    for cluster in partition.clusters:
        here = {home[record] for record in cluster if record in home}
        pairs = [
            (one, other)
            for one, other in combinations(sorted(here), 2)
            if {one, other} <= held_by_others or {one, other} & made_alike.keys()
        ]
        if not pairs:
            continue
        members = members_of(session, here)
        joined = _joined_by_people(session, members)
        for one, other in pairs:
            if not nx.has_path(joined, one, other):
                because = made_alike.get(one) or made_alike.get(other)
                yield _Meeting(tuple(members[one]), tuple(members[other]), because)


def moved_by_people(session: Session, assignment: Assignment) -> dict[int, str]:
    """The records that have another golden id now because people said that two things are one.

    Returns:
        record id to the newest verdict that joined two golden records in its own.
    """
    moved = assignment.moved
    then = {record: golden for golden, records in assignment.before.items() for record in records}
    found: dict[int, str] = {}
    for records in assignment.members.values():
        if moved.isdisjoint(records) or len({then[r] for r in records if r in then}) < 2:
            continue
        same = in_force(verdicts_on(session, records), records).same
        joining = [v for (one, other), v in same.items() if then.get(one) != then.get(other)]
        if joining:
            newest = max(joining, key=lambda v: (v.number, v.id))
            found |= dict.fromkeys(moved.intersection(records), newest.id)
    return found


_BECAUSE_OF_SOMETHING = select(exists().where(col(Hold.because).is_not(None)))


def held_because_of(session: Session, record_ids: Collection[int]) -> dict[str, set[int]]:
    """The records, by entity type, of holds that stand or fall with what people said of these records."""
    if not session.connection().scalar(_BECAUSE_OF_SOMETHING):
        return {}
    said = select(col(VerdictRecord.verdict_id))
    verdicts = {row[0] for row in rows_in(session, said, col(VerdictRecord.record_id), record_ids)}
    held = select(col(Hold.entity_type), col(HoldRecord.record_id)).join(
        HoldRecord, col(HoldRecord.hold_id) == col(Hold.id)
    )
    found: defaultdict[str, set[int]] = defaultdict(set)
    for entity_type, record in rows_in(session, held, col(Hold.because), verdicts):
        found[entity_type].add(record)
    return found


def _joined_by_people(session: Session, members: Mapping[str, Sequence[int]]) -> nx.Graph[str]:
    """Golden records, connected where a person said that a record of one is the same as one of another."""
    home = {record: golden_id for golden_id, records in members.items() for record in records}
    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from(members)
    graph.add_edges_from((home[a], home[b]) for a, b in in_force(verdicts_on(session, home), home).same)
    return graph


def _hold(uow: UnitOfWork, entity_type: EntityType, meeting: _Meeting) -> None:
    details = {"left": list(meeting.left), "right": list(meeting.right)}
    number = uow.emit("merge.held", entity_type.name, "records", details)
    name = f"hold-{hashlib.sha256(f'{number}:{uow.now.isoformat()}'.encode()).hexdigest()[:12]}"
    uow.session.add(
        Hold(id=name, entity_type=entity_type.name, at=uow.now, event_number=number, because=meeting.because)
    )
    uow.session.flush()
    uow.session.add_all(
        HoldRecord(hold_id=name, record_id=record, side=side)
        for side, records in (("left", meeting.left), ("right", meeting.right))
        for record in records
    )
