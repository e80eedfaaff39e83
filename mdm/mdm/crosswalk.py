"""The crosswalk: which golden record each live source record belongs to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import select
from sqlmodel import Session, col

from mdm.access.view import view_of
from mdm.history.tables import membership_at
from mdm.history.when import NOW, When
from mdm.store.records import SourceRecord

ROWS = 5000
"""Rows fetched at a time."""


class CrosswalkRow(NamedTuple):
    """One live source record and its golden id."""

    source: str
    source_key: str
    golden_id: str


def crosswalk(session: Session, entity_type: str, when: When = NOW) -> Iterator[CrosswalkRow]:
    """Every source record of a type that is live, or was at the moment asked for, by source and key."""
    membership = membership_at(when)
    query = (
        select(col(SourceRecord.source), col(SourceRecord.source_key), membership.c.golden_id)
        .join(membership, membership.c.record_id == col(SourceRecord.id))
        .where(col(SourceRecord.entity_type) == entity_type)
        .order_by(col(SourceRecord.source), col(SourceRecord.source_key))
        .execution_options(yield_per=ROWS)
    )
    view = view_of(session)
    for rows in session.execute(query).partitions():
        visible = view.visible(session, {row[2] for row in rows})
        yield from (CrosswalkRow(*row) for row in rows if row[2] in visible)
