"""Takes in records that a program hands over, in one transaction, and says of each what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from difflib import get_close_matches
from functools import lru_cache
from typing import Any

from sqlalchemy import insert, select
from sqlmodel import col

from mdm.access.principal import Action
from mdm.effective import DO_NOT_MASTER, FACTS
from mdm.entities import EntityType
from mdm.errors import UnknownColumnError
from mdm.failpoints import reach
from mdm.golden_ids import golden_ids_of
from mdm.ingest import IncomingRecord, Ingested, Rejected, ingest
from mdm.intake import REPEATED_KEY, Repeat, SeenKeys, SourceRow, prepare
from mdm.intake.source_row import storable
from mdm.quarantining import quarantine
from mdm.refused_ids import sort_out
from mdm.resolve import resolve
from mdm.store.beside import stay_apart
from mdm.store.bulk import change_rows
from mdm.store.chunks import Query, rows_in
from mdm.store.records import Load, SourceRecord
from mdm.unit_of_work import UnitOfWork

ORIGIN = "api"
OWN_FIELDS = ("id", "changed_at", "deleted", *FACTS)
"""Fields of every record beside its attributes."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one record, in the order in which they came.

    Attributes:
        status: stored; deleted (its source says it is gone); left_out (kept, but not mastered, as its source
            asks); repeated (the same record stood earlier in the list); refused (its subject was erased);
            quarantined.
        golden_id: of the golden record it belongs to now; None if it belongs to none.
        reason: why it was quarantined; "" if it was not.
        field: where the reason lies.
    """

    id: str
    status: str
    golden_id: str | None = None
    reason: str = ""
    field: str = ""


@dataclass(frozen=True, slots=True)
class Received:
    """What became of all of them: how many were new, changed, unchanged and so on, and each one's outcome."""

    counts: dict[str, int]
    outcomes: tuple[Outcome, ...]


def receive(uow: UnitOfWork, source: str, entity_type: str, rows: Sequence[Mapping[str, Any]]) -> Received:
    """Take in records of one source; one that cannot be used goes to quarantine and holds up no other.

    Raises:
        UnknownEntityTypeError: no such type is declared.
        UnknownColumnError: a record has a field that is no attribute; nothing was written.
    """
    declared = uow.hub.registry[entity_type]
    uow.require(Action.deliver, declared.name)
    _check_fields(declared, rows)
    prepared = _allowed(uow, declared, source, _prepare(declared, source, rows))
    records = [item for item in prepared if isinstance(item, IncomingRecord)]
    rejected = [item for item in prepared if isinstance(item, Rejected)]
    stay_apart(uow.session, not rejected)
    load_id = _begin_load(uow, declared, source)
    ingested = ingest(uow, source, declared.name, records, load_id=load_id)
    quarantine(uow, source, declared.name, rejected, "")
    reach("receive.before_resolve")
    if ingested.touched:
        resolve(uow, {declared.name: ingested.touched})
    reach("receive.after_resolve")
    counts = _counts(ingested, rows, records, rejected)
    change_rows(uow.session, Load, "id", [{"id": load_id, "finished_at": uow.now, "counts": counts}])
    return Received(counts, _outcomes(uow, declared, source, prepared, rows))


_NEW_LOAD = insert(Load)


def _begin_load(uow: UnitOfWork, entity_type: EntityType, source: str) -> int:
    """Note that records begin to come in; without an object, which takes longer to write than the rest."""
    row = {
        "source": source, "entity_type": entity_type.name, "origin": ORIGIN, "author": uow.author,
        "started_at": uow.now, "counts": {},
    }  # fmt: skip
    key = uow.session.connection().execute(_NEW_LOAD, row).inserted_primary_key
    assert key is not None
    return int(key[0])


