"""The outbox of one target: which changes wait, and what a delivery settles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Row, Select, and_, bindparam, func, insert, literal, or_, select, update
from sqlmodel import Session, col

from mdm.hub import Hub
from mdm.store.chunks import rows_in
from mdm.store.decisions import Event, GoldenVersion
from mdm.store.derived import GoldenRecord, Task
from mdm.store.history import GoldenPeriod
from mdm.store.publishing import OutboxRow, PublicationTarget, Receipt
from mdm_sync.publishing.batch import Change


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for a target.

    Attributes:
        ready: changes to deliver now, in the order of the log.
        held: changes of golden records that a steward has to decide about first.
        later: changes whose next attempt is not due yet, or of what exists only from a later day on.
    """

    ready: list[Change]
    held: list[Change]
    later: int


def published_types(hub: Hub, target: str) -> list[str]:
    """The entity types that a target is published, sorted."""
    return sorted(hub.settings.targets[target].entity_types or (t.name for t in hub.registry))


def seed(hub: Hub, session: Session, state: PublicationTarget, up_to: int, *, everything: bool) -> None:
    """Queue the golden records older than the target; with `everything`, all active ones once more."""
    types = published_types(hub, state.name)
    if everything:
        _requeue(session, state.name, types, up_to)
    new = types if everything else sorted(set(types) - set(state.seeded_types))
    if new:
        _queue_newest(session, state.name, new, up_to)
        state.seeded_types = sorted({*state.seeded_types, *new})


def waiting(
    hub: Hub, session: Session, target: str, up_to: int, *, now: datetime | None, only_retries: bool = False
) -> Waiting:
    """The newest waiting version of each golden record; older ones of the same record are settled with it.

    Args:
        up_to: the newest event that counts.
        now: leave out what is to be tried later than this; None takes everything.
        only_retries: only golden records with a failed delivery.
    """
    rows = session.execute(_rows(target, published_types(hub, target), up_to))
    settings = hub.settings.targets[target]
    undecided = _undecided(session) if settings.hold_conflicts else frozenset[str]()
    again = settings.hold_conflicts == "previous" and settings.mode == "full"
    ahead = frozenset[str]() if settings.future else _ahead(hub, session)
    ready, held, later = [], [], 0
    for change, due in _collapsed(rows):
        if only_retries and not change.attempts:
            continue
        if change.golden_id in ahead or (now is not None and due is not None and due > now):
            later += 1
        elif change.golden_id in undecided:
            held.append(change)
        else:
            ready.append(change)
    if again and not only_retries:
        held, former = _as_taken(session, target, held)
        ready += former
    return Waiting(sorted(ready, key=_log_order), sorted(held, key=_log_order), later)


def _as_taken(session: Session, target: str, held: Sequence[Change]) -> tuple[list[Change], list[Change]]:
    """What is held back, and in its place the version that the target took last of each golden record.

    What the target has already in its newest version is not held back, but sent again.
    """
    receipts = select(col(Receipt.golden_id), func.max(col(Receipt.version))).where(
        col(Receipt.target) == target, col(Receipt.outcome) == "delivered"
    )
    newest = receipts.group_by(col(Receipt.golden_id))
    ids = {change.golden_id for change in held}
    taken = {row[0]: row[1] for row in rows_in(session, newest, col(Receipt.golden_id), ids)}
    fresh = [change for change in held if taken.get(change.golden_id) != change.version]
    row = OutboxRow
    columns = (
        row.golden_id, row.entity_type, row.version, row.event_number, row.event_id, row.event_type,
    )  # fmt: skip
    query = select(*(col(c) for c in columns)).where(col(row.target) == target)
    former = [
        Change(found[0], found[1], found[2], found[3], found[4], found[5], rows=1, attempts=0)
        for found in rows_in(session, query, col(row.golden_id), {change.golden_id for change in fresh})
        if found[2] == taken.get(found[0])
    ]
    return fresh, [*(change for change in held if change not in fresh), *former]


def _ahead(hub: Hub, session: Session) -> frozenset[str]:
    """Current golden records of things that exist only from a later day on."""
    first = select(func.min(func.coalesce(col(GoldenPeriod.valid_from), date.min))).where(
        col(GoldenPeriod.golden_id) == col(GoldenRecord.golden_id),
        col(GoldenPeriod.version) == col(GoldenRecord.version),
    )
    query = select(col(GoldenRecord.golden_id)).where(first.scalar_subquery() > hub.clock().date())
    return frozenset(session.scalars(query))


def settle(session: Session, target: str, changes: Sequence[Change], state: str, now: datetime) -> None:
    """End changes as `sent` or `dead`; what they overtook of the same golden record is superseded."""
    _change_many(session, target, changes, {"state": "superseded", "settled_at": now}, older=True)
    _change_many(session, target, changes, {"state": state, "settled_at": now, "next_at": None})


def hold_back(session: Session, target: str, changes: Sequence[Change]) -> None:
    """Mark changes that wait for a steward."""
    _change_many(session, target, changes, {"state": "held"})


