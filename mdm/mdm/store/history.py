"""Kept tables of what the hub said when: memberships, redirects, the queue, periods of golden records."""

# SQLModel declares __tablename__ as a declared_attr, though its own documentation assigns a text.
# pyright: reportAssignmentType=false

from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, Date, ForeignKey, Index, PrimaryKeyConstraint
from sqlmodel import Field, SQLModel

from mdm.store.column_types import Json, RowId, UtcDateTime


class RecordLink(SQLModel, table=True):
    """From a moment on, a source record belongs to a golden record; append-only.

    The newest entry of a record is its row in the crosswalk.
    """

    __tablename__ = "record_link"
    __table_args__ = (
        Index("ix_record_link_record", "record_id", "id"),
        Index("ix_record_link_golden", "golden_id", "record_id"),
    )

    id: int | None = Field(default=None, sa_column=Column(RowId, primary_key=True))
    record_id: int = Field(sa_column=Column(RowId, ForeignKey("source_record.id"), nullable=False))
    entity_type: str
    golden_id: str | None = None
    """None: it left and belongs to none."""
    at: datetime = Field(sa_column=Column("linked_at", UtcDateTime, nullable=False))
    model: str = ""
    """Version of the match model in force; it explains, and is never a condition."""
    created: bool = False
    """Whether the golden record was made for this record."""


class IdRedirect(SQLModel, table=True):
    """From a moment on, a golden id leads to another one, or to itself again; append-only."""

    __tablename__ = "id_redirect"
    __table_args__ = (Index("ix_id_redirect_golden", "golden_id", "id"),)

    id: int | None = Field(default=None, sa_column=Column(RowId, primary_key=True))
    golden_id: str
    into: str | None = Field(default=None, sa_column_kwargs={"name": "redirected_to"})
    at: datetime = Field(sa_column=Column("redirected_at", UtcDateTime, nullable=False))


class TaskEntry(SQLModel, table=True):
    """From a moment on, a task waits in the queue as this says, or no longer waits; append-only."""

    __tablename__ = "task_entry"
    __table_args__ = (Index("ix_task_entry_task", "task_id", "id"),)

    id: int | None = Field(default=None, sa_column=Column(RowId, primary_key=True))
    task_id: str
    at: datetime = Field(sa_column=Column("noted_at", UtcDateTime, nullable=False))
    entity_type: str
    kind: str
    """As in the queue; empty: it left the queue."""
    left_golden: str
    right_golden: str
    left_record: int = Field(sa_column=Column(RowId, nullable=False))
    right_record: int = Field(sa_column=Column(RowId, nullable=False))
    weight: float
    cause: str
    text: str


class GoldenPeriod(SQLModel, table=True):
    """What a version of a golden record says of one period of valid time; append-only, like its version.

    Only versions whose values depend on the date have periods. They are disjoint; a date that none of them
    holds is one at which the thing did not exist.
    """

    __tablename__ = "golden_period"
    __table_args__ = (PrimaryKeyConstraint("golden_id", "version", "number"),)

    golden_id: str
    version: int
    number: int
    """Their order, from 0."""
    valid_from: date | None = Field(default=None, sa_column=Column(Date))
    """First day; None: since ever."""
    valid_to: date | None = Field(default=None, sa_column=Column(Date))
    """First day after; None: for good."""
    cells: dict[str, Any] = Field(default_factory=dict, sa_column=Column(Json, nullable=False))
