"""Requests with an Idempotency-Key are done once; a repetition gets the first one's answer.

https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/: 409 while the first is under way,
422 for another request under the same key.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

from fastapi.responses import JSONResponse, Response
from sqlalchemy import delete
from sqlmodel import Session, col

from mdm.access import Principal
from mdm.app.problems import RETRY_SECONDS, problem
from mdm.errors import LeaseLostError
from mdm.hub import Hub
from mdm.store.answers import AnsweredRequest
from mdm.unit_of_work import UnitOfWork

KEPT = timedelta(hours=72)
LEASE = timedelta(seconds=120)
"""How long a request may be under way before another one takes its place: its process may have died."""

LONGEST_KEY = 255
REPLAYED = "Idempotency-Replayed"
Work = Callable[[UnitOfWork], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Repeatable:
    """A request that may come again.

    Attributes:
        scope: who asks, and on which route; the same key of somebody else is another request.
        key: the Idempotency-Key, None if the request has none.
        body: its bytes; the same key with other bytes is refused.
    """

    scope: str
    key: str | None
    body: bytes

    @property
    def fingerprint(self) -> str:
        """A hash of the body."""
        return hashlib.sha256(self.body).hexdigest()


def answered_once(hub: Hub, principal: Principal, request: Repeatable, work: Work) -> Response:
    """Do the work and keep its answer in the same transaction, or give the answer that is kept."""
    if request.key is None:
        return hub.write_beside(principal, lambda uow: JSONResponse(work(uow)))
    # Looked up without the write lock, so that a repetition is told at once that the first is under way.
    with hub.database.read() as session:
        known = _told(session.get(AnsweredRequest, (request.scope, request.key)), request, hub.clock())
    if known is not None:
        return known
    owner = secrets.token_hex(16)
    with hub.database.write(alone=False) as session:
        begun = _begin(session, request, owner, hub.clock())
    if begun is not None:
        return begun
    try:
        return _finish(hub, principal, request, work, owner)
    except BaseException:
        _forget(hub, request, owner)
        raise


def _told(known: AnsweredRequest | None, request: Repeatable, now: datetime) -> Response | None:
    """What a repetition is told; None if the request is new, or its owner has died."""
    if known is None or (known.state == "done" and known.at < now - KEPT):
        return None
    if known.fingerprint != request.fingerprint:
        return problem(
            422, "This Idempotency-Key came with another body before; use a new key for a new request."
        )
    if known.state == "done":
        return JSONResponse(known.body, known.status, {REPLAYED: "true"})
    if known.lease_until is not None and known.lease_until <= now:
        return None
    busy = problem(409, "The first request with this Idempotency-Key is still under way; ask again shortly.")
    busy.headers["Retry-After"] = RETRY_SECONDS
    return busy


def _begin(session: Session, request: Repeatable, owner: str, now: datetime) -> Response | None:
    """Write down that the request is under way; what to answer if somebody else was first."""
    session.execute(
        delete(AnsweredRequest).where(
            col(AnsweredRequest.at) < now - KEPT, col(AnsweredRequest.state) == "done"
        )
    )
    session.flush()
    key = (request.scope, request.key or "")
    known = session.get(AnsweredRequest, key, with_for_update=True)
    told = _told(known, request, now)
    if told is not None:
        return told
    row = known or AnsweredRequest(scope=key[0], key=key[1], fingerprint="", status=0, at=now)
    row.fingerprint, row.state, row.owner = request.fingerprint, "started", owner
    row.lease_until, row.at = now + LEASE, now
    session.add(row)
    return None


def _finish(hub: Hub, principal: Principal, request: Repeatable, work: Work, owner: str) -> Response:
    def once(uow: UnitOfWork) -> dict[str, Any]:
        body = work(uow)
        row = uow.session.get(AnsweredRequest, (request.scope, request.key or ""), with_for_update=True)
        if row is None or row.owner != owner:
            raise LeaseLostError(0)
        row.state, row.status, row.body, row.at, row.lease_until = "done", HTTPStatus.OK, body, uow.now, None
        uow.session.add(row)
        return body

    return JSONResponse(hub.write_beside(principal, once))


def _forget(hub: Hub, request: Repeatable, owner: str) -> None:
    """The request failed and left nothing behind: the same key may try again."""
    with hub.database.write(alone=False) as session:
        row = session.get(AnsweredRequest, (request.scope, request.key or ""))
        if row is not None and row.owner == owner and row.state == "started":
            session.delete(row)
