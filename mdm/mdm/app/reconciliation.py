"""/api/v1/reconcile: the Reconciliation Service API 0.2, for OpenRefine and its like."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import JSONResponse, Response
from pydantic_core import to_json

from mdm.access.asking import principal_of
from mdm.app.problems import PROBLEM
from mdm.console import render
from mdm.errors import QueryError
from mdm.hub import Hub
from mdm.reconciliation import (
    MOST_QUERIES,
    Extension,
    Found,
    Named,
    extend,
    preview_record,
    proposed_properties,
    read_queries,
    reconcile,
    suggest_entities,
    suggest_properties,
    suggest_types,
)

PATH = "/api/v1/reconcile"
IDENTIFIERS = "golden-ids"
"""What the ids of this service are; the address of the hub stands in front."""

PAGE: dict[int | str, dict[str, Any]] = {
    200: {"description": "HTML", "content": {"text/html": {}}},
    404: {"description": "No golden record that exists for you has the id", **PROBLEM},
}

Prefix = Annotated[str, Query(description="What a person has typed so far")]


def reconciliation_router(hub: Hub, *, dev: bool) -> APIRouter:
    """The manifest, the questions, suggestions, previews and further columns.

    Args:
        dev: nobody has to sign in, so the manifest asks for no authentication.
    """
    router = APIRouter(prefix=PATH, tags=["reconciliation"])

    @router.get("", summary="What this service offers, and where")
    def manifest(request: Request) -> Response:
        return _answer(hub, request, _manifest(hub, str(request.base_url).rstrip("/"), dev=dev))

    @router.post("", summary="Find golden ids for names, or further columns for golden ids")
    def batch(
        request: Request,
        queries: Annotated[str | None, Form(description="Questions as a JSON object")] = None,
        extension: Annotated[
            str | None, Form(alias="extend", description="Ids and properties as a JSON object")
        ] = None,
    ) -> Response:
        if (queries is None) == (extension is None):
            raise QueryError(f"Send the form field queries or extend; GET {PATH} says what they are.")
        with hub.read(principal_of(request)) as session:
            if extension is not None:
                return _answer(hub, request, _extended(extend(hub, session, extension)))
            asked = read_queries(hub.registry, queries or "")
            found = {key: reconcile(hub, session, one) for key, one in asked.items()}
        answers = {key: {"result": [_candidate(one) for one in result]} for key, result in found.items()}
        return _answer(hub, request, answers)

    _add_suggestions(router, hub)
    _add_preview(router, hub)
    return router


def _add_suggestions(router: APIRouter, hub: Hub) -> None:
    registry = hub.registry

    @router.get("/suggest/entity", summary="Golden records that a person may mean")
    def entities(request: Request, prefix: Prefix, type: str | None = None) -> Response:
        with hub.read(principal_of(request)) as session:
            hits = suggest_entities(hub, session, prefix, type)
        notable = {t.name: [{"id": t.name, "name": t.title}] for t in registry}
        rows = [{"id": h.golden_id, "name": h.label, "notable": notable[h.entity_type]} for h in hits]
        return _answer(hub, request, {"result": rows})

    @router.get("/suggest/property", summary="Attributes that a person may mean")
    def properties(request: Request, prefix: Prefix = "", type: str | None = None) -> Response:
        return _answer(
            hub, request, {"result": [_named(p) for p in suggest_properties(registry, prefix, type)]}
        )

    @router.get("/suggest/type", summary="Entity types that a person may mean")
    def types(request: Request, prefix: Prefix = "") -> Response:
        return _answer(hub, request, {"result": [_named(t) for t in suggest_types(registry, prefix)]})

    @router.get("/properties", summary="Columns that may be added to rows of a type")
    def columns(request: Request, type: str, limit: Annotated[int | None, Query(ge=1)] = None) -> Response:
        found = [_named(one) for one in proposed_properties(registry, type)][:limit]
        return _answer(hub, request, {"type": type, "limit": limit, "properties": found})


def _add_preview(router: APIRouter, hub: Hub) -> None:
    @router.get("/preview", summary="A golden record on a small page", responses=PAGE)
    def preview(request: Request, id: str) -> Response:
        with hub.read(principal_of(request)) as session:
            shown = preview_record(hub, session, id)
        page = render(request, "preview.html", label=shown.label, facts=shown.facts)
        ancestors = " ".join(("'self'", *hub.settings.reconciliation.origins))
        page.headers["Content-Security-Policy"] = (
            f"default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors {ancestors}"
        )
        return page


def _manifest(hub: Hub, base: str, *, dev: bool) -> dict[str, Any]:
    root = f"{base}{PATH}"
    suggest = {"service_url": root}
    found: dict[str, Any] = {
        "versions": ["0.2"],
        "name": "Master data hub",
        "identifierSpace": f"{base}/{IDENTIFIERS}",
        "schemaSpace": f"{base}/docs",
        "defaultTypes": [{"id": t.name, "name": t.title} for t in hub.registry if not t.match_key],
        "view": {"url": f"{base}/console/golden/{{{{id}}}}"},
        "preview": {"url": f"{root}/preview?id={{{{id}}}}", "width": 420, "height": 320},
        "suggest": {
            kind: {**suggest, "service_path": f"/suggest/{kind}"} for kind in ("entity", "property", "type")
        },
        "extend": {
            "propose_properties": {"service_url": root, "service_path": "/properties"},
            "property_settings": [],
        },
        "batchSize": MOST_QUERIES,
    }
    return found if dev else {**found, "authentication": {"type": "http", "scheme": "bearer"}}


def _candidate(found: Found) -> dict[str, Any]:
    features = [("name_likeness", found.likeness), ("probability", found.probability)]
    return {
        "id": found.id,
        "name": found.name,
        "type": [_named(found.type)],
        "score": found.score,
        "match": found.match,
        "features": [{"id": name, "value": value} for name, value in features],
    }


def _extended(found: Extension) -> dict[str, Any]:
    return {"meta": [_named(column) for column in found.columns], "rows": found.rows}


def _named(one: Named) -> dict[str, str]:
    return {"id": one.id, "name": one.name}


def _answer(hub: Hub, request: Request, document: Any) -> Response:
    """The document; a page of a client that mdm.toml names may read it, too."""
    response = JSONResponse(None)
    response.body = to_json(document)
    response.headers["Content-Length"] = str(len(response.body))
    response.headers["Vary"] = "Origin"
    origin = request.headers.get("origin", "")
    if origin in hub.settings.reconciliation.origins:
        response.headers["Access-Control-Allow-Origin"] = origin
    return response
