"""Whether the process lives, and whether it can do its work."""

from __future__ import annotations

import structlog
from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response
from sqlalchemy import text

from mdm.app.problems import UNAVAILABLE, problem
from mdm.errors import MdmError
from mdm.hub import Hub
from mdm.store.migration import HEAD

logger = structlog.get_logger("mdm.app")


def health_router(hub: Hub) -> APIRouter:
    """GET /healthz, which never touches the database, and GET /readyz, which tries to write to it."""
    router = APIRouter(tags=["health"])

    @router.get("/healthz", summary="Whether the process lives")
    async def alive() -> dict[str, str]:
        return {"status": "ok"}

    @router.get("/readyz", summary="Whether the database can be written and has this release's schema")
    def ready() -> Response:
        try:
            revision = _write_check(hub)
        except MdmError as error:
            logger.warning("not ready", error=str(error))
            return problem(503, UNAVAILABLE)
        if revision != HEAD:
            return problem(503, f"The database is at schema {revision}, this release needs {HEAD}.")
        return JSONResponse({"status": "ok", "schema": revision})

    return router


def _write_check(hub: Hub) -> str:
    """Take the write lock and write without effect; returns the schema's revision."""
    with hub.write("readiness") as uow:
        uow.session.execute(text("UPDATE alembic_version SET version_num = version_num"))
        return str(uow.session.scalar(text("SELECT version_num FROM alembic_version")))
