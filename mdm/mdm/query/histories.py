"""The history of golden records, many at once: what each version changed, when, and by whose doing."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from mdm.access.view import view_of
from mdm.history.when import NOW, When
from mdm.query.pages import checked_first
from mdm.store.chunks import rows_in
from mdm.store.decisions import Event, GoldenVersion, IssuedId
from mdm.survivorship import ClaimValue

if TYPE_CHECKING:
    from mdm.hub import Hub


@dataclass(frozen=True, slots=True)
class ChangedValue:
    """A golden value before and after; None where there is none."""

    attribute: str
    before: ClaimValue | None
    after: ClaimValue | None


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One version of a golden record.

    Attributes:
        at: from when on the hub knew it so.
        state: active, merged, retired, split or erased.
        event_number: the event that told of it, and `event_type` its kind, such as `golden.changed`.
        author: who made it so.
        changes: against the version before, in the declaration's order; masked attributes are left out.
    """

    version: int
    at: datetime
    state: str
    event_number: int
    event_type: str
    author: str
    changes: tuple[ChangedValue, ...]


def histories_of(
    hub: Hub, session: Session, golden_ids: Collection[str], first: int, when: When = NOW
) -> dict[str, tuple[HistoryEntry, ...]]:
    """The newest versions of each golden record, newest first; two statements for all.

    Args:
        first: versions at most of each, 0 to 200.

    Raises:
        QueryError: the number makes no sense.
    """
    wanted = checked_first(first)
    rows = _versions(session, golden_ids, wanted + 1, when)
    shown = _shown_cells(hub, session, rows)
    found: dict[str, list[_Version]] = {golden_id: [] for golden_id in golden_ids}
    for row in rows:
        found[row.golden_id].append(row)
    return {
        golden_id: tuple(
            _entry(hub, version, before, shown)
            for version, before in zip_longest(versions[:wanted], versions[1 : wanted + 1])
        )
        for golden_id, versions in found.items()
    }


@dataclass(frozen=True, slots=True, eq=False)
class _Version:
    golden_id: str
    entity_type: str
    version: int
    at: datetime
    state: str
    event_number: int
    event_type: str
    author: str
    cells: Mapping[str, Any]


def _versions(session: Session, golden_ids: Collection[str], most: int, when: When) -> list[_Version]:
    newest_first = func.row_number().over(
        partition_by=col(GoldenVersion.golden_id), order_by=col(GoldenVersion.version).desc()
    )
    ranked = select(col(GoldenVersion.golden_id), col(GoldenVersion.version), newest_first.label("place"))
    if when.known_at is not None:
        ranked = ranked.where(col(GoldenVersion.at) <= when.known_at)
    wanted = ranked.where(col(GoldenVersion.golden_id).in_(set(golden_ids))).subquery()
    query = (
        select(
            col(GoldenVersion.golden_id),
            col(IssuedId.entity_type),
            col(GoldenVersion.version),
            col(GoldenVersion.at),
            col(GoldenVersion.state),
            col(GoldenVersion.event_number),
            func.coalesce(col(Event.type), ""),
            func.coalesce(col(Event.author), ""),
            col(GoldenVersion.cells),
        )
        .join(
            wanted,
            (wanted.c.golden_id == col(GoldenVersion.golden_id))
            & (wanted.c.version == col(GoldenVersion.version)),
        )
        .join(IssuedId, col(IssuedId.golden_id) == col(GoldenVersion.golden_id))
        .outerjoin(Event, col(Event.number) == col(GoldenVersion.event_number))
        .where(wanted.c.place <= most)
    )
    rows = rows_in(session, query, col(GoldenVersion.golden_id), set(golden_ids))
    return sorted((_Version(*row) for row in rows), key=lambda v: (v.golden_id, -v.version))


def _shown_cells(
    hub: Hub, session: Session, rows: list[_Version]
) -> dict[tuple[str, int], Mapping[str, Any]]:
    """What whoever asks may see of each version's cells, by golden id and version."""
    view = view_of(session)
    found: dict[tuple[str, int], Mapping[str, Any]] = {}
    for name in {row.entity_type for row in rows}:
        own = {f"{row.golden_id}/{row.version}": row for row in rows if row.entity_type == name}
        shown = view.shown(session, hub.registry[name], {key: row.cells for key, row in own.items()})
        found.update({(row.golden_id, row.version): shown[key] for key, row in own.items()})
        told = {n for cells in shown.values() for n in cells}
        view.note(hub.registry[name], told, {row.golden_id for row in own.values()})
    return found


def _entry(
    hub: Hub,
    version: _Version,
    before: _Version | None,
    shown: Mapping[tuple[str, int], Mapping[str, Any]],
) -> HistoryEntry:
    after_cells = shown[version.golden_id, version.version]
    before_cells = shown[before.golden_id, before.version] if before else {}
    names = dict.fromkeys([*hub.registry[version.entity_type].by_name, *before_cells, *after_cells])
    values = ((name, _value(before_cells, name), _value(after_cells, name)) for name in names)
    return HistoryEntry(
        version.version, version.at, version.state, version.event_number, version.event_type, version.author,
        tuple(ChangedValue(name, old, new) for name, old, new in values if old != new),
    )  # fmt: skip


def _value(cells: Mapping[str, Any], name: str) -> ClaimValue | None:
    cell = cells.get(name)
    value: ClaimValue | None = cell["value"] if cell else None
    return value
