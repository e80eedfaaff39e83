"""One former version of a golden record: its values then, and what the version changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlmodel import Session, col

from mdm.access.view import view_of
from mdm.entities import EntityType
from mdm.errors import UnknownGoldenIdError
from mdm.stewardship.golden_cells import places_of, value_text
from mdm.stewardship.golden_history import VersionView, linked_ids, version_views, with_seen_cells
from mdm.stewardship.labels import GoldenLabel, golden_labels
from mdm.stewardship.wording import title_of
from mdm.store.decisions import GoldenVersion, IssuedId

if TYPE_CHECKING:
    from mdm.hub import Hub


@dataclass(frozen=True, slots=True)
class FormerValue:
    """One value of a version, the rule that chose it, and the record it came from ("" if none did)."""

    name: str
    title: str
    text: str
    golden_id: str
    rule: str
    source: str
    source_key: str


@dataclass(frozen=True, slots=True)
class FormerVersion:
    """A version of a golden record.

    Attributes:
        newest: the number of the newest version.
        records: source and key of the records it was made of.
    """

    golden: GoldenLabel
    entity_type: EntityType
    version: VersionView
    newest: int
    values: tuple[FormerValue, ...]
    records: tuple[tuple[str, str], ...]


def former_version(hub: Hub, session: Session, golden_id: str, number: int) -> FormerVersion:
    """A version of a golden record, as the hub published it then.

    Raises:
        UnknownGoldenIdError: the hub never knew the id, or not in this version.
    """
    issued, view = session.get(IssuedId, golden_id), view_of(session)
    query = select(GoldenVersion).where(
        col(GoldenVersion.golden_id) == golden_id, col(GoldenVersion.version).in_([number, number - 1])
    )
    found = list(session.scalars(query.order_by(col(GoldenVersion.version).desc())))
    there = golden_id in view.visible(session, [golden_id])
    if issued is None or not there or not found or found[0].version != number:
        raise UnknownGoldenIdError(golden_id)
    entity_type = hub.registry[issued.entity_type]
    with_seen_cells(session, view, entity_type, found)
    view.note(entity_type, found[0].cells, [golden_id])
    labels = golden_labels(session, hub.registry, {golden_id, *linked_ids(entity_type, found)})
    places = places_of(session, {*found[0].records, *(cell["record"] for cell in found[0].cells.values())})
    newest = select(func.max(col(GoldenVersion.version))).where(col(GoldenVersion.golden_id) == golden_id)
    return FormerVersion(
        golden=labels[golden_id],
        entity_type=entity_type,
        version=version_views(entity_type, found, labels)[0],
        newest=session.scalar(newest) or number,
        values=_values(entity_type, found[0], labels, places),
        records=tuple(sorted(places[record] for record in found[0].records if record in places)),
    )


def _values(
    entity_type: EntityType,
    version: GoldenVersion,
    labels: Mapping[str, GoldenLabel],
    places: Mapping[int, tuple[str, str]],
) -> tuple[FormerValue, ...]:
    found = []
    for attribute in entity_type.attributes:
        cell = version.cells.get(attribute.name)
        if cell is not None:
            text = value_text(entity_type, attribute.name, cell["value"], labels)
            golden_id = str(cell["value"]) if attribute.target else ""
            source, key = places.get(cell["record"], ("", ""))
            found.append(
                FormerValue(
                    attribute.name, title_of(attribute.name), text, golden_id, cell["rule"], source, key
                )
            )
    return tuple(found)
