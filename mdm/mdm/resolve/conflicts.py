"""The stewards' queue: pairs of golden records that evidence joins but a machine must not.

A task is derived: its id follows from the two golden ids, and it disappears when the evidence or a verdict
settles it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlmodel import Session, col

from mdm.entities import EntityType
from mdm.golden_ids import golden_ids_of, members_of
from mdm.history.queue import drop_tasks, put_tasks
from mdm.resolve.contradictions import GoldenPair, contradicting
from mdm.resolve.hierarchies import HIERARCHY_LOOP
from mdm.resolve.override_tasks import OVERRIDE_CONFLICT
from mdm.resolve.partition import CutPair
from mdm.resolve.said import Said, read_said
from mdm.resolve.stored_edges import edges_of
from mdm.resolve.verdicts import contested_on, holds_on
from mdm.store.chunks import rows_in
from mdm.store.derived import Task
from mdm_matching import MatchModel

if TYPE_CHECKING:
    from mdm.hub import Hub

REVIEW_TEXT = "The evidence is between the two thresholds: enough to ask, too little to decide."

DISPUTED_TEXT = "Their ids and the rest contradict each other: an id is wrong, or two things look alike."
"""Of pairs whose edge is kept although its weight lies below the review threshold."""


@dataclass(frozen=True, slots=True)
class Question:
    """A task in brief: its id, its kind and the two golden records that it is about."""

    task: str
    kind: str
    golden_ids: GoldenPair


@dataclass(frozen=True, slots=True)
class QueueChange:
    """Which tasks a resolution opened and which it closed, in the order of their ids."""

    opened: tuple[Question, ...]
    closed: tuple[Question, ...]


def refresh_tasks(
    hub: Hub,
    session: Session,
    entity_type: EntityType,
    model: MatchModel,
    golden_ids: Collection[str],
    cuts: Iterable[CutPair],
) -> QueueChange:
    """Bring the tasks about these golden records in line with edges, cuts and verdicts."""
    before = _drop(session, golden_ids)
    members = members_of(session, golden_ids)
    home = {record: golden for golden, records in members.items() for record in records}
    edges = edges_of(session, home)
    home |= golden_ids_of(session, {end for left, right, _ in edges for end in (left, right)} - home.keys())
    disputed = (*contested_on(session, home), *holds_on(session, home))
    home |= golden_ids_of(session, {r for v in disputed for r in (*v.left, *v.right)} - home.keys())
    said = read_said(session, entity_type, members_of(session, set(home.values())))
    alike = {(a, b) for a, b, weight in edges if weight >= model.match_threshold}
    causes = _causes([*cuts, *said.held(alike)], said.home)
    best: dict[GoldenPair, tuple[float, int, int]] = {}
    for left, right, weight in [*edges, *((c.left_id, c.right_id, c.weight) for c in causes.values())]:
        pair = _pair(said.home.get(left), said.home.get(right))
        if pair is not None and (
            pair not in best or (weight, -left, -right) > (best[pair][0], -best[pair][1], -best[pair][2])
        ):
            best[pair] = (weight, left, right)
    weak = _weak(model, said, best, {*causes, *_disputed(model, edges, said.home)})
    for pair in contradicting(hub, session, entity_type, model, weak, said.members):
        del best[pair]
    rows = {str(row["id"]): row for row in _open(entity_type, model, said, best, causes)}
    rows |= {str(row["id"]): row for row in (*_doubted(entity_type, said), *_contested(entity_type, said))}
    about = set(golden_ids)
    rows = {i: r for i, r in rows.items() if about & {str(r["left_golden"]), str(r["right_golden"])}}
    put_tasks(session, list(rows.values()))
    now = {
        i: Question(i, str(r["kind"]), (str(r["left_golden"]), str(r["right_golden"])))
        for i, r in rows.items()
    }
    return QueueChange(
        tuple(now[i] for i in sorted(now.keys() - before.keys())),
        tuple(before[i] for i in sorted(before.keys() - now.keys())),
    )


def task_id(entity_type: str, one: str, other: str) -> str:
    """The id of the task about two golden records, the same in either order."""
    first, second = sorted((one, other))
    return "task-" + hashlib.sha256(f"{entity_type}\x1f{first}\x1f{second}".encode()).hexdigest()[:12]


_ABOUT_RECORDS = select(col(Task.id), col(Task.kind), col(Task.left_golden), col(Task.right_golden)).where(
    col(Task.kind).not_in((HIERARCHY_LOOP, OVERRIDE_CONFLICT))
)


def _drop(session: Session, golden_ids: Collection[str]) -> dict[str, Question]:
    dropped = {
        name: Question(name, kind, (left, right))
        for side in (col(Task.left_golden), col(Task.right_golden))
        for name, kind, left, right in rows_in(session, _ABOUT_RECORDS, side, golden_ids)
    }
    drop_tasks(session, dropped)
    return dropped


def _pair(one: str | None, other: str | None) -> GoldenPair | None:
    if one is None or other is None or one == other:
        return None
    return (one, other) if one < other else (other, one)


def _causes(cuts: Iterable[CutPair], home: Mapping[int, str]) -> dict[GoldenPair, CutPair]:
    """The cut that speaks for each pair of golden records: clashing verdicts, else the most evidence."""
    found: dict[GoldenPair, CutPair] = {}
    for cut in cuts:
        pair = _pair(home.get(cut.left_id), home.get(cut.right_id))
        if pair is None or cut.cause == "review":
            continue
        if pair not in found or _urgency(cut) > _urgency(found[pair]):
            found[pair] = cut
    return found


def _disputed(
    model: MatchModel, edges: Iterable[tuple[int, int, float]], home: Mapping[int, str]
) -> set[GoldenPair]:
    """The pairs of golden records that only different ids keep from matching."""
    pairs = {_pair(home.get(a), home.get(b)) for a, b, weight in edges if weight < model.review_threshold}
    return {pair for pair in pairs if pair is not None}


def _weak(
    model: MatchModel,
    said: Said,
    best: Mapping[GoldenPair, tuple[float, int, int]],
    strong: Collection[GoldenPair],
) -> list[GoldenPair]:
    """The pairs for which nothing but evidence between the two thresholds speaks, and no earlier answer."""
    return [
        pair
        for pair, (weight, _, _) in sorted(best.items())
        if weight < model.match_threshold and pair not in strong and not said.reopened(*pair)
    ]


def _urgency(cut: CutPair) -> tuple[bool, float]:
    return cut.cause == "verdict_conflict", cut.weight


def _open(
    entity_type: EntityType,
    model: MatchModel,
    said: Said,
    best: Mapping[GoldenPair, tuple[float, int, int]],
    causes: Mapping[GoldenPair, CutPair],
) -> list[dict[str, str | int | float]]:
    """One task per pair of golden records, but for pairs that a verdict settles."""
    rows: list[dict[str, str | int | float]] = []
    for (one, other), (weight, left, right) in sorted(best.items()):
        cause = causes.get((one, other))
        contested = cause is not None and cause.cause == "verdict_conflict"
        if not contested and said.settled(one, other):
            continue
        why = (cause.cause, cause.text) if cause else ("review", REVIEW_TEXT)
        if contested:
            why = ("verdict_conflict", said.clash(left, right))
        elif said.reopened(one, other):
            why = ("reopened", said.reopened(one, other))
        elif not cause and weight < model.review_threshold:
            why = ("exclusive_id", DISPUTED_TEXT)
        disputed = weight < model.review_threshold or weight >= model.match_threshold
        kind = "possible_duplicate" if disputed else "possible_match"
        rows.append(
            {
                "id": task_id(entity_type.name, one, other),
                "entity_type": entity_type.name,
                "kind": "contradiction" if contested else kind,
                "left_golden": one,
                "right_golden": other,
                "left_record": left,
                "right_record": right,
                "weight": weight,
                "cause": why[0],
                "text": why[1],
            }
        )
    return rows


def _doubted(entity_type: EntityType, said: Said) -> list[dict[str, str | int | float]]:
    """One task per golden record that a verdict of same holds together whose evidence has changed since."""
    rows: dict[str, dict[str, str | int | float]] = {}
    for verdict, golden_id in said.doubted():
        rows[golden_id] = {
            "id": task_id(entity_type.name, golden_id, golden_id),
            "entity_type": entity_type.name,
            "kind": "contradiction",
            "left_golden": golden_id,
            "right_golden": golden_id,
            "left_record": verdict.left[0],
            "right_record": verdict.right[0],
            "weight": 0.0,
            "cause": "reopened",
            "text": said.doubt(verdict),
        }
    return [rows[golden_id] for golden_id in sorted(rows)]


def _contested(entity_type: EntityType, said: Said) -> list[dict[str, str | int | float]]:
    """One task per pair of golden records about which somebody contradicts a verdict that stands."""
    rows: dict[GoldenPair, dict[str, str | int | float]] = {}
    for verdict, one, other in said.contested():
        left, right = verdict.left[0], verdict.right[0]
        rows[one, other] = {
            "id": task_id(entity_type.name, one, other),
            "entity_type": entity_type.name,
            "kind": "contradiction",
            "left_golden": one,
            "right_golden": other,
            "left_record": left if said.home[left] == one else right,
            "right_record": right if said.home[left] == one else left,
            "weight": 0.0,
            "cause": "contested",
            "text": said.contradiction(verdict),
        }
    return [rows[pair] for pair in sorted(rows)]
