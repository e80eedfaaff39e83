"""The golden records around one, relation by relation, as far as they can be looked at."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlmodel import Session

from mdm.access.view import view_of
from mdm.history.relations import Related
from mdm.history.when import When
from mdm.query.hand_overs import hand_overs_around
from mdm.query.nearby import nearby
from mdm.store.decisions import IssuedId

if TYPE_CHECKING:
    from mdm.hub import Hub
    from mdm.lineage.graph import Graph

MOST_DRAWN = 200
"""Golden records in one graph at most: of more, neither a person nor a layout makes anything."""

EACH, FEWEST = 20, 5
"""Records drawn that refer to one by one attribute: next to where the graph begins, and far away.

Each relation on the way halves it: what is near is told whole, what is far is told of.
"""


@dataclass(frozen=True, slots=True)
class Reach:
    """How many relations away is drawn, and which moment."""

    depth: int
    when: When


def add_relations(hub: Hub, session: Session, graph: Graph, start: str, reach: Reach) -> set[str]:
    """The relations up to `depth` steps away, both ways; returns the golden records they lead to."""
    seen = frontier = {start: session.get_one(IssuedId, start).entity_type}
    complete = True
    for distance in range(reach.depth):
        near = nearby(hub, session, frontier, each=max(EACH >> distance, FEWEST), when=reach.when)
        handed_over = hand_overs_around(hub, session, frontier, near.relations, reach.when)
        found = {*near.relations, *_shown(session, handed_over)}
        ends = {one.from_id: one.from_type for one in found} | {one.to_id: one.to_type for one in found}
        reached = sorted(ends.keys() - seen.keys())
        room = MOST_DRAWN - len(seen)
        complete = complete and near.complete and len(reached) <= room
        frontier = {golden_id: ends[golden_id] for golden_id in reached[:room]}
        seen = seen | frontier
        _draw(graph, (one for one in found if one.from_id in seen and one.to_id in seen))
        if not frontier:
            break
    graph.graph["complete"] = complete
    return seen.keys() - {start}


def _shown(session: Session, found: Iterable[Related]) -> list[Related]:
    """Those between records that exist for whoever asks."""
    known = list(found)
    ends = view_of(session).visible(session, {end for one in known for end in (one.from_id, one.to_id)})
    return [one for one in known if {one.from_id, one.to_id} <= ends]


def _draw(graph: Graph, relations: Iterable[Related]) -> None:
    for relation in sorted(relations):
        key, label = f"relation:{relation.attribute}", relation.attribute.replace("_", " ")
        graph.add_edge(relation.from_id, relation.to_id, key=key, kind="relation", label=label)
