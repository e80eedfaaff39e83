"""The policy on published golden records: evidence alone does not merge two that others already hold.

Where evidence would, a hold is written on the source records of both. Holds are kept, and an input of the
partition as verdicts are, so that a replay gives the same; one ends with a verdict about a pair across it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

import networkx as nx
from sqlalchemy import exists, select
from sqlmodel import Session, col

from mdm.entities import EntityType
from mdm.failpoints import reach
from mdm.resolve.ledger import subscribers_of
from mdm.resolve.partition import Partition, repartition
from mdm.resolve.verdicts import in_force, verdicts_on
from mdm.store.chunks import rows_in
from mdm.store.derived import Membership
from mdm.store.holds import Hold, HoldRecord
from mdm.store.publishing import Receipt
from mdm.unit_of_work import UnitOfWork
from mdm_matching import MatchModel


@dataclass(frozen=True, slots=True)
class _Meeting:
    """Two published golden records whose records one cluster would hold, with all records of each."""

    left: tuple[int, ...]
    right: tuple[int, ...]


def partition_under_policy(
    uow: UnitOfWork, entity_type: EntityType, model: MatchModel, touched: Collection[int]
) -> Partition:
    """The clusters of what was touched, after every hold that the policy asks for.

    A hold may send a record to another published golden record, so this goes on until no new one is needed.
    """
    while True:
        partition = repartition(uow.hub, uow.session, entity_type, model, touched)
        if uow.hub.settings.matching.merge_published == "auto" or not _anything_published(uow, entity_type):
            return partition
        meetings = list(_meetings(uow.session, partition))
        if not meetings:
            return partition
        for meeting in meetings:
            _hold(uow, entity_type, meeting)
        uow.session.flush()
        reach("hold.after_hold_before_partition")


def _anything_published(uow: UnitOfWork, entity_type: EntityType) -> bool:
    delivered = (col(Receipt.entity_type) == entity_type.name) & (col(Receipt.outcome) == "delivered")
    return bool(uow.session.scalar(select(exists().where(delivered))))


def _meetings(session: Session, partition: Partition) -> Iterator[_Meeting]:
    """The published golden records that evidence alone would bring into one cluster, pair by pair."""
    records = {record for cluster in partition.clusters if len(cluster) > 1 for record in cluster}
    query = select(col(Membership.record_id), col(Membership.golden_id))
    home = {row[0]: row[1] for row in rows_in(session, query, col(Membership.record_id), records)}
    published = subscribers_of(session, set(home.values())).keys()
    for cluster in partition.clusters:
        here = {home[record] for record in cluster if record in home}
        if len(here & published) > 1:
            members = _members(session, here)
            joined = _joined_by_people(session, members)
            for one, other in combinations(sorted(here & published), 2):
                if not nx.has_path(joined, one, other):
                    yield _Meeting(members[one], members[other])


def _joined_by_people(session: Session, members: Mapping[str, tuple[int, ...]]) -> nx.Graph[str]:
    """Golden records, connected where a person said that a record of one is the same as one of another."""
    home = {record: golden_id for golden_id, records in members.items() for record in records}
    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from(members)
    graph.add_edges_from((home[a], home[b]) for a, b in in_force(verdicts_on(session, home), home).same)
    return graph


def _members(session: Session, golden_ids: Collection[str]) -> dict[str, tuple[int, ...]]:
    query = select(col(Membership.golden_id), col(Membership.record_id))
    found: dict[str, list[int]] = {}
    for golden_id, record_id in rows_in(session, query, col(Membership.golden_id), golden_ids):
        found.setdefault(golden_id, []).append(record_id)
    return {golden_id: tuple(sorted(records)) for golden_id, records in found.items()}


def _hold(uow: UnitOfWork, entity_type: EntityType, meeting: _Meeting) -> None:
    details = {"left": list(meeting.left), "right": list(meeting.right)}
    number = uow.emit("merge.held", entity_type.name, "records", details)
    name = f"hold-{hashlib.sha256(f'{number}:{uow.now.isoformat()}'.encode()).hexdigest()[:12]}"
    uow.session.add(Hold(id=name, entity_type=entity_type.name, at=uow.now, event_number=number))
    uow.session.flush()
    uow.session.add_all(
        HoldRecord(hold_id=name, record_id=record, side=side)
        for side, records in (("left", meeting.left), ("right", meeting.right))
        for record in records
    )
