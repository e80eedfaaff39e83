"""One typed table per entity type, `golden_client` and its like, from which any BI tool reads golden values.

Derived from the declarations: created and altered at start, filled from the golden records' cells.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import JSON, Column, Date, Float, Index, MetaData, String, Table, inspect, select
from sqlalchemy.engine import Inspector
from sqlalchemy.types import TypeDecorator, TypeEngine
from sqlmodel import Session, col

from mdm.entities import Attribute, EntityRegistry, EntityType, Kind
from mdm.failpoints import reach
from mdm.store.bulk import add_rows, drop_rows
from mdm.store.column_types import Json
from mdm.store.derived import GoldenRecord


def _column_type(attribute: Attribute) -> TypeEngine[Any]:
    match attribute.kind:
        case Kind.number:
            return Float()
        case Kind.date:
            return Date()
        case Kind.texts:
            return Json()
        case _:
            return String()


def typed_value(attribute: Attribute, value: Any) -> Any:
    """A cell's value as the typed table and the API hold it: dates as dates, numbers as numbers.

    A value stated while the attribute was declared otherwise, and which it cannot hold now, reads as None.
    """
    if value is None:
        return None
    try:
        match attribute.kind:
            case Kind.date:
                return date.fromisoformat(str(value))
            case Kind.number:
                return value if isinstance(value, int | float) else float(str(value))
            case Kind.texts:
                return value if isinstance(value, list) else [str(value)]
            case _:
                return ", ".join(value) if isinstance(value, list) else str(value)
    except ValueError:
        return None


class GoldenTables:
    """The typed tables by entity type: column `id` is the golden id, then one column per attribute."""

    def __init__(self, registry: EntityRegistry) -> None:
        self._registry = registry
        self._metadata = MetaData()
        self._tables = {t.name: self._table(t) for t in registry}

    def __getitem__(self, entity_type: str) -> Table:
        return self._tables[entity_type]

    def _table(self, entity_type: EntityType) -> Table:
        columns = [Column(a.name, _column_type(a)) for a in entity_type.attributes]
        indexed = dict.fromkeys(
            [entity_type.label, entity_type.code_attribute, *(a.name for a in entity_type.references)]
        )
        name = f"golden_{entity_type.name}"
        indexes = [Index(f"ix_{name}_{column}", column) for column in indexed if column]
        return Table(name, self._metadata, Column("id", String, primary_key=True), *columns, *indexes)

    def fit(self, session: Session) -> bool:
        """Whether every table is there and has the columns of its declaration."""
        inspector = inspect(session.connection())
        existing = set(inspector.get_table_names())
        return all(t.name in existing and _columns(inspector, t) for t in self._tables.values())

    def prepare(self, session: Session) -> None:
        """Create the tables that are missing; make anew and refill those whose declaration has changed."""
        connection = session.connection()
        inspector = inspect(connection)
        existing = set(inspector.get_table_names())
        for entity_type in self._registry:
            table = self._tables[entity_type.name]
            if table.name in existing:
                if _columns(inspector, table):
                    continue
                table.drop(connection)
            table.create(connection)
            reach("migrate.after_golden_table")
            self.refill(session, entity_type)

    def refill(self, session: Session, entity_type: EntityType) -> None:
        """Fill one table from the golden records' cells."""
        session.execute(self._tables[entity_type.name].delete())
        query = select(col(GoldenRecord.golden_id), col(GoldenRecord.cells)).where(
            col(GoldenRecord.entity_type) == entity_type.name, col(GoldenRecord.state) == "active"
        )
        self.insert(session, entity_type, dict(session.execute(query).all()))

    def insert(
        self, session: Session, entity_type: EntityType, golden: Mapping[str, Mapping[str, Any]]
    ) -> None:
        """Add rows: golden id to cells."""
        rows = [row_of(entity_type, golden_id, cells) for golden_id, cells in golden.items()]
        add_rows(session, self._tables[entity_type.name], rows)

    def remove(self, session: Session, entity_type: EntityType, golden_ids: Iterable[str]) -> None:
        """Take rows out."""
        drop_rows(session, self._tables[entity_type.name], "id", golden_ids)


def _columns(inspector: Inspector, table: Table) -> bool:
    """Whether the stored table has these columns, in order, each of the declared kind."""
    stored = [(column["name"], _family(column["type"])) for column in inspector.get_columns(table.name)]
    return stored == [(column.name, _family(column.type)) for column in table.columns]


def _family(kind: TypeEngine[Any]) -> str:
    plain = kind.impl_instance if isinstance(kind, TypeDecorator) else kind
    return next((family.__name__ for family in (Float, Date, JSON, String) if isinstance(plain, family)), "")


def row_of(entity_type: EntityType, golden_id: str, cells: Mapping[str, Any]) -> dict[str, Any]:
    """The typed row of one golden record."""
    row: dict[str, Any] = {"id": golden_id}
    for attribute in entity_type.attributes:
        cell = cells.get(attribute.name)
        row[attribute.name] = typed_value(attribute, cell["value"]) if cell else None
    return row
