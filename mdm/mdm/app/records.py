"""POST /api/v1/records: programs hand over source records and learn at once where they belong."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Header, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict
from starlette.concurrency import run_in_threadpool

from mdm.access import Principal
from mdm.access.asking import principal_of
from mdm.app.idempotency import LONGEST_KEY, Repeatable, answered_once
from mdm.failpoints import reach
from mdm.hub import Hub
from mdm.receiving import receive
from mdm.unit_of_work import UnitOfWork

ROUTE = "POST /api/v1/records"
MOST = 5000

EXAMPLE: JsonDict = {
    "source": "crm",
    "entity_type": "client",
    "records": [
        {"id": "C-100", "changed_at": "2026-03-01T09:30:00Z", "name": "Harbour & Pine Ltd", "country": "GB"},
        {"id": "C-101", "deleted": True},
    ],
}


class Delivery(BaseModel):
    """Records of one source and entity type."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [EXAMPLE]})

    source: str = Field(pattern=r"^[a-z][a-z0-9_.-]{0,99}$", description="The source's name, such as crm")
    entity_type: str = Field(description="Such as client; what is declared")
    records: list[dict[str, Any]] = Field(
        min_length=1,
        max_length=MOST,
        description="Each with `id` (the source's key), optionally `changed_at` (ISO 8601) and `deleted`, "
        "and attributes, beside them or in an object `attributes`; one left out keeps its former value, "
        "null or a blank ends it",
    )

    @property
    def flat_records(self) -> list[dict[str, Any]]:
        """The records with their attributes beside the key, however they were sent."""
        return [_flat(record) for record in self.records]


def _flat(record: dict[str, Any]) -> dict[str, Any]:
    nested = record.get("attributes")
    if not isinstance(nested, dict):
        return record
    return {**{name: value for name, value in record.items() if name != "attributes"}, **nested}


class RecordOutcome(BaseModel):
    """What became of one record."""

    id: str
    status: str = Field(
        description="stored, deleted, repeated, refused (its subject was erased) or quarantined"
    )
    golden_id: str | None = Field(description="The golden record it belongs to now")
    reason: str = Field(description="Why it was quarantined")
    field: str


class Outcomes(BaseModel):
    """What became of a delivery."""

    counts: dict[str, int]
    records: list[RecordOutcome]


def records_router(hub: Hub) -> APIRouter:
    """POST /api/v1/records."""
    router = APIRouter(prefix="/api/v1", tags=["records"])

    @router.post("/records", summary="Take in records of one source", response_model=Outcomes)
    async def records(
        delivery: Delivery,
        request: Request,
        idempotency_key: Annotated[str | None, Header(min_length=1, max_length=LONGEST_KEY)] = None,
    ) -> Response:
        principal = principal_of(request)
        repeatable = Repeatable(
            f"{principal.key_id or principal.name} {ROUTE}", idempotency_key, await request.body()
        )
        return await run_in_threadpool(_take_in, hub, principal, delivery, repeatable)

    return router


def _take_in(hub: Hub, principal: Principal, delivery: Delivery, repeatable: Repeatable) -> Response:
    def work(uow: UnitOfWork) -> dict[str, Any]:
        received = receive(uow, delivery.source, delivery.entity_type, delivery.flat_records)
        return {"counts": received.counts, "records": [asdict(outcome) for outcome in received.outcomes]}

    answer = answered_once(hub, principal, repeatable, work)
    reach("receive.after_commit_before_answer")
    return answer
