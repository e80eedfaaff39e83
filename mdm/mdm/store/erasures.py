"""Kept tables of who was erased: ids and keyed fingerprints, never a value."""

# SQLModel declares __tablename__ as a declared_attr, though its own documentation assigns a text.
# pyright: reportAssignmentType=false

from datetime import datetime

from sqlalchemy import Column, ForeignKey
from sqlmodel import Field, SQLModel

from mdm.store.column_types import RowId, UtcDateTime, at_commit


class Erasure(SQLModel, table=True):
    """A golden record whose subject was erased; append-only. Ids that led to it have a row of their own."""

    __tablename__ = "erasure"

    golden_id: str = Field(primary_key=True)
    entity_type: str
    reason: str
    author: str
    at: datetime = Field(sa_column=Column("erased_at", UtcDateTime, nullable=False))
    event_number: int = Field(sa_column=Column(RowId, at_commit("event.number"), nullable=False))


class ErasedRecord(SQLModel, table=True):
    """A source record whose values are gone; only its versions may be blanked. Append-only."""

    __tablename__ = "erased_record"

    record_id: int = Field(
        sa_column=Column(RowId, ForeignKey("source_record.id"), primary_key=True, autoincrement=False)
    )
    golden_id: str = Field(index=True)


class ErasedKey(SQLModel, table=True):
    """A keyed fingerprint of something that named an erased subject: a source key, an address, a number."""

    __tablename__ = "erased_key"

    fingerprint: str = Field(primary_key=True)
    entity_type: str
    golden_id: str
