"""Walks a lineage graph one way only: where something came from, or what came of it."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import networkx as nx

if TYPE_CHECKING:
    from mdm.lineage.graph import Graph


class Direction(StrEnum):
    """Which way a graph is walked from where it begins."""

    both = "both"
    """Everything around."""
    upstream = "upstream"
    """What it came from: sources, their records and versions, decisions, merged ids, what refers to it."""
    downstream = "downstream"
    """What came of it: deliveries, and what it refers to."""


def walked(graph: Graph, direction: Direction) -> Graph:
    """The nodes that are reached along the edges, or against them, with every edge between them."""
    start = graph.graph["start"]
    if direction is Direction.both:
        return graph
    reached = nx.ancestors(graph, start) if direction is Direction.upstream else nx.descendants(graph, start)
    found: Graph = graph.subgraph({start, *reached}).copy()
    return found
