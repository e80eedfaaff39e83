"""Who may come in: in development everybody on this machine, else whoever has the token or a session."""

from __future__ import annotations

import getpass
import hashlib
import hmac
import os

from fastapi.responses import RedirectResponse
from starlette.datastructures import Headers, QueryParams
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Receive, Scope, Send

from mdm.app.problems import problem
from mdm.app.sessions import Sessions

OPEN_PATHS = frozenset({"/healthz", "/readyz", "/console/sign-in"})
OPEN_FOLDERS = ("/static/", "/hooks/")
"""Style sheets and scripts of the project, and inbound webhooks, which carry a signature of their own."""


def local_user() -> str:
    """The name of the person at this machine."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # no entry in the password file, as in many containers
        return f"user-{os.getuid()}" if hasattr(os, "getuid") else "local"


def cookie_name(scheme: str) -> str:
    """The session's cookie; over https no other host and no plain connection can set it."""
    return "__Host-mdm-session" if scheme == "https" else "mdm-session"


def token_matches(given: str, wanted: str) -> bool:
    """Whether two tokens are equal, in a time that does not tell how much of them is."""
    return hmac.compare_digest(
        hashlib.sha256(given.encode()).digest(), hashlib.sha256(wanted.encode()).digest()
    )


class OpenAccess:
    """Development: everybody on this machine is its user."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._author = local_user()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope.setdefault("state", {}).update(author=self._author, dev=True)
        await self._app(scope, receive, send)


class TokenAccess:
    """Production: the token for programs, a session for people; all others are refused or led to sign-in."""

    def __init__(self, app: ASGIApp, *, token: str, sessions: Sessions) -> None:
        self._app = app
        self._token = token
        self._sessions = sessions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"} or _is_open(scope["path"]):
            await self._app(scope, receive, send)
            return
        author = self._author(scope)
        if author is not None:
            scope.setdefault("state", {})["author"] = author
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": "sign in first"})
        else:
            await _turned_away(scope)(scope, receive, send)

    def _author(self, scope: Scope) -> str | None:
        headers = Headers(scope=scope)
        kind, _, given = headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer" and token_matches(given.strip(), self._token):
            return "api"
        key = cookie_parser(headers.get("cookie", "")).get(cookie_name(scope["scheme"]), "")
        found = self._sessions.find(key) if key else None
        return found.name if found else None


def _is_open(path: str) -> bool:
    return path in OPEN_PATHS or path.startswith(OPEN_FOLDERS)


def _turned_away(scope: Scope) -> ASGIApp:
    path: str = scope["path"]
    if path.startswith("/console") and scope["method"] in {"GET", "HEAD"}:
        return RedirectResponse(f"/console/sign-in?{QueryParams({'next': path})}", 303)
    response = problem(401, "Send the header `Authorization: Bearer TOKEN`, or sign in at /console/sign-in.")
    response.headers["WWW-Authenticate"] = 'Bearer realm="mdm"'
    return response
