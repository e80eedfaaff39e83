"""Refuses what another site makes a browser send here."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from mdm.app.problems import problem

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
OWN_SITES = frozenset({"same-origin", "none"})


class OriginCheck:
    """Lets a request that may change something pass only if no browser sent it on behalf of another site.

    Browsers name the origin of such requests, and say in Sec-Fetch-Site whether it is their own; a request
    with neither header comes from no browser, so nobody's cookies ride on it. The host is checked as well
    where the application knows its own names, against sites whose name is made to lead here.
    """

    def __init__(self, app: ASGIApp, *, hosts: frozenset[str] = frozenset()) -> None:
        self._app = app
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = self._refusal(scope) if scope["type"] in {"http", "websocket"} else ""
        if not refusal:
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": refusal})
        else:
            await problem(403, refusal)(scope, receive, send)

    def _refusal(self, scope: Scope) -> str:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if self._hosts and (urlsplit(f"//{host}").hostname or "") not in self._hosts:
            return f"This hub does not answer to the name {host!r}; use its own address."
        if scope["type"] == "http" and scope["method"] in SAFE_METHODS:
            return ""
        site, origin = headers.get("sec-fetch-site"), headers.get("origin")
        foreign = (
            site not in OWN_SITES
            if site is not None
            else origin is not None and urlsplit(origin).netloc != host
        )
        return (
            "The request comes from another site; open the hub's own console and try again there."
            if foreign
            else ""
        )
