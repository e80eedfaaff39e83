"""What people call the golden records of a lineage graph."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import FromClause, select
from sqlmodel import Session

from mdm.access.view import view_of
from mdm.entities import EntityType
from mdm.history.tables import golden_at
from mdm.history.when import When
from mdm.stewardship.labels import label_of
from mdm.store.chunks import Query, rows_in
from mdm_matching.semantics import GivenName

if TYPE_CHECKING:
    from mdm.hub import Hub


def open_cells(
    hub: Hub, session: Session, golden_ids: Collection[str], when: When
) -> dict[str, dict[str, Any]]:
    """The cells of golden records at a moment, as far as they may be seen."""
    golden, view = golden_at(when), view_of(session)
    query = select(golden.c.golden_id, golden.c.entity_type, golden.c.cells)
    rows = rows_in(session, query, golden.c.golden_id, golden_ids)
    return {golden_id: view.open_part(hub.registry[name], cells) for golden_id, name, cells in rows}


def labels_in_cells(
    types: Mapping[str, EntityType], cells: Mapping[str, Mapping[str, Any]]
) -> dict[str, str]:
    """The labels of golden records by what their cells hold."""
    return {
        golden_id: label_of(types[golden_id], {name: cell["value"] for name, cell in own.items()})
        for golden_id, own in cells.items()
    }


def labels_in_rows(hub: Hub, session: Session, types: Mapping[str, EntityType]) -> dict[str, str]:
    """The labels of current golden records; of those two or three values are read, not all of them."""
    view = view_of(session)
    by_type: defaultdict[str, list[str]] = defaultdict(list)
    for golden_id, entity_type in types.items():
        by_type[entity_type.name].append(golden_id)
    found: dict[str, str] = {}
    for name, ids in sorted(by_type.items()):
        entity_type, table = hub.registry[name], hub.golden_tables[name]
        named = tuple(a for a in _naming(entity_type) if a not in view.masked(entity_type))
        for golden_id, *values in rows_in(session, _named(table, named), table.c.id, ids):
            found[golden_id] = label_of(entity_type, dict(zip(named, values, strict=True)))
    return found


@lru_cache(maxsize=256)
def _named(table: FromClause, attributes: tuple[str, ...]) -> Query:
    return select(table.c.id, *(table.c[name] for name in attributes))


def _naming(entity_type: EntityType) -> list[str]:
    """The attributes that a label is made of."""
    given = [a.name for a in entity_type.attributes if isinstance(a.semantic, GivenName)]
    return list(
        dict.fromkeys(name for name in (entity_type.label, entity_type.code_attribute, *given) if name)
    )
