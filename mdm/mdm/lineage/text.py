"""A lineage graph as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from mdm.lineage.graph import Graph, NodeKind


def to_text(graph: Graph) -> str:
    """The graph as an indented outline: the golden record, its sources, decisions, relations, deliveries."""
    start = graph.graph["start"]
    head = graph.nodes[start]
    lines = [f"{head['label']}  ({start}, {head['detail']})", *_sources(graph, start)]
    for title, rows in (
        ("decided by", _decisions(graph)),
        ("merged ids", _merged(graph, start)),
        ("refers to", _relations(graph, start, outward=True)),
        ("referred to by", _relations(graph, start, outward=False)),
        ("delivered to", _deliveries(graph)),
    ):
        found = list(rows)
        if found:
            lines += ["", title, *(f"  {row}" for row in found)]
    return "\n".join(lines)


def _nodes(graph: Graph, kind: NodeKind) -> list[str]:
    return sorted(
        (n for n, data in graph.nodes(data=True) if data["kind"] == kind),
        key=lambda n: str(graph.nodes[n]["label"]),
    )


def _sources(graph: Graph, start: str) -> Iterator[str]:
    for source in _nodes(graph, NodeKind.source):
        yield ""
        yield f"from {graph.nodes[source]['label']}"
        for record in sorted(graph.successors(source)):
            yield f"  record {graph.nodes[record]['label']}"
            for version in sorted(graph.successors(record), key=lambda n: int(n.split(":")[1])):
                data = graph.nodes[version]
                edge = graph.get_edge_data(version, start, key="supplies")
                yield f"    version of {data['label']}" + (f" supplies {edge['label']}" if edge else "")


def _decisions(graph: Graph) -> Iterator[str]:
    for node in _nodes(graph, NodeKind.decision):
        yield f"{graph.nodes[node]['label']} ({graph.nodes[node]['detail']})"


def _merged(graph: Graph, start: str) -> Iterator[str]:
    yield from sorted(
        tail for tail, _, data in graph.in_edges(start, data=True) if data["kind"] == "redirect"
    )


def _relations(graph: Graph, start: str, *, outward: bool) -> Iterator[str]:
    edges = graph.out_edges(start, data=True) if outward else graph.in_edges(start, data=True)
    rows = []
    for tail, head, data in edges:
        if data["kind"] == "relation":
            other = head if outward else tail
            rows.append(f"{data['label']}: {graph.nodes[other]['label']} ({other})")
    yield from sorted(rows)


def _deliveries(graph: Graph) -> Iterator[str]:
    for node in _nodes(graph, NodeKind.delivery):
        yield f"{graph.nodes[node]['label']}: {graph.nodes[node]['detail']}"
