"""POST /api/v1/resolutions: match source records again, as a job that a worker does."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session

from mdm.access.asking import principal_of
from mdm.app.problems import PROBLEM
from mdm.hub import Hub
from mdm.jobs import Scope, job_of, submit

NO_RECORD: dict[int | str, dict[str, Any]] = {404: {"description": "No such record or id", **PROBLEM}}
NO_JOB: dict[int | str, dict[str, Any]] = {404: {"description": "Nobody asked for such a job", **PROBLEM}}


class Resolution(BaseModel):
    """What to resolve again; nothing named is everything."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"entity_type": "client", "where": {"country": "DE"}}]},
    )

    entity_type: str = Field("", description="Such as client; empty for all")
    record: str = Field("", description="One golden record: its id, or source:key")
    where: dict[str, str] = Field(default_factory=dict, description="Attribute to its golden value")


class JobDocument(BaseModel):
    """A job as it stands."""

    job: str
    state: str = Field(description="waiting or done")
    asked_at: datetime
    done_at: datetime | None = None
    counts: dict[str, int] = Field(default_factory=dict, description="What it did, once it is done")


def resolutions_router(hub: Hub) -> APIRouter:
    """The two routes."""
    router = APIRouter(prefix="/api/v1", tags=["resolutions"])

    @router.post("/resolutions", status_code=202, responses=NO_RECORD)
    def ask(request: Request, asked: Resolution) -> JobDocument:
        """Match source records again; the answer names the job."""
        with hub.write(principal_of(request)) as uow:
            job = submit(uow, Scope(asked.entity_type, asked.record, asked.where))
            return _document(uow.session, job)

    @router.get("/resolutions/{job}", responses=NO_JOB)
    def state(request: Request, job: str) -> JobDocument:
        """How a job stands."""
        with hub.read(principal_of(request)) as session:
            return _document(session, job)

    return router


def _document(session: Session, job: str) -> JobDocument:
    found = job_of(session, job)
    state = "done" if found.done_at else "waiting"
    return JobDocument(
        job=found.id, state=state, asked_at=found.asked_at, done_at=found.done_at, counts=dict(found.counts)
    )
