"""/docs: Swagger UI from the package, so that it works without the internet."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

VENDOR = "/static/vendor/swagger-ui-dist-5.35.0"

PAGE = f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>API · mdm hub</title>
<link rel="icon" href="/static/console/icon.svg">
<link rel="stylesheet" href="{VENDOR}/swagger-ui.css">
</head>
<body>
<div id="swagger-ui"></div>
<noscript><p>This page needs scripts; <a href="/openapi.json">the description</a> does not.</p></noscript>
<script src="{VENDOR}/swagger-ui-bundle.js"></script>
<script src="/static/docs/docs.js"></script>
</body>
</html>
"""


def docs_router() -> APIRouter:
    """GET /docs."""
    router = APIRouter(include_in_schema=False)

    @router.get("/docs")
    async def docs() -> HTMLResponse:
        return HTMLResponse(PAGE)

    return router
