"""Where the nodes of a lineage graph lie on the page: columns from left to right, as information flows."""

from __future__ import annotations

from dataclasses import dataclass

from mdm.lineage.graph import Graph, NodeKind

WIDTH, HEIGHT = 190, 44
"""Size of a node in pixels."""
GAP_X, GAP_Y, MARGIN = 110, 16, 24
COLUMNS: dict[NodeKind, int] = {
    NodeKind.source: 0, NodeKind.record: 1, NodeKind.version: 2, NodeKind.decision: 2, NodeKind.delivery: 4,
}  # fmt: skip
SHOWN = 24
"""Nodes per column; the rest become one node that says how many there are."""


@dataclass(frozen=True, slots=True)
class Box:
    """A node on the page: left and top in pixels, and what is written in it."""

    node: str
    kind: NodeKind
    x: int
    y: int
    label: str
    detail: str
    is_start: bool


@dataclass(frozen=True, slots=True)
class Arrow:
    """An edge on the page, from one box to another."""

    tail: Box
    head: Box
    kind: str
    label: str


@dataclass(frozen=True, slots=True)
class Page:
    """A drawing: its size in pixels, its boxes and arrows."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]


def lay_out(graph: Graph) -> Page:
    """The page of a lineage graph; the record asked for stands in the middle column."""
    columns: dict[int, list[str]] = {}
    for node, data in graph.nodes(data=True):
        columns.setdefault(_column(graph, node, NodeKind(data["kind"])), []).append(node)
    ordered = {column: _ordered(graph, nodes) for column, nodes in columns.items()}
    tallest = max((min(len(nodes), SHOWN + 1) for nodes in ordered.values()), default=1)
    height = tallest * (HEIGHT + GAP_Y) - GAP_Y + 2 * MARGIN
    boxes: dict[str, Box] = {}
    for place, column in enumerate(sorted(ordered)):
        _place(graph, ordered[column], place, height, boxes)
    width = len(ordered) * (WIDTH + GAP_X) - GAP_X + 2 * MARGIN
    arrows = tuple(
        Arrow(boxes[tail], boxes[head], data["kind"], data["label"])
        for tail, head, data in graph.edges(data=True)
        if tail in boxes and head in boxes
    )
    return Page(width, height, tuple(boxes.values()), arrows)


def _column(graph: Graph, node: str, kind: NodeKind) -> int:
    if kind is not NodeKind.golden:
        return COLUMNS[kind]
    if node == graph.graph["start"]:
        return 3
    return 2 if graph.nodes[node].get("state") == "merged" else 4


def _ordered(graph: Graph, nodes: list[str]) -> list[str]:
    """Nodes of one column so that those of one source or kind stand together."""
    return sorted(
        nodes,
        key=lambda node: (
            str(graph.nodes[node]["kind"]),
            _feeder(graph, node),
            str(graph.nodes[node]["label"]),
        ),
    )


def _feeder(graph: Graph, node: str) -> str:
    before = sorted(
        str(graph.nodes[p]["detail"]) + str(graph.nodes[p]["label"]) for p in graph.predecessors(node)
    )
    return before[0] if before else ""


def _place(graph: Graph, nodes: list[str], place: int, height: int, boxes: dict[str, Box]) -> None:
    shown = nodes if len(nodes) <= SHOWN + 1 else nodes[:SHOWN]
    count = len(shown) + (len(nodes) > len(shown))
    top = (height - count * (HEIGHT + GAP_Y) + GAP_Y) // 2
    x = MARGIN + place * (WIDTH + GAP_X)
    for row, node in enumerate(shown):
        data = graph.nodes[node]
        y = top + row * (HEIGHT + GAP_Y)
        is_start = node == graph.graph["start"]
        boxes[node] = Box(
            node, NodeKind(data["kind"]), x, y, str(data["label"]), str(data["detail"]), is_start
        )
    if len(nodes) > len(shown):
        y = top + len(shown) * (HEIGHT + GAP_Y)
        more = f"and {len(nodes) - len(shown)} more"
        boxes[f"more:{place}"] = Box(f"more:{place}", NodeKind.golden, x, y, more, "not drawn", False)
