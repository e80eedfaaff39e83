"""Kept tables of what people decided and which golden ids were issued."""

# SQLModel declares __tablename__ as a declared_attr, though its own documentation assigns a text.
# pyright: reportAssignmentType=false

from datetime import datetime
from typing import Any

from sqlalchemy import Column, ForeignKey, Index, PrimaryKeyConstraint, String, UniqueConstraint
from sqlmodel import Field, SQLModel

from mdm.store.column_types import Json, RowId, UtcDateTime, at_commit


class Verdict(SQLModel, table=True):
    """What a person said about source records; append-only, superseded but never changed."""

    __tablename__ = "verdict"

    id: str = Field(primary_key=True)
    entity_type: str
    answer: str
    """same, distinct or unsure."""
    certain: bool = False
    reason: str = ""
    author: str
    decided_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    fingerprint: str = ""
    """Hash of the evidence that the person saw."""
    basis: dict[str, Any] = Field(default_factory=dict, sa_column=Column(Json, nullable=False))
    superseded_by: str | None = None
    """The verdict that took its place, or withdrawn-N or expired-N after the event that ended it."""
    contested: bool = False
    """Said against a verdict that stands: not in force, but a task until somebody settles it."""
    until: datetime | None = Field(default=None, sa_column=Column("until_at", UtcDateTime, index=True))
    """When it ends by itself; None for never."""


class VerdictRecord(SQLModel, table=True):
    """The source records a verdict speaks of, on its left or right side."""

    __tablename__ = "verdict_record"
    __table_args__ = (
        PrimaryKeyConstraint("verdict_id", "record_id"),
        Index("ix_verdict_record_record", "record_id"),
    )

    verdict_id: str = Field(sa_column=Column(ForeignKey("verdict.id"), nullable=False))
    record_id: int = Field(sa_column=Column(RowId, ForeignKey("source_record.id"), nullable=False))
    side: str
    """left or right."""


class IssuedId(SQLModel, table=True):
    """The ledger of golden ids: every id ever issued, and the source record that it stays with."""

    __tablename__ = "issued_id"
    __table_args__ = (
        Index("ix_issued_id_anchor", "anchor_record_id"),
        UniqueConstraint("entity_type", "number"),
    )

    golden_id: str = Field(primary_key=True)
    entity_type: str
    number: int
    """Order of issue within the type; the older id survives a merge."""
    anchor_record_id: int = Field(sa_column=Column(RowId, ForeignKey("source_record.id"), nullable=False))
    issued_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    redirected_to: str | None = Field(default=None, index=True)
    redirected_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    redirect_cause: str = ""
    merged_into: str | None = None
    """The id it was merged into itself; `redirected_to` is where that leads now, in one hop."""
    own_records: list[int] = Field(default_factory=list, sa_column=Column(Json, nullable=False))
    """The source records that were its own when it was redirected; empty while it is current."""
    version: int = 0
    """The golden record's version, raised by one with every change."""


class GoldenVersion(SQLModel, table=True):
    """The history of golden records: what each looked like from an event on; append-only."""

    __tablename__ = "golden_version"
    __table_args__ = (PrimaryKeyConstraint("golden_id", "version"),)

    golden_id: str = Field(sa_column=Column(String, at_commit("issued_id.golden_id"), nullable=False))
    version: int
    event_number: int = Field(sa_column=Column(RowId, at_commit("event.number"), nullable=False))
    at: datetime = Field(sa_column=Column("known_at", UtcDateTime, nullable=False))
    state: str
    cells: dict[str, Any] = Field(default_factory=dict, sa_column=Column(Json, nullable=False))
    records: list[int] = Field(default_factory=list, sa_column=Column("record_ids", Json, nullable=False))


class TaskNote(SQLModel, table=True):
    """What a steward wrote about or did with a task: comment, assignment, deferral; append-only."""

    __tablename__ = "task_note"

    id: int | None = Field(default=None, sa_column=Column(RowId, primary_key=True))
    task_id: str = Field(index=True)
    kind: str
    text: str = ""
    author: str
    at: datetime = Field(sa_column=Column("written_at", UtcDateTime, nullable=False))
    until: datetime | None = Field(default=None, sa_column=Column("until_at", UtcDateTime))


class ModelVersion(SQLModel, table=True):
    """A match model that was in force from a moment on."""

    __tablename__ = "model_version"

    id: int | None = Field(default=None, sa_column=Column(RowId, primary_key=True))
    entity_type: str = Field(index=True)
    version: str
    document: str
    applied_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    author: str


class Event(SQLModel, table=True):
    """What happened, in the past tense, in one append-only log; each entry is chained to the one before.

    Holds ids, keys and attribute names but no values, so that personal data never enter the chain.
    """

    __tablename__ = "event"

    number: int = Field(sa_column=Column(RowId, primary_key=True, autoincrement=False))
    id: str = Field(unique=True)
    at: datetime = Field(sa_column=Column("happened_at", UtcDateTime, nullable=False))
    type: str
    entity_type: str
    subject: str
    """Golden id, verdict id or record the event is about."""
    author: str
    details: dict[str, Any] = Field(default_factory=dict, sa_column=Column(Json, nullable=False))
    hash: str
