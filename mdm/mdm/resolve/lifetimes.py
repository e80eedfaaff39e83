"""Records whose things existed at different times are not the same, however alike they read.

A code that is issued again after years names another thing. Lives that only follow each other without a gap
may be one thing that was renamed; there, evidence decides. An id that is never issued again (an authority's,
or one that is declared so) bridges a gap: whoever holds it again is the same.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

import networkx as nx
from sqlalchemy import select
from sqlmodel import Session, col

from mdm.entities import EntityType
from mdm.resolve.timelines import timelines
from mdm.store.chunks import rows_in
from mdm.store.records import SourceRecord

Pair = tuple[int, int]


def apart_in_time(session: Session, entity_type: EntityType, pairs: Iterable[Pair]) -> set[Pair]:
    """Those of these pairs of records between whose lives there is a gap."""
    if entity_type.period is None or entity_type.match_key:
        return set()
    asked = set(pairs)
    lives = _lives(session, {record for pair in asked for record in pair})
    apart = {
        (one, other)
        for one, other in asked
        if one in lives and other in lives and _gap(lives[one], lives[other])
    }
    return apart - _bridged(session, entity_type, apart)


def apart_within(session: Session, entity_type: EntityType, edges: Iterable[Pair]) -> set[Pair]:
    """The pairs with a gap between their lives among records that these edges connect, however far."""
    if entity_type.period is None or entity_type.match_key:
        return set()
    graph: nx.Graph[int] = nx.Graph(list(edges))
    pairs = {
        (min(one, other), max(one, other))
        for part in nx.connected_components(graph)
        for one in part
        for other in part
        if one < other
    }
    return apart_in_time(session, entity_type, pairs)


def _lives(session: Session, record_ids: Iterable[int]) -> dict[int, tuple[date, date]]:
    """First day and first day after, of records that say when they hold."""
    return {
        record_id: (slices[0].valid_from or date.min, slices[-1].valid_to or date.max)
        for record_id, slices in timelines(session, record_ids).items()
        if slices
    }


def _bridged(session: Session, entity_type: EntityType, pairs: Collection[Pair]) -> set[Pair]:
    """Those of these pairs of records that hold one id which is never issued again."""
    lasting = [a.name for a in entity_type.attributes if a.evidence and a.lasting]
    if not lasting or not pairs:
        return set()
    query = select(col(SourceRecord.id), col(SourceRecord.claims))
    records = {record for pair in pairs for record in pair}
    held: dict[int, set[tuple[str, str]]] = {}
    for record, claims in rows_in(session, query, col(SourceRecord.id), records):
        stated = ((name, claims[name]) for name in lasting if name in claims and not claims[name]["f"])
        held[record] = {(name, str(claim["v"]).strip().casefold()) for name, claim in stated}
    return {(one, other) for one, other in pairs if held[one] & held[other]}


def _gap(one: tuple[date, date], other: tuple[date, date]) -> bool:
    return one[1] < other[0] or other[1] < one[0]
