"""The stewards' queue: pairs of golden records that evidence joins but a machine must not.

A task is derived: its id follows from the two golden ids, and it disappears when the evidence or a verdict
settles it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import delete, insert, or_, select
from sqlmodel import Session, col

from mdm.entities import EntityType
from mdm.event_log import canonical_json
from mdm.resolve.edges import edges_of
from mdm.resolve.partition import CutPair, StandingVerdict, verdicts_on
from mdm.store.chunks import CHUNK, chunks, rows_in
from mdm.store.derived import Membership, Task
from mdm.store.records import SourceRecord
from mdm_matching import MatchModel

REVIEW_TEXT = "The evidence is between the two thresholds: enough to ask, too little to decide."


@dataclass(frozen=True, slots=True)
class QueueChange:
    """Which tasks a resolution opened and which it closed, by id."""

    opened: frozenset[str]
    closed: frozenset[str]


def refresh_tasks(
    session: Session,
    entity_type: EntityType,
    model: MatchModel,
    golden_ids: Collection[str],
    cuts: Iterable[CutPair],
) -> QueueChange:
    """Bring the tasks about these golden records in line with edges, cuts and verdicts."""
    before = _drop(session, golden_ids)
    members = _members(session, golden_ids)
    home = {record: golden for golden, records in members.items() for record in records}
    edges = edges_of(session, home)
    home |= _homes(session, {end for left, right, _ in edges for end in (left, right)} - home.keys())
    causes = _causes(cuts, home)
    best: dict[tuple[str, str], tuple[float, int, int]] = {}
    for left, right, weight in [*edges, *((c.left_id, c.right_id, c.weight) for c in causes.values())]:
        pair = _pair(home.get(left), home.get(right))
        if pair is not None and (
            pair not in best or (weight, -left, -right) > (best[pair][0], -best[pair][1], -best[pair][2])
        ):
            best[pair] = (weight, left, right)
    rows = _open(session, entity_type, model, best, causes)
    if rows:
        session.execute(insert(Task), rows)
    after = {str(row["id"]) for row in rows}
    return QueueChange(frozenset(after - before), frozenset(before - after))


def task_id(entity_type: str, one: str, other: str) -> str:
    """The id of the task about two golden records, the same in either order."""
    first, second = sorted((one, other))
    return "task-" + hashlib.sha256(f"{entity_type}\x1f{first}\x1f{second}".encode()).hexdigest()[:12]


def fingerprint(session: Session, entity_type: EntityType, record_ids: Iterable[int]) -> str:
    """A hash of the evidence that these records carry: what a person saw when they decided."""
    query = select(col(SourceRecord.source), col(SourceRecord.source_key), col(SourceRecord.claims))
    seen = {
        a.name for a in entity_type.attributes if a.semantic is not None or a.name in entity_type.match_key
    }
    rows = sorted(
        (source, key, sorted((name, str(stated["v"])) for name, stated in claims.items() if name in seen))
        for source, key, claims in rows_in(session, query, col(SourceRecord.id), set(record_ids))
    )
    return hashlib.sha256(canonical_json(rows)).hexdigest()


def _drop(session: Session, golden_ids: Collection[str]) -> set[str]:
    dropped: set[str] = set()
    for part in chunks(golden_ids, CHUNK // 2):
        either = or_(col(Task.left_golden).in_(part), col(Task.right_golden).in_(part))
        about = (either, col(Task.left_golden) != col(Task.right_golden))
        dropped |= set(session.scalars(select(col(Task.id)).where(*about)))
        session.execute(delete(Task).where(*about))
    return dropped


def _members(session: Session, golden_ids: Collection[str]) -> dict[str, list[int]]:
    query = select(col(Membership.golden_id), col(Membership.record_id))
    found: dict[str, list[int]] = {}
    for golden_id, record_id in rows_in(session, query, col(Membership.golden_id), golden_ids):
        found.setdefault(golden_id, []).append(record_id)
    return found


def _homes(session: Session, record_ids: Collection[int]) -> dict[int, str]:
    query = select(col(Membership.record_id), col(Membership.golden_id))
    return {row[0]: row[1] for row in rows_in(session, query, col(Membership.record_id), record_ids)}


def _pair(one: str | None, other: str | None) -> tuple[str, str] | None:
    if one is None or other is None or one == other:
        return None
    return (one, other) if one < other else (other, one)


def _causes(cuts: Iterable[CutPair], home: Mapping[int, str]) -> dict[tuple[str, str], CutPair]:
    """The cut that speaks for each pair of golden records: clashing verdicts, else the most evidence."""
    found: dict[tuple[str, str], CutPair] = {}
    for cut in cuts:
        pair = _pair(home.get(cut.left_id), home.get(cut.right_id))
        if pair is None or cut.cause == "review":
            continue
        if pair not in found or _urgency(cut) > _urgency(found[pair]):
            found[pair] = cut
    return found


def _urgency(cut: CutPair) -> tuple[bool, float]:
    return cut.cause == "verdict_conflict", cut.weight


def _open(
    session: Session,
    entity_type: EntityType,
    model: MatchModel,
    best: Mapping[tuple[str, str], tuple[float, int, int]],
    causes: Mapping[tuple[str, str], CutPair],
) -> list[dict[str, str | int | float]]:
    """One task per pair of golden records, but for pairs that a verdict settles."""
    members = _members(session, {golden for pair in best for golden in pair})
    verdicts = verdicts_on(session, {record for records in members.values() for record in records})
    rows: list[dict[str, str | int | float]] = []
    for (one, other), (weight, left, right) in sorted(best.items()):
        cause = causes.get((one, other))
        contested = cause is not None and cause.cause == "verdict_conflict"
        if not contested and _settled(session, entity_type, verdicts, members[one], members[other]):
            continue
        kind = (
            "contradiction"
            if contested
            else "possible_duplicate"
            if weight >= model.match_threshold
            else "possible_match"
        )
        rows.append(
            {
                "id": task_id(entity_type.name, one, other),
                "entity_type": entity_type.name,
                "kind": kind,
                "left_golden": one,
                "right_golden": other,
                "left_record": left,
                "right_record": right,
                "weight": weight,
                "cause": cause.cause if cause else "review",
                "text": cause.text if cause else REVIEW_TEXT,
            }
        )
    return rows


def _settled(
    session: Session,
    entity_type: EntityType,
    verdicts: Iterable[StandingVerdict],
    one: list[int],
    other: list[int],
) -> bool:
    """Whether people have answered: distinct for good, unsure until the evidence they saw changes."""
    for verdict in verdicts:
        if not verdict.separates(one, other):
            continue
        if verdict.answer == "distinct":
            return True
        if verdict.answer == "unsure" and verdict.fingerprint == fingerprint(
            session, entity_type, (*verdict.left, *verdict.right)
        ):
            return True
    return False
