"""Kept tables of what sources said: loads, source records, their versions, and rows in quarantine."""

# SQLModel declares __tablename__ as a declared_attr, though its own documentation assigns a text.
# pyright: reportAssignmentType=false

from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, Date, ForeignKey, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from mdm.store.column_types import Json, RowId, UtcDateTime


class Load(SQLModel, table=True):
    """One reading of one file or call: who, when, how many rows, how it ended."""

    __tablename__ = "load"

    id: int | None = Field(default=None, sa_column=Column(RowId, primary_key=True))
    source: str
    entity_type: str
    origin: str
    author: str
    started_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    finished_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    counts: dict[str, int] = Field(default_factory=dict, sa_column=Column(Json, nullable=False))


class SourceRecord(SQLModel, table=True):
    """One row of one source, under its key. Never deleted: `live` turns false when the source deletes it."""

    __tablename__ = "source_record"
    __table_args__ = (
        UniqueConstraint("entity_type", "source", "source_key"),
        Index("ix_source_record_source_key", "source", "source_key"),
    )

    id: int | None = Field(default=None, sa_column=Column(RowId, primary_key=True))
    entity_type: str
    source: str
    source_key: str
    live: bool = True
    current_version_id: int | None = Field(default=None, sa_column=Column(RowId))
    # The claims that stand: attribute -> {"v": value, "w": version id that stated it first, "t": changed_at,
    # "f": flag}.
    claims: dict[str, dict[str, Any]] = Field(default_factory=dict, sa_column=Column(Json, nullable=False))
    effective_on: date | None = Field(default=None, sa_column=Column(Date))
    """The day for which these claims stand; None if no row of it says when it holds."""
    changes_on: date | None = Field(default=None, sa_column=Column(Date, index=True))
    """The next day on which others stand."""
    last_golden_id: str | None = Field(default=None, index=True)
    """The golden record it belonged to when it was deleted, so that references to it still lead somewhere."""
    first_seen_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    last_changed_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))


class RecordVersion(SQLModel, table=True):
    """One version of a source record as it was received; append-only."""

    __tablename__ = "record_version"
    __table_args__ = (Index("ix_record_version_record", "record_id"),)

    id: int | None = Field(default=None, sa_column=Column(RowId, primary_key=True))
    record_id: int = Field(sa_column=Column(RowId, ForeignKey("source_record.id"), nullable=False))
    content_hash: str
    """Equal for equal content; blank once the record is erased."""
    salt: str = ""
    """Random; gone once the record is erased, so that nobody can guess from the seal what was received."""
    seal: str = ""
    """Hash of salt and content hash; the event of the batch vouches for it, also after an erasure."""
    changed_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    received_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    load_id: int | None = Field(default=None, sa_column=Column(RowId, ForeignKey("load.id")))
    deleted: bool = False
    # attribute -> value; None where the source states a blank; absent where the row lacks the attribute.
    values: dict[str, Any] = Field(default_factory=dict, sa_column=Column("stated", Json, nullable=False))
    flags: dict[str, str] = Field(default_factory=dict, sa_column=Column(Json, nullable=False))


class QuarantinedRow(SQLModel, table=True):
    """A row that could not be taken in, with its place and the reason; replayed once the cause is mended."""

    __tablename__ = "quarantined_row"
    __table_args__ = (UniqueConstraint("source", "entity_type", "origin", "row_number", "row_hash"),)

    id: int | None = Field(default=None, sa_column=Column(RowId, primary_key=True))
    source: str
    entity_type: str
    origin: str
    row_number: int
    row_hash: str
    reason: str
    column_name: str = ""
    row: dict[str, Any] = Field(default_factory=dict, sa_column=Column("raw_row", Json, nullable=False))
    mapping: str = ""
    state: str = "waiting"
    received_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    settled_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
