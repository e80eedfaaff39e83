"""The sign-in page: with an API key, with the token of the settings and a name, or at the issuer."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from mdm.access import Principal
from mdm.access.keys import KEY
from mdm.app.access import cookie_name
from mdm.app.attempts import Attempts
from mdm.app.proofs import Proofs
from mdm.app.sessions import ABSOLUTE
from mdm.console import render

WRONG = "That is neither a key that opens this hub nor its token."
NAMELESS = "Give your name with the token: your decisions will carry it."


def sign_in_router(proofs: Proofs, attempts: Attempts) -> APIRouter:
    """GET and POST /console/sign-in, and POST /console/sign-out."""
    router = APIRouter(include_in_schema=False)
    oidc = proofs.issuer is not None and bool(proofs.issuer.settings.client_id)

    @router.get("/console/sign-in")
    def page(request: Request, next: str = "/console") -> Response:
        return render(request, "sign_in.html", next=own_page(next), oidc=oidc)

    @router.post("/console/sign-in")
    async def sign_in(
        request: Request,
        given: Annotated[str, Form(alias="token", max_length=500)],
        name: Annotated[str, Form(max_length=100)] = "",
        next: Annotated[str, Form()] = "/console",
    ) -> Response:
        attempts.check(request)
        found = await _signed_in(proofs, given.strip(), name.strip())
        if isinstance(found, str):
            attempts.failed(request)
            facts = {"next": own_page(next), "problem": found, "name": name, "oidc": oidc}
            return await run_in_threadpool(render, request, "sign_in.html", status=403, **facts)
        response = RedirectResponse(own_page(next), 303)
        open_session(request, response, proofs, found)
        return response

    @router.post("/console/sign-out")
    def sign_out(request: Request) -> Response:
        name = cookie_name(request.url.scheme)
        proofs.sessions.close(request.cookies.get(name, ""))
        response = RedirectResponse("/console/sign-in", 303)
        response.delete_cookie(name, httponly=True, samesite="lax", secure=request.url.scheme == "https")
        return response

    return router


def open_session(request: Request, response: Response, proofs: Proofs, principal: Principal) -> None:
    """Begin a session under a new key, and end the one the browser had: nobody can fix it beforehand."""
    name, secure = cookie_name(request.url.scheme), request.url.scheme == "https"
    proofs.sessions.close(request.cookies.get(name, ""))
    key, age = proofs.sessions.open(principal), int(ABSOLUTE.total_seconds())
    response.set_cookie(name, key, max_age=age, httponly=True, samesite="lax", secure=secure)


async def _signed_in(proofs: Proofs, given: str, name: str) -> Principal | str:
    """Who signs in, or what is wrong."""
    if KEY.fullmatch(given):
        return await run_in_threadpool(proofs.key, given) or WRONG
    if not proofs.is_static_token(given):
        return WRONG
    return proofs.static(name) if name else NAMELESS


def own_page(address: str) -> str:
    """The address if it is a page of this console, else its first page: no redirect leads elsewhere."""
    parts = urlsplit(address)
    own = not parts.scheme and not parts.netloc and "\\" not in address and address.startswith("/console")
    return address if own and not address.startswith("/console/sign-") else "/console"
