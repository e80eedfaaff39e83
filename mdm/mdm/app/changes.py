"""The change feed: what happened, in order, for programs that follow the hub."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from sqlalchemy import select
from sqlmodel import col

from mdm.event_log import last_event_number
from mdm.hub import Hub
from mdm.store.decisions import Event

LARGEST = 1000


class Change(BaseModel):
    """One event. `details` hold ids, keys and attribute names, never values."""

    number: int
    id: str
    at: datetime
    type: str
    entity_type: str
    subject: str
    author: str
    details: dict[str, Any]


class Changes(BaseModel):
    """Events behind a number, in order and without gaps."""

    changes: list[Change]
    next_after: int = Field(
        description="Ask with this as `after` for what comes behind; the same again if nothing did"
    )
    last: int = Field(description="Number of the newest event there is")


def changes_router(hub: Hub) -> APIRouter:
    """GET /api/v1/changes."""
    router = APIRouter(prefix="/api/v1", tags=["changes"])

    @router.get("/changes", summary="What happened behind an event's number")
    def changes(
        after: Annotated[int, Query(ge=0, description="Number of the last event you have; 0 for all")] = 0,
        limit: Annotated[int, Query(ge=1, le=LARGEST, description="Events at most")] = 100,
    ) -> Changes:
        with hub.read() as session:
            query = select(Event).where(col(Event.number) > after).order_by(col(Event.number)).limit(limit)
            found = [Change.model_validate(event, from_attributes=True) for event in session.scalars(query)]
            last = last_event_number(session)
        return Changes(changes=found, next_after=found[-1].number if found else after, last=last)

    return router
