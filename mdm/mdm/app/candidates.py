"""POST /api/v1/match: programs ask which golden records a record may be about before they save it."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from mdm.access.asking import principal_of
from mdm.candidates import Candidate, Grade, match_record
from mdm.hub import Hub


class Unsaved(BaseModel):
    """A record that no system has yet."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"entity_type": "client", "record": {"name": "Harbour Pine", "country": "GB"}}]
        },
    )

    entity_type: str = Field(description="Such as client; what is declared")
    record: dict[str, Any] = Field(description="Attribute to value; a reference as source:key")
    source: str = Field(
        "unsaved", pattern=r"^[a-z][a-z0-9_.-]{0,99}$", description="Where it would come from"
    )
    first: int = Field(10, ge=1, le=200, description="Candidates at most")


class Evidence(BaseModel):
    """What one attribute says; bits for sameness, negative ones against."""

    attribute: str
    text: str
    weight: float


class CandidateDocument(BaseModel):
    """A golden record that the record may be about."""

    golden_id: str
    label: str
    grade: Grade = Field(description="What the hub would do: match, possible (ask a steward), weak")
    weight: float = Field(description="Bits, log2 odds that both are the same thing")
    probability: float = Field(description="0 to 1")
    source: str = Field(description="System of its source record that speaks loudest")
    source_key: str
    reasons: list[Evidence]


class Candidates(BaseModel):
    """Most likely first."""

    candidates: list[CandidateDocument]


def candidates_router(hub: Hub) -> APIRouter:
    """POST /api/v1/match."""
    router = APIRouter(prefix="/api/v1", tags=["records"])

    @router.post("/match", summary="Rank the golden records that a record may be about; nothing is written")
    def match(request: Request, asked: Unsaved) -> Candidates:
        with hub.read(principal_of(request)) as session:
            found = match_record(
                hub, session, asked.entity_type, asked.record, source=asked.source, first=asked.first
            )
        return Candidates(candidates=[_document(one) for one in found])

    return router


def _document(found: Candidate) -> CandidateDocument:
    told = [reason for reason in found.reasons if reason.weight]
    reasons = [Evidence(attribute=r.column, text=r.label, weight=r.weight) for r in told]
    return CandidateDocument(
        golden_id=found.golden_id,
        label=found.label,
        grade=found.grade,
        weight=found.weight,
        probability=found.probability,
        source=found.source,
        source_key=found.source_key,
        reasons=reasons,
    )
