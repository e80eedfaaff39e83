"""Rows that are refused at the door because of an id that is trusted: it may not change, or is none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from mdm.entities import Attribute, EntityType
from mdm.ingest import IncomingRecord, Rejected
from mdm.store.chunks import rows_in
from mdm.store.records import SourceRecord


def sort_out(
    session: Session, entity_type: EntityType, source: str, records: Sequence[IncomingRecord]
) -> tuple[list[IncomingRecord], list[Rejected]]:
    """The records that may be taken in, and those that are refused for an id, with the reason.

    A first id may always be added. What was stated before is what stands now; a row that is refused is never
    history, so nothing depends on when it came.
    """
    strict = [a for a in entity_type.attributes if not a.trusted.may_change]
    checked = [a for a in entity_type.attributes if a.trusted.refuse_invalid]
    if not strict and not checked:
        return list(records), []
    stated = _stated(session, entity_type, source, records) if strict else {}
    accepted: list[IncomingRecord] = []
    rejected: list[Rejected] = []
    for record in records:
        trouble = _invalid(checked, record) or _changed(strict, record, stated.get(record.source_key, {}))
        if trouble is None:
            accepted.append(record)
        else:
            rejected.append(_rejected(record, *trouble))
    return accepted, rejected


def _stated(
    session: Session, entity_type: EntityType, source: str, records: Iterable[IncomingRecord]
) -> dict[str, dict[str, dict[str, Any]]]:
    """Source key to the claims that stand."""
    query = select(col(SourceRecord.source_key), col(SourceRecord.claims)).where(
        col(SourceRecord.entity_type) == entity_type.name, col(SourceRecord.source) == source
    )
    keys = {record.source_key for record in records}
    return {row[0]: row[1] for row in rows_in(session, query, col(SourceRecord.source_key), keys)}


def _invalid(checked: Iterable[Attribute], record: IncomingRecord) -> tuple[str, str] | None:
    for attribute in checked:
        flag = record.flags.get(attribute.name)
        if flag:
            return attribute.name, f"{attribute.name} {flag}; correct it in the source"
    return None


def _changed(
    strict: Iterable[Attribute], record: IncomingRecord, claims: dict[str, dict[str, Any]]
) -> tuple[str, str] | None:
    for attribute in strict:
        name = attribute.name
        if name not in record.values or name not in claims or record.deleted:
            continue
        # Of several ids none may go; more may come.
        if not _standards(attribute, claims[name]["v"]) <= _standards(attribute, record.values[name]):
            return name, (
                f"{name} may not change once it is stated; "
                "correct it in the source, or allow it under trusted_ids in mdm.toml"
            )
    return None


def _standards(attribute: Attribute, value: Any) -> frozenset[str]:
    """The ids of a value in standard form: one, several or none."""
    if value is None:
        return frozenset()
    stated = [str(one) for one in (value if isinstance(value, list) else [value])]
    if attribute.semantic is None:
        return frozenset(stated)
    standards = {text: attribute.semantic.standardise(text) for text in stated}
    return frozenset(text if found is None else found.text for text, found in standards.items())


def _rejected(record: IncomingRecord, column: str, reason: str) -> Rejected:
    row: dict[str, Any] = {"id": record.source_key, **record.values}
    if record.changed_at is not None:
        row["changed_at"] = record.changed_at.isoformat()
    return Rejected(0, reason, column, row)
