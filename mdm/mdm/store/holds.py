"""Kept tables of holds: what policy keeps apart until a person decides."""

# SQLModel declares __tablename__ as a declared_attr, though its own documentation assigns a text.
# pyright: reportAssignmentType=false

from datetime import datetime

from sqlalchemy import Column, ForeignKey, Index, PrimaryKeyConstraint
from sqlmodel import Field, SQLModel

from mdm.store.column_types import RowId, UtcDateTime


class Hold(SQLModel, table=True):
    """Two golden records that evidence would join and policy keeps apart until a person decides.

    Append-only; it ends with a verdict about a pair across it, or with what it was written because of.
    """

    __tablename__ = "hold"

    id: str = Field(primary_key=True)
    entity_type: str
    at: datetime = Field(sa_column=Column("held_at", UtcDateTime, nullable=False))
    event_number: int = Field(sa_column=Column(RowId, nullable=False))
    because: str | None = Field(default=None, sa_column=Column(ForeignKey("verdict.id"), index=True))
    """The verdict that made the two alike; it stands as long as people join its sides. None: for good."""


class HoldRecord(SQLModel, table=True):
    """The source records of the two golden records that a hold keeps apart."""

    __tablename__ = "hold_record"
    __table_args__ = (
        PrimaryKeyConstraint("hold_id", "record_id"),
        Index("ix_hold_record_record", "record_id"),
    )

    hold_id: str = Field(sa_column=Column(ForeignKey("hold.id"), nullable=False))
    record_id: int = Field(sa_column=Column(RowId, ForeignKey("source_record.id"), nullable=False))
    side: str
    """left or right."""
