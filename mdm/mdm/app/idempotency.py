"""Requests with an Idempotency-Key are done once; a repetition gets the first one's answer."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from fastapi.responses import JSONResponse, Response
from sqlalchemy import delete
from sqlmodel import col

from mdm.app.problems import problem
from mdm.store.answers import AnsweredRequest
from mdm.unit_of_work import UnitOfWork

KEPT = timedelta(hours=72)
LONGEST_KEY = 255
REPLAYED = "Idempotency-Replayed"


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


def answered_once(uow: UnitOfWork, request: Repeatable, work: Callable[[], dict[str, Any]]) -> Response:
    """Do the work and keep its answer in the same transaction, or give the answer that is kept.

    Requests with one key queue at the write lock, so the second one finds the first one's answer.
    """
    if request.key is None:
        return JSONResponse(work())
    uow.session.execute(delete(AnsweredRequest).where(col(AnsweredRequest.at) < uow.now - KEPT))
    known = uow.session.get(AnsweredRequest, (request.scope, request.key))
    if known is None:
        body = work()
        uow.session.add(
            AnsweredRequest(
                scope=request.scope,
                key=request.key,
                fingerprint=request.fingerprint,
                status=HTTPStatus.OK,
                body=body,
                at=uow.now,
            )
        )
        return JSONResponse(body)
    if known.fingerprint != request.fingerprint:
        return problem(
            422, "This Idempotency-Key came with another body before; use a new key for a new request."
        )
    return JSONResponse(known.body, known.status, {REPLAYED: "true"})
