"""Column types that mean the same on SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, DateTime, ForeignKey, Integer
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

# SQLite gives an automatic row id only to INTEGER PRIMARY KEY.
RowId = BigInteger().with_variant(Integer, "sqlite")


def at_commit(target: str) -> ForeignKey:
    """A foreign key that is held at commit, so that rows of one transaction may come in any order."""
    return ForeignKey(target, deferrable=True, initially="DEFERRED")


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime in UTC; a naive one is refused at the door."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To the database, in UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a datetime without a zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """From the database; SQLite forgets the zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Json(TypeDecorator[Any]):
    """A JSON document; JSON null and SQL NULL are the same."""

    impl = JSON(none_as_null=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Plain JSON keeps the text as written, so that equal documents are equal bytes."""
        return dialect.type_descriptor(JSON(none_as_null=True))
