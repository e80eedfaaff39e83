"""Kept table of answers already given to requests that carried an Idempotency-Key."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, PrimaryKeyConstraint
from sqlmodel import Field, SQLModel

from mdm.store.column_types import Json, UtcDateTime

# pyright: reportAssignmentType=false
# SQLModel declares __tablename__ as a declared_attr, though its own documentation assigns a text.


class AnsweredRequest(SQLModel, table=True):
    """The answer to a request, written in the transaction of its effect; a repetition gets it again."""

    __tablename__ = "answered_request"
    __table_args__ = (PrimaryKeyConstraint("scope", "key"),)

    scope: str
    """Who asked and on which route."""
    key: str
    fingerprint: str
    """SHA-256 of the request's body."""
    status: int
    body: dict[str, Any] = Field(default_factory=dict, sa_column=Column("answer", Json, nullable=False))
    state: str = "done"
    """started while the first request is under way, then done."""
    owner: str = ""
    """Who works on it while it is started; another request takes it over once the lease has ended."""
    lease_until: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    at: datetime = Field(sa_column=Column("answered_at", UtcDateTime, nullable=False, index=True))
