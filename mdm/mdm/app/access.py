"""Who may come in: in development everybody on this machine, else whoever proves who they are."""

from __future__ import annotations

import getpass
import hashlib
import hmac
import os
from math import ceil

import structlog
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, QueryParams
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Receive, Scope, Send

from mdm.access import Principal, everything
from mdm.app.lasting import lasts, while_proven
from mdm.app.problems import problem
from mdm.app.proofs import Proofs
from mdm.app.rates import Rates
from mdm.app.routes import action_for, is_open

logger = structlog.get_logger("mdm.app")


def local_user() -> str:
    """The name of the person at this machine."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # no entry in the password file, as in many containers
        return f"user-{os.getuid()}" if hasattr(os, "getuid") else "local"


def cookie_name(scheme: str) -> str:
    """The session's cookie; over TLS no other host and no plain connection can set it."""
    return "__Host-mdm-session" if scheme in {"https", "wss"} else "mdm-session"


def token_matches(given: str, wanted: str) -> bool:
    """Whether two tokens are equal, in a time that does not tell how much of them is."""
    return hmac.compare_digest(
        hashlib.sha256(given.encode()).digest(), hashlib.sha256(wanted.encode()).digest()
    )


class OpenAccess:
    """Development: everybody on this machine is its user, with full rights."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._principal = everything(local_user())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        _leave(scope, self._principal)
        scope["state"]["dev"] = True
        await self._app(scope, receive, send)


class ProvenAccess:
    """Production: a key or token for programs, a session for people; and the right the route asks for."""

    def __init__(self, app: ASGIApp, *, proofs: Proofs, rates: Rates) -> None:
        self._app = app
        self._proofs = proofs
        self._rates = rates

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"} or is_open(scope["path"]):
            await self._app(scope, receive, send)
            return
        principal = await self._principal(scope)
        if principal is None:
            await self._refuse(scope, receive, send, _turned_away(scope))
        elif wait := self._rates.wait(principal.key_id or principal.name):
            await self._refuse(scope, receive, send, _too_often(principal, wait))
        elif not principal.may(action := action_for(scope["path"])):
            logger.warning("refused", actor=principal.name, action=action.value, path=scope["path"])
            detail = f"{principal.name} may not {action.value} here; ask an administrator for the role."
            await self._refuse(scope, receive, send, problem(403, detail))
        else:
            _leave(scope, principal)
            if lasts(scope):
                await while_proven(self._app, scope, receive, send, lambda: self._still_proven(scope))
            else:
                await self._app(scope, receive, send)

    async def _still_proven(self, scope: Scope) -> bool:
        return await self._principal(scope, seen=False) is not None

    async def _principal(self, scope: Scope, *, seen: bool = True) -> Principal | None:
        headers = Headers(scope=scope)
        kind, _, given = headers.get("authorization", "").partition(" ")
        if kind:
            return await self._proofs.bearer(given.strip()) if kind.lower() == "bearer" else None
        key = cookie_parser(headers.get("cookie", "")).get(cookie_name(scope["scheme"]), "")
        return await run_in_threadpool(self._proofs.session, key, seen=seen) if key else None

    @staticmethod
    async def _refuse(scope: Scope, receive: Receive, send: Send, answer: ASGIApp) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": "sign in first"})
        else:
            await answer(scope, receive, send)


def _too_often(principal: Principal, wait: float) -> ASGIApp:
    seconds = ceil(wait)
    response = problem(429, f"{principal.name} asks too often; wait {seconds} s before the next request.")
    response.headers["Retry-After"] = str(seconds)
    return response


def _leave(scope: Scope, principal: Principal) -> None:
    scope.setdefault("state", {}).update(principal=principal, author=principal.name)


def _turned_away(scope: Scope) -> ASGIApp:
    path: str = scope["path"]
    if path.startswith("/console") and scope["method"] in {"GET", "HEAD"}:
        return RedirectResponse(f"/console/sign-in?{QueryParams({'next': path})}", 303)
    response = problem(401, "Send the header `Authorization: Bearer KEY`, or sign in at /console/sign-in.")
    response.headers["WWW-Authenticate"] = 'Bearer realm="mdm"'
    return response
