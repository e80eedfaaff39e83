"""The entity graph of one golden record's neighbourhood, as a networkx graph.

Nodes carry `kind`, `label` and `detail`; edges carry `kind` and `label` and point the way information flows:
source to source record to record version to golden record to delivery; a decision to what it decided; a
referring golden record to the one it refers to.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias

import networkx as nx
from sqlalchemy import ColumnElement, bindparam, select
from sqlmodel import Session, col

from mdm.access.view import view_of
from mdm.folding import fold
from mdm.golden_ids import visible_id
from mdm.history.claims import versions_at
from mdm.history.tables import golden_at, membership_at, redirect_at
from mdm.history.verdicts import given_by
from mdm.history.when import NOW, When
from mdm.lineage.around import Reach, add_relations
from mdm.lineage.labels import labels_in_cells, labels_in_rows, open_cells
from mdm.store.chunks import Query, rows_in
from mdm.store.decisions import IssuedId
from mdm.store.publishing import Receipt
from mdm.store.records import SourceRecord

if TYPE_CHECKING:
    from mdm.hub import Hub

CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")

Graph: TypeAlias = "nx.MultiDiGraph[str]"
"""Node names are texts such as `record:12`; a golden record's node is its golden id."""


class NodeKind(StrEnum):
    """What a node of the lineage graph stands for."""

    source = "source"
    """A system."""
    record = "record"
    """A source record."""
    version = "version"
    """One version of a source record."""
    golden = "golden"
    """A golden record, current, merged or retired."""
    decision = "decision"
    """A verdict."""
    delivery = "delivery"
    """The newest receipt of one target."""


def lineage(hub: Hub, session: Session, golden_id: str, when: When = NOW, *, depth: int = 1) -> Graph:
    """The lineage of one golden record.

    Of the records that refer to it by one attribute the first 20 are drawn, of those that refer to a
    neighbour 10, farther away 5; and 200 golden records in all, the nearest first. The graph's attribute
    `complete` is False if others were left out.

    Args:
        golden_id: an id ever issued; a merged one leads to its survivor.
        when: as the hub would have drawn it at a moment, or as things are related on a day.
        depth: how many relations away golden records are drawn; 0 for the record alone.

    Raises:
        UnknownGoldenIdError: the id was never issued, or its record does not exist for whoever asks.
    """
    start = visible_id(session, view_of(session), golden_id, when).golden_id
    graph: Graph = nx.MultiDiGraph(start=start)
    around = add_relations(hub, session, graph, start, Reach(depth, when))
    cells = _add_golden(hub, session, graph, {start, *around}, when)
    records = _add_records(session, graph, start, when)
    _add_values(graph, start, cells.get(start, {}))
    _add_decisions(session, graph, start, records, when)
    _add_redirects(session, graph, start, when)
    _add_deliveries(session, graph, start, when)
    for node in graph:
        data = graph.nodes[node]
        data.update({name: printable(str(data[name])) for name in ("label", "detail")})
    return graph


def printable(text: str) -> str:
    """The text as XML and a terminal can hold it: characters that only control them are replaced."""
    return CONTROLS.sub("\ufffd", text)


def _add_golden(
    hub: Hub, session: Session, graph: Graph, golden_ids: Collection[str], when: When
) -> dict[str, dict[str, Any]]:
    """The nodes of golden records; returns the cells of the one it is about, as far as they may be seen."""
    start = graph.graph["start"]
    heads = _heads(session, golden_ids, when)
    types = {golden_id: hub.registry[head[0]] for golden_id, head in heads.items()}
    known = open_cells(hub, session, {start} if when.is_now else golden_ids, when)
    labels = labels_in_cells(types, known)
    if when.is_now:
        labels |= labels_in_rows(hub, session, {i: types[i] for i in types if i != start})
    for golden_id in sorted(golden_ids):
        if golden_id not in heads:
            graph.add_node(golden_id, kind=NodeKind.golden, label=golden_id, detail="unknown")
            continue
        entity_type, state, version = heads[golden_id]
        detail = f"{entity_type} · {state} · version {version}"
        label = labels.get(golden_id) or golden_id
        graph.add_node(golden_id, kind=NodeKind.golden, label=label, detail=detail, state=state)
    return {start: known.get(start, {})}


def _heads(session: Session, golden_ids: Collection[str], when: When) -> dict[str, tuple[str, str, int]]:
    query, column = _head(when)
    return {row[0]: (row[1], row[2], row[3]) for row in rows_in(session, query, column, golden_ids)}


@lru_cache(maxsize=64)
def _head(when: When) -> tuple[Query, ColumnElement[str]]:
    golden = golden_at(when)
    query = select(golden.c.golden_id, golden.c.entity_type, golden.c.state, golden.c.version)
    return query, golden.c.golden_id