def try_again(session: Session, target: str, change: Change, attempts: int, next_at: datetime) -> None:
    """Keep a change, and what it overtook, waiting for its next attempt; a newer version waits with it."""
    _change_many(session, target, [change], {"next_at": next_at}, older=True)
    _change_many(session, target, [change], {"state": "waiting", "attempts": attempts, "next_at": next_at})


def sent_before(session: Session, target: str, changes: Sequence[Change]) -> dict[int, int]:
    """Event number of each change to the newest version of its golden record that the target took before."""
    query = select(col(OutboxRow.golden_id), col(OutboxRow.event_number), col(OutboxRow.version)).where(
        col(OutboxRow.target) == target, col(OutboxRow.state) == "sent"
    )
    sent: dict[str, list[tuple[int, int]]] = {}
    for golden_id, number, version in rows_in(
        session, query, col(OutboxRow.golden_id), {change.golden_id for change in changes}
    ):
        sent.setdefault(golden_id, []).append((number, version))
    return {
        change.event_number: max(
            (version for number, version in sent.get(change.golden_id, ()) if number < change.event_number),
            default=0,
        )
        for change in changes
    }


def _rows(target: str, types: Sequence[str], up_to: int) -> Select[*tuple[Any, ...]]:
    row = OutboxRow
    columns = (
        row.golden_id, row.entity_type, row.version, row.event_number, row.event_id, row.event_type,
        row.state, row.attempts, row.next_at,
    )  # fmt: skip
    return (
        select(*(col(c) for c in columns))
        .where(
            col(row.target) == target, col(row.state).in_(["waiting", "held"]),
            col(row.event_number) <= up_to, col(row.entity_type).in_(types),
        )
        .order_by(col(row.golden_id), col(row.event_number))
    )  # fmt: skip


def _collapsed(rows: Iterable[Row[Any]]) -> Iterator[tuple[Change, datetime | None]]:
    for golden_id, group in groupby(rows, key=lambda row: str(row.golden_id)):
        versions = list(group)
        newest = versions[-1]
        due = max((row.next_at for row in versions if row.next_at is not None), default=None)
        change = Change(
            golden_id, newest.entity_type, newest.version, newest.event_number, newest.event_id,
            newest.event_type, rows=len(versions), attempts=max(row.attempts for row in versions),
            held_before=newest.state == "held",
        )  # fmt: skip
        yield change, due


def _log_order(change: Change) -> int:
    return change.event_number


def _undecided(session: Session) -> frozenset[str]:
    pairs = session.execute(select(col(Task.left_golden), col(Task.right_golden)))
    return frozenset(golden_id for pair in pairs for golden_id in pair)


def _change_many(
    session: Session, target: str, changes: Sequence[Change], values: dict[str, Any], *, older: bool = False
) -> None:
    """Change the rows of many changes by one statement, run for each; or the rows that they overtook."""
    if not changes:
        return
    table = OutboxRow.__table__  # type: ignore[attr-defined]  # SQLModel hides it
    # Many rows at once take no IN list.
    open_still = or_(*(table.c.state == state for state in ("waiting", "held", "dead")))
    overtaken = and_(table.c.event_number < bindparam("number"), open_still)
    statement = update(table).where(
        table.c.target == target,
        table.c.golden_id == bindparam("record"),
        overtaken if older else table.c.event_number == bindparam("number"),
    )
    rows = [{"record": change.golden_id, "number": change.event_number} for change in changes]
    session.connection().execute(statement.values(values), rows)


def _newest(types: Sequence[str], up_to: int) -> Select[*tuple[Any, ...]]:
    """Number, id, type and entity type of the event, golden id and version, of each active golden record."""
    version = GoldenVersion
    newest = (
        select(col(version.golden_id), func.max(version.version).label("version"))
        .where(col(version.event_number) <= up_to)
        .group_by(col(version.golden_id))
        .subquery()
    )
    return (
        select(
            col(Event.number), col(Event.id), col(Event.type), col(Event.entity_type),
            col(version.golden_id), col(version.version),
        )
        .join(newest, and_(newest.c.golden_id == version.golden_id, newest.c.version == version.version))
        .join(Event, col(Event.number) == col(version.event_number))
        .where(col(version.state) == "active", col(Event.entity_type).in_(types))
    )  # fmt: skip


def _queue_newest(session: Session, target: str, types: Sequence[str], up_to: int) -> None:
    row = OutboxRow
    number = col(Event.number)
    known = select(col(row.id)).where(col(row.target) == target, col(row.event_number) == number).exists()
    fresh = _newest(types, up_to).where(~known).add_columns(literal(target), literal("waiting"), literal(0))
    names = [
        "event_number", "event_id", "event_type", "entity_type", "golden_id", "version",
        "target", "state", "attempts",
    ]  # fmt: skip
    session.execute(insert(row).from_select(names, fresh, include_defaults=False))


def _requeue(session: Session, target: str, types: Sequence[str], up_to: int) -> None:
    row = OutboxRow
    newest = _newest(types, up_to).with_only_columns(col(Event.number))
    statement = update(row).where(
        col(row.target) == target, col(row.state) == "sent", col(row.event_number).in_(newest)
    )
    values = {"state": "waiting", "attempts": 0, "next_at": None, "settled_at": None}
    session.execute(statement.values(values).execution_options(synchronize_session=False))
