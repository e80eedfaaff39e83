"""The crosswalk: which golden record each live source record belongs to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import select
from sqlmodel import Session, col

from mdm.store.derived import Membership
from mdm.store.records import SourceRecord

ROWS = 5000
"""Rows fetched at a time."""


class CrosswalkRow(NamedTuple):
    """One live source record and its golden id."""

    source: str
    source_key: str
    golden_id: str


def crosswalk(session: Session, entity_type: str) -> Iterator[CrosswalkRow]:
    """Every live source record of a type, by source and key."""
    query = (
        select(col(SourceRecord.source), col(SourceRecord.source_key), col(Membership.golden_id))
        .join(Membership, col(Membership.record_id) == col(SourceRecord.id))
        .where(col(SourceRecord.entity_type) == entity_type, col(SourceRecord.live).is_(True))
        .order_by(col(SourceRecord.source), col(SourceRecord.source_key))
        .execution_options(yield_per=ROWS)
    )
    for source, key, golden_id in session.execute(query):
        yield CrosswalkRow(source, key, golden_id)
