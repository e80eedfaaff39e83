"""The schema as a FastAPI router, with an IDE for developers that needs no network."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, Response
from strawberry.fastapi import GraphQLRouter
from strawberry.subscriptions import GRAPHQL_SSE_PROTOCOL, GRAPHQL_TRANSPORT_WS_PROTOCOL

from mdm.access import Principal, everything
from mdm.change_feed import Tail
from mdm_graphql.context import Context
from mdm_graphql.ide import CONTENT_SECURITY_POLICY, SCRIPT, ide_page
from mdm_graphql.limits.figures import Figures, over
from mdm_graphql.persisted import read_manifest
from mdm_graphql.reader import Reader
from mdm_graphql.schema import build_schema

if TYPE_CHECKING:
    from mdm.hub import Hub

FIGURES = Figures()

NOBODY = Principal(name="nobody")

CONNECTIONS = 8
"""Operations that read at the same time; the others wait. Below the 15 connections of the database's pool,
because an operation keeps its connection from its first read to its end."""


class HubRouter(GraphQLRouter[Context, None]):
    """Strawberry's router with our own IDE page."""

    def decode_json(self, data: str | bytes) -> object:
        """A request's body: an object, or a list, which is refused later because nothing is batched."""
        try:
            found = super().decode_json(data)
        except (RecursionError, UnicodeDecodeError) as exc:
            raise HTTPException(400, "The body is no JSON that can be read; send an object.") from exc
        if not isinstance(found, dict | list):
            raise HTTPException(400, 'The body is no JSON object; send {"query": ...}.')
        return found

    def encode_json(self, data: object) -> str:
        """The answer as JSON, or, if it is too long, why there is none.

        A text, because web sockets carry bytes in binary frames, which clients of graphql-transport-ws
        do not read.
        """
        encoded = json.dumps(data, separators=(",", ":"))  # ASCII: as many bytes as characters
        if len(encoded) <= FIGURES.bytes:
            return encoded
        refusal = over("bytes", FIGURES.bytes, len(encoded))
        answer: dict[str, object] = {"data": None, "errors": [refusal.formatted]}
        # Over a web socket, what is encoded is a message, and the answer its payload.
        if isinstance(data, dict) and data.get("type") == "next":
            answer = {**data, "payload": answer}
        return json.dumps(answer)

    async def render_graphql_ide(self, request: Request) -> HTMLResponse:
        """GraphiQL from our own assets, with example operations."""
        page = ide_page(str(request.scope.get("root_path", "")), request.url.path.rstrip("/"))
        return HTMLResponse(page, headers={"Content-Security-Policy": CONTENT_SECURITY_POLICY})


def create_router(hub: Hub, *, dev: bool, tail: Tail | None = None) -> GraphQLRouter[Context, None]:
    """The router that answers GraphQL for one hub; mount it under /graphql.

    It needs the static files under /static/vendor for the IDE, and takes who asks from
    `request.state.principal`, where the application leaves it; without one nothing
    is answered, except in development.

    Args:
        dev: show the IDE to browsers, and allow introspection. Else neither.
        tail: the end of the event log, which subscriptions follow; one of its own if not given.
    """
    follows = tail or Tail(hub)
    manifest = hub.settings.graphql.operations
    schema = build_schema(
        hub.registry,
        dev=dev,
        federated=hub.settings.graphql.federation,
        operations=read_manifest(hub.settings.folder / manifest if manifest else None),
    )
    slots = asyncio.Semaphore(CONNECTIONS)
    unproven = everything("system") if dev else NOBODY

    def context(connection: HTTPConnection) -> Context:
        principal = getattr(connection.state, "principal", unproven)
        return Context(hub, lambda: Reader(hub, schema.node_types, slots, principal), principal.name, follows)

    router = HubRouter(
        schema,
        graphql_ide="graphiql" if dev else None,
        allow_queries_via_get=False,
        context_getter=context,
        subscription_protocols=(GRAPHQL_TRANSPORT_WS_PROTOCOL, GRAPHQL_SSE_PROTOCOL),
    )
    if dev:
        router.add_api_route("/ide.js", ide_script, include_in_schema=False)
    return router


async def ide_script() -> Response:
    """What starts GraphiQL; a file of its own, so that the page needs no inline script."""
    return Response(SCRIPT.read_text(encoding="utf-8"), media_type="text/javascript")
