"""The edge table: which pairs of source records are kept, found by their ends."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from sqlalchemy import bindparam, delete, select
from sqlmodel import Session, col

from mdm.store.bulk import drop_rows
from mdm.store.chunks import rows_in
from mdm.store.derived import Edge

_EDGES = select(col(Edge.left_id), col(Edge.right_id), col(Edge.weight))


def edges_of(
    session: Session, record_ids: Collection[int], at_least: float = -np.inf
) -> list[tuple[int, int, float]]:
    """(left, right, weight) of every edge at one of these records, in order."""
    return sorted(
        {
            (left, right, weight)
            for end in (col(Edge.left_id), col(Edge.right_id))
            for left, right, weight in rows_in(session, _EDGES, end, record_ids)
            if weight >= at_least
        }
    )


def drop_edges(session: Session, record_ids: Collection[int]) -> set[int]:
    """Delete the edges of these records; returns the records at both ends of them."""
    neighbours = {i for left, right, _ in edges_of(session, record_ids) for i in (left, right)}
    for end in ("left_id", "right_id"):
        drop_rows(session, Edge, end, record_ids)
    return neighbours


def drop_pairs(session: Session, pairs: Collection[tuple[int, int]]) -> None:
    """Delete the edges of these pairs, the smaller id first."""
    if not pairs:
        return
    table = Edge.__table__  # type: ignore[attr-defined]  # SQLModel hides it
    this = (table.c.left_id == bindparam("one")) & (table.c.right_id == bindparam("other"))
    rows = [{"one": one, "other": other} for one, other in sorted(pairs)]
    session.connection().execute(delete(table).where(this), rows)
