"""One golden record as the typed tables hold it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import FromClause, Row


@dataclass(frozen=True, slots=True)
class GoldenRow:
    """One golden record's values.

    Attributes:
        values: every attribute by name: text, float, date, list of texts, or a golden id for a reference;
            None if nobody claims it.
    """

    entity_type: str
    golden_id: str
    values: dict[str, Any]


def golden_rows(
    entity_type: str, table: FromClause, rows: Iterable[Row[*tuple[Any, ...]]]
) -> list[GoldenRow]:
    """The rows of a typed table; columns behind the table's own are left out."""
    names = [column.name for column in table.columns][1:]
    return [GoldenRow(entity_type, row[0], dict(zip(names, row[1:], strict=False))) for row in rows]
