"""The ledger of golden ids, as far as some clusters are concerned: who holds which, and who outranks whom."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from sqlalchemy import select
from sqlmodel import Session, col

from mdm.entities import EntityType
from mdm.resolve.verdicts import StandingVerdict, verdicts_on
from mdm.store.chunks import Query, objects_in, rows_in
from mdm.store.decisions import IssuedId
from mdm.store.publishing import Receipt


@dataclass
class Ledger:
    """The issued ids that clusters may have, by anchor.

    Attributes:
        before: golden id to its records before, for every id that is looked at.
        subscribers: golden id to the targets that hold it; an id that nobody holds is absent.
        brought: golden id to the records of the ids that were merged into it.
        verdicts: in force on the records of ids that part or meet; empty until somebody asks.
    """

    ids: dict[str, IssuedId]
    before: Mapping[str, set[int]]
    subscribers: Mapping[str, frozenset[str]]
    anchored: dict[int, list[IssuedId]] = field(default_factory=dict)
    brought: dict[str, set[int]] = field(default_factory=dict)
    verdicts: list[StandingVerdict] = field(default_factory=list)

    @classmethod
    def read(
        cls,
        session: Session,
        entity_type: EntityType,
        clusters: Sequence[tuple[int, ...]],
        before: Mapping[str, set[int]],
    ) -> Ledger:
        """Every id that one of the clusters held, or that is anchored in one, or was merged into one."""
        records = {record for group in clusters for record in group}
        query = _issued(entity_type.name)
        found = list(objects_in(session, query, col(IssuedId.anchor_record_id), records))
        found += list(objects_in(session, query, col(IssuedId.golden_id), before))
        found += list(objects_in(session, query, col(IssuedId.redirected_to), before))
        ids = {issued.golden_id: issued for issued in found}
        ledger = cls(ids, before, subscribers_of(session, ids) if len(ids) > 1 else {})
        for issued in ids.values():
            ledger.anchored.setdefault(issued.anchor_record_id, []).append(issued)
            if issued.redirected_to:
                ledger.brought.setdefault(issued.redirected_to, set()).update(issued.own_records)
        return ledger

    def own(self, issued: IssuedId) -> set[int]:
        """The records that are an id's own, and not those of an id that was merged into it."""
        if issued.redirected_to:
            return set(issued.own_records)
        return self.before.get(issued.golden_id, set()) - self.brought.get(issued.golden_id, set())

    def move(self, issued: IssuedId, anchor: int) -> None:
        """Anchor an id at another record."""
        self.anchored[issued.anchor_record_id].remove(issued)
        self.anchored.setdefault(anchor, []).append(issued)
        issued.anchor_record_id = anchor

    def anchored_in(self, records: Iterable[int], *, redirected: bool) -> list[IssuedId]:
        """The ids anchored at these records, best first."""
        found = [
            issued
            for record in records
            for issued in self.anchored.get(record, ())
            if bool(issued.redirected_to) is redirected
        ]
        return sorted(found, key=self.rank) if len(found) > 1 else found

    def rank(self, issued: IssuedId) -> tuple[bool, bool, int, int]:
        """Which id survives: published, then confirmed by a person, then by weight, then the older.

        The weight is the number of its own records times one more than the targets that hold it.
        """
        own = self.own(issued)
        held = len(self.subscribers.get(issued.golden_id, ()))
        confirmed = any(v.answer == "same" and own.issuperset((*v.left, *v.right)) for v in self.verdicts)
        return (not held, not confirmed, -len(own) * (1 + held), issued.number)

    def named_survivor(self, records: Collection[int], among: Iterable[IssuedId]) -> IssuedId | None:
        """The id that the newest merge of these records names, if it is among these."""
        inside, choice = set(records), {issued.golden_id: issued for issued in among}
        merges = [
            v
            for v in self.verdicts
            if v.operation == "merge" and v.golden_id in choice
            if not (inside.isdisjoint(v.left) or inside.isdisjoint(v.right))
        ]
        return choice[max(merges, key=lambda v: v.number).golden_id] if merges else None

    def leaving(self, issued: IssuedId) -> set[int]:
        """Records that a detach or unmerge took away from an id."""
        return {
            record
            for v in self.verdicts
            if v.operation in {"detach", "unmerge"} and v.golden_id == issued.golden_id
            for record in v.left
        }

    def consult(self, session: Session, records: Collection[int]) -> None:
        """Read what people said of records whose ids part or meet."""
        self.verdicts = verdicts_on(session, records) if records else []


@cache
def _issued(entity_type: str) -> Query:
    return select(IssuedId).where(col(IssuedId.entity_type) == entity_type)


_DELIVERED = (
    select(col(Receipt.golden_id), col(Receipt.target)).where(col(Receipt.outcome) == "delivered").distinct()
)


def subscribers_of(session: Session, golden_ids: Collection[str]) -> dict[str, frozenset[str]]:
    """The targets to which each of these golden records was delivered; one never delivered is absent."""
    found: dict[str, set[str]] = {}
    for golden_id, target in rows_in(session, _DELIVERED, col(Receipt.golden_id), golden_ids):
        found.setdefault(golden_id, set()).add(target)
    return {golden_id: frozenset(targets) for golden_id, targets in found.items()}
