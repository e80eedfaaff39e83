"""A lineage graph as a document for other tools: GraphML and Cytoscape JSON."""

from __future__ import annotations

import json
from io import BytesIO

import networkx as nx

from mdm.lineage.graph import Graph


def to_graphml(graph: Graph) -> bytes:
    """The graph as GraphML, as Gephi and yEd read it."""
    out = BytesIO()
    nx.write_graphml(_plain(graph), out)
    return out.getvalue()


def to_json(graph: Graph) -> str:
    """The graph as Cytoscape JSON: `elements.nodes` and `elements.edges`."""
    return json.dumps(nx.cytoscape_data(_plain(graph)), ensure_ascii=False, indent=2, default=str)


def _plain(graph: Graph) -> Graph:
    """The same graph with texts and numbers only, which is all that GraphML holds."""
    plain: Graph = nx.MultiDiGraph()
    plain.graph.update({name: str(value) for name, value in graph.graph.items()})
    for node, data in graph.nodes(data=True):
        plain.add_node(node, **{name: str(value) for name, value in data.items() if value is not None})
    for tail, head, key, data in graph.edges(keys=True, data=True):
        plain.add_edge(
            tail, head, key=key, **{name: str(value) for name, value in data.items() if name != "attributes"}
        )
    return plain
