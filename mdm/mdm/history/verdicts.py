"""Which verdicts had been given at a moment, and which of them stood."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from mdm.history.when import When
from mdm.resolve.verdicts import StandingVerdict, with_sides
from mdm.store.chunks import rows_in
from mdm.store.decisions import Event, Verdict, VerdictRecord

ENDED = ("withdrawn-", "expired-")
"""What ended a verdict that was taken back, or whose date had come; the number of the event follows."""


_ABOUT = select(Verdict).join(VerdictRecord, col(VerdictRecord.verdict_id) == col(Verdict.id))


def given_by(session: Session, record_ids: Iterable[int], when: When) -> list[tuple[Verdict, bool]]:
    """The verdicts about any of these records, the newest first, each with whether it no longer stood."""
    rows = rows_in(session, _ABOUT, col(VerdictRecord.record_id), set(record_ids))
    found = list({row[0].id: row[0] for row in rows}.values())
    if when.known_at is None:
        given = [(verdict, verdict.superseded_by is not None) for verdict in found]
    else:
        ends = _ends(session, [v.superseded_by for v in found if v.superseded_by])
        given = [
            (verdict, bool(verdict.superseded_by) and ends[verdict.superseded_by or ""] <= when.known_at)
            for verdict in found
            if verdict.decided_at <= when.known_at
        ]
    return sorted(given, key=lambda pair: (pair[0].decided_at, pair[0].id), reverse=True)


def standing_at(session: Session, record_ids: Iterable[int], when: When) -> list[StandingVerdict]:
    """The verdicts about any of these records that stood, not contested, in the order of their ids."""
    given = given_by(session, record_ids, when)
    return with_sides(session, (v for v, ended in given if not ended and not v.contested))


def _ends(session: Session, causes: Iterable[str]) -> dict[str, datetime]:
    """When each cause ended the verdicts that it superseded."""
    wanted = set(causes)
    told = {int(cause.rpartition("-")[2]): cause for cause in wanted if cause.startswith(ENDED)}
    query = select(col(Verdict.id), col(Verdict.decided_at))
    ends = {row[0]: row[1] for row in rows_in(session, query, col(Verdict.id), wanted)}
    moments = select(col(Event.number), col(Event.at))
    for number, at in rows_in(session, moments, col(Event.number), told):
        ends[told[number]] = at
    return ends
