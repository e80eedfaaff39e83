"""Why a golden value is what it is: the ranked claims, the rule that chose, and what each claim says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlmodel import Session

from mdm.access.view import view_of
from mdm.errors import UnknownGoldenIdError, UsageError
from mdm.golden_ids import resolve_id
from mdm.history.claims import members_at, targets_at
from mdm.history.when import NOW, When
from mdm.resolve.survivors import survivors_of
from mdm.survivorship import Choice

if TYPE_CHECKING:
    from mdm.hub import Hub


@dataclass(frozen=True, slots=True)
class ValueExplanation:
    """The choice of one golden value: value, claim, rule, and the claims it beat, best first."""

    golden_id: str
    entity_type: str
    choice: Choice | None


def explain_value(
    hub: Hub, session: Session, golden_id: str, attribute: str, when: When = NOW
) -> ValueExplanation:
    """Why a golden value is what it is; `choice` is None if no source record states one.

    Raises:
        UnknownGoldenIdError: the id was never issued, or its record does not exist for whoever asks.
        ForbiddenError: the attribute is masked.
        UsageError: the entity type has no such attribute.
    """
    found = resolve_id(session, golden_id, when)
    choices = explain_values(hub, session, golden_id, when)
    entity_type = hub.registry[found.entity_type]
    if attribute not in entity_type.by_name:
        raise UsageError(
            f"{entity_type.name} has no attribute {attribute!r}; it has {', '.join(entity_type.by_name)}."
        )
    view_of(session).require(entity_type, attribute)
    return ValueExplanation(found.golden_id, entity_type.name, choices.get(attribute))


def explain_values(hub: Hub, session: Session, golden_id: str, when: When = NOW) -> dict[str, Choice]:
    """The choice of every value of a current golden record that may be seen, by attribute.

    Args:
        when: from what was claimed at a moment, or holds on a day, by the rules of today.
    """
    found, view = resolve_id(session, golden_id, when), view_of(session)
    if found.golden_id not in view.visible(session, [found.golden_id]):
        raise UnknownGoldenIdError(golden_id)
    entity_type = hub.registry[found.entity_type]
    records = members_at(session, [found.golden_id], when).get(found.golden_id, [])
    led = targets_at(session, entity_type, records, when)
    survivors = survivors_of(hub, session, entity_type, {found.golden_id: records}, led, when.known_at)
    choices = view.choices(session, entity_type, survivors[found.golden_id].choices)
    view.note(entity_type, choices, [found.golden_id])
    return choices
