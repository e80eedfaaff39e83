"""The change feed over HTTP: by page, or as server-sent events, which a browser resumes by itself."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field
from pydantic_core import to_json
from starlette.concurrency import run_in_threadpool

from mdm.access import Principal
from mdm.access.asking import principal_of
from mdm.app.event_stream import HEADERS, with_pings
from mdm.change_feed import LARGEST, Change, ChangeFilter, Tail, changes_after
from mdm.errors import QueryError
from mdm.hub import Hub

Types = Annotated[
    list[str], Query(alias="type", description="Only these kinds of events; `golden.*` for all that begin so")
]
EntityTypes = Annotated[list[str], Query(alias="entity_type", description="Only about these entity types")]
GoldenIds = Annotated[list[str], Query(alias="golden_id", description="Only about these golden records")]


class ChangeDocument(BaseModel):
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
    """Events behind a number, in order; those that you may not know of are left out."""

    changes: list[ChangeDocument]
    next_after: int = Field(
        description="Ask with this as `after` for what comes behind; the same again if nothing did"
    )
    last: int = Field(description="Number of the newest event there is")


def changes_router(hub: Hub, tail: Tail) -> APIRouter:
    """GET /api/v1/changes and GET /api/v1/changes/stream."""
    router = APIRouter(prefix="/api/v1", tags=["changes"])

    @router.get("/changes", summary="What happened behind an event's number")
    def changes(
        request: Request,
        after: Annotated[int, Query(ge=0, description="Number of the last event you have; 0 for all")] = 0,
        limit: Annotated[int, Query(ge=1, le=LARGEST, description="Events at most")] = 100,
        types: Types = [],  # noqa: B006  # FastAPI copies the default
        entity_types: EntityTypes = [],  # noqa: B006  # the same
        golden_ids: GoldenIds = [],  # noqa: B006  # the same
    ) -> Changes:
        wanted = _filter(types, entity_types, golden_ids)
        with hub.read(principal_of(request)) as session:
            page = changes_after(session, after, wanted, limit=limit)
        return Changes(
            changes=[_document(change) for change in page.changes],
            next_after=page.next_after,
            last=page.last,
        )

    @router.get("/changes/stream", summary="What happens, as it happens", response_class=StreamingResponse)
    async def stream(
        request: Request,
        after: Annotated[
            int | None,
            Query(ge=0, description="Number of the last event you have; what comes now if not given"),
        ] = None,
        types: Types = [],  # noqa: B006  # FastAPI copies the default
        entity_types: EntityTypes = [],  # noqa: B006  # the same
        golden_ids: GoldenIds = [],  # noqa: B006  # the same
        last_event_id: Annotated[
            str | None, Header(description="Where to resume; browsers send it when they reconnect")
        ] = None,
    ) -> StreamingResponse:
        wanted = _filter(types, entity_types, golden_ids)
        position = after if last_event_id is None else _number(last_event_id)
        # What is wrong is told with a status, before the stream begins.
        await run_in_threadpool(_check, hub, principal_of(request), position or 0, wanted)
        return StreamingResponse(
            with_pings(_messages(tail, position, wanted, principal_of(request))), headers=HEADERS
        )

    return router


def _check(hub: Hub, principal: Principal, after: int, wanted: ChangeFilter) -> None:
    with hub.read(principal) as session:
        changes_after(session, after, wanted, limit=1)


async def _messages(
    tail: Tail, after: int | None, wanted: ChangeFilter, principal: Principal
) -> AsyncIterator[bytes]:
    async for page in tail.follow(after, wanted, principal):
        for change in page.changes:
            document = to_json(_document(change)).decode()
            yield f"id: {change.number}\nevent: {change.type}\ndata: {document}\n\n".encode()


def _document(change: Change) -> ChangeDocument:
    return ChangeDocument.model_validate(change, from_attributes=True)


def _filter(types: list[str], entity_types: list[str], golden_ids: list[str]) -> ChangeFilter:
    return ChangeFilter(frozenset(types), frozenset(entity_types), frozenset(golden_ids))


def _number(last_event_id: str) -> int:
    if not last_event_id.isdecimal():
        raise QueryError(f"Last-Event-ID is an event's number, not {last_event_id[:40]!r}.")
    return int(last_event_id)
