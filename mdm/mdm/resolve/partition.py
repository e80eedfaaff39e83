"""Which records are one thing: the components that a change touches, clustered anew under the verdicts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

import networkx as nx
import numpy as np
from numpy.typing import NDArray
from sqlmodel import Session

from mdm.entities import EntityType
from mdm.resolve.evidence import gather, live_keys, place_of
from mdm.resolve.forces import junk_among
from mdm.resolve.lifetimes import apart_within
from mdm.resolve.stored_edges import edges_of
from mdm.resolve.verdicts import Pair, PairsInForce, StandingVerdict, holding, holds_on, in_force, verdicts_on
from mdm_matching import Cut, Edges, MatchModel, cluster

if TYPE_CHECKING:
    from mdm.hub import Hub


HELD = "held"
HELD_TEXT = (
    "both golden records are published, or became alike when people merged what they refer to, "
    "so a person has to say whether they are one"
)


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


def repartition(
    hub: Hub, session: Session, entity_type: EntityType, model: MatchModel, touched: Collection[int]
) -> Partition:
    """The clusters of every component that holds one of the touched records."""
    members, edges, pairs = _component(session, model, touched)
    holds = holding(holds_on(session, members), pairs)
    held = {pair: hold for hold in holds for pair in hold.pairs(members)}
    # A record to which nothing leads is a cluster of its own, whatever it states.
    linked = {
        record
        for pair in ((edge[:2] for edge in edges), pairs.same, pairs.distinct, held)
        for record in chain.from_iterable(pair)
    } & members
    places = _places(session, members - linked)
    alone = [(place, (record,)) for record, place in places.items()]
    if not linked:
        return Partition(tuple(group for _, group in sorted(alone)), ())
    evidence = gather(session, entity_type, model, linked, hub.settings.matching.block_list)
    if not evidence.ids:
        return Partition(tuple(group for _, group in sorted(alone)), ())
    rows = evidence.rows
    inner = [(rows[a], rows[b], w) for a, b, w in edges if a in rows and b in rows]
    table = evidence.table
    if inner:
        table = table.mute(junk_among(session, entity_type, model, table))
    apart = apart_within(session, entity_type, [(a, b) for a, b, _ in edges]) - pairs.same.keys()
    clustering = cluster(
        model,
        table,
        evidence.order,
        _edges(inner),
        same=_rows_of(pairs.same, rows),
        distinct=_rows_of([*pairs.distinct, *held, *apart], rows),
    )
    groups: dict[int, list[int]] = {}
    for row, label in enumerate(clustering.labels.tolist()):
        groups.setdefault(label, []).append(evidence.ids[row])
    together = [(evidence.order[rows[group[0]]], tuple(group)) for group in groups.values()]
    return Partition(
        tuple(group for _, group in sorted(alone + together)),
        tuple(_cut(cut, evidence.ids, held) for cut in clustering.cuts),
    )


def _places(session: Session, record_ids: Collection[int]) -> dict[int, str]:
    """The live ones among these records, each with its place in the order of source and key."""
    return {row[0]: place_of(row[1], row[2]) for row in live_keys(session, record_ids)}


def _component(
    session: Session, model: MatchModel, touched: Collection[int]
) -> tuple[set[int], list[tuple[int, int, float]], PairsInForce]:
    """All records that strong edges or same-verdicts connect to the touched ones, with edges and verdicts."""
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
    pairs = in_force(verdicts.values(), members)
    return members, _inside(model, members, edges, pairs.same), pairs


def _inside(
    model: MatchModel,
    members: set[int],
    edges: Mapping[tuple[int, int], float],
    same: Iterable[Pair],
) -> list[tuple[int, int, float]]:
    """The edges within one component.

    What crosses components is the queue's matter, and must not depend on which components happen to be looked
    at together.
    """
    graph: nx.Graph[int] = nx.Graph()
    graph.add_edges_from(pair for pair, weight in edges.items() if weight >= model.match_threshold)
    graph.add_edges_from(same)
    component = {
        record: number for number, part in enumerate(nx.connected_components(graph)) for record in part
    }
    return [
        (a, b, w)
        for (a, b), w in sorted(edges.items())
        # A record of no component is alone, which no number of one says.
        if a in members and component.get(a, -a) == component.get(b, -b)
    ]


def _edges(inner: list[tuple[int, int, float]]) -> Edges:
    left, right, weight = zip(*inner, strict=True) if inner else ((), (), ())
    return Edges(np.array(left, np.int32), np.array(right, np.int32), np.array(weight, np.float64))


def _rows_of(pairs: Iterable[Pair], rows: Mapping[int, int]) -> NDArray[np.int64]:
    """These pairs of records as pairs of rows."""
    found = {(rows[a], rows[b]) for a, b in pairs if a in rows and b in rows}
    return np.array(sorted(found), np.int64).reshape(-1, 2)


def _cut(cut: Cut, ids: list[int], held: Mapping[Pair, StandingVerdict]) -> CutPair:
    left, right = sorted((ids[cut.left], ids[cut.right]))
    if (left, right) in held:
        return CutPair(left, right, float(cut.weight), HELD, HELD_TEXT)
    return CutPair(left, right, float(cut.weight), str(cut.cause), cut.text)