def _allowed(
    uow: UnitOfWork, entity_type: EntityType, source: str, prepared: list[IncomingRecord | Rejected | None]
) -> list[IncomingRecord | Rejected | None]:
    """The same, with a rejection in the place of each record that is refused for an id."""
    records = [item for item in prepared if isinstance(item, IncomingRecord)]
    refused = {str(r.row["id"]): r for r in sort_out(uow.session, entity_type, source, records)[1]}
    return [
        _from_here(refused[item.source_key])
        if isinstance(item, IncomingRecord) and item.source_key in refused
        else item
        for item in prepared
    ]


def _check_fields(entity_type: EntityType, rows: Sequence[Mapping[str, Any]]) -> None:
    known = {*OWN_FIELDS, *entity_type.by_name}
    unknown = next((name for row in rows for name in row if name not in known), None)
    if unknown is None:
        return
    near = get_close_matches(unknown, known, n=1)
    hint = f"; the nearest is {near[0]!r}" if near else ""
    raise UnknownColumnError(
        f"{entity_type.name} has no attribute {unknown!r}{hint}; rename the field, nothing was written."
    )


def _prepare(
    entity_type: EntityType, source: str, rows: Sequence[Mapping[str, Any]]
) -> list[IncomingRecord | Rejected | None]:
    """Each row as a record or a rejection; None for one that stood in the list before."""
    seen = SeenKeys()
    found: list[IncomingRecord | Rejected | None] = []
    for number, row in enumerate(rows, start=1):
        item = prepare(entity_type, source, SourceRow(number, dict(row)))
        if isinstance(item, IncomingRecord):
            repeat = seen.see(item)
            if repeat is Repeat.same:
                item = None
            elif repeat is Repeat.other:
                item = Rejected(number, REPEATED_KEY, "id", dict(row))
        found.append(_from_here(item) if isinstance(item, Rejected) else item)
    return found


def _from_here(rejected: Rejected) -> Rejected:
    return Rejected(rejected.row_number, rejected.reason, rejected.column, rejected.row, ORIGIN)


def _counts(
    ingested: Ingested,
    rows: Sequence[Mapping[str, Any]],
    records: Sequence[IncomingRecord],
    rejected: Sequence[Rejected],
) -> dict[str, int]:
    counts = {name: number for name, number in asdict(ingested).items() if name != "touched"}
    repeated = len(rows) - len(records) - len(rejected)
    return {"rows": len(rows), **counts, "repeated": repeated, "quarantined": len(rejected)}


@lru_cache(maxsize=1024)
def _there(source: str, entity_type: str) -> Query:
    return select(col(SourceRecord.source_key), col(SourceRecord.id), col(SourceRecord.live)).where(
        col(SourceRecord.entity_type) == entity_type, col(SourceRecord.source) == source
    )


def _key_of(row: Mapping[str, Any]) -> str:
    """The key that a row states, as the hub would keep it: a NUL in it must reach no database."""
    return str(storable(row.get("id", ""))).strip()


def _outcomes(
    uow: UnitOfWork,
    entity_type: EntityType,
    source: str,
    prepared: Sequence[IncomingRecord | Rejected | None],
    rows: Sequence[Mapping[str, Any]],
) -> tuple[Outcome, ...]:
    keys = {_key_of(row) for row in rows}
    found = rows_in(uow.session, _there(source, entity_type.name), col(SourceRecord.source_key), keys)
    stored = {key: (record_id, live) for key, record_id, live in found}
    golden = golden_ids_of(uow.session, [record_id for record_id, _ in stored.values()])
    outcomes = []
    for item, row in zip(prepared, rows, strict=True):
        key = item.source_key if isinstance(item, IncomingRecord) else _key_of(row)
        if isinstance(item, Rejected):
            outcomes.append(Outcome(key, "quarantined", None, item.reason, item.column))
            continue
        record_id, live = stored.get(key, (0, False))
        gone = _gone(item) if record_id else "refused"
        status = "repeated" if item is None else "stored" if live else gone
        outcomes.append(Outcome(key, status, golden.get(record_id)))
    return tuple(outcomes)


def _gone(item: IncomingRecord | None) -> str:
    return "left_out" if item is not None and item.values.get(DO_NOT_MASTER) == "true" else "deleted"
