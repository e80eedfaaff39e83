"""Golden records as rows of a table: golden id, attributes, state."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from mdm.entities import EntityType, Kind
from mdm.export.writing import Column
from mdm.store.derived import GoldenRecord

ROWS = 2000
"""Rows fetched at a time."""

TYPES = {Kind.number: "DOUBLE", Kind.date: "DATE", Kind.texts: "VARCHAR[]"}


def golden_columns(entity_type: EntityType) -> list[Column]:
    """The columns of an export, in order; references hold golden ids."""
    attributes = [Column(a.name, TYPES.get(a.kind, "VARCHAR")) for a in entity_type.attributes]
    return [Column("golden_id"), *attributes, Column("state")]


def golden_rows(
    session: Session, entity_type: EntityType, *, with_ended: bool = False
) -> Iterator[dict[str, Any]]:
    """The golden records of a type by id.

    Args:
        with_ended: also those that were merged into another or retired.
    """
    query = select(col(GoldenRecord.golden_id), col(GoldenRecord.state), col(GoldenRecord.cells))
    query = query.where(col(GoldenRecord.entity_type) == entity_type.name)
    if not with_ended:
        query = query.where(col(GoldenRecord.state) == "active")
    query = query.order_by(col(GoldenRecord.golden_id)).execution_options(yield_per=ROWS)
    for golden_id, state, cells in session.execute(query):
        values = {a.name: cells[a.name]["value"] if a.name in cells else None for a in entity_type.attributes}
        yield {"golden_id": golden_id, **values, "state": state}
