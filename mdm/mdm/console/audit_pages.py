"""/console/reads: who read classified attributes, for auditors."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from mdm.access.asking import principal_of
from mdm.console.rendering import render
from mdm.hub import Hub
from mdm.query.reads import ReadQuery, classified_reads
from mdm.stewardship import golden_labels

SHOWN = 50
Word = Annotated[str, Query(max_length=200)]


def add_pages(router: APIRouter, hub: Hub) -> None:
    """The reads of classified attributes, by reader or golden record."""

    @router.get("/reads")
    def reads(
        request: Request,
        reader: Word = "",
        golden: Word = "",
        before: Annotated[int | None, Query(ge=0, le=2**62)] = None,
    ) -> Response:
        query = ReadQuery(reader.strip() or None, golden.strip() or None, first=SHOWN, before=before)
        with hub.read(principal_of(request)) as session:
            found = classified_reads(session, query)
            named = {golden_id for read in found for golden_id in read.golden_ids}
            labels = golden_labels(session, hub.registry, named)
        return render(
            request, "reads.html", here="reads", found=found, labels=labels, reader=reader, golden=golden,
            shown=SHOWN,
        )  # fmt: skip
