"""Merge, change what sources say, unmerge or undo: everything is as it would be without the merge."""

from __future__ import annotations

from dataclasses import dataclass
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
from mdm.testing import NOON, hub_at, record, take_in
from mdm.unit_of_work import UnitOfWork
from mdm.verify import verify

SOURCES = ("crm", "erp", "clm")
LONGEST, DEEPEST = 20, 5
"""Source records of one trip, and merges into one another."""

FIRST = ("Amber", "Birch", "Cedar", "Dune", "Ember", "Fjord", "Garnet", "Heath", "Iris", "Juniper")
SECOND = (
    "Legal",
    "Bakeries",
    "Mining",
    "Joinery",
    "Nurseries",
    "Optics",
    "Freight",
    "Quarries",
    "Salt",
    "Tools",
)


@dataclass(frozen=True)
class Change:
    """What one source says anew of one of its records."""

    source: str
    key: str
    values: dict[str, Any]


def round_trip(hub: Hub, seed: int) -> list[str]:
    """One trip on an empty hub; what is wrong afterwards, in words."""
    chance = Random(seed)
    rows = _take_in(hub, chance)
    for _ in range(chance.randint(0, DEEPEST - 1)):
        _merge_any(hub, chance)
    changes = _changes(chance, rows) if chance.random() < 0.7 else []
    expected = _as_without_the_merge(hub, changes)
    merged = _merge_any(hub, chance)
    if merged is None:
        return []
    with hub.write("chaos") as uow:
        _apply(uow, changes)
    with hub.write("chaos") as uow:
        if chance.random() < 0.5:
            undo(uow, merged.operation)
        else:
            unmerge(uow, UnmergeRequest(merged.redirected, tree=True))
    with hub.read() as session:
        found = state(session)
        failures = [text for check in verify(hub, session) for text in check.failures]
    if canonical_json(found) != canonical_json(expected):
        parts = [name for name in expected if found[name] != expected[name]]
        failures.append(f"seed {seed}: {', '.join(parts)} differ")
    return failures


def many_trips(databases: Databases, number: int, *, trips: int = 100) -> dict[str, Any]:
    """One unit of the campaign: so many trips, each on an empty database of its own."""
    failures: list[str] = []
    for seed in range(number * trips, (number + 1) * trips):
        with databases.fresh() as (url, _):
            hub = hub_at(url)
            try:
                failures += round_trip(hub, seed)
            finally:
                hub.close()
    return {"trips": trips, "failures": failures}


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


def _take_in(hub: Hub, chance: Random) -> list[tuple[str, str]]:
    """Firms in one to four records each, by evidence one; and projects that refer to some."""
    names = [f"{a} {b}" for a in FIRST for b in SECOND]
    chance.shuffle(names)
    left, number, rows = chance.randint(2, LONGEST), 0, []
    batches: dict[str, list[Any]] = {source: [] for source in SOURCES}
    while left > 0:
        size, name = min(left, chance.randint(1, 4)), names.pop()
        domain = name.lower().replace(" ", "-") + ".example"
        for _ in range(size):
            source, key = chance.choice(SOURCES), f"{number}"
            full = {"name": name, "website": domain, "email": f"office@{domain}"}
            batches[source].append(record(key, **full, country="GB"))
            rows.append((source, key))
            number += 1
        left -= size
    for source, batch in batches.items():
        take_in(hub, source, "client", batch)
    referred = [f"{source}:{key}" for source, key in chance.sample(rows, min(3, len(rows)))]
    projects = [record(f"p{n}", name=f"Rollout {n}", client=client) for n, client in enumerate(referred)]
    take_in(hub, "psa", "project", projects)
    return rows


def _merge_any(hub: Hub, chance: Random) -> Merged | None:
    """Merge two golden records, often one that was merged before; None if there is only one."""
    with hub.write("chaos") as uow:
        query = select(col(Membership.golden_id)).where(col(Membership.entity_type) == "client").distinct()
        ids = sorted(uow.session.scalars(query))
        if len(ids) < 2:
            return None
        loser, survivor = chance.sample(ids, 2)
        seen = {i: uow.session.get_one(IssuedId, i).version for i in (loser, survivor)}
        found = merge(uow, MergeRequest(loser, survivor, seen))
    assert isinstance(found, Merged)
    return found


def _changes(chance: Random, rows: list[tuple[str, str]]) -> list[Change]:
    words: dict[str, list[str]] = {
        "industry": ["Law", "Food", "Mining"],
        "currency": ["GBP", "EUR"],
        "city": ["Leeds", "York"],
        "display_name": ["The firm", "Our client"],
    }
    found = []
    for source, key in chance.sample(rows, chance.randint(1, min(4, len(rows)))):
        name = chance.choice(sorted(words))
        found.append(Change(source, key, {name: chance.choice(words[name])}))
    return found


def _apply(uow: UnitOfWork, changes: list[Change]) -> None:
    touched: set[int] = set()
    for number, change in enumerate(changes):
        later = NOON + timedelta(days=1, minutes=number)
        known = _stated(uow.session, change)
        row = record(change.key, later, **{**known, **change.values})
        touched |= ingest(uow, change.source, "client", [row]).touched
    resolve(uow, {"client": touched})


def _stated(session: Session, change: Change) -> dict[str, Any]:
    query = select(col(SourceRecord.claims)).where(
        col(SourceRecord.source) == change.source, col(SourceRecord.source_key) == change.key
    )
    claims = session.scalars(query).first() or {}
    return {name: claim["v"] for name, claim in claims.items()}


def _as_without_the_merge(hub: Hub, changes: list[Change]) -> dict[str, Any]:
    """What the hub would say after the changes alone; they are taken back."""
    with hub.write("chaos") as uow:
        _apply(uow, changes)
        uow.session.flush()
        expected = state(uow.session)
        uow.session.rollback()
    return expected
