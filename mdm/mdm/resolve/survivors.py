"""The cells of golden records: survivorship over the claims of their source records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from mdm.entities import Attribute, EntityType, Kind
from mdm.resolve.evidence import RecordClaims
from mdm.resolve.references import Key, parse_reference
from mdm.survivorship import Choice, Claim, SourceOrder, choose, choose_together
from mdm_matching.semantics import Country

Cells = dict[str, dict[str, Any]]


def claims_by_attribute(
    entity_type: EntityType,
    records: Iterable[RecordClaims],
    led: Mapping[tuple[str, Key], str],
    own_id: str = "",
) -> dict[str, list[Claim]]:
    """What the records of one golden record state, by attribute.

    Args:
        led: (target type, key) to golden id. A reference that leads nowhere yet, or to the record itself, is
            no claim.
    """
    found: dict[str, list[Claim]] = {}
    for record in records:
        for name, stated in record.claims.items():
            attribute = entity_type.by_name.get(name)
            if attribute is None:
                continue
            value = presented(attribute, stated["v"])
            if attribute.kind is Kind.reference:
                value = led.get((attribute.target, parse_reference(str(value), record.source)))
                if value is None or value == own_id:
                    continue
            found.setdefault(name, []).append(_claim(attribute, record, stated, value))
    return found


def presented(attribute: Attribute, value: Any) -> Any:
    """A claim's value as golden records show it: a country by its ISO code, all else as the source has it."""
    if isinstance(attribute.semantic, Country):
        known = attribute.semantic.standardise(str(value))
        return known.text if known is not None and not known.note else value
    return value


def _claim(attribute: Attribute, record: RecordClaims, stated: Mapping[str, Any], value: Any) -> Claim:
    return Claim(
        attribute=attribute.name,
        value=value,
        source=record.source,
        source_key=record.source_key,
        record_id=record.id,
        version_id=stated["w"],
        changed_at=datetime.fromisoformat(stated["t"]) if stated["t"] else None,
        flagged=stated["f"],
    )


def choices_of(
    entity_type: EntityType, claims: Mapping[str, Sequence[Claim]], order: SourceOrder
) -> dict[str, Choice]:
    """The chosen value of every attribute that somebody claims, in the declaration's order."""
    chosen: dict[str, Choice] = {}
    for group in entity_type.groups.values():
        names = [attribute.name for attribute in group]
        chosen.update({c.attribute: c for c in choose_together(names, group[0].rule, claims, order)})
    for attribute in entity_type.attributes:
        if attribute.group:
            continue
        choice = choose(attribute.name, attribute.rule, claims.get(attribute.name, ()), order)
        if choice is not None:
            chosen[attribute.name] = choice
    return {a.name: chosen[a.name] for a in entity_type.attributes if a.name in chosen}


def cells_of(choices: Mapping[str, Choice]) -> Cells:
    """The choices as they are kept with the golden record: value, claim, rule."""
    return {
        name: {
            "value": choice.value,
            "record": choice.claim.record_id,
            "version": choice.claim.version_id,
            "rule": choice.rule,
            "since": choice.claim.changed_at.isoformat() if choice.claim.changed_at else None,
            "flag": choice.claim.flagged,
        }
        for name, choice in choices.items()
    }
