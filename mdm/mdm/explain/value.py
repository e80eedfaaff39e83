"""The explanation of one golden value, as data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlmodel import Session

from mdm.access.survivors import seen
from mdm.access.view import view_of
from mdm.entities import Attribute, EntityType
from mdm.errors import UsageError
from mdm.golden_ids import visible_id
from mdm.history.claims import members_at, targets_at
from mdm.history.when import NOW, When
from mdm.overrides import StandingBan, StandingOverride, is_stale
from mdm.overrides.bans import BannedClaim
from mdm.resolve.evidence import RecordClaims
from mdm.resolve.survivors import Survivors, survivors_of
from mdm.survivorship import Choice, Claim
from mdm.survivorship.losing import BeatenClaim, beaten_claims, beaten_in_group

if TYPE_CHECKING:
    from mdm.hub import Hub


@dataclass(frozen=True, slots=True)
class ValueExplanation:
    """Why a golden value is what it is.

    Attributes:
        choice: value, claim and rule; None if the golden record has no value.
        rule: the attribute's whole rule; the choice names the branch that was at work.
        beaten: the other claims, best first, each with why it lost and what would make it win.
        banned: claims that were not in the running.
        overrides: what stewards set and nobody took back, in force or not, the newest first.
        stale: the override in force was made when the sources said something else.
    """

    golden_id: str
    entity_type: str
    attribute: str
    choice: Choice | None
    rule: str
    beaten: tuple[BeatenClaim, ...] = ()
    banned: tuple[BannedClaim, ...] = ()
    bans: tuple[StandingBan, ...] = ()
    overrides: tuple[StandingOverride, ...] = ()
    stale: bool = False


def explain_value(
    hub: Hub, session: Session, golden_id: str, attribute: str, when: When = NOW
) -> ValueExplanation:
    """Why a golden value is what it is.

    Raises:
        UnknownGoldenIdError: the id was never issued, or its record does not exist for whoever asks.
        ForbiddenError: the attribute is masked.
        UsageError: the entity type has no such attribute.
    """
    found = visible_id(session, view_of(session), golden_id, when)
    entity_type = hub.registry[found.entity_type]
    declared = entity_type.by_name.get(attribute)
    if declared is None:
        raise UsageError(
            f"{entity_type.name} has no attribute {attribute!r}; it has {', '.join(entity_type.by_name)}."
        )
    view_of(session).require(entity_type, attribute)
    records = members_at(session, [found.golden_id], when).get(found.golden_id, [])
    survivors = survivors_at(hub, session, entity_type, found.golden_id, records, when)
    view_of(session).note(entity_type, [attribute], [found.golden_id])
    return _explained(entity_type, declared, found.golden_id, survivors)


def explain_values(hub: Hub, session: Session, golden_id: str, when: When = NOW) -> dict[str, Choice]:
    """The choice of every value of a current golden record that may be seen, by attribute.

    Args:
        when: from what was claimed at a moment, or holds on a day, by the rules of today.
    """
    found = visible_id(session, view_of(session), golden_id, when)
    entity_type = hub.registry[found.entity_type]
    records = members_at(session, [found.golden_id], when).get(found.golden_id, [])
    choices = survivors_at(hub, session, entity_type, found.golden_id, records, when).choices
    view_of(session).note(entity_type, choices, [found.golden_id])
    return choices


def survivors_at(
    hub: Hub,
    session: Session,
    entity_type: EntityType,
    golden_id: str,
    records: Sequence[RecordClaims],
    when: When,
) -> Survivors:
    """The values of one golden record made of these source records, with all that stewards had said.

    Args:
        records: with the claims that stood at the moment.
        when: what was claimed at a moment, or holds on a day, by the rules of today.
    """
    view = view_of(session)
    led = targets_at(session, entity_type, records, when)
    found = survivors_of(hub, session, entity_type, {golden_id: records}, led, when.known_at)[golden_id]
    return seen(view, session, entity_type, found)


def _explained(
    entity_type: EntityType, attribute: Attribute, golden_id: str, survivors: Survivors
) -> ValueExplanation:
    name = attribute.name
    choice = survivors.choices.get(name)
    said = survivors.said
    own = said.own(name)
    overrides = tuple(o for o in said.overrides if o.attribute == name)
    return ValueExplanation(
        golden_id=golden_id,
        entity_type=entity_type.name,
        attribute=name,
        choice=choice,
        rule=attribute.rule.describe(),
        beaten=tuple(_beaten(entity_type, attribute, choice, survivors)) if choice else (),
        banned=tuple(survivors.banned.get(name, ())),
        bans=said.banned(name),
        overrides=overrides,
        stale=own is not None and is_stale(own, survivors.claims.get(name, ())),
    )


def _beaten(
    entity_type: EntityType, attribute: Attribute, choice: Choice, survivors: Survivors
) -> list[BeatenClaim]:
    if choice.override:
        return [_overridden(choice, claim) for claim in choice.beats]
    if not attribute.group:
        return beaten_claims(attribute.rule, choice.claim, choice.beats, survivors.circumstances)
    group = {a.name: survivors.allowed.get(a.name, ()) for a in entity_type.groups[attribute.group]}
    return beaten_in_group(attribute.rule, group, choice.claim, choice.beats, survivors.circumstances)


def _overridden(choice: Choice, claim: Claim) -> BeatenClaim:
    author = choice.claim.source_key
    agrees = claim.value == choice.value
    because = f"{author} set {'the same' if agrees else 'another'} value"
    return BeatenClaim(claim, "override", because, "if the override were removed", agrees)
