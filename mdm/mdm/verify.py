"""Checks the hub against its own invariants, and says what it checked and how many."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import networkx as nx
from sqlalchemy import func, select
from sqlmodel import Session, col

from mdm.event_log import broken_links, last_event_number
from mdm.resolve.conflicts import task_id
from mdm.resolve.evidence import live_records
from mdm.resolve.golden_records import targets_of
from mdm.resolve.partition import StandingVerdict, verdicts_on
from mdm.resolve.survivors import cells_of, choices_of, claims_by_attribute
from mdm.store.decisions import Event, GoldenVersion, IssuedId, VerdictRecord
from mdm.store.derived import GoldenRecord, Membership, Task
from mdm.store.publishing import OutboxRow
from mdm.store.records import RecordVersion, SourceRecord

if TYPE_CHECKING:
    from mdm.hub import Hub


@dataclass
class Check:
    """One invariant: what it says, how many things were looked at, and which break it."""

    name: str
    checked: int = 0
    failures: list[str] = field(default_factory=list)


def verify(hub: Hub, session: Session) -> list[Check]:
    """Every invariant, in order; a sound hub has no failures."""
    checks: list[Callable[[Hub, Session, Check], Iterator[str]]] = [
        _one_golden_record_each, _ids_resolve, _values_explained, _verdicts_kept, _chain_holds,
        _history_complete, _changes_published, _tasks_current, _claims_follow_versions,
    ]  # fmt: skip
    done = []
    for run in checks:
        check = Check((run.__doc__ or run.__name__).rstrip("."))
        check.failures = list(run(hub, session, check))
        done.append(check)
    return done


def _one_golden_record_each(hub: Hub, session: Session, check: Check) -> Iterator[str]:
    """Every live source record belongs to exactly one golden record that is current."""
    query = (
        select(
            col(SourceRecord.id), col(SourceRecord.live), col(Membership.golden_id), col(GoldenRecord.state)
        )
        .outerjoin(Membership, col(Membership.record_id) == col(SourceRecord.id))
        .outerjoin(GoldenRecord, col(GoldenRecord.golden_id) == col(Membership.golden_id))
        .execution_options(yield_per=5000)
    )
    held: set[str] = set()
    for record_id, live, golden_id, state in session.execute(query):
        check.checked += 1
        held.add(golden_id or "")
        if live and state != "active":
            yield f"source record {record_id} is live but its golden record is {state or 'missing'}"
        if not live and golden_id:
            yield f"source record {record_id} is deleted but still belongs to {golden_id}"
    for golden_id in session.scalars(
        select(col(GoldenRecord.golden_id)).where(col(GoldenRecord.state) == "active")
    ):
        if golden_id not in held:
            yield f"golden record {golden_id} is current but has no source record"


def _ids_resolve(hub: Hub, session: Session, check: Check) -> Iterator[str]:
    """Every golden id ever issued leads to a golden record in one hop at most."""
    states = dict(session.execute(select(col(GoldenRecord.golden_id), col(GoldenRecord.state))).all())
    redirects = dict(session.execute(select(col(IssuedId.golden_id), col(IssuedId.redirected_to))).all())
    for golden_id, into in redirects.items():
        check.checked += 1
        if into and redirects.get(into):
            yield f"{golden_id} redirects to {into}, which redirects again"
        if into and into not in states:
            yield f"{golden_id} redirects to {into}, which does not exist"
        if golden_id not in states:
            yield f"{golden_id} was issued but is unknown"
        if into and states.get(golden_id) == "active":
            yield f"{golden_id} is current although it redirects to {into}"


def _values_explained(hub: Hub, session: Session, check: Check) -> Iterator[str]:
    """Every golden value names its claim and rule, and survivorship gives the same value again."""
    for entity_type in hub.registry:
        members: dict[str, set[int]] = {}
        query = select(col(Membership.golden_id), col(Membership.record_id)).where(
            col(Membership.entity_type) == entity_type.name
        )
        for golden_id, record_id in session.execute(query):
            members.setdefault(golden_id, set()).add(record_id)
        records = {r.id: r for r in live_records(session, {i for ids in members.values() for i in ids})}
        led = targets_of(session, entity_type, records.values())
        current = select(col(GoldenRecord.golden_id), col(GoldenRecord.cells)).where(
            col(GoldenRecord.entity_type) == entity_type.name, col(GoldenRecord.state) == "active"
        )
        for golden_id, cells in session.execute(current):
            own = [records[i] for i in members.get(golden_id, ()) if i in records]
            claims = claims_by_attribute(entity_type, own, led, golden_id)
            expected = cells_of(choices_of(entity_type, claims, hub.source_order))
            check.checked += len(cells)
            for name in sorted(cells.keys() | expected.keys()):
                if cells.get(name) != expected.get(name):
                    yield f"{golden_id}.{name} is not what survivorship gives"


def _verdicts_kept(hub: Hub, session: Session, check: Check) -> Iterator[str]:
    """No golden record joins what a verdict keeps apart, none parts what a verdict joins."""
    home = dict(session.execute(select(col(Membership.record_id), col(Membership.golden_id))).all())
    verdicts = verdicts_on(session, set(session.scalars(select(col(VerdictRecord.record_id)))))
    contested = _contested(session, home, verdicts)
    for verdict in verdicts:
        check.checked += 1
        left, right = ({home[r] for r in side if r in home} for side in (verdict.left, verdict.right))
        if verdict.answer == "distinct" and left & right:
            yield f"verdict {verdict.id} says distinct, but {min(left & right)} joins its records"
        parted = bool(verdict.answer == "same" and left and right and left != right)
        if parted and contested.isdisjoint((*verdict.left, *verdict.right)):
            homes = " and ".join(sorted(left | right))
            yield f"verdict {verdict.id} says same, but its records lie in {homes}"


def _contested(session: Session, home: Mapping[int, str], verdicts: Iterable[StandingVerdict]) -> set[int]:
    """Records that verdicts of `same` tie to a contradiction in the queue: people have to settle it first."""
    tied: nx.Graph[int] = nx.Graph()
    tied.add_edges_from((a, b) for v in verdicts if v.answer == "same" for a in v.left for b in v.right)
    query = select(col(Task.left_golden), col(Task.right_golden)).where(col(Task.kind) == "contradiction")
    clashing = {golden_id for row in session.execute(query) for golden_id in row}
    ends = [record for record in tied if home.get(record) in clashing]
    return {record for end in ends for record in nx.node_connected_component(tied, end)}


def _chain_holds(hub: Hub, session: Session, check: Check) -> Iterator[str]:
    """The event log is one unbroken chain from the first event."""
    check.checked = last_event_number(session)
    yield from broken_links(session)


def _history_complete(hub: Hub, session: Session, check: Check) -> Iterator[str]:
    """Every golden record has all its versions in the history, each with its event."""
    counted = select(
        col(GoldenVersion.golden_id), func.count(), func.max(col(GoldenVersion.version))
    ).group_by(col(GoldenVersion.golden_id))
    history = {golden_id: (count, newest) for golden_id, count, newest in session.execute(counted)}
    for golden_id, version in session.execute(select(col(IssuedId.golden_id), col(IssuedId.version))):
        check.checked += 1
        if history.get(golden_id, (0, 0)) != (version, version):
            yield f"{golden_id} is at version {version}, its history holds {history.get(golden_id)}"
    orphans = (
        select(col(GoldenVersion.golden_id), col(GoldenVersion.version))
        .outerjoin(Event, col(Event.number) == col(GoldenVersion.event_number))
        .where(col(Event.number).is_(None))
    )
    for golden_id, version in session.execute(orphans):
        yield f"{golden_id} version {version} has no event"


def _changes_published(hub: Hub, session: Session, check: Check) -> Iterator[str]:
    """Every row of the outbox belongs to an event, at most one per target."""
    query = select(col(OutboxRow.id), col(Event.number)).outerjoin(
        Event, col(Event.number) == col(OutboxRow.event_number)
    )
    for row_id, number in session.execute(query):
        check.checked += 1
        if number is None:
            yield f"outbox row {row_id} has no event"


def _tasks_current(hub: Hub, session: Session, check: Check) -> Iterator[str]:
    """Every task is about two current golden records."""
    current = set(
        session.scalars(select(col(GoldenRecord.golden_id)).where(col(GoldenRecord.state) == "active"))
    )
    for task in session.scalars(select(Task)):
        check.checked += 1
        if not {task.left_golden, task.right_golden} <= current:
            yield f"task {task.id} is about a golden record that is not current"
        if task.id != task_id(task.entity_type, task.left_golden, task.right_golden):
            yield f"task {task.id} has a wrong id"


def _claims_follow_versions(hub: Hub, session: Session, check: Check) -> Iterator[str]:
    """Every source record's current version exists and is its own."""
    query = select(col(SourceRecord.id), col(RecordVersion.record_id)).outerjoin(
        RecordVersion, col(RecordVersion.id) == col(SourceRecord.current_version_id)
    )
    for record_id, owner in session.execute(query):
        check.checked += 1
        if owner != record_id:
            yield f"source record {record_id} has no current version of its own"
