"""The sign-in page: whoever has the token gives it once, with a name that their decisions will carry."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from mdm.app.access import cookie_name, token_matches
from mdm.app.sessions import ABSOLUTE, Sessions
from mdm.console import render


def sign_in_router(token: str, sessions: Sessions) -> APIRouter:
    """GET and POST /console/sign-in, and POST /console/sign-out."""
    router = APIRouter(include_in_schema=False)

    @router.get("/console/sign-in")
    def page(request: Request, next: str = "/console") -> Response:
        return render(request, "sign_in.html", next=own_page(next))

    @router.post("/console/sign-in")
    def sign_in(
        request: Request,
        given: Annotated[str, Form(alias="token", max_length=500)],
        name: Annotated[str, Form(max_length=100)],
        next: Annotated[str, Form()] = "/console",
    ) -> Response:
        if not name.strip() or not token_matches(given.strip(), token):
            problem = (
                "Give your name." if not name.strip() else "That is not the token this hub was started with."
            )
            return render(
                request, "sign_in.html", status=403, next=own_page(next), problem=problem, name=name
            )
        response = RedirectResponse(own_page(next), 303)
        response.set_cookie(
            cookie_name(request.url.scheme),
            sessions.open(name.strip()),
            max_age=int(ABSOLUTE.total_seconds()),
            httponly=True,
            samesite="lax",
            secure=request.url.scheme == "https",
        )
        return response

    @router.post("/console/sign-out")
    def sign_out(request: Request) -> Response:
        name = cookie_name(request.url.scheme)
        sessions.close(request.cookies.get(name, ""))
        response = RedirectResponse("/console/sign-in", 303)
        response.delete_cookie(name, httponly=True, samesite="lax", secure=request.url.scheme == "https")
        return response

    return router


def own_page(address: str) -> str:
    """The address if it is a page of this console, else its first page: no redirect leads elsewhere."""
    parts = urlsplit(address)
    own = not parts.scheme and not parts.netloc and "\\" not in address and address.startswith("/console")
    return address if own and not address.startswith("/console/sign-") else "/console"
