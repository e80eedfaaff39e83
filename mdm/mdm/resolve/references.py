"""References between source records: what they lead to now, and who refers to a record."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from typing import Any, Protocol

from sqlalchemy import select
from sqlmodel import Session, col

from mdm.entities import EntityRegistry, EntityType
from mdm.resolve.timelines import timelines
from mdm.store.bulk import add_rows, drop_rows
from mdm.store.chunks import Query, rows_in
from mdm.store.decisions import IssuedId
from mdm.store.derived import Membership, RecordReference
from mdm.store.records import SourceRecord

Key = tuple[str, str]
"""(source, source key)."""


class Stated(Protocol):
    """A record as its source states it."""

    @property
    def source_key(self) -> str:
        """Its key in the source."""
        ...

    @property
    def values(self) -> Mapping[str, Any]:
        """Attribute to value."""
        ...


def parse_reference(text: str, own_source: str) -> Key:
    """The source and key that a reference names: `source:key`, or a key of the record's own source."""
    source, colon, key = text.partition(":")
    if colon and re.fullmatch(r"[a-z][a-z0-9_.-]*", source):
        return source, key
    return own_source, text


def meeting_points(entity_type: EntityType, source: str, records: Iterable[Stated]) -> set[str]:
    """The keys by which these records and others find each other: their own, and those they refer to."""
    found: set[str] = set()
    for record in records:
        found.add(f"{entity_type.name}\x1f{source}\x1f{record.source_key}")
        for attribute in entity_type.references:
            value = record.values.get(attribute.name)
            if value is not None:
                found.add("\x1f".join((attribute.target, *parse_reference(str(value), source))))
    return found


def store_references(
    session: Session, entity_type: EntityType, records: Mapping[int, tuple[str, Mapping[str, str]]]
) -> None:
    """Replace what is known of these records' references.

    Args:
        records: record id to its source and its references, attribute to text.
    """
    drop_rows(session, RecordReference, "record_id", records)
    targets = {a.name: a.target for a in entity_type.references}
    others = _on_other_days(session, targets, records)
    rows = [
        {
            "record_id": record_id, "attribute": attribute, "entity_type": entity_type.name,
            "target_type": targets[attribute], "target_source": key[0], "target_key": key[1],
        }
        for record_id, (source, texts) in records.items()
        for attribute, text in [*texts.items(), *others.get(record_id, ())]
        for key in [parse_reference(text, source)]
    ]  # fmt: skip
    keys = ("record_id", "attribute", "target_source", "target_key")
    different = {tuple(row[key] for key in keys): row for row in rows}
    add_rows(session, RecordReference, list(different.values()))


def _on_other_days(
    session: Session, names: Collection[str], record_ids: Iterable[int]
) -> dict[int, list[tuple[str, str]]]:
    """The references, (attribute, text), that records with a timeline state for any day."""
    return {
        record_id: [
            (name, str(piece.claims[name]["v"])) for piece in slices for name in names if name in piece.claims
        ]
        for record_id, slices in timelines(session, record_ids).items()
    }


@lru_cache(maxsize=1024)
def _leads(target_type: str, source: str) -> Query:
    return (
        select(col(SourceRecord.source_key), col(Membership.golden_id), col(SourceRecord.last_golden_id))
        .outerjoin(Membership, col(Membership.record_id) == col(SourceRecord.id))
        .where(col(SourceRecord.entity_type) == target_type, col(SourceRecord.source) == source)
    )


@lru_cache(maxsize=1024)
def _referring(target_type: str, source: str) -> Query:
    return select(
        col(RecordReference.entity_type), col(RecordReference.attribute), col(RecordReference.record_id)
    ).where(col(RecordReference.target_type) == target_type, col(RecordReference.target_source) == source)


_NAMED = select(col(SourceRecord.source), col(SourceRecord.source_key))


def led_to(session: Session, target_type: str, keys: Iterable[Key]) -> dict[Key, str]:
    """The golden id behind each key; a key that has not arrived is absent.

    A deleted record still leads to the golden record it belonged to last.
    """
    wanted: dict[str, set[str]] = {}
    for source, key in keys:
        wanted.setdefault(source, set()).add(key)
    found: dict[Key, str] = {}
    for source, source_keys in wanted.items():
        rows = rows_in(session, _leads(target_type, source), col(SourceRecord.source_key), source_keys)
        for source_key, golden_id, last in rows:
            if golden_id or last:
                found[source, source_key] = golden_id or _survivor(session, last)
    return found


def _survivor(session: Session, golden_id: str) -> str:
    issued = session.get(IssuedId, golden_id)
    return issued.redirected_to or golden_id if issued else golden_id


def referrers(
    session: Session, registry: EntityRegistry, target_type: str, record_ids: Collection[int]
) -> dict[tuple[str, str], set[int]]:
    """Who refers to these records: (entity type, attribute) to record ids."""
    if not registry.referrers[target_type]:
        return {}
    found: dict[tuple[str, str], set[int]] = {}
    by_source: dict[str, set[str]] = {}
    for source, key in rows_in(session, _NAMED, col(SourceRecord.id), record_ids):
        by_source.setdefault(source, set()).add(key)
    for source, keys in by_source.items():
        rows = rows_in(session, _referring(target_type, source), col(RecordReference.target_key), keys)
        for entity, attribute, record_id in rows:
            found.setdefault((entity, attribute), set()).add(record_id)
    return found
