"""Writers that work beside each other on PostgreSQL, each sure that none of the others concerns it.

A writer alone holds the write lock exclusively. Writers beside each other share it, and each may only *add*:
source records that are new, that no other record resembles, and to which none refers. It locks, in this
order, what it could meet in another such writer: its request, its source keys and the keys it refers to, its
block keys, and last the end of the event log. Locks of one kind are taken sorted, so none waits in a circle.

Why this suffices: while the write lock is shared nobody changes a record, a membership, an edge or a verdict
that exists, so whatever resolution reads of them stands still. New rows of another writer are read only by
source key, by reference or by block key, and each of these is locked before it is read. A key that would
change its force (shared by unlike ones, or too common for an edge that rests on it) touches strangers, so its
writer gives up and works alone. Whoever finds that it is not apart raises `NotApartError`, is rolled back,
and does the work again alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from mdm.errors import MdmError

MOST = 64
"""Locks of one kind; a writer that would need more works alone, as PostgreSQL has room for few thousand."""
_MARK = "mdm_beside"
_LOG = 0x6D646D6C  # "mdml": the end of the event log
_IDS = 0x6D646D69  # "mdmi": the issue of row ids


class NotApartError(MdmError):
    """What is written may concern another writer; it has to be done alone."""


def begin_beside(session: Session) -> None:
    """Mark a session as one that writes beside others."""
    session.info[_MARK] = True


def is_beside(session: Session) -> bool:
    """Whether others may write at the same time."""
    return bool(session.info.get(_MARK))


def stay_apart(session: Session, apart: object) -> None:
    """Give up writing beside others unless this holds.

    Raises:
        NotApartError: others may write at the same time, and it does not hold.
    """
    if not apart and is_beside(session):
        raise NotApartError("This has to be written alone.")


def claim(session: Session, kind: str, names: Iterable[Any]) -> None:
    """Lock these names until the transaction ends, if others may write at the same time.

    Raises:
        NotApartError: they are too many.
    """
    if not is_beside(session):
        return
    locks = sorted({_lock(kind, name) for name in names})
    stay_apart(session, len(locks) <= MOST)
    if locks:
        in_order = "SELECT pg_advisory_xact_lock(k) FROM unnest(CAST(:locks AS bigint[])) AS u(k)"
        session.execute(text(in_order), {"locks": locks})


def claim_log(session: Session) -> None:
    """Wait for the end of the event log; whoever has it numbers its events and commits."""
    if is_beside(session):
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOG})


def next_ids(session: Session, newest: int, sequence: str, count: int) -> int:
    """The first of `count` free row ids in a row.

    Args:
        newest: the greatest id that is committed.
        sequence: counts the ids that others have taken but not committed yet.
    """
    if not is_beside(session):
        return newest + 1
    taken = text(
        "SELECT setval(CAST(:name AS regclass), GREATEST(nextval(CAST(:name AS regclass)), :next) + :more)"
    )
    try:
        # Held for a moment only: two statements of two writers would mix their ranges.
        session.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": _IDS})
        last = session.scalar(taken, {"name": sequence, "next": newest + 1, "more": count - 1})
        session.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": _IDS})
    except BaseException:
        session.connection().invalidate()  # the lock goes with the connection
        raise
    return int(last or 0) - count + 1


def _lock(kind: str, name: Any) -> int:
    digest = hashlib.blake2b(f"{kind}\x1f{name}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)
