"""The application: reads top to bottom, and is the only place that puts the rooms together."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Literal

from fastapi import FastAPI
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from mdm.app import problems, static_files
from mdm.app.access import OpenAccess, ProvenAccess
from mdm.app.attempts import Attempts
from mdm.app.body_limit import BodyLimit
from mdm.app.candidates import candidates_router
from mdm.app.changes import changes_router
from mdm.app.docs_page import docs_router
from mdm.app.golden import golden_router
from mdm.app.headers import Envelope
from mdm.app.health import health_router
from mdm.app.issuer_keys import IssuerKeys
from mdm.app.issuer_sign_in import Journeys, issuer_sign_in_router
from mdm.app.metrics import Metrics, metrics_router
from mdm.app.origin import OriginCheck
from mdm.app.proofs import Proofs
from mdm.app.rates import Rates
from mdm.app.reads import reads_router
from mdm.app.reconciliation import reconciliation_router
from mdm.app.records import records_router
from mdm.app.resolutions import resolutions_router
from mdm.app.sessions import Sessions
from mdm.app.shelves import OwnShelf, Shelves
from mdm.app.sign_in import sign_in_router
from mdm.app.tokens import TokenIssuer
from mdm.change_feed import Tail
from mdm.console import console_router
from mdm.hub import Hub
from mdm_graphql import create_router
from mdm_sync import Scheduler
from mdm_sync.targets.addresses import guard_of
from mdm_sync.targets.guarded_transport import GuardedTransport

Role = Literal["all", "api", "worker"]

DESCRIPTION = """One golden record for every client, worker, project and cost center.

Send records to `/api/v1/records`, read a golden record at `/api/v1/golden/{id}`, follow what changes at
`/api/v1/changes`, ask all else at `/graphql`.
"""


def create_app(
    hub: Hub,
    *,
    dev: bool,
    role: Role = "all",
    token: str = "",
    hosts: frozenset[str] = frozenset(),
    shelves: Shelves = OwnShelf,
) -> FastAPI:
    """The hub as one ASGI application.

    Args:
        dev: open to everybody who reaches it, with GraphiQL and introspection; else the token or a session is
            asked for.
        role: api serves without the scheduler; worker runs the scheduler and serves health and metrics only.
        token: a static administrator's token beside the keys; else the setting `api_token`; "" for none.
        hosts: host names it answers to; empty for any.
        shelves: where sessions, rates and wrong tries are remembered; shared if several workers answer.
    """
    configured = hub.settings.api_token.get_secret_value() if hub.settings.api_token else ""
    metrics, tail, issuer = Metrics(hub), Tail(hub), token_issuer(hub, dev=dev)
    proofs = Proofs(
        hub, token=token or configured, sessions=Sessions(hub.clock, shelves("session")), issuer=issuer
    )

    app = FastAPI(
        title="mdm hub", version="1", description=DESCRIPTION, docs_url=None, redoc_url=None,
        responses=problems.ANSWERS, lifespan=_lifespan(hub, dev=dev, role=role),
    )  # fmt: skip
    app.state.tail = tail
    problems.install(app)

    app.include_router(health_router(hub))
    app.include_router(metrics_router(metrics))
    if role != "worker":
        app.include_router(records_router(hub))
        app.include_router(golden_router(hub))
        app.include_router(changes_router(hub, tail))
        for made in (candidates_router, resolutions_router, reads_router):
            app.include_router(made(hub))
        app.include_router(reconciliation_router(hub, dev=dev))
        app.include_router(docs_router())
        app.include_router(create_router(hub, dev=dev, tail=tail), prefix="/graphql", include_in_schema=False)
        if not dev:
            app.include_router(sign_in_router(proofs, Attempts(shelf=shelves("attempt"))))
            if issuer is not None and issuer.settings.client_id:
                app.include_router(issuer_sign_in_router(proofs, issuer, Journeys(shelf=shelves("journey"))))
        app.include_router(console_router(hub))
        app.add_api_route("/", lambda: RedirectResponse("/console"), include_in_schema=False)
        static_files.mount(app)

    # The layer added last is the outermost.
    app.add_middleware(BodyLimit)
    if dev:
        app.add_middleware(OpenAccess)
    else:
        app.add_middleware(ProvenAccess, proofs=proofs, rates=_rates(hub, shelves))
    app.add_middleware(OriginCheck, hosts=hosts)
    app.add_middleware(Envelope, metrics=metrics)
    return app


def _rates(hub: Hub, shelves: Shelves) -> Rates:
    return Rates(hub.settings.auth.rates, shelf=shelves("rate"))


def token_issuer(hub: Hub, *, dev: bool) -> TokenIssuer | None:
    """The issuer whose tokens are taken; its keys are fetched through the guarded transport."""
    auth = hub.settings.auth
    if auth.oidc is None or dev:
        return None
    transport = GuardedTransport(guard_of(hub.settings.network), lanes=2)
    return TokenIssuer(auth, IssuerKeys(auth.oidc, transport))


def _lifespan(hub: Hub, *, dev: bool, role: Role):  # type: ignore[no-untyped-def]  # Starlette types lifespans
    """Start the scheduler with the application and stop it with it."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        if role == "api":
            yield
            return
        scheduler = Scheduler(hub, dev=dev)
        await run_in_threadpool(scheduler.start)
        try:
            yield
        finally:
            await run_in_threadpool(scheduler.stop)

    return lifespan
