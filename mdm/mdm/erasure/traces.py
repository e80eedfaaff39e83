"""Where a subject leaves traces, table by table, and how each is blanked.

Whoever adds a table that holds values adds it here; a test names every table that is missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Any

from sqlalchemy import CursorResult, Update, delete, or_, select, update
from sqlmodel import Session, SQLModel, col

from mdm.erasure.subject import Subject, each, squashed
from mdm.resolve.conflicts import task_id
from mdm.store.answers import AnsweredRequest
from mdm.store.chunks import chunks, rows_in
from mdm.store.decisions import GoldenVersion, IssuedId, TaskNote, Verdict, VerdictRecord
from mdm.store.derived import GoldenRecord
from mdm.store.history import GoldenPeriod, TaskEntry
from mdm.store.publishing import Receipt
from mdm.store.records import QuarantinedRow, RecordVersion, SourceRecord
from mdm.store.sayings import BannedValue, Override
from mdm.store.written_records import forget_written

BLANKED: frozenset[str] = frozenset(
    {
        "answered_request", "banned_value", "golden_period", "golden_record", "golden_version", "override",
        "quarantined_row", "receipt", "record_version", "source_record", "task_entry", "task_note", "verdict",
    }
)  # fmt: skip
"""Kept tables that hold values or free texts."""

VALUELESS: frozenset[str] = frozenset(
    {
        "api_key", "classified_read", "erased_key", "erased_record", "erasure", "event", "hold",
        "hold_record", "id_redirect", "issued_id", "load", "model_version", "outbox_row", "publication_run",
        "publication_target", "record_link", "schedule_state", "verdict_record",
    }
)  # fmt: skip
"""Kept tables that hold ids, keys of things, times and authors only."""


def blank_records(session: Session, subject: Subject, keys: Mapping[int, str]) -> dict[str, int]:
    """Blank what was received and what it states; the source key gives way to a fingerprint."""
    blank = {"values": {}, "flags": {}, "content_hash": "", "salt": ""}
    versions = sum(
        _run(session, update(RecordVersion).where(col(RecordVersion.record_id).in_(part)).values(blank))
        for part in chunks(subject.records)
    )
    forget_written(session, keys)
    for record, key in keys.items():
        gone: dict[str, Any] = {
            "live": False,
            "claims": {},
            "effective_on": None,
            "changes_on": None,
            "source_key": key,
        }
        _run(session, update(SourceRecord).where(col(SourceRecord.id) == record).values(gone))
    session.expire_all()
    return {"record_version": versions, "source_record": len(keys)}


def blank_history(session: Session, subject: Subject) -> dict[str, int]:
    """Blank what the golden record looked like, at any time and under any of its ids."""
    ids = subject.golden_ids
    history = update(GoldenVersion).where(col(GoldenVersion.golden_id).in_(ids)).values(cells={})
    periods = update(GoldenPeriod).where(col(GoldenPeriod.golden_id).in_(ids)).values(cells={})
    current = update(GoldenRecord).where(col(GoldenRecord.golden_id).in_(ids)).values(cells={})
    sides = or_(col(TaskEntry.left_golden).in_(ids), col(TaskEntry.right_golden).in_(ids))
    queue = update(TaskEntry).where(sides).values(text="")
    statements = {
        "golden_version": history, "golden_period": periods, "golden_record": current, "task_entry": queue,
    }  # fmt: skip
    found = {name: _run(session, statement) for name, statement in statements.items()}
    session.expire_all()
    return found


def blank_texts(session: Session, subject: Subject) -> dict[str, int]:
    """Blank what people wrote about the subject, answers that named it, and its rows in quarantine."""
    tasks = _tasks(session, subject)
    return {
        "task_note": _notes(session, tasks, subject),
        "verdict": _verdicts(session, subject),
        **_sayings(session, subject),
        "quarantined_row": _quarantine(session, subject),
        "answered_request": _answers(session, subject),
        "receipt": _receipts(session, subject),
    }


def _run(session: Session, statement: Update) -> int:
    done = session.execute(statement.execution_options(synchronize_session=False))
    return done.rowcount if isinstance(done, CursorResult) else 0


def _tasks(session: Session, subject: Subject) -> set[str]:
    """Every task that people wrote about and that was ever about the subject: a task's id tells of whom."""
    written = set(session.scalars(select(col(TaskNote.task_id)).distinct()))
    if not written:
        return set()
    others = select(col(IssuedId.golden_id)).where(col(IssuedId.entity_type) == subject.entity_type.name)
    return written & {
        task_id(subject.entity_type.name, own, other)
        for other in session.scalars(others)
        for own in subject.golden_ids
    }


