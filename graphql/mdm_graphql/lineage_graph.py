"""The lineage graph of a golden record as typed nodes and edges."""

# Strawberry reads the annotations of this module, so they stay as written.
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

import strawberry
from sqlmodel import Session

from mdm.errors import QueryError
from mdm.history.when import NOW, When
from mdm_graphql.reader import Reader

DEEPEST = 3
"""Relations that a graph reaches at most."""

MOST_GRAPHS = 20
"""Graphs that one level of a query may ask for: each is several statements."""


@strawberry.type(description="A node of a lineage graph.")
class LineageNode:
    """What stands there, in words."""

    id: str = strawberry.field(description="Name within the graph; of a golden record its golden id.")
    kind: str = strawberry.field(description="source, record, version, golden, decision or delivery.")
    label: str = strawberry.field(description="What people call it.")
    detail: str = strawberry.field(description="One line more.")


@strawberry.type(description="An edge of a lineage graph; it points the way information flows.")
class LineageEdge:
    """From one node to another."""

    tail: str = strawberry.field(name="from", description="Id of the node it leaves.")
    head: str = strawberry.field(name="to", description="Id of the node it leads to.")
    kind: str = strawberry.field(
        description="holds, version, supplies, belongs, decides, relation, redirect or delivered."
    )
    label: str = strawberry.field(description="The attributes supplied, or the name of the relation.")


@strawberry.type(
    description="Where a golden record came from, what decided, what it is related to, where it went."
)
class LineageGraph:
    """The neighbourhood of one golden record."""

    start: str = strawberry.field(description="Id of the node that was asked for.")
    nodes: list[LineageNode] = strawberry.field(description="By id.")
    edges: list[LineageEdge] = strawberry.field(description="By their ends.")
    complete: bool = strawberry.field(
        description="False if records were left out: by one attribute the first 20 that refer to it are "
        "drawn, 10 that refer to a neighbour, 5 farther away; and 200 golden records in all, nearest first."
    )


@strawberry.enum(description="Which way a lineage graph is walked from its record.")
class LineageDirection(Enum):
    """The three ways."""

    BOTH = strawberry.enum_value("both", description="Everything around.")
    UPSTREAM = strawberry.enum_value(
        "upstream", description="What it came from: sources, their records, decisions, merged ids, referrers."
    )
    DOWNSTREAM = strawberry.enum_value(
        "downstream", description="What came of it: deliveries, and what it refers to."
    )


@dataclass(frozen=True, slots=True)
class LineageOf:
    """The lineage graphs of golden records; direction is a word of `mdm.lineage.Direction`."""

    depth: int
    direction: str = "both"
    when: When = NOW

    def __call__(self, reader: Reader, session: Session, keys: Sequence[str]) -> Mapping[str, LineageGraph]:
        if not 0 <= self.depth <= DEEPEST:
            raise QueryError(f"lineage has the depth {self.depth}, but it reaches 0 to {DEEPEST} relations.")
        if len(keys) > MOST_GRAPHS:
            raise QueryError(
                f"The operation asks for the lineage of {len(keys)} records; "
                f"ask for {MOST_GRAPHS} or fewer at once."
            )
        # networkx takes half a second to import, and most operations draw nothing.
        from mdm.lineage import Direction, lineage, walked

        direction = Direction(self.direction)
        drawn = {key: lineage(reader.hub, session, key, self.when, depth=self.depth) for key in keys}
        return {key: _typed(walked(graph, direction)) for key, graph in drawn.items()}


def _typed(graph: Any) -> LineageGraph:
    return LineageGraph(
        start=graph.graph["start"],
        complete=graph.graph["complete"],
        nodes=[
            LineageNode(id=node, kind=str(said["kind"]), label=str(said["label"]), detail=str(said["detail"]))
            for node, said in sorted(graph.nodes(data=True))
        ],
        edges=[
            LineageEdge(tail=tail, head=head, kind=str(said["kind"]), label=str(said["label"]))
            for tail, head, said in sorted(
                graph.edges(data=True), key=lambda edge: (edge[0], edge[1], edge[2]["label"])
            )
        ],
    )
