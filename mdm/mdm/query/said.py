"""What people said about golden records, many at once."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from mdm.access import view_of
from mdm.history.tables import membership_at
from mdm.history.verdicts import given_by
from mdm.history.when import NOW, When
from mdm.query.sources import SourceKey
from mdm.store.chunks import rows_in
from mdm.store.decisions import VerdictRecord
from mdm.store.records import SourceRecord


@dataclass(frozen=True, slots=True)
class SaidVerdict:
    """A verdict about source records.

    Attributes:
        answer: same, distinct or unsure.
        operation: merge, detach or unmerge if it came by one; "" for an answer to a task.
        stands: whether it is in force.
        left: the records on its one side, and `right` those on the other.
    """

    id: str
    answer: str
    operation: str
    reason: str
    certain: bool
    author: str
    decided_at: datetime
    until: datetime | None
    stands: bool
    left: tuple[SourceKey, ...]
    right: tuple[SourceKey, ...]


def verdicts_of(
    session: Session, golden_ids: Collection[str], when: When = NOW
) -> dict[str, tuple[SaidVerdict, ...]]:
    """The verdicts that speak of any source record of each golden record, newest first."""
    membership = membership_at(when)
    query = select(membership.c.record_id, membership.c.golden_id)
    home = {row[0]: row[1] for row in rows_in(session, query, membership.c.golden_id, set(golden_ids))}
    given = given_by(session, home, when)
    # With a row filter the other side may be a record that does not exist for whoever asks.
    seen = None if view_of(session).sees_all_rows else home
    sides = _sides(session, [verdict.id for verdict, _ in given])
    found: dict[str, list[SaidVerdict]] = {golden_id: [] for golden_id in golden_ids}
    for verdict, ended in given:
        left, right = (
            [key for record, key in sides.get((verdict.id, side), ()) if seen is None or record in seen]
            for side in ("left", "right")
        )
        said = SaidVerdict(
            verdict.id, verdict.answer, str(verdict.basis.get("operation", "")), verdict.reason,
            verdict.certain, verdict.author, verdict.decided_at, verdict.until, not ended,
            tuple(left), tuple(right),
        )  # fmt: skip
        spoken = (record for side in ("left", "right") for record, _ in sides.get((verdict.id, side), ()))
        for golden_id in dict.fromkeys(home[record] for record in spoken if record in home):
            found[golden_id].append(said)
    return {golden_id: tuple(said) for golden_id, said in found.items()}


def _sides(
    session: Session, verdict_ids: Collection[str]
) -> dict[tuple[str, str], list[tuple[int, SourceKey]]]:
    """(verdict, side) to the records on it, in the order of system and key."""
    query = select(
        col(VerdictRecord.verdict_id),
        col(VerdictRecord.side),
        col(VerdictRecord.record_id),
        col(SourceRecord.source),
        col(SourceRecord.source_key),
    ).join(SourceRecord, col(SourceRecord.id) == col(VerdictRecord.record_id))
    found: dict[tuple[str, str], list[tuple[int, SourceKey]]] = {}
    rows = rows_in(session, query, col(VerdictRecord.verdict_id), set(verdict_ids))
    for verdict, side, record, system, key in sorted(rows, key=lambda row: (row[3], row[4])):
        found.setdefault((verdict, side), []).append((record, SourceKey(system, key)))
    return found
