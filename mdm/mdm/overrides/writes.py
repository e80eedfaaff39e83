"""Which source records end a steward's value by being delivered anew, even if they say nothing new."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlmodel import Session, col

from mdm.overrides.lifetime import Lifetime
from mdm.store.chunks import rows_in
from mdm.store.derived import Membership
from mdm.store.sayings import Override


def awaiting_write(session: Session, record_ids: Collection[int]) -> set[int]:
    """Those of the records whose golden record has an override that holds until the next source write."""
    if not record_ids:
        return set()
    waiting = select(col(Override.golden_id)).where(
        col(Override.lifetime) == Lifetime.next_write.value, col(Override.ended_by).is_(None)
    )
    members = select(col(Membership.record_id)).where(col(Membership.golden_id).in_(waiting))
    return {row[0] for row in rows_in(session, members, col(Membership.record_id), record_ids)}
