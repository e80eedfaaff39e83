"""Golden records as rows of a table: golden id, attributes, state."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from mdm.access.view import view_of
from mdm.entities import EntityType, Kind
from mdm.export.writing import Column
from mdm.history.tables import golden_at
from mdm.history.when import NOW, When

ROWS = 2000
"""Rows fetched at a time."""

TYPES = {Kind.number: "DOUBLE", Kind.date: "DATE", Kind.texts: "VARCHAR[]"}


def golden_columns(entity_type: EntityType) -> list[Column]:
    """The columns of an export, in order; references hold golden ids."""
    attributes = [Column(a.name, TYPES.get(a.kind, "VARCHAR")) for a in entity_type.attributes]
    return [Column("golden_id"), *attributes, Column("state")]


def golden_rows(
    session: Session, entity_type: EntityType, when: When = NOW, *, with_ended: bool = False
) -> Iterator[dict[str, Any]]:
    """The golden records of a type by id; of a masked attribute every row has None.

    Args:
        when: as they were known at a moment, or held on a day.
        with_ended: also those that were merged into another or retired.
    """
    golden = golden_at(when)
    query = select(golden.c.golden_id, golden.c.state, golden.c.cells)
    query = query.where(golden.c.entity_type == entity_type.name)
    if not with_ended:
        query = query.where(golden.c.state == "active")
    query = query.order_by(golden.c.golden_id).execution_options(yield_per=ROWS)
    view = view_of(session)
    for rows in session.execute(query).partitions():
        visible = view.visible(session, [row[0] for row in rows])
        shown = view.shown(session, entity_type, {row[0]: row[2] for row in rows if row[0] in visible})
        states = {row[0]: row[1] for row in rows}
        for golden_id, cells in shown.items():
            values = {
                a.name: cells[a.name]["value"] if a.name in cells else None for a in entity_type.attributes
            }
            view.note(entity_type, cells, [golden_id])
            yield {"golden_id": golden_id, **values, "state": states[golden_id]}
