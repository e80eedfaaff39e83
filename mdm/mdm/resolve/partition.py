"""Which records are one thing: the components that a change touches, clustered anew under the verdicts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import networkx as nx
import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlmodel import Session, col

from mdm.entities import EntityType
from mdm.resolve.edges import edges_of
from mdm.resolve.evidence import gather
from mdm.resolve.keys import junk_among
from mdm.store.chunks import rows_in
from mdm.store.decisions import Verdict, VerdictRecord
from mdm_matching import Cut, Edges, MatchModel, cluster

if TYPE_CHECKING:
    from mdm.hub import Hub


@dataclass(frozen=True, slots=True)
class CutPair:
    """Two records that evidence joins but that are kept apart, and why."""

    left_id: int
    right_id: int
    weight: float
    cause: str
    text: str


@dataclass(frozen=True, slots=True)
class Partition:
    """Live records in clusters, each in the order of source and key; and what was cut."""

    clusters: tuple[tuple[int, ...], ...]
    cuts: tuple[CutPair, ...]


@dataclass(frozen=True, slots=True)
class StandingVerdict:
    """A verdict in force: its records on the left and on the right."""

    id: str
    answer: str
    author: str
    fingerprint: str
    left: tuple[int, ...]
    right: tuple[int, ...]

    def separates(self, one: Collection[int], other: Collection[int]) -> bool:
        """Whether one group holds a record of one side and the other group one of the other side."""
        a, b = set(self.left), set(self.right)
        return bool(a.intersection(one) and b.intersection(other)) or bool(
            a.intersection(other) and b.intersection(one)
        )


def verdicts_on(session: Session, record_ids: Collection[int]) -> list[StandingVerdict]:
    """The verdicts in force that speak of any of these records."""
    named = select(col(VerdictRecord.verdict_id))
    ids = {row[0] for row in rows_in(session, named, col(VerdictRecord.record_id), record_ids)}
    query = (
        select(
            col(Verdict.id),
            col(Verdict.answer),
            col(Verdict.author),
            col(Verdict.fingerprint),
            col(VerdictRecord.record_id),
            col(VerdictRecord.side),
        )
        .join(VerdictRecord, col(VerdictRecord.verdict_id) == col(Verdict.id))
        .where(col(Verdict.superseded_by).is_(None))
    )
    sides: dict[str, tuple[list[int], list[int]]] = {}
    heads: dict[str, tuple[str, str, str]] = {}
    for verdict, answer, author, fingerprint, record, side in rows_in(session, query, col(Verdict.id), ids):
        heads[verdict] = (answer, author, fingerprint)
        sides.setdefault(verdict, ([], []))[side == "right"].append(record)
    return [
        StandingVerdict(v, *heads[v], tuple(sorted(sides[v][0])), tuple(sorted(sides[v][1])))
        for v in sorted(heads)
    ]


def repartition(
    hub: Hub, session: Session, entity_type: EntityType, model: MatchModel, touched: Collection[int]
) -> Partition:
    """The clusters of every component that holds one of the touched records."""
    members, edges, verdicts = _component(session, model, touched)
    evidence = gather(session, entity_type, model, members, hub.settings.matching.block_list)
    if not evidence.ids:
        return Partition((), ())
    rows = evidence.rows
    inner = [(rows[a], rows[b], w) for a, b, w in edges if a in rows and b in rows]
    table = evidence.table
    if inner:
        table = table.mute(junk_among(session, entity_type, model, table.block_keys()))
    clustering = cluster(
        model,
        table,
        evidence.order,
        _edges(inner),
        same=_pairs(verdicts, "same", rows),
        distinct=_pairs(verdicts, "distinct", rows),
    )
    groups: dict[int, list[int]] = {}
    for row, label in enumerate(clustering.labels.tolist()):
        groups.setdefault(label, []).append(evidence.ids[row])
    return Partition(
        tuple(tuple(group) for group in groups.values()),
        tuple(_cut(cut, evidence.ids) for cut in clustering.cuts),
    )


def _component(
    session: Session, model: MatchModel, touched: Collection[int]
) -> tuple[set[int], list[tuple[int, int, float]], list[StandingVerdict]]:
    """All records that strong edges or same-verdicts connect to the touched ones, with their edges."""
    members: set[int] = set()
    edges: dict[tuple[int, int], float] = {}
    verdicts: dict[str, StandingVerdict] = {}
    frontier = set(touched)
    while frontier:
        members |= frontier
        reached: set[int] = set()
        for left, right, weight in edges_of(session, frontier):
            edges[left, right] = weight
            if weight >= model.match_threshold:
                reached |= {left, right}
        for verdict in verdicts_on(session, frontier):
            verdicts[verdict.id] = verdict
            if verdict.answer == "same":
                reached |= {*verdict.left, *verdict.right}
        frontier = reached - members
    known = [verdicts[v] for v in sorted(verdicts)]
    return members, _inside(model, members, edges, known), known


def _inside(
    model: MatchModel,
    members: set[int],
    edges: Mapping[tuple[int, int], float],
    verdicts: Iterable[StandingVerdict],
) -> list[tuple[int, int, float]]:
    """The edges within one component.

    What crosses components is the queue's matter, and must not depend on which components happen to be looked
    at together.
    """
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(members)
    graph.add_edges_from(pair for pair, weight in edges.items() if weight >= model.match_threshold)
    graph.add_edges_from((a, b) for v in verdicts if v.answer == "same" for a in v.left for b in v.right)
    component = {
        record: number for number, part in enumerate(nx.connected_components(graph)) for record in part
    }
    return [
        (a, b, w)
        for (a, b), w in sorted(edges.items())
        if a in members and component.get(a) == component.get(b)
    ]


def _edges(inner: list[tuple[int, int, float]]) -> Edges:
    left, right, weight = zip(*inner, strict=True) if inner else ((), (), ())
    return Edges(np.array(left, np.int32), np.array(right, np.int32), np.array(weight, np.float64))


def _pairs(verdicts: Iterable[StandingVerdict], answer: str, rows: Mapping[int, int]) -> NDArray[np.int64]:
    """The pairs of rows that verdicts with this answer speak of."""
    found = {
        (rows[a], rows[b])
        for verdict in verdicts
        if verdict.answer == answer
        for a in verdict.left
        for b in verdict.right
        if a in rows and b in rows
    }
    return np.array(sorted(found), np.int64).reshape(-1, 2)


def _cut(cut: Cut, ids: list[int]) -> CutPair:
    left, right = sorted((ids[cut.left], ids[cut.right]))
    return CutPair(left, right, float(cut.weight), str(cut.cause), cut.text)
