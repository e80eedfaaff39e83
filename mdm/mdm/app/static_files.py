"""Style sheets, scripts and vendored libraries, served from the package; nothing comes from elsewhere."""

from __future__ import annotations

from pathlib import Path

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from starlette.datastructures import QueryParams
from starlette.responses import Response
from starlette.types import Scope

import mdm.console

OWN = Path(__file__).parent / "static"
CONSOLE = Path(mdm.console.__file__).parent / "static"
FOR_GOOD = "public, max-age=31536000, immutable"


class VersionedFiles(StaticFiles):
    """Files whose address names their version are kept by browsers; others are asked for anew."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        versioned = path.startswith("vendor") or "v" in QueryParams(scope.get("query_string", b""))
        if response.status_code in {200, 304}:
            response.headers["Cache-Control"] = FOR_GOOD if versioned else "no-cache"
        return response


def mount(app: FastAPI) -> None:
    """Serve the console's files at /static/console, and everything else at /static."""
    app.mount("/static/console", VersionedFiles(directory=CONSOLE), name="console-files")
    app.mount("/static", VersionedFiles(directory=OWN), name="files")
