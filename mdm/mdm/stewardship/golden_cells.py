"""The values of a golden record for people: the claim each came from, its rule, and the claims it beat."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from mdm.entities import EntityType
from mdm.stewardship.labels import GoldenLabel
from mdm.stewardship.wording import describe, text_of, title_of
from mdm.store.chunks import rows_in
from mdm.store.records import SourceRecord
from mdm.survivorship import Choice, Claim, ClaimValue


@dataclass(frozen=True, slots=True)
class ClaimView:
    """One claim: what a source record states."""

    text: str
    golden_id: str
    source: str
    source_key: str
    changed_at: datetime | None
    flag: str


@dataclass(frozen=True, slots=True)
class CellView:
    """One golden value: the claim it came from, the rule that chose it, the claims it beat, best first."""

    name: str
    title: str
    description: str
    value: ClaimView
    rule: str
    beaten: tuple[ClaimView, ...]


def value_text(
    entity_type: EntityType, name: str, value: ClaimValue, labels: Mapping[str, GoldenLabel]
) -> str:
    """A value as people read it: a reference by the label of what it leads to."""
    attribute = entity_type.by_name.get(name)
    return labels[str(value)].label if attribute is not None and attribute.target else text_of(value)


def cell_view(entity_type: EntityType, choice: Choice, labels: Mapping[str, GoldenLabel]) -> CellView:
    """The value that survivorship chose."""
    attribute = entity_type.by_name[choice.attribute]

    def shown(claim: Claim, value: ClaimValue) -> ClaimView:
        text = value_text(entity_type, choice.attribute, value, labels)
        golden_id = str(value) if attribute.target else ""
        return ClaimView(text, golden_id, claim.source, claim.source_key, claim.changed_at, claim.flagged)

    return CellView(
        name=attribute.name,
        title=title_of(attribute.name),
        description=describe(attribute),
        value=shown(choice.claim, choice.value),
        rule=choice.rule,
        beaten=tuple(shown(claim, claim.value) for claim in choice.beats),
    )


def published_cells(
    session: Session,
    entity_type: EntityType,
    cells: Mapping[str, Any],
    choices: Mapping[str, Choice],
    labels: Mapping[str, GoldenLabel],
) -> Iterator[CellView]:
    """The values as the hub published them, in the order of the declaration.

    Args:
        cells: what was published, by attribute.
        choices: what the rules of today make of the same claims; where they agree they say what was beaten.
    """
    places = places_of(session, (cell["record"] for cell in cells.values()))
    for attribute in entity_type.attributes:
        cell, choice = cells.get(attribute.name), choices.get(attribute.name)
        if cell is None:
            continue
        if choice is not None and (choice.value, choice.rule) == (cell["value"], cell["rule"]):
            yield cell_view(entity_type, choice, labels)
            continue
        text = value_text(entity_type, attribute.name, cell["value"], labels)
        golden_id = str(cell["value"]) if attribute.target else ""
        claim = ClaimView(text, golden_id, *places.get(cell["record"], ("", "")), None, "")
        title, description = title_of(attribute.name), describe(attribute)
        yield CellView(attribute.name, title, description, claim, cell["rule"], ())


def places_of(session: Session, record_ids: Iterable[int | None]) -> dict[int, tuple[str, str]]:
    """Source and key of each of these source records; None and 0 are none."""
    query = select(col(SourceRecord.id), col(SourceRecord.source), col(SourceRecord.source_key))
    wanted = {record_id for record_id in record_ids if record_id}
    return {row[0]: (row[1], row[2]) for row in rows_in(session, query, col(SourceRecord.id), wanted)}
