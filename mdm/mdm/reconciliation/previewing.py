"""What a small page shows of a golden record, so that a person can tell it from its namesakes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlmodel import Session

from mdm.access import view_of
from mdm.entities import Kind
from mdm.errors import UnknownGoldenIdError
from mdm.query.records import golden_by_ids
from mdm.stewardship.labels import GoldenLabel, golden_labels
from mdm.stewardship.wording import text_of, title_of

if TYPE_CHECKING:
    from mdm.hub import Hub

SHOWN = 8
"""Attributes on the page."""


@dataclass(frozen=True, slots=True)
class Preview:
    """The record's label, and its first attributes by title; references by the label they lead to."""

    label: GoldenLabel
    facts: tuple[tuple[str, str], ...]


def preview_record(hub: Hub, session: Session, golden_id: str) -> Preview:
    """The preview of a golden record, also of one that was merged: the survivor's.

    Raises:
        UnknownGoldenIdError: no current golden record is behind the id.
    """
    row = golden_by_ids(hub, session, [golden_id]).get(golden_id)
    if row is None:
        raise UnknownGoldenIdError(golden_id)
    entity_type = hub.registry[row.entity_type]
    view_of(session).note(entity_type, row.values, [row.golden_id])
    known = [a for a in entity_type.attributes if row.values.get(a.name) is not None][:SHOWN]
    ends = {str(row.values[a.name]) for a in known if a.kind is Kind.reference}
    labels = golden_labels(session, hub.registry, {row.golden_id, *ends})
    facts = []
    for attribute in known:
        value = row.values[attribute.name]
        if attribute.kind is Kind.reference:
            value = labels[value].label
        text = value.isoformat() if isinstance(value, date) else text_of(value)
        facts.append((title_of(attribute.name), text))
    return Preview(labels[row.golden_id], tuple(facts))
