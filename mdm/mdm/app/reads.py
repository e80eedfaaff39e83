"""GET /api/v1/reads: auditors see who read classified attributes."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import AwareDatetime, BaseModel, Field

from mdm.access.asking import principal_of
from mdm.hub import Hub
from mdm.query.pages import LARGEST
from mdm.query.reads import ReadQuery, classified_reads


class Asked(BaseModel):
    """Which reads; all that is given must hold."""

    reader: str | None = Field(None, max_length=200)
    golden_id: str | None = Field(None, max_length=200)
    entity_type: str | None = Field(None, max_length=200)
    attribute: str | None = Field(None, max_length=200)
    since: AwareDatetime | None = Field(None, description="At this moment or later")
    until: AwareDatetime | None = Field(None, description="Before this moment")
    limit: int = Field(50, ge=1, le=LARGEST, description="How many at most")
    before: int | None = Field(None, ge=0, le=2**62, description="`next_before` of a page")


class ReadDocument(BaseModel):
    """One attribute of some golden records, read in one request; the values are not kept."""

    number: int
    at: datetime
    reader: str
    key_id: str = Field(description="Of the API key it came with; empty with another proof")
    request_id: str
    entity_type: str
    attribute: str
    golden_ids: list[str]


class Reads(BaseModel):
    """Newest first."""

    reads: list[ReadDocument]
    next_before: int | None = Field(description="Ask with this as `before` for older ones; null if none came")


def reads_router(hub: Hub) -> APIRouter:
    """GET /api/v1/reads."""
    router = APIRouter(prefix="/api/v1", tags=["audit"])

    @router.get("/reads", summary="Who read personal and pay attributes")
    def reads(request: Request, asked: Annotated[Asked, Query()]) -> Reads:
        query = ReadQuery(first=asked.limit, **asked.model_dump(exclude={"limit"}))
        with hub.read(principal_of(request)) as session:
            found = classified_reads(session, query)
        documents = [ReadDocument.model_validate(one, from_attributes=True) for one in found]
        return Reads(reads=documents, next_before=found[-1].number if found else None)

    return router
