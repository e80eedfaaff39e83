"""/console: the review queue, with facets."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from mdm.access.asking import principal_of
from mdm.console.moments import At, moment_of
from mdm.console.rendering import render
from mdm.hub import Hub
from mdm.stewardship import queue_counts, standing_verdict, tasks

SHOWN = 50


def add_pages(router: APIRouter, hub: Hub) -> None:
    """The queue's page."""

    @router.get("", name="queue")
    def queue(
        request: Request,
        type: Annotated[str, Query(max_length=100)] = "",
        kind: Annotated[str, Query(max_length=100)] = "",
        after: Annotated[str, Query(max_length=200)] = "",
        notice: Annotated[str, Query(max_length=20)] = "",
        decided: Annotated[str, Query(max_length=100)] = "",
        at: At = "",
    ) -> Response:
        known_at = moment_of(at).known_at
        with hub.read(principal_of(request)) as session:
            found = tasks(
                hub, session, entity_type=type or None, kind=kind or None, after=after or None, first=SHOWN,
                known_at=known_at,
            )  # fmt: skip
            counts = queue_counts(hub, session, known_at)
            said = standing_verdict(session, decided)
        return render(
            request, "queue.html", here="queue", page=found, total=_total(counts, type, kind), type=type,
            kind=kind, after=after, notice=notice, facets=facets(counts, type), said=said, at=at,
            context=context(type, kind, at), narrowed=context,
        )  # fmt: skip


def context(entity_type: str, kind: str, at: str = "") -> str:
    """The part of an address that keeps facets and moment, with its question mark; "" if none is chosen."""
    chosen = {name: value for name, value in (("type", entity_type), ("kind", kind), ("at", at)) if value}
    return f"?{urlencode(chosen)}" if chosen else ""


def _total(counts: dict[str, dict[str, int]], entity_type: str, kind: str) -> int:
    return sum(
        number
        for name, kinds in counts.items()
        for word, number in kinds.items()
        if entity_type in ("", name) and kind in ("", word)
    )


def facets(counts: dict[str, dict[str, int]], entity_type: str) -> dict[str, dict[str, int]]:
    """How many tasks each choice would show: by entity type, and by kind within the chosen type."""
    types = {name: sum(kinds.values()) for name, kinds in counts.items()}
    kinds: dict[str, int] = {}
    for name, numbers in counts.items():
        for kind, number in numbers.items():
            if entity_type in ("", name):
                kinds[kind] = kinds.get(kind, 0) + number
    return {
        "types": {n: c for n, c in types.items() if c or n == entity_type},
        "kinds": dict(sorted(kinds.items())),
    }
