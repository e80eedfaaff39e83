"""The values of golden records: survivorship over their records' claims, and what stewards said."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlmodel import Session

from mdm.entities import Attribute, EntityType, Kind
from mdm.overrides import Said
from mdm.overrides.applying import Applied, followed
from mdm.overrides.bans import BannedClaim
from mdm.overrides.standing import NOTHING_SAID, said_about
from mdm.resolve.evidence import RecordClaims
from mdm.resolve.hierarchies import Refused, stored_refused
from mdm.resolve.references import Key, parse_reference
from mdm.survivorship import (
    Choice,
    Circumstances,
    Claim,
    ClaimValue,
    SourceOrder,
    choose,
    choose_together,
)
from mdm_matching.semantics import Country

if TYPE_CHECKING:
    from mdm.hub import Hub

Cells = dict[str, dict[str, Any]]
Led = Mapping[tuple[str, Key], str]
"""(target type, key) to the golden id that a reference with this key leads to."""


@dataclass(frozen=True, slots=True)
class Survivors:
    """What one golden record's values are, and what is behind them.

    Attributes:
        choices: the choice of every attribute that has a value, in the declaration's order.
        claims: what the source records state, by attribute.
        allowed: those of them that no steward has banned.
        banned: claims that stewards have banned, by attribute.
        said: everything that stewards said about its values.
        circumstances: what the rules saw besides the claims.
        due: when its values may next change though no source says anything new; None for never.
    """

    choices: dict[str, Choice] = field(default_factory=dict)
    claims: Mapping[str, Sequence[Claim]] = field(default_factory=dict)
    allowed: Mapping[str, Sequence[Claim]] = field(default_factory=dict)
    banned: dict[str, list[BannedClaim]] = field(default_factory=dict)
    said: Said = NOTHING_SAID
    circumstances: Circumstances = field(default_factory=Circumstances)
    due: datetime | None = None


def survivors_of(
    hub: Hub,
    session: Session,
    entity_type: EntityType,
    members: Mapping[str, Sequence[RecordClaims]],
    led: Led,
    known_at: datetime | None = None,
    *,
    moment: datetime | None = None,
    refused: Refused | None = None,
) -> dict[str, Survivors]:
    """The values of golden records made of these source records, by golden id.

    They are a function of the claims that stand, of what stewards said, of the settings and of the moment.

    Args:
        known_at: what stewards had said by then counts; None for what stands now.
        refused: claims that are not applied because they would close a loop; None for those of the queue.
        moment: for which the values are asked; else `known_at`, else the present.
    """
    said = followed(session, entity_type, said_about(session, members, known_at))
    moment = moment or known_at or hub.clock()
    if refused is None:
        refused = stored_refused(session, entity_type, members)
    return {
        golden_id: _survivors(
            entity_type,
            without_refused(claims_by_attribute(entity_type, records, led, golden_id), golden_id, refused),
            hub.source_order,
            Applied(said.get(golden_id, NOTHING_SAID), golden_id, _newest(records), moment),
        )
        for golden_id, records in members.items()
    }


def plain_survivors(
    entity_type: EntityType,
    members: Mapping[str, Sequence[RecordClaims]],
    led: Led,
    order: SourceOrder,
    moment: datetime,
) -> Iterator[tuple[str, Survivors]]:
    """`survivors_of` for golden records that no steward spoke of and none of whose claims is refused."""
    for golden_id, records in members.items():
        claims = claims_by_attribute(entity_type, records, led, golden_id)
        applied = Applied(NOTHING_SAID, golden_id, _newest(records), moment)
        yield golden_id, _survivors(entity_type, claims, order, applied)


def _survivors(
    entity_type: EntityType, claims: Mapping[str, Sequence[Claim]], order: SourceOrder, applied: Applied
) -> Survivors:
    allowed, banned = applied.without_banned(entity_type, claims)
    circumstances = Circumstances(order, applied.moment, stated_by(claims))

    def amend(name: str, choice: Choice | None) -> Choice | None:
        return applied.amended(name, choice, claims.get(name, ()))

    said = amend if applied.said.overrides else None
    choices = choices_of(entity_type, allowed, circumstances, said)
    dues = [applied.due, *_dues(entity_type, allowed, circumstances)]
    due = min((moment for moment in dues if moment is not None), default=None)
    values = {name: choice.value for name, choice in choices.items()}
    seen = Circumstances(order, applied.moment, circumstances.stated, values)
    return Survivors(choices, claims, allowed, banned, applied.said, seen, due)


def stated_by(claims: Mapping[str, Sequence[Claim]]) -> dict[int, int]:
    """How many attributes each source record states."""
    counts: dict[int, int] = {}
    for own in claims.values():
        for claim in own:
            counts[claim.record_id] = counts.get(claim.record_id, 0) + 1
    return counts


def _dues(
    entity_type: EntityType, claims: Mapping[str, Sequence[Claim]], circumstances: Circumstances
) -> Iterator[datetime | None]:
    for unit in entity_type.units_with_due:
        own = [claim for attribute in unit for claim in claims.get(attribute.name, ())]
        if len(own) > 1:
            yield unit[0].rule.due(own, circumstances)


def without_refused(
    claims: Mapping[str, Sequence[Claim]], golden_id: str, refused: Refused
) -> Mapping[str, Sequence[Claim]]:
    """The claims that are applied."""
    if not refused:
        return claims
    return {
        name: [c for c in own if c.record_id not in refused[golden_id, name]]
        if (golden_id, name) in refused
        else own
        for name, own in claims.items()
    }


def _newest(records: Iterable[RecordClaims]) -> int:
    return max((record.version or 0 for record in records), default=0)


def claims_by_attribute(
    entity_type: EntityType, records: Iterable[RecordClaims], led: Led, own_id: str = ""
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
    # By its very type: to ask an abstract class takes longer than all else here.
    if type(attribute.semantic) is Country:
        return _country(attribute.semantic, str(value)) or value
    return value


@lru_cache(maxsize=1024)
def _country(semantic: Country, text: str) -> str | None:
    known = semantic.standardise(text)
    return known.text if known is not None and not known.note else None


@lru_cache(maxsize=1024)
def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _claim(attribute: Attribute, record: RecordClaims, stated: Mapping[str, Any], value: Any) -> Claim:
    return Claim(
        attribute=attribute.name,
        value=value,
        source=record.source,
        source_key=record.source_key,
        record_id=record.id,
        version_id=stated["w"],
        changed_at=_moment(stated["t"]) if stated["t"] else None,
        flagged=stated["f"],
    )


Amend = Callable[[str, Choice | None], Choice | None]
"""What becomes of the rule's choice for an attribute, given what stewards said."""


