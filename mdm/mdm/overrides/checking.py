"""Reads a value that a steward wrote as the attribute holds it, or says why it cannot be one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from mdm.entities import Attribute, EntityType, Kind
from mdm.errors import UnusableValueError
from mdm.golden_ids import resolve_id
from mdm.ingest import Rejected
from mdm.intake.doubts import doubt
from mdm.intake.preparing import prepare
from mdm.intake.source_row import SourceRow
from mdm.survivorship import ClaimValue


def checked_value(
    session: Session, entity_type: EntityType, attribute: Attribute, text: Any, values: Mapping[str, Any]
) -> ClaimValue:
    """The value as a claim would hold it: a date as ISO 8601, a number as such, a reference as golden id.

    Args:
        values: the golden record's other values, such as the country that a tax id depends on.

    Raises:
        UnusableValueError: it is blank, of another kind, none of the allowed words, or fails validation.
        UnknownGoldenIdError: a reference leads nowhere.
    """
    if attribute.kind is Kind.reference:
        return _reference(session, attribute, str(text).strip())
    row = SourceRow(1, {"id": "override", attribute.name: text})
    prepared = prepare(entity_type, "steward", row)
    if isinstance(prepared, Rejected):
        raise UnusableValueError(f"{prepared.reason}; give another value.")
    value = prepared.values.get(attribute.name) if prepared is not None else None
    if value is None:
        raise UnusableValueError(
            f"{attribute.name}: a blank is no value; ban the value that is wrong instead."
        )
    trouble = doubt(attribute, value, {**values, attribute.name: value})
    if trouble:
        raise UnusableValueError(f'{attribute.name}: "{text}" {trouble}; give another value.')
    return value


def _reference(session: Session, attribute: Attribute, golden_id: str) -> str:
    found = resolve_id(session, golden_id)
    if found.entity_type != attribute.target:
        raise UnusableValueError(
            f"{attribute.name} leads to a {attribute.target}, but {golden_id} is a {found.entity_type}; "
            f"give the golden id of a {attribute.target}."
        )
    return found.golden_id
