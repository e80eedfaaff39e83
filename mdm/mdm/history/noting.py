"""Notes what changed in the crosswalk and in the redirects, so that every later reader can ask for it.

An entry is written only where the newest one says otherwise: a replay, which finds everything again, adds
none.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from mdm.store.absence import forget
from mdm.store.bulk import add_rows
from mdm.store.chunks import rows_in
from mdm.store.decisions import IssuedId
from mdm.store.history import IdRedirect, RecordLink
from mdm.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Memberships:
    """Who belongs where after a resolution, and where they belonged before it.

    Attributes:
        now: record to golden id, of every live record that was looked at.
        before: the same as the current tables had it.
        created: golden ids that were issued for it.
        model: version of the match model in force.
    """

    now: Mapping[int, str]
    before: Mapping[int, str]
    created: Collection[str] = field(default_factory=frozenset)
    model: str = ""


@dataclass(frozen=True, slots=True)
class MovedLink:
    """A record that belongs to another golden record than before; None for none."""

    record: int
    golden_id: str | None
    before: str | None


def note_links(uow: UnitOfWork, entity_type: str, memberships: Memberships) -> list[MovedLink]:
    """Write an entry for each record that belongs elsewhere than its newest entry says; those records."""
    now, before = memberships.now, memberships.before
    moved = {record for record in now.keys() | before.keys() if now.get(record) != before.get(record)}
    known = latest_links(uow.session, moved)
    rows: list[dict[str, Any]] = [
        {
            "record_id": record, "entity_type": entity_type, "golden_id": now.get(record),
            "linked_at": uow.now, "model": memberships.model,
            "created": now.get(record) in memberships.created,
        }
        for record in sorted(moved)
        if now.get(record) != known.get(record)
    ]  # fmt: skip
    add_rows(uow.session, RecordLink, rows)
    return [MovedLink(row["record_id"], row["golden_id"], known.get(row["record_id"])) for row in rows]


_NEWEST_LINK = select(func.max(col(RecordLink.id))).group_by(col(RecordLink.record_id))
_LINKS = select(col(RecordLink.record_id), col(RecordLink.golden_id))


def latest_links(session: Session, record_ids: Iterable[int]) -> dict[int, str | None]:
    """The golden id that the newest entry of each record names."""
    ids = [row[0] for row in rows_in(session, _NEWEST_LINK, col(RecordLink.record_id), set(record_ids))]
    return {row[0]: row[1] for row in rows_in(session, _LINKS, col(RecordLink.id), ids)}


def note_redirects(uow: UnitOfWork, turned: Collection[str]) -> None:
    """Write an entry for each id that leads elsewhere than its newest entry says.

    Args:
        turned: ids that were merged or revived; those that follow them are found.
    """
    if not turned:
        return
    session = uow.session
    session.flush()
    # What was said of an id is said of the one that it leads to, be it ever so new.
    forget(session, "override")
    forget(session, "banned_value")
    now = _redirects(session, turned)
    survivors = {into for into in now.values() if into}
    following = select(col(IssuedId.golden_id), col(IssuedId.redirected_to))
    now |= {row[0]: row[1] for row in rows_in(session, following, col(IssuedId.redirected_to), survivors)}
    followed = select(col(IdRedirect.golden_id))
    once = {row[0] for row in rows_in(session, followed, col(IdRedirect.into), turned)}
    now |= _redirects(session, once - now.keys())
    known = latest_redirects(session, now)
    rows = [
        {"golden_id": golden_id, "redirected_to": into, "redirected_at": uow.now}
        for golden_id, into in sorted(now.items())
        if into != known.get(golden_id)
    ]
    add_rows(session, IdRedirect, rows)


def latest_redirects(session: Session, golden_ids: Iterable[str]) -> dict[str, str | None]:
    """The id that the newest entry of each id leads to."""
    newest = select(func.max(col(IdRedirect.id))).group_by(col(IdRedirect.golden_id))
    ids = [row[0] for row in rows_in(session, newest, col(IdRedirect.golden_id), set(golden_ids))]
    query = select(col(IdRedirect.golden_id), col(IdRedirect.into))
    return {row[0]: row[1] for row in rows_in(session, query, col(IdRedirect.id), ids)}


def _redirects(session: Session, golden_ids: Iterable[str]) -> dict[str, str | None]:
    query = select(col(IssuedId.golden_id), col(IssuedId.redirected_to))
    return {row[0]: row[1] for row in rows_in(session, query, col(IssuedId.golden_id), set(golden_ids))}
