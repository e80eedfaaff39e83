"""All pages of the console."""

from __future__ import annotations

from fastapi import APIRouter

from mdm.console import (
    audit_pages,
    golden_pages,
    identity_pages,
    override_pages,
    overview_pages,
    queue_pages,
    task_pages,
)
from mdm.hub import Hub


def console_router(hub: Hub) -> APIRouter:
    """Everything below /console.

    The application says in `request.state` who acts (author) and whether it is open (dev).
    """
    router = APIRouter(prefix="/console", include_in_schema=False)
    for pages in (
        queue_pages, task_pages, golden_pages, identity_pages, override_pages, overview_pages, audit_pages,
    ):  # fmt: skip
        pages.add_pages(router, hub)
    return router