def choices_of(
    entity_type: EntityType,
    claims: Mapping[str, Sequence[Claim]],
    circumstances: Circumstances,
    amend: Amend | None = None,
) -> dict[str, Choice]:
    """What the rules choose for every attribute that somebody claims, in the declaration's order.

    Rules with conditions see the golden values of other attributes, as amended.
    """
    chosen: dict[str, Choice] = {}
    values: dict[str, ClaimValue] = {}
    seen = Circumstances(circumstances.order, circumstances.moment, circumstances.stated, values)
    for unit in entity_type.rule_order:
        by_rule = _chosen(unit, claims, seen)
        if not by_rule and amend is None:
            continue
        for attribute in unit:
            choice = by_rule.get(attribute.name)
            if amend is not None:
                choice = amend(attribute.name, choice)
            if choice is not None:
                chosen[attribute.name], values[attribute.name] = choice, choice.value
    return {a.name: chosen[a.name] for a in entity_type.attributes if a.name in chosen}


def _chosen(
    unit: Sequence[Attribute], claims: Mapping[str, Sequence[Claim]], circumstances: Circumstances
) -> dict[str, Choice]:
    first = unit[0]
    if first.group:
        names = [attribute.name for attribute in unit]
        return {c.attribute: c for c in choose_together(names, first.rule, claims, circumstances)}
    if first.name not in claims:
        return {}
    choice = choose(first.name, first.rule, claims[first.name], circumstances)
    return {first.name: choice} if choice is not None else {}


def cells_of(choices: Mapping[str, Choice]) -> Cells:
    """The choices as they are kept with the golden record: value, claim, rule."""
    return {name: _cell(choice) for name, choice in choices.items()}


def _cell(choice: Choice) -> dict[str, Any]:
    claim = choice.claim
    cell = {
        "value": choice.value,
        "record": claim.record_id or None,
        "version": claim.version_id,
        "rule": choice.rule,
        "since": claim.changed_at.isoformat() if claim.changed_at else None,
        "flag": claim.flagged,
    }
    return cell | {"override": choice.override} if choice.override else cell
