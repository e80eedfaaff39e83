"""Versions of golden records: each change is an event, an entry of the history, and the current row."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from mdm.entities import EntityType
from mdm.resolve.survivors import Cells
from mdm.store.bulk import add_rows, change_rows
from mdm.store.chunks import Query, rows_in
from mdm.store.decisions import GoldenVersion, IssuedId
from mdm.store.derived import GoldenRecord
from mdm.store.json_text import WrittenDocument
from mdm.unit_of_work import GoldenEvent, UnitOfWork


@dataclass(frozen=True, slots=True)
class Standing:
    """A golden record as it stands: among the current ones, or in the newest entry of its history."""

    state: str
    version: int
    cells: Cells


@dataclass(frozen=True, slots=True)
class NewVersion:
    """What a golden record is from now on.

    Attributes:
        event: created, changed, merged, retired or erased.
        details: what the event says beside the version.
        records: row ids of its source records.
    """

    golden_id: str
    event: str
    state: str
    cells: Cells
    details: Mapping[str, Any]
    records: Sequence[int] = ()


def _newest(*columns: Any) -> Query:
    version = GoldenVersion
    return (
        select(col(version.golden_id), *columns)
        .join(IssuedId, col(IssuedId.golden_id) == col(version.golden_id))
        .where(col(IssuedId.version) == col(version.version))
    )


_ISSUED = select(col(IssuedId.golden_id), col(IssuedId.version))
_CURRENT = select(
    col(GoldenRecord.golden_id), col(GoldenRecord.state), col(GoldenRecord.version), col(GoldenRecord.cells)
)
_NEWEST = _newest(col(GoldenVersion.state), col(GoldenVersion.version), col(GoldenVersion.cells))
_NEWEST_MEMBERS = _newest(col(GoldenVersion.records))


def issued_versions(session: Session, golden_ids: Iterable[str]) -> dict[str, int]:
    """Golden id to the number of its newest version; 0 if it never had one."""
    return {row[0]: row[1] for row in rows_in(session, _ISSUED, col(IssuedId.golden_id), golden_ids)}


def current_records(session: Session, golden_ids: Iterable[str]) -> dict[str, Standing]:
    """These golden records as the current tables have them, whatever their state."""
    rows = rows_in(session, _CURRENT, col(GoldenRecord.golden_id), golden_ids)
    return {row[0]: Standing(*row[1:]) for row in rows}


def latest_versions(session: Session, golden_ids: Iterable[str]) -> dict[str, Standing]:
    """The newest entry of the history of each golden record; one without history is absent."""
    rows = rows_in(session, _NEWEST, col(GoldenVersion.golden_id), golden_ids)
    return {row[0]: Standing(*row[1:]) for row in rows}


def latest_records(session: Session, golden_ids: Iterable[str]) -> dict[str, list[int]]:
    """The source records that the newest entry of the history of each golden record names."""
    rows = rows_in(session, _NEWEST_MEMBERS, col(GoldenVersion.golden_id), golden_ids)
    return {golden_id: list(records) for golden_id, records in rows}


Written = Mapping[str, WrittenDocument]
"""Golden id to its cells, written once for all that keep them."""


def write_versions(
    uow: UnitOfWork,
    entity_type: EntityType,
    before: Mapping[str, int],
    new: Sequence[NewVersion],
    written: Written = MappingProxyType({}),
) -> dict[str, int]:
    """Write an event and an entry of the history for each; returns golden id to version.

    Args:
        before: the number of the newest version of each of these golden records.
    """
    versions = {one.golden_id: before[one.golden_id] + 1 for one in new}
    numbers = uow.emit_all_golden(
        [
            GoldenEvent(
                f"golden.{one.event}",
                entity_type.name,
                one.golden_id,
                versions[one.golden_id],
                dict(one.details),
            )
            for one in new
        ]
    )
    rows = [
        {
            "golden_id": one.golden_id, "version": versions[one.golden_id], "event_number": number,
            "known_at": uow.now, "state": one.state,
            "cells": written.get(one.golden_id, one.cells), "record_ids": list(one.records),
        }
        for one, number in zip(new, numbers, strict=True)
    ]  # fmt: skip
    add_rows(uow.session, GoldenVersion, rows)
    issued = [{"golden_id": golden_id, "version": version} for golden_id, version in versions.items()]
    change_rows(uow.session, IssuedId, "golden_id", issued)
    return versions


def store_current(
    session: Session,
    entity_type: EntityType,
    now: Mapping[str, Standing],
    known: Collection[str],
    written: Written = MappingProxyType({}),
) -> None:
    """Bring the current rows in line.

    Args:
        known: golden ids that have a row already.
    """
    rows = [
        {
            "golden_id": golden_id, "state": one.state, "version": one.version,
            "cells": written.get(golden_id, one.cells),
        }
        for golden_id, one in now.items()
    ]  # fmt: skip
    new = [{**row, "entity_type": entity_type.name} for row in rows if row["golden_id"] not in known]
    add_rows(session, GoldenRecord, new)
    change_rows(session, GoldenRecord, "golden_id", [row for row in rows if row["golden_id"] in known])


def changed_attributes(cells: Mapping[str, Any], before: Mapping[str, Any]) -> list[str]:
    """The attributes whose values differ, sorted."""
    return sorted(n for n in cells.keys() | before.keys() if _value(cells, n) != _value(before, n))


def _value(cells: Mapping[str, Any], name: str) -> Any:
    cell = cells.get(name)
    return cell["value"] if cell else None