def _notes(session: Session, tasks: Iterable[str], subject: Subject) -> int:
    about = sum(
        _run(session, update(TaskNote).where(col(TaskNote.task_id).in_(part)).values(text=""))
        for part in chunks(tasks)
    )
    rows = session.execute(select(col(TaskNote.id), col(TaskNote.text)).where(col(TaskNote.text) != ""))
    naming = [number for number, text in rows if any(name in squashed(text) for name in subject.names)]
    for part in chunks(naming):
        about += _run(session, update(TaskNote).where(col(TaskNote.id).in_(part)).values(text=""))
    return about


def _verdicts(session: Session, subject: Subject) -> int:
    spoken = select(col(VerdictRecord.verdict_id))
    ids = {row[0] for row in rows_in(session, spoken, col(VerdictRecord.record_id), subject.records)}
    return sum(
        _run(session, update(Verdict).where(col(Verdict.id).in_(part)).values(reason="", fingerprint=""))
        for part in chunks(ids)
    )


def _sayings(session: Session, subject: Subject) -> dict[str, int]:
    """What stewards said about values of the subject, on whichever of its ids."""
    blank: dict[str, Any] = {"value": "", "reason": ""}
    set_here = update(Override).where(col(Override.golden_id).in_(subject.golden_ids))
    banned_here = update(BannedValue).where(col(BannedValue.golden_id).in_(subject.golden_ids))
    return {
        "override": _run(session, set_here.values({**blank, "basis": {}})),
        "banned_value": _run(session, banned_here.values(blank)),
    }


def _quarantine(session: Session, subject: Subject) -> int:
    """Rows that carry the subject's key in its own source, or an address or number that names it alone."""
    own = set(subject.records.values())
    query = select(col(QuarantinedRow.id), col(QuarantinedRow.source), col(QuarantinedRow.row)).where(
        col(QuarantinedRow.entity_type) == subject.entity_type.name
    )
    about = [
        number
        for number, source, row in session.execute(query)
        if any(
            (source, str(value).strip()) in own or squashed(value) in subject.names
            for value in chain.from_iterable(map(each, row.values()))
        )
    ]
    blank: dict[str, Any] = {"row": {}, "reason": "", "state": "erased"}
    return sum(
        _run(session, update(QuarantinedRow).where(col(QuarantinedRow.id).in_(part)).values(blank))
        for part in chunks(about)
    )


def _answers(session: Session, subject: Subject) -> int:
    """Answers kept for repetitions that name the subject; the repetition is answered anew."""
    marks = {*subject.golden_ids, *(key for _, key in subject.records.values())}
    kept = session.execute(
        select(col(AnsweredRequest.scope), col(AnsweredRequest.key), col(AnsweredRequest.body))
    )
    about = [(scope, key) for scope, key, body in kept if not marks.isdisjoint(_words(body))]
    for scope, key in about:
        session.execute(
            delete(AnsweredRequest).where(
                col(AnsweredRequest.scope) == scope, col(AnsweredRequest.key) == key
            )
        )
    return len(about)


def _words(body: Any) -> Iterable[str]:
    """Every text in a document."""
    if isinstance(body, Mapping):
        return [word for value in body.values() for word in _words(value)]
    if isinstance(body, list):
        return [word for value in body for word in _words(value)]
    return [str(body)]


def _receipts(session: Session, subject: Subject) -> int:
    """What targets said may quote what they were sent."""
    query = select(col(Receipt.id), col(Receipt.details)).where(
        col(Receipt.golden_id).in_(subject.golden_ids)
    )
    quoting = [number for number, details in session.execute(query) if "answer" in details]
    return sum(
        _run(session, update(Receipt).where(col(Receipt.id).in_(part)).values(details={}))
        for part in chunks(quoting)
    )


def tables_not_considered(kept: Iterable[type[SQLModel]]) -> set[str]:
    """Kept tables that nobody has said of whether they hold values."""
    return {str(table.__tablename__) for table in kept} - BLANKED - VALUELESS
