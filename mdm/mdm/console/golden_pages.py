"""/console/golden: one golden record, and the picture of its lineage."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from mdm.access.asking import principal_of
from mdm.access.view import view_of
from mdm.console.moments import At, moment_of
from mdm.console.rendering import render
from mdm.golden_ids import visible_id
from mdm.hub import Hub
from mdm.identity.contributors import merged_into
from mdm.stewardship import former_version, golden_view, standing_verdict


def add_pages(router: APIRouter, hub: Hub) -> None:
    """The pages of one golden record; the page of a merged one names the survivor."""

    @router.get("/golden/{golden_id}")
    def golden(
        request: Request, golden_id: str, done: Annotated[str, Query(max_length=100)] = "", at: At = ""
    ) -> Response:
        when = moment_of(at)
        with hub.read(principal_of(request)) as session:
            found = visible_id(session, view_of(session), golden_id, when)
            into = found.golden_id if found.state in {"merged", "split"} else ""
            view = golden_view(hub, session, golden_id, into=into, when=when)
            contributors = [issued.golden_id for issued in merged_into(session, golden_id)]
            said = standing_verdict(session, done)
        return render(
            request, "golden.html", here="search", view=view, contributors=contributors, said_now=said, at=at
        )

    @router.get("/golden/{golden_id}/versions/{number}")
    def version(request: Request, golden_id: str, number: int) -> Response:
        with hub.read(principal_of(request)) as session:
            view = former_version(hub, session, golden_id, number)
        return render(request, "version.html", here="search", view=view)

    @router.get("/golden/{golden_id}/lineage.svg")
    def picture(request: Request, golden_id: str, at: At = "") -> Response:
        from mdm.lineage import lineage, to_svg

        with hub.read(principal_of(request)) as session:
            svg = to_svg(lineage(hub, session, golden_id, moment_of(at)))
        return Response(svg, media_type="image/svg+xml")
