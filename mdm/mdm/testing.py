"""For tests of the hub and what is built on it: a hub on its own database, its state in comparable form."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, text
from sqlmodel import Session, SQLModel, col

from mdm.entities import EntityType
from mdm.history.noting import Memberships, note_links
from mdm.hub import Hub, open_hub
from mdm.ingest import IncomingRecord, Ingested, ingest
from mdm.resolve import Resolved, resolve
from mdm.resolve.golden_records import write_golden_records
from mdm.resolve.references import store_references
from mdm.settings import Settings
from mdm.store.decisions import IssuedId
from mdm.store.derived import DERIVED, GoldenRecord, Membership
from mdm.store.records import SourceRecord
from mdm.survivorship import ClaimValue

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
"""The moment at which a test hub's clock stands."""


def hub_at(database_url: str, **settings: Any) -> Hub:
    """A hub on this database whose clock stands at noon, 1 March 2026; its keys lie in no current folder.

    Nobody is slowed down unless `auth` says so: how fast a test asks depends on the machine.
    """
    settings.setdefault("auth", {"rates": {"per_minute": 600_000, "burst": 100_000}})
    if not database_url.startswith("sqlite"):
        name = hashlib.sha256(database_url.encode()).hexdigest()[:16]
        settings.setdefault("trust", {"folder": str(Path(tempfile.gettempdir()) / f"mdm-{name}-trust")})
    return open_hub(Settings(database_url=database_url, synchronous="NORMAL", **settings), clock=lambda: NOON)


def record(
    key: str, changed_at: datetime | None = NOON, *, deleted: bool = False, **values: ClaimValue | None
) -> IncomingRecord:
    """One incoming row; the keyword arguments are its attributes."""
    return IncomingRecord(key, values, changed_at, deleted)


def take_in(
    hub: Hub, source: str, entity_type: str, records: Sequence[IncomingRecord]
) -> tuple[Ingested, Resolved]:
    """Ingest and resolve records of one source in one transaction."""
    with hub.write("test") as uow:
        ingested = ingest(uow, source, entity_type, records)
        return ingested, resolve(uow, {entity_type: ingested.touched})


def make_golden(hub: Hub, entity_type: str, golden_id: str, records: Mapping[str, IncomingRecord]) -> str:
    """One golden record of this id, made of the records of several sources without asking the matcher.

    Args:
        records: source to its record; what they refer to must be there already, else the reference leads
            nowhere.
    """
    declared = hub.registry[entity_type]
    with hub.write("test") as uow:
        touched = [
            i for source, row in records.items() for i in ingest(uow, source, entity_type, [row]).touched
        ]
        number = uow.session.scalar(select(func.count()).where(col(IssuedId.entity_type) == entity_type)) or 0
        issued = IssuedId(
            golden_id=golden_id,
            entity_type=entity_type,
            number=number + 1,
            anchor_record_id=touched[0],
            issued_at=uow.now,
        )
        members = [Membership(record_id=i, golden_id=golden_id, entity_type=entity_type) for i in touched]
        uow.session.add_all([issued, *members])
        note_links(uow, entity_type, Memberships(dict.fromkeys(touched, golden_id), {}, {golden_id}))
        uow.session.flush()
        store_references(uow.session, declared, _references(uow.session, declared, touched))
        write_golden_records(uow, declared, [golden_id])
    return golden_id


def _references(
    session: Session, entity_type: EntityType, ids: Sequence[int]
) -> dict[int, tuple[str, dict[str, str]]]:
    records = session.scalars(select(SourceRecord).where(col(SourceRecord.id).in_(ids)))
    names = [a.name for a in entity_type.references]
    return {
        r.id or 0: (r.source, {n: str(r.claims[n]["v"]) for n in names if n in r.claims}) for r in records
    }


def partition(session: Session, entity_type: str | None = None) -> frozenset[frozenset[str]]:
    """Which live source records share a golden record: groups of `type/source:key`."""
    query = select(
        col(Membership.golden_id),
        col(SourceRecord.entity_type),
        col(SourceRecord.source),
        col(SourceRecord.source_key),
    ).join(SourceRecord, col(SourceRecord.id) == col(Membership.record_id))
    groups: dict[str, set[str]] = {}
    for golden_id, kind, source, key in session.execute(query):
        if entity_type in (None, kind):
            groups.setdefault(golden_id, set()).add(f"{kind}/{source}:{key}")
    return frozenset(frozenset(group) for group in groups.values())


def golden_values(session: Session) -> dict[frozenset[str], dict[str, Any]]:
    """The golden values of every current golden record, under its source records; references as those."""
    query = select(
        col(Membership.golden_id),
        col(SourceRecord.entity_type),
        col(SourceRecord.source),
        col(SourceRecord.source_key),
    ).join(SourceRecord, col(SourceRecord.id) == col(Membership.record_id))
    groups: dict[str, set[str]] = {}
    for golden_id, kind, source, key in session.execute(query):
        groups.setdefault(golden_id, set()).add(f"{kind}/{source}:{key}")
    named = {golden_id: sorted(group) for golden_id, group in groups.items()}
    current = select(GoldenRecord).where(col(GoldenRecord.state) == "active")
    return {
        frozenset(groups[golden.golden_id]): {
            name: (
                named.get(cell["value"], cell["value"]) if isinstance(cell["value"], str) else cell["value"],
                cell["rule"],
            )
            for name, cell in golden.cells.items()
        }
        for golden in session.scalars(current)
        if golden.golden_id in groups
    }


def lift_guards(session: Session) -> None:
    """Take the store's triggers away for the rest of this transaction, as somebody with every right could."""
    if session.get_bind().dialect.name == "postgresql":
        tables = select(text("DISTINCT event_object_table")).select_from(text("information_schema.triggers"))
        for name in session.scalars(tables).all():
            session.execute(text(f"ALTER TABLE {name} DISABLE TRIGGER USER"))
        return
    triggers = select(text("name")).select_from(text("sqlite_master")).where(text("type = 'trigger'"))
    for name in session.scalars(triggers).all():
        session.execute(text(f"DROP TRIGGER {name}"))


def derived_state(hub: Hub, session: Session) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every derived table, sorted; equal before and after a replay."""
    tables = {model.__tablename__: _table(model) for model in DERIVED}
    tables |= {f"golden_{t.name}": hub.golden_tables[t.name] for t in hub.registry}
    state = {
        str(name): sorted((tuple(row) for row in session.execute(select(table))), key=repr)
        for name, table in tables.items()
    }
    ledger = select(col(IssuedId.golden_id), col(IssuedId.redirected_to), col(IssuedId.version))
    return state | {"issued_id": sorted((tuple(row) for row in session.execute(ledger)), key=repr)}


def _table(model: type[SQLModel]) -> Any:
    return model.__table__  # type: ignore[attr-defined]  # SQLModel hides it
