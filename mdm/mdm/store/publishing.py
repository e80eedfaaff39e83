"""Kept tables of publication: the outbox, scheduled runs, deliveries and their receipts, leases."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from mdm.store.column_types import Json, RowId, UtcDateTime


class OutboxRow(SQLModel, table=True):
    """One committed change that one target has to hear of; written with the change."""

    __tablename__ = "outbox_row"
    __table_args__ = (
        UniqueConstraint("target", "event_number"),
        Index("ix_outbox_row_waiting", "target", "state", "golden_id"),
    )

    id: int | None = Field(default=None, sa_column=Column(RowId, primary_key=True))
    target: str
    event_number: int = Field(sa_column=Column(RowId, nullable=False))
    event_id: str
    event_type: str
    entity_type: str
    golden_id: str
    version: int
    state: str = "waiting"
    """waiting, sent, held or dead."""
    attempts: int = 0
    next_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    settled_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))


class PublicationRun(SQLModel, table=True):
    """One due time of one schedule (or one call of `mdm publish`); the slot exists once, whoever ticks."""

    __tablename__ = "publication_run"
    __table_args__ = (UniqueConstraint("schedule", "due_at"), Index("ix_publication_run_state", "state"))

    id: int | None = Field(default=None, sa_column=Column(RowId, primary_key=True))
    schedule: str
    target: str
    due_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    state: str = "queued"
    """queued, running, done or failed."""
    lease_owner: str = ""
    lease_until: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    fence: int = 0
    attempts: int = 0
    started_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    finished_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    counts: dict[str, int] = Field(default_factory=dict, sa_column=Column(Json, nullable=False))
    message: str = ""


class Receipt(SQLModel, table=True):
    """The outcome of one delivery attempt."""

    __tablename__ = "receipt"
    __table_args__ = (Index("ix_receipt_golden", "golden_id"), Index("ix_receipt_target", "target"))

    id: int | None = Field(default=None, sa_column=Column(RowId, primary_key=True))
    target: str
    run_id: int | None = Field(default=None, sa_column=Column(RowId))
    golden_id: str
    entity_type: str
    version: int
    event_id: str
    attempt: int
    outcome: str
    """delivered, failed, held or dead."""
    at: datetime = Field(sa_column=Column("answered_at", UtcDateTime, nullable=False))
    details: dict[str, Any] = Field(default_factory=dict, sa_column=Column(Json, nullable=False))
