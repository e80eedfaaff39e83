"""Kept tables of who may come in, and of who read what is classified."""

# SQLModel declares __tablename__ as a declared_attr, though its own documentation assigns a text.
# pyright: reportAssignmentType=false

from datetime import datetime
from typing import Any

from sqlalchemy import Column, Index, String
from sqlmodel import Field, SQLModel

from mdm.store.column_types import Json, RowId, UtcDateTime


class ApiKey(SQLModel, table=True):
    """A key of a person or program. Never deleted, so that what it did keeps a name; holds no secret."""

    __tablename__ = "api_key"

    id: str = Field(primary_key=True)
    """The eight characters that are shown of it."""
    hash: str = Field(sa_column=Column("secret_hash", String, nullable=False))
    """SHA-256 of the whole key: its secret has 256 random bits, so a slow hash would add nothing."""
    name: str
    grant: dict[str, Any] = Field(default_factory=dict, sa_column=Column("granted", Json, nullable=False))
    """Roles, domains, classes and rows, as `Grant` writes them."""
    created_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    created_by: str
    expires_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    revoked_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    rotated_from: str | None = None


class ClassifiedRead(SQLModel, table=True):
    """Somebody read classified attributes of golden records; append-only, without the values."""

    __tablename__ = "classified_read"
    __table_args__ = (
        Index("ix_classified_read_reader", "reader", "read_at"),
        Index("ix_classified_read_at", "read_at"),
    )

    id: int | None = Field(default=None, sa_column=Column(RowId, primary_key=True))
    at: datetime = Field(sa_column=Column("read_at", UtcDateTime, nullable=False))
    reader: str
    key_id: str = ""
    request_id: str = ""
    entity_type: str
    attribute: str
    golden_ids: list[str] = Field(default_factory=list, sa_column=Column(Json, nullable=False))
