"""Source records that a transaction has just added, so that it need not read back what it has written.

Matching, survivorship and search each ask for the claims of the records that came in. What is known of one
ends with the transaction, and with its first change: then it is read from its table.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from sqlalchemy import event
from sqlmodel import Session

from mdm.store.records import SourceRecord

_KEY = "mdm.written_records"


class WrittenRecord(NamedTuple):
    """A live source record as its row says it."""

    id: int
    source: str
    source_key: str
    claims: Mapping[str, Mapping[str, Any]]
    version: int | None


def note_written(session: Session, records: Iterable[WrittenRecord]) -> None:
    """Say that these records were just added."""
    session.info.setdefault(_KEY, {}).update({record.id: record for record in records})


def written_records(session: Session) -> Mapping[int, WrittenRecord]:
    """The live records that this transaction has added, by id, as far as they are known to stand so."""
    found: Mapping[int, WrittenRecord] = session.info.get(_KEY, {})
    return found


def forget_written(session: Session, record_ids: Iterable[int | None]) -> None:
    """These source records are changed."""
    known: dict[int | None, WrittenRecord] | None = session.info.get(_KEY)
    if known:
        for record_id in record_ids:
            known.pop(record_id, None)


@event.listens_for(Session, "before_flush")
def _forget_objects(session: Session, *_: Any) -> None:
    if _KEY in session.info:
        forget_written(session, [one.id for one in session.dirty if isinstance(one, SourceRecord)])


@event.listens_for(Session, "after_transaction_end")
def _forget_all(session: Session, transaction: Any) -> None:
    if transaction.parent is None:
        session.info.pop(_KEY, None)
