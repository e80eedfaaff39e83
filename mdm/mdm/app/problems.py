"""Errors as answers: RFC 9457 problem documents for programs, a page for people."""

from __future__ import annotations

from http import HTTPStatus
from math import ceil
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from mdm.console import error_page
from mdm.errors import (
    ForbiddenError,
    InputError,
    MdmError,
    NotFoundError,
    RefusedError,
    StaleVersionError,
    StoreBusyError,
    StoreError,
    StoreFullError,
    TooManyRequestsError,
    UsageError,
)

STATUS: tuple[tuple[type[MdmError], HTTPStatus], ...] = (
    (NotFoundError, HTTPStatus.NOT_FOUND),
    (ForbiddenError, HTTPStatus.FORBIDDEN),
    (TooManyRequestsError, HTTPStatus.TOO_MANY_REQUESTS),
    (StaleVersionError, HTTPStatus.PRECONDITION_FAILED),
    (RefusedError, HTTPStatus.CONFLICT),
    (UsageError, HTTPStatus.BAD_REQUEST),
    (InputError, HTTPStatus.UNPROCESSABLE_ENTITY),
    (StoreBusyError, HTTPStatus.SERVICE_UNAVAILABLE),
    (StoreFullError, HTTPStatus.INSUFFICIENT_STORAGE),
    (StoreError, HTTPStatus.SERVICE_UNAVAILABLE),
)
"""The first class that an error is of gives its status; any other one is 500."""

PROBLEM: dict[str, Any] = {
    "content": {
        "application/problem+json": {
            "schema": {
                "type": "object",
                "required": ["title", "status", "detail"],
                "properties": {
                    "title": {"type": "string"},
                    "status": {"type": "integer"},
                    "detail": {"type": "string", "description": "What happened, and what to do next"},
                    "request_id": {"type": "string", "description": "Under which the log tells more"},
                },
            }
        }
    }
}
"""How an error is described: RFC 9457."""

ANSWERS: dict[int | str, dict[str, Any]] = {
    400: {"description": "What is asked for makes no sense", **PROBLEM},
    401: {"description": "Nothing proves who asks", **PROBLEM},
    403: {"description": "Whoever asks may not", **PROBLEM},
    409: {"description": "It cannot be as things are now", **PROBLEM},
    413: {"description": "The body is too long", **PROBLEM},
    422: {"description": "The request does not have the form described here", **PROBLEM},
    429: {"description": "Too many requests; Retry-After says when to ask again", **PROBLEM},
    503: {"description": "The database is busy or cannot be reached; ask again", **PROBLEM},
}
"""What every route may answer beside its own."""

UNAVAILABLE = "The hub cannot use its database now; its log says why. Try again in a moment."

RETRY_SECONDS = "5"

logger = structlog.get_logger("mdm.app")


def status_of(error: MdmError) -> HTTPStatus:
    """The status that tells a program what kind of error this is."""
    return next(
        (status for kind, status in STATUS if isinstance(error, kind)), HTTPStatus.INTERNAL_SERVER_ERROR
    )


def problem(status: int, detail: str, **members: Any) -> JSONResponse:
    """A problem document: what kind (the status), what happened, and further facts."""
    title = HTTPStatus(status).phrase
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, **members}
    headers = {"Retry-After": RETRY_SECONDS} if status == HTTPStatus.SERVICE_UNAVAILABLE else None
    return JSONResponse(body, status, headers, media_type="application/problem+json")


def install(app: FastAPI) -> None:
    """Have every error of the application answered in one form."""
    app.add_exception_handler(MdmError, _hub_error)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(RequestValidationError, _invalid)


def answer(request: Request, status: int, detail: str, **members: Any) -> Response:
    """An error as the asker reads it: a page below /console, a problem document elsewhere."""
    if request.url.path.startswith("/console"):
        return error_page(request, status, detail)
    request_id = getattr(request.state, "request_id", None)
    return problem(status, detail, **members, **({"request_id": request_id} if request_id else {}))


def _hub_error(request: Request, error: Exception) -> Response:
    status = status_of(error) if isinstance(error, MdmError) else HTTPStatus.INTERNAL_SERVER_ERROR
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        logger.error("request failed", error=str(error), path=request.url.path)
    # A store's message names the place of the database, which is nobody's business out there.
    detail = UNAVAILABLE if isinstance(error, StoreError) else str(error)
    response = answer(request, status, detail, error=type(error).__name__)
    if isinstance(error, TooManyRequestsError):
        response.headers["Retry-After"] = str(max(1, ceil(error.retry_after)))
    return response


def _http_error(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    response = answer(request, error.status_code, str(error.detail))
    response.headers.update(error.headers or {})
    return response


def _invalid(request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise error
    first, *others = error.errors()
    place = ".".join(str(part) for part in first["loc"][1:]) or "the body"
    more = f" ({len(others)} more)" if others else ""
    detail = f"{place}: {first['msg']}{more}; see /docs for what is expected."
    found = [{"place": [str(p) for p in e["loc"]], "message": e["msg"]} for e in error.errors()[:20]]
    return answer(request, HTTPStatus.UNPROCESSABLE_ENTITY, detail, errors=found)
