"""The demo firm in random orders and cuts: each must end in one partition, one set of values, one queue."""

from __future__ import annotations

import hashlib
import json
import random
import tempfile
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from databases import Databases
from sqlalchemy import select
from sqlmodel import Session, col

from mdm.demo.deployment import SETTINGS
from mdm.demo.generate import generate
from mdm.entities import Kind
from mdm.event_log import canonical_json
from mdm.hub import Hub, open_hub
from mdm.ingest import IncomingRecord, ingest
from mdm.load_batches import batches
from mdm.load_plan import LoadRequest, plan_load
from mdm.resolve import resolve
from mdm.settings import Settings
from mdm.store.derived import GoldenRecord, Membership, Task
from mdm.store.records import SourceRecord
from mdm.verify import verify

LARGEST, SMALLEST = 2000, 40
"""Rows of a batch."""

Delivery = tuple[str, str, IncomingRecord]
"""Source, entity type and row."""


def settings_at(url: str) -> Settings:
    """The demo's settings, at another database, without targets."""
    text = SETTINGS.format(config="", database="", receiver="", secret="")
    return Settings(database_url=url, synchronous="NORMAL", sources=tomllib.loads(text)["sources"])


@lru_cache(maxsize=1)
def rows_of_the_firm() -> tuple[Delivery, ...]:
    """Every usable row of the demo's exports, in the order of its manifest."""
    with tempfile.TemporaryDirectory(prefix="mdm-chaos-firm-") as folder:
        place = Path(folder)
        hub = open_hub(settings_at(f"sqlite:///{(place / 'hub.db').as_posix()}"))
        try:
            generate(place)
            manifest = json.loads((place / "manifest.json").read_text("utf-8"))
            loads = manifest["loads"] if isinstance(manifest, Mapping) else manifest
            return tuple(
                (load["source"], load["entity"], record)
                for load in loads
                for record in _records(hub, place, load)
            )
        finally:
            hub.close()


def _records(hub: Hub, folder: Path, load: dict[str, Any]) -> Iterator[IncomingRecord]:
    files = tuple(folder / name for name in load["files"])
    request = LoadRequest(
        source=load["source"], entity_type=load["entity"], files=files, mapping=load["mapping"]
    )
    plan = plan_load(hub, request)
    for source in plan.files:
        for batch in batches(plan, source):
            yield from batch.records


def cut(rows: Sequence[Delivery], seed: int) -> Iterator[list[Delivery]]:
    """The rows shuffled and cut, one in ten twice; seed 0 leaves them as they are."""
    order, chance = list(rows), random.Random(seed)
    if seed:
        order += chance.sample(order, len(order) // 10)
        chance.shuffle(order)
    begin = 0
    while begin < len(order):
        size = chance.randint(SMALLEST, LARGEST) if seed else LARGEST
        yield order[begin : begin + size]
        begin += size


def take_in(hub: Hub, batch: Sequence[Delivery]) -> None:
    """One batch in one transaction, whatever types and sources it mixes."""
    by_source: dict[tuple[str, str], dict[str, IncomingRecord]] = {}
    for source, entity_type, record in batch:
        by_source.setdefault((source, entity_type), {})[record.source_key] = record
    with hub.write("chaos") as uow:
        touched: dict[str, set[int]] = {}
        for (source, entity_type), records in by_source.items():
            found = ingest(uow, source, entity_type, list(records.values())).touched
            touched.setdefault(entity_type, set()).update(found)
        resolve(uow, touched)


def told(session: Session, hub: Hub) -> dict[str, str]:
    """What does not depend on golden ids, hashed: the partition, the values, the queue."""
    query = select(col(SourceRecord.source), col(SourceRecord.source_key), col(Membership.golden_id)).join(
        Membership, col(Membership.record_id) == col(SourceRecord.id)
    )
    groups: dict[str, list[str]] = {}
    for source, key, golden_id in session.execute(query):
        groups.setdefault(golden_id, []).append(f"{source}:{key}")
    name = {golden_id: min(keys) for golden_id, keys in groups.items()}
    values = {
        name[golden.golden_id]: {
            attribute: name.get(str(cell["value"]), "") if refers else cell["value"]
            for attribute, cell in sorted(golden.cells.items())
            for refers in [hub.registry[golden.entity_type].by_name[attribute].kind is Kind.reference]
        }
        for golden in session.scalars(select(GoldenRecord).where(col(GoldenRecord.state) == "active"))
    }
    queue = sorted(
        [*sorted((name[task.left_golden], name[task.right_golden])), task.kind, task.cause]
        for task in session.scalars(select(Task))
        if task.left_golden in name and task.right_golden in name
    )
    found = {"partition": sorted(sorted(keys) for keys in groups.values()), "values": values, "queue": queue}
    return {what: hashlib.sha256(canonical_json(parts)).hexdigest() for what, parts in found.items()}


def loaded(url: str, rows: Sequence[Delivery], seed: int) -> tuple[dict[str, str], list[str]]:
    """What an empty hub says after these rows have come in by this order, and which invariants it breaks."""
    hub = open_hub(settings_at(url))
    try:
        for batch in cut(rows, seed):
            take_in(hub, batch)
        with hub.read() as session:
            broken = [f"{c.name}: {f}" for c in verify(hub, session) for f in c.failures]
            return told(session, hub), broken
    finally:
        hub.close()


def differences(usual: Mapping[str, str], found: Mapping[str, str], seed: int) -> list[str]:
    """In what an order ended differently, in words."""
    return [f"order {seed} gives another {what}" for what in sorted(usual) if found[what] != usual[what]]


_AS_USUAL: dict[str, dict[str, str]] = {}


def _as_usual(databases: Databases) -> dict[str, str]:
    """What the manifest's own order gives, loaded once for each kind of database."""
    kind = str(databases.server)
    if kind not in _AS_USUAL:
        with databases.fresh() as (url, _):
            _AS_USUAL[kind] = loaded(url, rows_of_the_firm(), 0)[0]
    return _AS_USUAL[kind]


def order(databases: Databases, number: int) -> dict[str, Any]:
    """One unit: one random order and cut, compared with the manifest's own."""
    usual = _as_usual(databases)
    with databases.fresh() as (url, _):
        found, broken = loaded(url, rows_of_the_firm(), number + 1)
    failures = differences(usual, found, number + 1)
    failures += [f"order {number + 1}: {one}" for one in broken]
    other = {f"other {what}": int(found[what] != usual[what]) for what in sorted(usual)}
    return {"orders": 1, **other, "failed": len(failures), "failures": failures[:5]}
