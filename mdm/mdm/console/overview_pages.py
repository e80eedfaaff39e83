"""/console/search, /console/publications, /console/quarantine."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from mdm.access.asking import principal_of
from mdm.console.moments import At, moment_of
from mdm.console.rendering import render
from mdm.hub import Hub
from mdm.query.search import LONGEST_QUERY, search
from mdm.stewardship import golden_labels, publications, quarantined, quarantined_count

SHOWN = 50


def add_pages(router: APIRouter, hub: Hub) -> None:
    """Search, publications and quarantine."""

    @router.get("/search", name="search")
    def search_page(
        request: Request,
        q: Annotated[str, Query(max_length=LONGEST_QUERY)] = "",
        type: Annotated[str, Query(max_length=100)] = "",
        at: At = "",
    ) -> Response:
        text, when = q.strip(), moment_of(at)
        with hub.read(principal_of(request)) as session:
            types = [type] if type else None
            hits = search(hub, session, text, types, SHOWN, when) if text else []
            by_id = golden_labels(session, hub.registry, [text] if text and " " not in text else [], when)
            labels = golden_labels(session, hub.registry, [hit.golden_id for hit in hits], when)
        exact = next((label for label in by_id.values() if label.state != "unknown"), None)
        return render(
            request,
            "search.html",
            here="search",
            q=q,
            type=type,
            types=[t.name for t in hub.registry],
            hits=hits,
            exact=exact,
            labels=labels,
            at=at,
        )

    @router.get("/publications")
    def publications_page(request: Request) -> Response:
        with hub.read(principal_of(request)) as session:
            found = publications(hub, session)
            session.expunge_all()
        return render(request, "publications.html", here="publications", found=found)

    @router.get("/quarantine")
    def quarantine_page(request: Request, after: Annotated[str, Query(max_length=20)] = "") -> Response:
        with hub.read(principal_of(request)) as session:
            page = quarantined(hub, session, after=after or None, first=SHOWN)
            total = quarantined_count(session)
        return render(request, "quarantine.html", here="quarantine", page=page, total=total, after=after)
