"""Trees of golden records: what lies under one and above it, what adds up, what took over from it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlmodel import Session

from mdm.entities import EntityType, Kind
from mdm.errors import QueryError
from mdm.golden_ids import resolve_id
from mdm.history.when import NOW, When
from mdm.query.conditions import Condition, Operator
from mdm.query.golden_row import GoldenRow
from mdm.query.pages import LARGEST, PageRequest, page
from mdm.query.records import golden_of_type
from mdm.query.related import Edge, edges_to
from mdm.store.chunks import chunks

if TYPE_CHECKING:
    from mdm.hub import Hub


@dataclass(frozen=True, slots=True)
class Node:
    """A golden record in a tree, and how many steps it is from the one asked for."""

    row: GoldenRow
    depth: int


@dataclass(frozen=True, slots=True)
class RollUp:
    """What refers to a tree of golden records.

    Attributes:
        nodes: the tree, the record asked for first.
        records: whatever refers to one of them, by id.
        totals: sums of the records' numbers, by attribute and currency ("" where they have none).
    """

    nodes: tuple[Node, ...]
    records: tuple[GoldenRow, ...]
    totals: dict[tuple[str, str], float]


def descendants(hub: Hub, session: Session, golden_id: str, when: When = NOW) -> tuple[Node, ...]:
    """A golden record and everything under it, level by level.

    Raises:
        UnknownGoldenIdError: the id was not issued, or not yet.
        QueryError: records of its type form no tree.
    """
    entity_type, start = _start(hub, session, golden_id, when)
    parent = _hierarchy(entity_type)
    found, level = [Node(row, 0) for row in start], list(start)
    seen, depth = {row.golden_id for row in start}, 0
    while level:
        depth += 1
        below = _referring(hub, session, entity_type.name, parent, [row.golden_id for row in level], when)
        level = [row for row in below if row.golden_id not in seen]
        seen |= {row.golden_id for row in level}
        found += [Node(row, depth) for row in level]
    return tuple(found)


def ancestors(hub: Hub, session: Session, golden_id: str, when: When = NOW) -> tuple[Node, ...]:
    """A golden record and what it lies under, up to the ultimate parent, which comes last."""
    entity_type, start = _start(hub, session, golden_id, when)
    parent = _hierarchy(entity_type)
    found: list[Node] = []
    seen: set[str] = set()
    while start and start[0].golden_id not in seen:
        found.append(Node(start[0], len(found)))
        seen.add(start[0].golden_id)
        above = start[0].values[parent]
        start = _rows(hub, session, entity_type, [above] if above else [], when)
    return tuple(found)


def roll_up(hub: Hub, session: Session, golden_id: str, edge: str, when: When = NOW) -> RollUp:
    """Everything that refers to a golden record or to something under it, and what its numbers add up to.

    Args:
        edge: the name of the reference as seen from the tree, such as `projects`.

    Raises:
        UnknownGoldenIdError: the id was not issued, or not yet.
        QueryError: the type has no such edge, or its records form no tree.
    """
    nodes = descendants(hub, session, golden_id, when)
    entity_type, _ = _start(hub, session, golden_id, when)
    found = _edge(hub, entity_type, edge)
    ids = [node.row.golden_id for node in nodes]
    rows = {
        row.golden_id: row for row in _referring(hub, session, found.referrer, found.attribute, ids, when)
    }
    records = tuple(rows[i] for i in sorted(rows))
    return RollUp(nodes, records, _totals(hub.registry[found.referrer], records))


def successors(hub: Hub, session: Session, golden_id: str, when: When = NOW) -> tuple[Node, ...]:
    """What took over from a golden record, and from that in turn: the parts of a split, or who absorbed it.

    Raises:
        UnknownGoldenIdError: the id was not issued, or not yet.
        QueryError: records of its type have no successors.
    """
    entity_type, level = _start(hub, session, golden_id, when)
    if not {"predecessor", "successor"} & entity_type.by_name.keys():
        raise QueryError(f"{entity_type.title} has neither predecessor nor successor; ask for another type.")
    found: list[Node] = []
    seen, depth = {row.golden_id for row in level}, 0
    while level:
        depth += 1
        ids = [row.golden_id for row in level]
        named = [str(row.values["successor"]) for row in level if row.values.get("successor")]
        after = [
            *_referring(hub, session, entity_type.name, "predecessor", ids, When(when.known_at)),
            *_rows(hub, session, entity_type, named, When(when.known_at)),
        ]
        level = list({row.golden_id: row for row in after if row.golden_id not in seen}.values())
        seen |= {row.golden_id for row in level}
        found += [Node(row, depth) for row in level]
    return tuple(found)


def _start(hub: Hub, session: Session, golden_id: str, when: When) -> tuple[EntityType, list[GoldenRow]]:
    found = resolve_id(session, golden_id, when)
    entity_type = hub.registry[found.entity_type]
    return entity_type, _rows(hub, session, entity_type, [found.golden_id], when)


def _rows(
    hub: Hub, session: Session, entity_type: EntityType, ids: Collection[str], when: When
) -> list[GoldenRow]:
    found = golden_of_type(hub, session, entity_type.name, ids, when)
    return [found[i] for i in sorted(found)]


def _hierarchy(entity_type: EntityType) -> str:
    for attribute in entity_type.references:
        if attribute.hierarchy:
            return attribute.name
    raise QueryError(f"{entity_type.title} has no parent, so its records form no tree; ask for another type.")


def _edge(hub: Hub, entity_type: EntityType, name: str) -> Edge:
    edges = {edge.name: edge for edge in edges_to(hub.registry, entity_type.name)}
    if name not in edges:
        raise QueryError(f"Nothing refers to {entity_type.name} as {name!r}; it has {', '.join(edges)}.")
    return edges[name]


def _referring(
    hub: Hub, session: Session, entity_type: str, attribute: str, ids: Collection[str], when: When
) -> Iterator[GoldenRow]:
    """Every record that refers to one of these by this attribute."""
    if attribute not in hub.registry[entity_type].by_name:
        return
    for part in chunks(ids, LARGEST):
        wanted = (Condition(attribute, Operator.in_, tuple(part)),)
        after: str | None = None
        while True:
            found = page(hub, session, entity_type, PageRequest(LARGEST, after, wanted, when=when))
            yield from found.rows
            if not found.has_next:
                break
            after = found.cursor(found.rows[-1])


def _totals(entity_type: EntityType, records: Collection[GoldenRow]) -> dict[tuple[str, str], float]:
    totals: dict[tuple[str, str], float] = {}
    for attribute in entity_type.attributes:
        for row in records if attribute.kind is Kind.number else ():
            if row.values.get(attribute.name) is not None:
                key = attribute.name, str(row.values.get("currency") or "")
                totals[key] = totals.get(key, 0.0) + float(row.values[attribute.name])
    return totals
