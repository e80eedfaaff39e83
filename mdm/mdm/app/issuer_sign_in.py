"""Signing in at the issuer: OpenID Connect's authorisation code flow, with PKCE, state and nonce.

https://openid.net/specs/openid-connect-core-1_0.html#CodeFlowAuth, https://www.rfc-editor.org/rfc/rfc7636
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from mdm.access import Principal
from mdm.app.issuer_keys import IssuerUnreachableError
from mdm.app.proofs import Proofs
from mdm.app.shelves import OwnShelf, Shelf
from mdm.app.sign_in import open_session, own_page
from mdm.app.tokens import TokenIssuer
from mdm.console import render

LIFETIME = 600.0
"""Seconds between leaving for the issuer and coming back."""

COOKIE = "mdm-sign-in"


@dataclass(frozen=True, slots=True)
class Journey:
    """Somebody on the way to the issuer and back."""

    verifier: str
    nonce: str
    next: str
    browser: str
    began: float


class Journeys:
    """The journeys under way, each under its state; each ends once."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, shelf: Shelf | None = None) -> None:
        self._clock = clock
        self._shelf = shelf or OwnShelf()

    def begin(self, next: str) -> tuple[str, Journey]:
        """A new journey and its state."""
        state = secrets.token_urlsafe(32)
        words = (secrets.token_urlsafe(32) for _ in range(3))
        verifier, nonce, browser = words
        journey = Journey(verifier, nonce, next, browser, self._clock())
        self._shelf.change(state, lambda _: asdict(journey))
        return state, journey

    def end(self, state: str, browser: str) -> Journey | None:
        """The journey of this state, if this browser began it not long ago."""
        taken: list[Journey] = []

        def take(entry: dict[str, Any] | None) -> None:
            taken.extend([Journey(**entry)] if entry else [])

        self._shelf.change(state, take)
        found = taken[0] if taken else None
        if found is None or self._clock() - found.began > LIFETIME:
            return None
        return found if hmac.compare_digest(found.browser.encode(), browser.encode()) else None


def issuer_sign_in_router(proofs: Proofs, issuer: TokenIssuer, journeys: Journeys) -> APIRouter:
    """GET /console/sign-in/oidc leads to the issuer, GET /console/signed-in comes back from it."""
    router = APIRouter(include_in_schema=False)

    @router.get("/console/sign-in/oidc")
    async def leave(request: Request, next: str = "/console") -> Response:
        address = await issuer.keys.endpoint("authorization_endpoint")
        state, journey = journeys.begin(own_page(next))
        challenge = base64.urlsafe_b64encode(hashlib.sha256(journey.verifier.encode()).digest())
        query = {
            "response_type": "code", "scope": "openid profile", "client_id": issuer.settings.client_id,
            "redirect_uri": _return_address(request), "state": state, "nonce": journey.nonce,
            "code_challenge": challenge.decode().rstrip("="), "code_challenge_method": "S256",
        }  # fmt: skip
        response = RedirectResponse(f"{address}{'&' if '?' in address else '?'}{urlencode(query)}", 303)
        secure = request.url.scheme == "https"
        response.set_cookie(
            COOKIE, journey.browser, max_age=int(LIFETIME), httponly=True, samesite="lax", secure=secure
        )
        return response

    @router.get("/console/signed-in")
    async def come_back(request: Request, state: str = "", code: str = "") -> Response:
        journey = journeys.end(state, request.cookies.get(COOKIE, ""))
        principal = await _principal(issuer, request, journey, code) if journey and code else None
        if journey is None or principal is None:
            problem = "The issuer did not vouch for you, or nothing here is granted to you; try again."
            return render(request, "sign_in.html", status=403, next="/console", problem=problem, oidc=True)
        response = RedirectResponse(journey.next, 303)
        open_session(request, response, proofs, principal)
        response.delete_cookie(COOKIE)
        return response

    return router


async def _principal(issuer: TokenIssuer, request: Request, journey: Journey, code: str) -> Principal | None:
    """Who the issuer says has come back; None if its answer does not belong to this journey."""
    form = {
        "grant_type": "authorization_code", "code": code, "redirect_uri": _return_address(request),
        "client_id": issuer.settings.client_id, "code_verifier": journey.verifier,
    }  # fmt: skip
    if issuer.settings.client_secret is not None:
        form["client_secret"] = issuer.settings.client_secret.get_secret_value()
    try:
        answer = await issuer.keys.post(await issuer.keys.endpoint("token_endpoint"), form)
    except IssuerUnreachableError:
        return None
    claims = await issuer.claims(str(answer.get("id_token", "")), audience=issuer.settings.client_id)
    if claims is None or not hmac.compare_digest(str(claims.get("nonce", "")), journey.nonce):
        return None
    return issuer.mapped(claims)


def _return_address(request: Request) -> str:
    return str(request.base_url).rstrip("/") + "/console/signed-in"
