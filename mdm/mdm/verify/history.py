"""Checks of what is kept for questions about the past."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlmodel import Session, col

from mdm.store.decisions import IssuedId
from mdm.store.derived import Membership
from mdm.store.history import IdRedirect, RecordLink
from mdm.verify.check import Check

if TYPE_CHECKING:
    from mdm.hub import Hub


def moments_kept(hub: Hub, session: Session, check: Check) -> Iterator[str]:
    """The newest entry of each record's and id's history says what the crosswalk and the ledger say."""
    newest = select(func.max(col(RecordLink.id))).group_by(col(RecordLink.record_id))
    links = select(col(RecordLink.record_id), col(RecordLink.golden_id)).where(col(RecordLink.id).in_(newest))
    said: dict[int, str | None] = {row[0]: row[1] for row in session.execute(links)}
    for record_id, golden_id in session.execute(select(col(Membership.record_id), col(Membership.golden_id))):
        check.checked += 1
        if said.pop(record_id, None) != golden_id:
            yield f"the history of source record {record_id} does not end with {golden_id}"
    for record_id, golden_id in said.items():
        if golden_id is not None:
            yield f"the history of source record {record_id} ends with {golden_id}, which it left"
    newest = select(func.max(col(IdRedirect.id))).group_by(col(IdRedirect.golden_id))
    redirects = select(col(IdRedirect.golden_id), col(IdRedirect.into)).where(col(IdRedirect.id).in_(newest))
    turned: dict[str, str | None] = {row[0]: row[1] for row in session.execute(redirects)}
    for golden_id, into in session.execute(select(col(IssuedId.golden_id), col(IssuedId.redirected_to))):
        check.checked += 1
        if turned.get(golden_id) != into:
            yield f"the history of {golden_id} does not end with a redirect to {into or 'itself'}"
