"""What people said about some golden records, for the queue: settled, reopened, contested."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from itertools import pairwise

import networkx as nx
from sqlalchemy import select
from sqlmodel import Session, col

from mdm.entities import EntityType
from mdm.event_log import canonical_json
from mdm.resolve.partition import HELD, HELD_TEXT, CutPair
from mdm.resolve.verdicts import (
    Pair,
    PairsInForce,
    StandingVerdict,
    contested_on,
    holding,
    holds_on,
    in_force,
    verdicts_on,
)
from mdm.store.chunks import rows_in
from mdm.store.records import SourceRecord


@dataclass(frozen=True, slots=True)
class Said:
    """Verdicts and holds on the source records of some golden records.

    Attributes:
        home: record id to golden id.
        changed: verdicts whose evidence is no longer what the person saw, and that were not certain.
            What is said to be the same stays so; only the question is open again.
    """

    members: Mapping[str, Collection[int]]
    home: Mapping[int, str]
    unsure: tuple[StandingVerdict, ...]
    pairs: PairsInForce
    disputed: tuple[StandingVerdict, ...]
    holds: tuple[StandingVerdict, ...]
    changed: frozenset[str]

    def settled(self, one: str, other: str) -> bool:
        """Whether people have answered: for good if certain, else until the evidence they saw changes."""
        return any(verdict.id not in self.changed for verdict in self._answers(one, other))

    def reopened(self, one: str, other: str) -> str:
        """Who said what before the evidence changed, in words; "" if nobody did."""
        earlier = [v for v in self._answers(one, other) if v.id in self.changed]
        return f"{_spoke(earlier[-1])}, but the evidence has changed since." if earlier else ""

    def _answers(self, one: str, other: str) -> list[StandingVerdict]:
        a, b = self.members[one], self.members[other]
        return [*(v for v in self.unsure if v.separates(a, b)), *self.pairs.parting(a, b)]

    def doubted(self) -> Iterator[tuple[StandingVerdict, str]]:
        """Every verdict of same whose evidence has changed, with the golden id in which its sides are one."""
        for verdict in sorted(set(self.pairs.same.values()), key=lambda v: (v.number, v.id)):
            sides = {self.home.get(record, "") for record in (*verdict.left, *verdict.right)}
            spoken = self.pairs.joining(verdict.left, verdict.right)
            if len(sides) == 1 and "" not in sides and all(other.id in self.changed for other in spoken):
                yield verdict, sides.pop()

    def doubt(self, verdict: StandingVerdict) -> str:
        """Who said so before the evidence changed, in words."""
        return f"{_spoke(verdict)}, but the evidence has changed since."

    def held(self, alike: Set[Pair]) -> Iterator[CutPair]:
        """Every hold between two golden records that evidence would make one, as a cut without evidence.

        Once they are no longer alike, as after the undo of the merge that made them so, nobody is asked.

        Args:
            alike: the pairs of records that evidence joins.
        """
        for hold in self.holds:
            if alike.isdisjoint(hold.pairs()):
                continue
            sides = (
                {self.home[r]: r for r in reversed(s) if r in self.home} for s in (hold.left, hold.right)
            )
            lefts, rights = sides
            for left in lefts.values():
                for right in rights.values():
                    yield CutPair(min(left, right), max(left, right), 0.0, HELD, HELD_TEXT)

    def contested(self) -> Iterator[tuple[StandingVerdict, str, str]]:
        """Every contested verdict with the two golden ids, in order, that its sides lie in: or one, twice."""
        for verdict in sorted(self.disputed, key=lambda v: v.number):
            if verdict.left[0] in self.home and verdict.right[0] in self.home:
                one, other = sorted((self.home[verdict.left[0]], self.home[verdict.right[0]]))
                yield verdict, one, other

    def contradiction(self, verdict: StandingVerdict) -> str:
        """Both decisions and who made them, in words."""
        against = (
            self.pairs.parting(verdict.left, verdict.right)
            if verdict.answer == "same"
            else self.pairs.joining(verdict.left, verdict.right)
        )
        before = f"{_spoke(against[-1])}; " if against else ""
        return f"{before}{_spoke(verdict)} later: both cannot stand."

    def clash(self, left: int, right: int) -> str:
        """The verdicts that part two records, and those that lead from one to the other, in words."""
        parting = self.pairs.parting([left], [right])
        tied: nx.Graph[int] = nx.Graph()
        tied.add_edges_from(self.pairs.same)
        way = nx.shortest_path(tied, left, right) if left in tied and nx.has_path(tied, left, right) else []
        steps = {v.id: v for a, b in pairwise(way) for v in [self.pairs.same[min(a, b), max(a, b)]]}
        spoken = [_spoke(v) for v in (*parting, *steps.values())]
        return (
            f"{'; '.join(spoken)}: all of that cannot stand." if spoken else "Verdicts contradict each other."
        )


def _spoke(verdict: StandingVerdict) -> str:
    return f"{verdict.author} said {verdict.answer} ({verdict.id})"


def read_said(session: Session, entity_type: EntityType, members: Mapping[str, Collection[int]]) -> Said:
    """What people said about the source records of these golden records."""
    home = {record: golden_id for golden_id, records in members.items() for record in records}
    verdicts = verdicts_on(session, home)
    pairs = in_force(verdicts)
    changed = {
        v.id
        for v in verdicts
        if not (v.certain and v.answer != "unsure")
        and (v.answer != "same" or not v.operation)
        and v.fingerprint != fingerprint(session, entity_type, (*v.left, *v.right))
    }
    return Said(
        members=members,
        home=home,
        unsure=tuple(v for v in verdicts if v.answer == "unsure"),
        pairs=pairs,
        disputed=tuple(contested_on(session, home)),
        holds=tuple(holding(holds_on(session, home), pairs)),
        changed=frozenset(changed),
    )


_CARRIED = select(col(SourceRecord.source), col(SourceRecord.source_key), col(SourceRecord.claims))


def fingerprint(session: Session, entity_type: EntityType, record_ids: Iterable[int]) -> str:
    """A hash of the evidence that these records carry: what a person saw when they decided."""
    seen = {
        a.name for a in entity_type.attributes if a.semantic is not None or a.name in entity_type.match_key
    }
    rows = sorted(
        (source, key, sorted((name, str(stated["v"])) for name, stated in claims.items() if name in seen))
        for source, key, claims in rows_in(session, _CARRIED, col(SourceRecord.id), set(record_ids))
    )
    return hashlib.sha256(canonical_json(rows)).hexdigest()
