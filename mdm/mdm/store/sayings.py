"""Kept tables of what stewards said about golden values: overrides and bans; append-only."""

# SQLModel declares __tablename__ as a declared_attr, though its own documentation assigns a text.
# pyright: reportAssignmentType=false

from datetime import datetime
from typing import Any

from sqlalchemy import Column, Index
from sqlmodel import Field, SQLModel

from mdm.store.column_types import Json, UtcDateTime


class Override(SQLModel, table=True):
    """A steward's own value for one attribute of one golden record; ended, but never changed."""

    __tablename__ = "override"
    __table_args__ = (Index("ix_override_golden", "golden_id"),)

    id: str = Field(primary_key=True)
    entity_type: str
    golden_id: str
    """The id it was made on; when that is redirected, the override is a proposal on the survivor."""
    attribute: str
    value: Any = Field(default=None, sa_column=Column(Json, nullable=False))
    basis: dict[str, Any] = Field(default_factory=dict, sa_column=Column(Json, nullable=False))
    """What the sources said at that time: {"claims": {"source:key": value}, "version": newest version id}."""
    lifetime: str
    """forever, basis, date or next_write."""
    until: datetime | None = Field(default=None, sa_column=Column("until_at", UtcDateTime))
    author: str
    reason: str = ""
    at: datetime = Field(sa_column=Column("said_at", UtcDateTime, nullable=False))
    ended_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    ended_by: str | None = None
    """What ended it: the id of the override that took its place, or removed-<event number>."""


class BannedValue(SQLModel, table=True):
    """A value that a golden record must not take for an attribute, whoever states it."""

    __tablename__ = "banned_value"
    __table_args__ = (Index("ix_banned_value_golden", "golden_id"),)

    id: str = Field(primary_key=True)
    entity_type: str
    golden_id: str
    attribute: str
    value: str
    author: str
    reason: str = ""
    at: datetime = Field(sa_column=Column("said_at", UtcDateTime, nullable=False))
    ended_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    ended_by: str | None = None
    """removed-<event number> once it was taken back."""
