"""The entity graph of one golden record's neighbourhood, as a networkx graph.

Nodes carry `kind`, `label` and `detail`; edges carry `kind` and `label` and point the way information flows:
source to source record to record version to golden record to delivery; a decision to what it decided; a
referring golden record to the one it refers to.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeAlias

import networkx as nx
from sqlalchemy import or_, select
from sqlmodel import Session, col

from mdm.golden_ids import resolve_id
from mdm.resolve.partition import verdicts_on
from mdm.store.chunks import rows_in
from mdm.store.decisions import IssuedId, Verdict
from mdm.store.derived import GoldenRecord, Membership, Relation
from mdm.store.publishing import Receipt
from mdm.store.records import RecordVersion, SourceRecord

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


def lineage(hub: Hub, session: Session, golden_id: str, *, depth: int = 1) -> Graph:
    """The lineage of one golden record.

    Args:
        golden_id: an id ever issued; a merged one leads to its survivor.
        depth: how many relations away golden records are drawn; 0 for the record alone.

    Raises:
        UnknownGoldenIdError: the id was never issued.
    """
    start = resolve_id(session, golden_id).golden_id
    graph: Graph = nx.MultiDiGraph(start=start)
    _add_relations(hub, session, graph, start, depth)
    _add_golden(hub, session, graph, start)
    records = _add_records(session, graph, start)
    _add_values(session, graph, start)
    _add_decisions(session, graph, start, records)
    _add_redirects(session, graph, start)
    _add_deliveries(session, graph, start)
    for node in graph:
        data = graph.nodes[node]
        data.update({name: printable(str(data[name])) for name in ("label", "detail")})
    return graph


def printable(text: str) -> str:
    """The text as XML and a terminal can hold it: characters that only control them are replaced."""
    return CONTROLS.sub("\ufffd", text)


def label_of(hub: Hub, entity_type: str, golden_id: str, cells: Mapping[str, Any]) -> str:
    """What people call a golden record: its label attribute, else its id."""
    declared = hub.registry[entity_type]
    names = ["given_name", declared.label] if declared.label == "family_name" else [declared.label]
    words = [str(cells[name]["value"]) for name in names if name in cells]
    return " ".join(words) or golden_id


def _add_golden(hub: Hub, session: Session, graph: Graph, golden_id: str) -> None:
    record = session.get(GoldenRecord, golden_id)
    if record is None:
        graph.add_node(golden_id, kind=NodeKind.golden, label=golden_id, detail="unknown")
        return
    detail = f"{record.entity_type} · {record.state} · version {record.version}"
    label = label_of(hub, record.entity_type, golden_id, record.cells)
    graph.add_node(golden_id, kind=NodeKind.golden, label=label, detail=detail, state=record.state)


def _add_relations(hub: Hub, session: Session, graph: Graph, start: str, depth: int) -> None:
    """Golden records up to `depth` relations away, both ways."""
    seen, frontier = {start}, {start}
    for _ in range(depth):
        around = or_(col(Relation.from_id).in_(sorted(frontier)), col(Relation.to_id).in_(sorted(frontier)))
        reached: set[str] = set()
        for relation in session.scalars(
            select(Relation).where(around).order_by(col(Relation.from_id), col(Relation.attribute))
        ):
            key = f"relation:{relation.attribute}"
            label = relation.attribute.replace("_", " ")
            graph.add_edge(relation.from_id, relation.to_id, key=key, kind="relation", label=label)
            reached |= {relation.from_id, relation.to_id}
        frontier = reached - seen
        seen |= reached
        if not frontier:
            break
    for golden_id in sorted(seen - {start}):
        _add_golden(hub, session, graph, golden_id)


def _add_records(session: Session, graph: Graph, golden_id: str) -> list[int]:
    """The golden record's source records, with their systems and versions."""
    query = (
        select(SourceRecord)
        .join(Membership, col(Membership.record_id) == col(SourceRecord.id))
        .where(col(Membership.golden_id) == golden_id)
        .order_by(col(SourceRecord.source), col(SourceRecord.source_key))
    )
    records = list(session.scalars(query))
    for record in records:
        source, node = f"source:{printable(record.source)}", f"record:{record.id}"
        graph.add_node(source, kind=NodeKind.source, label=record.source, detail="system")
        graph.add_node(
            node,
            kind=NodeKind.record,
            label=record.source_key,
            detail=record.source,
            current=record.current_version_id,
        )
        graph.add_edge(source, node, key="holds", kind="holds", label="")
    _add_versions(session, graph, records)
    return [record.id for record in records if record.id is not None]


def _add_versions(session: Session, graph: Graph, records: Sequence[SourceRecord]) -> None:
    rows = rows_in(session, select(RecordVersion), col(RecordVersion.record_id), [r.id for r in records])
    for version in sorted((row[0] for row in rows), key=lambda v: v.id or 0):
        node = f"version:{version.id}"
        moment = version.changed_at or version.received_at
        graph.add_node(
            node, kind=NodeKind.version, label=moment.strftime("%Y-%m-%d %H:%M"),
            detail="changed in the source" if version.changed_at else "received",
        )  # fmt: skip
        graph.add_edge(f"record:{version.record_id}", node, key="version", kind="version", label="")


def _add_values(session: Session, graph: Graph, golden_id: str) -> None:
    """From each record version to the golden record: the attributes it supplied."""
    record = session.get(GoldenRecord, golden_id)
    supplied: dict[str, list[str]] = {}
    for name, cell in (record.cells if record else {}).items():
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


def _add_decisions(session: Session, graph: Graph, golden_id: str, records: Iterable[int]) -> None:
    ids = [verdict.id for verdict in verdicts_on(session, set(records))]
    for row in rows_in(session, select(Verdict), col(Verdict.id), ids):
        verdict: Verdict = row[0]
        node = f"verdict:{verdict.id}"
        detail = f"{verdict.author}, {verdict.decided_at:%Y-%m-%d}" + (
            f": {verdict.reason}" if verdict.reason else ""
        )
        graph.add_node(node, kind=NodeKind.decision, label=f"said {verdict.answer}", detail=detail)
        graph.add_edge(node, golden_id, key="decides", kind="decides", label="")


def _add_redirects(session: Session, graph: Graph, golden_id: str) -> None:
    query = select(IssuedId).where(col(IssuedId.redirected_to) == golden_id).order_by(col(IssuedId.number))
    for issued in session.scalars(query):
        detail = f"{issued.entity_type} · merged into the current one"
        graph.add_node(
            issued.golden_id, kind=NodeKind.golden, label=issued.golden_id, detail=detail, state="merged"
        )
        graph.add_edge(issued.golden_id, golden_id, key="redirect", kind="redirect", label="merged into")


def _add_deliveries(session: Session, graph: Graph, golden_id: str) -> None:
    query = select(Receipt).where(col(Receipt.golden_id) == golden_id).order_by(col(Receipt.id))
    newest = {receipt.target: receipt for receipt in session.scalars(query)}
    for target in sorted(newest):
        receipt = newest[target]
        node = f"delivery:{printable(target)}"
        detail = f"version {receipt.version} {receipt.outcome} {receipt.at:%Y-%m-%d %H:%M}"
        graph.add_node(node, kind=NodeKind.delivery, label=target, detail=detail)
        graph.add_edge(golden_id, node, key="delivered", kind="delivered", label="")
