"""Ids that one thing has and no other: who holds which of them, and which are disputed.

An attribute declared unique, or proof, holds such ids: a tax id, a national id. While one current golden
record holds an id, the store refuses a second holder. Evidence may still leave two of them with one id
(unlike names, a verdict, an id that lost its force): then it is disputed on all of them.

Derived from the golden values: the table says nothing that they do not say.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from typing import Any

from sqlalchemy import case, delete, select, update
from sqlmodel import Session, col

from mdm.entities import EntityRegistry, EntityType
from mdm.entities.entity_type import Attribute
from mdm.store.beside import stay_apart
from mdm.store.bulk import add_rows, drop_rows
from mdm.store.chunks import Query, chunks, rows_in
from mdm.store.derived import GoldenRecord, StrongId
from mdm.store.records import SourceRecord

Cells = Mapping[str, Mapping[str, Any]]
StrongKey = tuple[str, int]
"""Attribute, and the hash of an id that it holds."""
Holding = tuple[str, str, int]
"""Golden id, and a strong key that it holds."""


def strong_attributes(entity_type: EntityType) -> tuple[Attribute, ...]:
    """The attributes whose ids one thing has and no other; none of a type with an exact key."""
    if entity_type.match_key:
        return ()
    return tuple(a for a in entity_type.attributes if a.evidence and _is_strong(a))


def _is_strong(attribute: Attribute) -> bool:
    if attribute.semantic is None:
        return False
    said = attribute.trusted
    return said.proof or (attribute.semantic.exclusive if said.unique is None else said.unique)


_SOURCES = select(col(SourceRecord.id), col(SourceRecord.source))
_HELD = select(col(StrongId.golden_id), col(StrongId.attribute), col(StrongId.id_hash))


def holdings_of(session: Session, entity_type: EntityType, golden: Mapping[str, Cells]) -> set[Holding]:
    """The ids that golden records hold: those that pass their check, of sources that are heard."""
    attributes = strong_attributes(entity_type)
    limited = {a.name for a in attributes if a.trusted.sources}
    stating = {
        cell["record"] for cells in golden.values() for name, cell in cells.items()
        if name in limited and "record" in cell
    }  # fmt: skip
    source = {row[0]: row[1] for row in rows_in(session, _SOURCES, col(SourceRecord.id), stating)}
    return {
        (golden_id, attribute.name, _hash(text))
        for golden_id, cells in golden.items()
        for attribute in attributes
        for text in _ids(attribute, cells, source)
    }


def _ids(attribute: Attribute, cells: Cells, source: Mapping[int, str]) -> Iterable[str]:
    """The ids that one golden record holds in one attribute, in standard form."""
    cell = cells.get(attribute.name)
    semantic = attribute.semantic
    if cell is None or semantic is None or cell.get("flag"):
        return
    if "record" in cell and not attribute.trusted.hears(source.get(cell["record"], "")):
        return
    beside = cells.get(semantic.context or "")
    context = str(beside["value"]) if beside else ""
    values = cell["value"] if isinstance(cell["value"], list) else [cell["value"]]
    for value in values:
        standard = semantic.standardise(str(value), context)
        if standard is not None:
            yield standard.text


def _hash(text: str) -> int:
    digest = hashlib.blake2b(text.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def hold_strong_ids(
    session: Session, entity_type: EntityType, golden: Mapping[str, Cells], gone: Collection[str] = ()
) -> None:
    """Bring what is held in line with the values of these golden records.

    Args:
        golden: golden id to its cells, all current.
        gone: golden ids that are no longer current.

    Raises:
        NotApartError: it is written beside other writers, and another golden record holds one of the ids.
    """
    if not strong_attributes(entity_type):
        return
    wanted = holdings_of(session, entity_type, golden)
    stored = {tuple(row) for row in rows_in(session, _HELD, col(StrongId.golden_id), {*golden, *gone})}
    moved = {holding[0] for holding in wanted ^ stored}
    if not moved:
        return
    drop_rows(session, StrongId, "golden_id", {holding[0] for holding in stored} & moved)
    new = {holding for holding in wanted if holding[0] in moved}
    touched = {(attribute, key) for golden_id, attribute, key in (*new, *stored) if golden_id in moved}
    _settle(session, entity_type, touched, new)


def _settle(session: Session, entity_type: EntityType, touched: set[StrongKey], new: set[Holding]) -> None:
    """Add holdings; every id that several hold is disputed on all of them, and no other is."""
    others = _others(session, entity_type, touched)
    stay_apart(session, not others)
    holders: dict[StrongKey, set[str]] = {}
    for golden_id, attribute, key in (*new, *others):
        holders.setdefault((attribute, key), set()).add(golden_id)
    disputed = {key for key, ids in holders.items() if len(ids) > 1}
    _mark(session, entity_type, {h[1:] for h, is_disputed in others.items() if not is_disputed} & disputed)
    _mark(session, entity_type, {h[1:] for h, is_disputed in others.items() if is_disputed} - disputed)
    rows = [
        {
            "golden_id": golden_id, "attribute": attribute, "id_hash": key, "entity_type": entity_type.name,
            "disputant": golden_id if (attribute, key) in disputed else "",
        }
        for golden_id, attribute, key in sorted(new)
    ]  # fmt: skip
    add_rows(session, StrongId, rows)


def _others(session: Session, entity_type: EntityType, keys: set[StrongKey]) -> dict[Holding, bool]:
    """Who holds these ids, and whether they are disputed."""
    hashes: dict[str, set[int]] = {}
    for attribute, key in keys:
        hashes.setdefault(attribute, set()).add(key)
    return {
        (golden_id, attribute, key): bool(disputant)
        for attribute, those in hashes.items()
        for golden_id, key, disputant in rows_in(
            session, _holding(entity_type.name, attribute), col(StrongId.id_hash), those
        )
    }


@cache
def _holding(entity_type: str, attribute: str) -> Query:
    return select(col(StrongId.golden_id), col(StrongId.id_hash), col(StrongId.disputant)).where(
        col(StrongId.entity_type) == entity_type, col(StrongId.attribute) == attribute
    )


def _mark(session: Session, entity_type: EntityType, keys: set[StrongKey]) -> None:
    """Turn the mark of these ids round on everyone who holds them."""
    turned = case((col(StrongId.disputant) == "", col(StrongId.golden_id)), else_="")
    for attribute in sorted({attribute for attribute, _ in keys}):
        for part in chunks(key for name, key in keys if name == attribute):
            held = (
                col(StrongId.entity_type) == entity_type.name,
                col(StrongId.attribute) == attribute,
                col(StrongId.id_hash).in_(part),
            )
            statement = update(StrongId).where(*held).values(disputant=turned)
            session.execute(statement.execution_options(synchronize_session=False))


def fill_strong_ids(session: Session, registry: EntityRegistry) -> None:
    """Fill the table from the golden values, as after a migration."""
    session.execute(delete(StrongId))
    for entity_type in registry:
        hold_strong_ids(session, entity_type, golden_cells(session, entity_type))


def golden_cells(session: Session, entity_type: EntityType) -> dict[str, Cells]:
    """Golden id to cells, of every current golden record of a type."""
    query = select(col(GoldenRecord.golden_id), col(GoldenRecord.cells)).where(
        col(GoldenRecord.entity_type) == entity_type.name, col(GoldenRecord.state) == "active"
    )
    return dict(session.execute(query).all())
