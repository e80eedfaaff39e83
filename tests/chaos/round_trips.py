"""Merge, change what sources say, unmerge or undo: everything is as it would be without the merge.

Trips are made ten at a time on one hub: ten pairs are merged, sources change some of their records, and the
ten are parted again in another order. So a trip must restore its own pair and leave the other nine alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Any

from databases import Databases
from sqlalchemy import select
from sqlmodel import Session, col

from mdm.event_log import canonical_json
from mdm.golden_ids import resolve_id
from mdm.hub import Hub
from mdm.identity import Merged, MergeRequest, UnmergeRequest, merge, undo, unmerge
from mdm.ingest import ingest
from mdm.resolve import resolve
from mdm.store.decisions import IssuedId
from mdm.store.derived import GoldenRecord, Membership, Relation
from mdm.store.records import SourceRecord
from mdm.testing import NOON, record, take_in
from mdm.unit_of_work import UnitOfWork
from mdm.verify import verify

SOURCES = ("crm", "erp", "clm")
FIRMS = 40
LARGEST, DEEPEST = 20, 5
"""Source records of a merged golden record, and merges into one another."""
AT_ONCE = 10
"""Trips that are under way together."""
DEEPENED = 3
"""Of so many firms one is merged before the first trip, for good: so trips begin with some merged before."""

FIRST = ("Amber", "Birch", "Cedar", "Dune", "Ember", "Fjord", "Garnet", "Heath", "Iris", "Juniper")
SECOND = ("Legal", "Bakeries", "Mining", "Joinery", "Optics", "Freight", "Quarries", "Salt", "Tools")
WORDS: Mapping[str, tuple[str, ...]] = {
    "industry": ("Law", "Food", "Mining"),
    "currency": ("GBP", "EUR"),
    "city": ("Leeds", "York"),
    "display_name": ("The firm", "Our client"),
}


@dataclass(frozen=True)
class Change:
    """What one source says anew of one of its records."""

    source: str
    key: str
    values: dict[str, Any]


@dataclass
class Travellers:
    """The golden records of one hub, and how deep each has been merged.

    Attributes:
        met: pairs that were parted by a verdict, which forbids to merge them again.
        day: rises with every group of trips, so that later changes have later clocks.
    """

    hub: Hub
    chance: Random
    firms: int
    depth: dict[str, int] = field(default_factory=dict)
    met: set[frozenset[str]] = field(default_factory=set)
    day: int = 1

    def bring_in(self) -> None:
        """Firms in one to four records each, by evidence one; and projects that refer to some."""
        names = [f"{a} {b}" for a in FIRST for b in SECOND]
        batches: dict[str, list[Any]] = {source: [] for source in SOURCES}
        for number, name in enumerate(self.chance.sample(names, self.firms)):
            domain = name.lower().replace(" ", "-") + ".example"
            full = {"name": name, "website": domain, "email": f"office@{domain}", "country": "GB"}
            for copy in range(self.chance.randint(1, 4)):
                batches[self.chance.choice(SOURCES)].append(record(f"{number}-{copy}", **full))
        for source, batch in batches.items():
            take_in(self.hub, source, "client", batch)
        keys = [f"{source}:{row.source_key}" for source, batch in batches.items() for row in batch]
        referred = enumerate(self.chance.sample(keys, self.firms // 3))
        take_in(
            self.hub, "psa", "project", [record(f"p{n}", name=f"Rollout {n}", client=c) for n, c in referred]
        )

    def deepen(self) -> None:
        """Merges that stay."""
        for _ in range(self.firms // DEEPENED):
            for loser, survivor in self._pairs(1):
                self._merge(loser, survivor)

    def travel(self, trips: int) -> tuple[int, list[str]]:
        """So many trips at once, if there are as many pairs; how many, and what is wrong afterwards."""
        pairs, depth = self._pairs(trips), dict(self.depth)
        self.met |= {frozenset(pair) for pair in pairs}
        changes = [c for pair in pairs if self.chance.random() < 0.7 for c in self._changes(pair)]
        with self.hub.write("chaos") as uow:
            self._apply(uow, changes)
            uow.session.flush()
            expected = state(uow.session)
            uow.session.rollback()
        merged = [self._merge(loser, survivor) for loser, survivor in pairs]
        with self.hub.write("chaos") as uow:
            self._apply(uow, changes)
        self.day += 1
        self.chance.shuffle(merged)
        for one in merged:
            self._part(one)
        self.depth = depth
        with self.hub.read() as session:
            found = state(session)
            failures = [text for check in verify(self.hub, session) for text in check.failures]
        parts = [name for name in expected if canonical_json(found[name]) != canonical_json(expected[name])]
        return len(pairs), failures + [f"{name} differ after {pairs}" for name in parts]

    def _pairs(self, count: int) -> list[tuple[str, str]]:
        """Pairs of current golden records, none in two of them, together neither too large nor too deep."""
        with self.hub.read() as session:
            sizes = _sizes(session)
        free = sorted(sizes)
        self.chance.shuffle(free)
        pairs: list[tuple[str, str]] = []
        while len(pairs) < count and len(free) > 1:
            loser = free.pop()
            for survivor in free:
                deep = 1 + max(self.depth.get(loser, 0), self.depth.get(survivor, 0))
                fits = sizes[loser] + sizes[survivor] <= LARGEST and deep <= DEEPEST
                if fits and {loser, survivor} not in self.met:
                    free.remove(survivor)
                    pairs.append((loser, survivor))
                    break
        return pairs

    def _merge(self, loser: str, survivor: str) -> Merged:
        with self.hub.write("chaos") as uow:
            seen = {i: uow.session.get_one(IssuedId, i).version for i in (loser, survivor)}
            found = merge(uow, MergeRequest(loser, survivor, seen))
        assert isinstance(found, Merged), found
        deeper = 1 + max(self.depth.get(loser, 0), self.depth.get(survivor, 0))
        self.depth[survivor] = deeper
        return found

    def _part(self, merged: Merged) -> None:
        with self.hub.write("chaos") as uow:
            if self.chance.random() < 0.5:
                undo(uow, merged.operation)
            else:
                unmerge(uow, UnmergeRequest(merged.redirected, tree=True))

    def _changes(self, pair: tuple[str, str]) -> Iterable[Change]:
        query = (
            select(col(SourceRecord.source), col(SourceRecord.source_key))
            .join(Membership, col(Membership.record_id) == col(SourceRecord.id))
            .where(col(Membership.golden_id).in_(pair))
        )
        with self.hub.read() as session:
            rows = sorted(tuple(row) for row in session.execute(query))
        for source, key in self.chance.sample(rows, self.chance.randint(1, min(4, len(rows)))):
            name = self.chance.choice(sorted(WORDS))
            yield Change(source, key, {name: self.chance.choice(WORDS[name])})

    def _apply(self, uow: UnitOfWork, changes: list[Change]) -> None:
        touched: set[int] = set()
        for number, change in enumerate(changes):
            later = NOON + timedelta(days=self.day, minutes=number)
            row = record(change.key, later, **{**_stated(uow.session, change), **change.values})
            touched |= ingest(uow, change.source, "client", [row]).touched
        resolve(uow, {"client": touched})


def many_trips(hub: Hub, seed: int, trips: int, firms: int) -> dict[str, Any]:
    """So many trips of so many firms on an empty hub."""
    travellers = Travellers(hub, Random(seed), firms)
    travellers.bring_in()
    travellers.deepen()
    failures: list[str] = []
    made = 0
    while made < trips:
        together, wrong = travellers.travel(min(AT_ONCE, trips - made))
        failures += [f"seed {seed}: {one}" for one in wrong]
        made += together
        if not together:
            failures.append(f"seed {seed}: no pair is left after {made} trips")
            break
    return {"trips": made, "failed": len(failures), "failures": failures[:5]}


def round_trips(databases: Databases, number: int, *, trips: int = 50, firms: int = FIRMS) -> dict[str, Any]:
    """One unit of the campaign."""
    with databases.fresh() as (url, folder):
        where = {"url": url, "folder": folder, "seed": number}
        found: dict[str, Any] = databases.zygote.result("travel", **where, trips=trips, firms=firms)
    return found


def state(session: Session) -> dict[str, Any]:
    """Membership, values, relations, and what every id leads to."""
    members = select(col(Membership.record_id), col(Membership.golden_id))
    golden = select(GoldenRecord).where(col(GoldenRecord.state) == "active")
    related = select(col(Relation.from_id), col(Relation.attribute), col(Relation.to_id))
    ids = session.scalars(select(col(IssuedId.golden_id)))
    leads = {i: resolve_id(session, i) for i in ids}
    return {
        "membership": sorted(list(row) for row in session.execute(members)),
        "values": {g.golden_id: g.cells for g in session.scalars(golden)},
        "relations": sorted(list(row) for row in session.execute(related)),
        "ids": {i: [found.state.replace("split", "merged"), found.golden_id] for i, found in leads.items()},
    }


def _sizes(session: Session) -> dict[str, int]:
    query = select(col(Membership.golden_id)).where(col(Membership.entity_type) == "client")
    sizes: dict[str, int] = {}
    for golden_id in session.scalars(query):
        sizes[golden_id] = sizes.get(golden_id, 0) + 1
    return sizes


def _stated(session: Session, change: Change) -> dict[str, Any]:
    query = select(col(SourceRecord.claims)).where(
        col(SourceRecord.source) == change.source, col(SourceRecord.source_key) == change.key
    )
    claims = session.scalars(query).first() or {}
    return {name: claim["v"] for name, claim in claims.items()}
