"""Verdicts in force, and what they say of pairs of source records.

A verdict speaks of every pair across its two sides. Where several speak of one pair they stand beside each
other, and contradict each other if they differ; only a detach, an unmerge or the settlement of a
contradiction takes the place of what was said of the pair before, because whoever did it was shown that.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import networkx as nx
from sqlalchemy import select
from sqlmodel import Session, col

from mdm.store.chunks import Query, objects_in, rows_in
from mdm.store.decisions import Verdict, VerdictRecord
from mdm.store.holds import Hold, HoldRecord

OVERRIDING = frozenset({"detach", "unmerge", "settle"})
"""Operations whose verdict takes the place of earlier ones about the same pairs."""

Pair = tuple[int, int]
"""Two record ids, the smaller first."""


@dataclass(frozen=True, slots=True)
class StandingVerdict:
    """A verdict in force: its records on the left and on the right.

    Attributes:
        number: of the event that recorded it; a later verdict has a greater one.
        operation: merge, detach, unmerge, settle; "" for a plain answer.
        golden_id: the id that survives a merge, or that stays with the right side of a detach or unmerge.
        answer: same, distinct, unsure; or hold, if policy and not a person keeps the two sides apart.
    """

    id: str
    answer: str
    author: str
    certain: bool
    fingerprint: str
    number: int
    operation: str
    golden_id: str
    left: tuple[int, ...]
    right: tuple[int, ...]

    def separates(self, one: Collection[int], other: Collection[int]) -> bool:
        """Whether one group holds a record of one side and the other group one of the other side."""
        a, b = set(self.left), set(self.right)
        return bool(a.intersection(one) and b.intersection(other)) or bool(
            a.intersection(other) and b.intersection(one)
        )

    def pairs(self, among: Collection[int] | None = None) -> Iterator[Pair]:
        """Every pair across the two sides, both of whose records are among these."""
        for a in self.left:
            if among is None or a in among:
                for b in self.right:
                    if among is None or b in among:
                        yield (a, b) if a < b else (b, a)


def verdicts_on(session: Session, record_ids: Collection[int]) -> list[StandingVerdict]:
    """The verdicts in force that speak of any of these records, in the order of their ids."""
    return _verdicts(session, record_ids, contested=False)


def contested_on(session: Session, record_ids: Collection[int]) -> list[StandingVerdict]:
    """What people said against a verdict that stands: not in force, but a task until somebody settles it."""
    return _verdicts(session, record_ids, contested=True)


def holds_on(session: Session, record_ids: Collection[int]) -> list[StandingVerdict]:
    """The holds on any of these records whose cause stands, whether or not a verdict has ended them."""
    ids = {row[0] for row in rows_in(session, _HOLDS_OF, col(HoldRecord.record_id), record_ids)}
    heads = {hold.id: hold for hold in objects_in(session, _HOLDS, col(Hold.id), ids)}
    standing = _still_joining(session, {hold.because for hold in heads.values() if hold.because})
    heads = {name: hold for name, hold in heads.items() if not hold.because or hold.because in standing}
    sides = _sides(session, _HOLD_SIDES, col(HoldRecord.hold_id), heads)
    return [
        StandingVerdict(
            id=name, answer="hold", author="policy", certain=False, fingerprint="",
            number=heads[name].event_number, operation="", golden_id="",
            left=sides[name][0], right=sides[name][1],
        )
        for name in sorted(heads)
    ]  # fmt: skip


def _still_joining(session: Session, verdict_ids: Collection[str]) -> set[str]:
    """Those of these verdicts, withdrawn or not, whose two sides people still join by what they said."""
    if not verdict_ids:
        return set()
    sides = _sides(session, _VERDICT_SIDES, col(VerdictRecord.verdict_id), verdict_ids)
    tied: nx.Graph[int] = nx.Graph()
    frontier = {record for left, right in sides.values() for record in (*left, *right)}
    while frontier:
        tied.add_nodes_from(frontier)
        pairs = in_force(verdicts_on(session, frontier)).same
        frontier = {record for pair in pairs for record in pair} - tied.nodes
        tied.add_edges_from(pairs)
    groups = {record: k for k, group in enumerate(nx.connected_components(tied)) for record in group}
    return {
        name
        for name, (left, right) in sides.items()
        if {groups[record] for record in left} & {groups[record] for record in right}
    }


@dataclass(frozen=True, slots=True)
class PairsInForce:
    """What the verdicts in force say of pairs of records, and which verdict says it."""

    same: dict[Pair, StandingVerdict]
    distinct: dict[Pair, StandingVerdict]

    def parting(self, one: Collection[int], other: Collection[int]) -> list[StandingVerdict]:
        """The verdicts that part a record of one group from one of the other, oldest first."""
        return _across(self.distinct, one, other)

    def joining(self, one: Collection[int], other: Collection[int]) -> list[StandingVerdict]:
        """The verdicts that join a record of one group with one of the other, oldest first."""
        return _across(self.same, one, other)


def in_force(verdicts: Iterable[StandingVerdict], among: Collection[int] | None = None) -> PairsInForce:
    """What verdicts say of pairs, once those that take the place of earlier ones have done so.

    Args:
        among: only pairs of these records; None for all.
    """
    found = PairsInForce({}, {})
    said = {"same": found.same, "distinct": found.distinct}
    for verdict in sorted(verdicts, key=lambda v: (v.number, v.id)):
        if verdict.answer not in said:
            continue
        other = said["distinct" if verdict.answer == "same" else "same"]
        for pair in verdict.pairs(among):
            said[verdict.answer][pair] = verdict
            if verdict.operation in OVERRIDING:
                other.pop(pair, None)
    return found


def holding(holds: Iterable[StandingVerdict], pairs: PairsInForce) -> list[StandingVerdict]:
    """The holds that no verdict has ended: one about any pair across a hold ends it, whatever it says."""
    return [hold for hold in holds if not any(p in pairs.same or p in pairs.distinct for p in hold.pairs())]


def _across(
    said: dict[Pair, StandingVerdict], one: Collection[int], other: Collection[int]
) -> list[StandingVerdict]:
    a, b = set(one), set(other)
    found = {
        verdict.id: verdict
        for (left, right), verdict in said.items()
        if (left in a and right in b) or (left in b and right in a)
    }
    return sorted(found.values(), key=lambda v: (v.number, v.id))


def _verdicts(session: Session, record_ids: Collection[int], *, contested: bool) -> list[StandingVerdict]:
    ids = {row[0] for row in rows_in(session, _VERDICTS_OF, col(VerdictRecord.record_id), record_ids)}
    query = _CONTESTED if contested else _STANDING
    return with_sides(session, objects_in(session, query, col(Verdict.id), ids))


def with_sides(session: Session, verdicts: Iterable[Verdict]) -> list[StandingVerdict]:
    """These verdicts with their records, in the order of their ids."""
    heads = {verdict.id: verdict for verdict in verdicts}
    sides = _sides(session, _VERDICT_SIDES, col(VerdictRecord.verdict_id), heads)
    return [_standing(heads[name], *sides[name]) for name in sorted(heads)]


def _standing(verdict: Verdict, left: tuple[int, ...], right: tuple[int, ...]) -> StandingVerdict:
    return StandingVerdict(
        id=verdict.id, answer=verdict.answer, author=verdict.author, certain=verdict.certain,
        fingerprint=verdict.fingerprint, number=int(verdict.basis.get("event", 0)),
        operation=str(verdict.basis.get("operation", "")),
        golden_id=str(verdict.basis.get("survivor", verdict.basis.get("stays", ""))),
        left=left, right=right,
    )  # fmt: skip


_HOLDS_OF = select(col(HoldRecord.hold_id))
_HOLDS = select(Hold)
_HOLD_SIDES = select(col(HoldRecord.hold_id), col(HoldRecord.record_id), col(HoldRecord.side))
_VERDICTS_OF = select(col(VerdictRecord.verdict_id))
_VERDICT_SIDES = select(col(VerdictRecord.verdict_id), col(VerdictRecord.record_id), col(VerdictRecord.side))
_STANDING, _CONTESTED = (
    select(Verdict).where(col(Verdict.superseded_by).is_(None), col(Verdict.contested).is_(contested))
    for contested in (False, True)
)


def _sides(
    session: Session, query: Query, owner: Any, ids: Collection[str]
) -> dict[str, tuple[tuple[int, ...], tuple[int, ...]]]:
    """The records of verdicts or holds: left and right, each ascending."""
    found: dict[str, tuple[list[int], list[int]]] = {name: ([], []) for name in ids}
    for name, record, side in rows_in(session, query, owner, ids):
        found[name][side == "right"].append(record)
    return {name: (tuple(sorted(left)), tuple(sorted(right))) for name, (left, right) in found.items()}
