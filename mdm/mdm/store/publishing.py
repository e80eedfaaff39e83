"""Kept tables of publication: schedules and targets as they stand, the outbox, runs under lease, receipts."""

# SQLModel declares __tablename__ as a declared_attr, though its own documentation assigns a text.
# pyright: reportAssignmentType=false

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Column, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from mdm.store.column_types import Json, RowId, UtcDateTime, at_commit


class OutboxRow(SQLModel, table=True):
    """One committed change that one target has to hear of; written with the change."""

    __tablename__ = "outbox_row"
    __table_args__ = (
        UniqueConstraint("target", "event_number"),
        Index("ix_outbox_row_waiting", "target", "state", "golden_id"),
        Index("ix_outbox_row_golden", "target", "golden_id", "event_number"),
        CheckConstraint("state IN ('waiting', 'sent', 'superseded', 'held', 'dead')", name="state_is_known"),
    )

    id: int | None = Field(default=None, sa_column=Column(RowId, primary_key=True))
    target: str
    event_number: int = Field(sa_column=Column(RowId, at_commit("event.number"), nullable=False))
    event_id: str
    event_type: str
    entity_type: str
    golden_id: str
    version: int
    state: str = "waiting"
    """waiting, sent, superseded (a newer version was delivered), held (a task is open) or dead."""
    attempts: int = 0
    next_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    settled_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))


class PublicationTarget(SQLModel, table=True):
    """What the hub knows of a target's health; one row per target, locked while a run of it is claimed."""

    __tablename__ = "publication_target"

    name: str = Field(primary_key=True)
    seeded_types: list[str] = Field(default_factory=list, sa_column=Column(Json, nullable=False))
    """Entity types whose golden records, if older than the target, were queued for it."""
    failures: int = 0
    """Failed deliveries since the last success."""
    failing_since: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    paused_until: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    disabled_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    disabled_reason: str = ""


class ScheduleState(SQLModel, table=True):
    """How far a schedule's due times are enqueued; a changed schedule starts anew."""

    __tablename__ = "schedule_state"

    name: str = Field(primary_key=True)
    timetable: str
    """The cron line or interval and the time zone that `enqueued_until` belongs to."""
    enqueued_until: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))


class PublicationRun(SQLModel, table=True):
    """One due time of one schedule (or one call of `mdm publish`); the slot exists once, whoever ticks."""

    __tablename__ = "publication_run"
    __table_args__ = (UniqueConstraint("schedule", "due_at"), Index("ix_publication_run_state", "state"))

    id: int | None = Field(default=None, sa_column=Column(RowId, primary_key=True))
    schedule: str
    target: str
    due_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    kind: str = "scheduled"
    """scheduled, manual or retry."""
    state: str = "queued"
    """queued, running, done or failed."""
    up_to_event: int | None = Field(default=None, sa_column=Column(RowId))
    """The newest event the run covers; fixed when it starts, so that a second attempt covers the same."""
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
