"""The history of a golden record for people: what changed in each of its versions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from mdm.access.view import View
from mdm.entities import EntityType
from mdm.history.when import NOW, When
from mdm.stewardship.golden_cells import value_text
from mdm.stewardship.labels import GoldenLabel
from mdm.stewardship.wording import title_of
from mdm.store.decisions import GoldenVersion

SHOWN = 50
"""Entries of history that a view holds."""


@dataclass(frozen=True, slots=True)
class VersionView:
    """One entry of the history: what changed in it. Attributes are given by name, from and to by text."""

    version: int
    at: datetime
    state: str
    event_number: int
    changes: tuple[tuple[str, str, str], ...]


def linked_ids(entity_type: EntityType, history: Sequence[GoldenVersion]) -> set[str]:
    """Every golden id that a value of these versions leads to."""
    names = [a.name for a in entity_type.references]
    return {str(v.cells[name]["value"]) for v in history for name in names if name in v.cells}


def newest_versions(
    session: Session, view: View, entity_type: EntityType, golden_id: str, when: When = NOW
) -> list[GoldenVersion]:
    """The newest entries and the one before them, the newest first, with the cells that may be seen."""
    query = select(GoldenVersion).where(col(GoldenVersion.golden_id) == golden_id)
    if when.known_at is not None:
        query = query.where(col(GoldenVersion.at) <= when.known_at)
    found = list(session.scalars(query.order_by(col(GoldenVersion.version).desc()).limit(SHOWN + 1)))
    return with_seen_cells(session, view, entity_type, found)


def with_seen_cells(
    session: Session, view: View, entity_type: EntityType, versions: list[GoldenVersion]
) -> list[GoldenVersion]:
    """The versions with the cells that may be seen; the session forgets them, so that nothing writes them."""
    for version in versions:
        session.expunge(version)
        cells = {version.golden_id: version.cells}
        version.cells = view.shown(session, entity_type, cells)[version.golden_id]
    return versions


def version_views(
    entity_type: EntityType, history: list[GoldenVersion], labels: Mapping[str, GoldenLabel]
) -> tuple[VersionView, ...]:
    """What changed in each of these versions, the newest first; the last one is only compared with."""
    first_known = bool(history) and history[-1].version <= 1
    pairs: list[tuple[GoldenVersion, GoldenVersion | None]] = list(pairwise(history))
    if history and first_known:
        pairs.append((history[-1], None))
    return tuple(
        VersionView(
            v.version,
            v.at,
            v.state,
            v.event_number,
            _changes(entity_type, v.cells, before.cells if before else {}, labels),
        )
        for v, before in pairs
    )


def _changes(
    entity_type: EntityType,
    after: Mapping[str, Any],
    before: Mapping[str, Any],
    labels: Mapping[str, GoldenLabel],
) -> tuple[tuple[str, str, str], ...]:
    def text(cells: Mapping[str, Any], name: str) -> str:
        return value_text(entity_type, name, cells[name]["value"], labels) if name in cells else ""

    names = dict.fromkeys([*(a.name for a in entity_type.attributes), *before, *after])
    values = ((name, text(before, name), text(after, name)) for name in names)
    return tuple((title_of(name), old, new) for name, old, new in values if old != new)