def _add_records(session: Session, graph: Graph, golden_id: str, when: When) -> list[int]:
    """The golden record's source records, with their systems and versions."""
    session.flush()
    records = session.connection().execute(_sources(When(when.known_at)), {"asked": golden_id}).all()
    for record in records:
        source, node = f"source:{printable(record.source)}", f"record:{record.id}"
        graph.add_node(source, kind=NodeKind.source, label=record.source, detail="system")
        graph.add_node(
            node,
            kind=NodeKind.record,
            label=record.source_key,
            detail=record.source,
        )
        graph.add_edge(source, node, key="holds", kind="holds", label="")
    ids = [record.id for record in records]
    _add_versions(session, graph, ids, when)
    return ids


@lru_cache(maxsize=64)
def _sources(when: When) -> Query:
    membership = membership_at(when)
    return (
        select(col(SourceRecord.id), col(SourceRecord.source), col(SourceRecord.source_key))
        .join(membership, membership.c.record_id == col(SourceRecord.id))
        .where(membership.c.golden_id == bindparam("asked"))
        .order_by(col(SourceRecord.source), col(SourceRecord.source_key))
    )


def _add_versions(session: Session, graph: Graph, record_ids: Iterable[int], when: When) -> None:
    for record_id, versions in versions_at(session, record_ids, when).items():
        graph.nodes[f"record:{record_id}"]["current"] = fold(versions).current["id"]
        for version in sorted(versions, key=lambda v: int(v["id"])):
            node = f"version:{version['id']}"
            moment = version["changed_at"] or version["received_at"]
            graph.add_node(
                node, kind=NodeKind.version, label=moment.strftime("%Y-%m-%d %H:%M"),
                detail="changed in the source" if version["changed_at"] else "received",
            )  # fmt: skip
            graph.add_edge(f"record:{record_id}", node, key="version", kind="version", label="")


def _add_values(graph: Graph, golden_id: str, cells: Mapping[str, Any]) -> None:
    """From each record version to the golden record: the attributes it supplied."""
    supplied: dict[str, list[str]] = {}
    for name, cell in cells.items():
        supplied.setdefault(f"version:{cell['version']}", []).append(name)
    for node, names in supplied.items():
        if node in graph:
            graph.add_edge(
                node, golden_id, key="supplies", kind="supplies", label=", ".join(names), attributes=names
            )
    for node in [n for n, data in graph.nodes(data=True) if data["kind"] == NodeKind.record]:
        newest = f"version:{graph.nodes[node]['current']}"
        if newest in graph and not graph.has_edge(newest, golden_id):
            graph.add_edge(newest, golden_id, key="belongs", kind="belongs", label="")


def _add_decisions(
    session: Session, graph: Graph, golden_id: str, records: Iterable[int], when: When
) -> None:
    given = [verdict for verdict, superseded in given_by(session, records, when) if not superseded]
    for verdict in sorted(given, key=lambda v: v.id):
        node = f"verdict:{verdict.id}"
        detail = f"{verdict.author}, {verdict.decided_at:%Y-%m-%d}" + (
            f": {verdict.reason}" if verdict.reason else ""
        )
        graph.add_node(node, kind=NodeKind.decision, label=f"said {verdict.answer}", detail=detail)
        graph.add_edge(node, golden_id, key="decides", kind="decides", label="")


def _add_redirects(session: Session, graph: Graph, golden_id: str, when: When) -> None:
    merged = session.connection().execute(_merged_into(When(when.known_at)), {"asked": golden_id})
    for merged_id, entity_type in merged:
        detail = f"{entity_type} · merged into the current one"
        graph.add_node(merged_id, kind=NodeKind.golden, label=merged_id, detail=detail, state="merged")
        graph.add_edge(merged_id, golden_id, key="redirect", kind="redirect", label="merged into")


@lru_cache(maxsize=64)
def _merged_into(when: When) -> Query:
    query = select(col(IssuedId.golden_id), col(IssuedId.entity_type))
    return query.where(redirect_at(when) == bindparam("asked")).order_by(col(IssuedId.number))


def _add_deliveries(session: Session, graph: Graph, golden_id: str, when: When) -> None:
    receipts = session.connection().execute(_receipts(When(when.known_at)), {"asked": golden_id})
    newest = {receipt.target: receipt for receipt in receipts}
    for target in sorted(newest):
        receipt = newest[target]
        node = f"delivery:{printable(target)}"
        detail = f"version {receipt.version} {receipt.outcome} {receipt.at:%Y-%m-%d %H:%M}"
        graph.add_node(node, kind=NodeKind.delivery, label=target, detail=detail)
        graph.add_edge(golden_id, node, key="delivered", kind="delivered", label="")


@lru_cache(maxsize=64)
def _receipts(when: When) -> Query:
    query: Query = select(
        col(Receipt.target), col(Receipt.version), col(Receipt.outcome), col(Receipt.at).label("at")
    )
    if when.known_at is not None:
        query = query.where(col(Receipt.at) <= when.known_at)
    return query.where(col(Receipt.golden_id) == bindparam("asked")).order_by(col(Receipt.id))
