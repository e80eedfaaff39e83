"""The choice: the claim that becomes the golden value, and those that it beats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from mdm.survivorship.by_content import Union
from mdm.survivorship.claims import NO_CLOCK, Circumstances, Claim, ClaimValue
from mdm.survivorship.criteria import Criterion, ties
from mdm.survivorship.rule import Rule, rank


@dataclass(frozen=True, slots=True)
class Together:
    """Marks a group of attributes (an address) whose values survive together, all from one record."""


def together() -> Together:
    """The values of this group come from one record."""
    return Together()


@dataclass(frozen=True, slots=True)
class Choice:
    """The chosen value of one attribute, the claim it came from, the rule, and the claims it beat.

    Attributes:
        override: id of the steward's override that the value is; empty if a source record states it. The
            claim's source is then `steward` and its key the author.
    """

    attribute: str
    value: ClaimValue
    claim: Claim
    rule: str
    beats: tuple[Claim, ...]
    override: str = ""


def choose(
    attribute: str, rule: Rule, claims: Sequence[Claim], circumstances: Circumstances
) -> Choice | None:
    """The golden value of one attribute, or None if nobody claims one."""
    if not claims:
        return None
    fired = rule.fired(claims, circumstances)
    ranked = rank(fired, claims, circumstances)
    best = ranked[0]
    value = _all_values(ranked) if type(fired) is Union else best.value
    return Choice(attribute, value, best, fired.describe(), tuple(ranked[1:]))


def choose_together(
    attributes: Sequence[str], rule: Rule, claims: Mapping[str, Sequence[Claim]], circumstances: Circumstances
) -> list[Choice]:
    """The values of a group of attributes, all from the one record that ranks best and states any of them.

    The record with the most attributes of the group filled wins among those the rule holds equal.
    """
    filled = _filled(attributes, claims)
    if not filled:
        return []
    spokesmen = list(_spokesmen(filled).values())
    fired = rule.fired(spokesmen, circumstances)
    if len(spokesmen) == 1:
        # Most golden records have one source record: nothing is beaten.
        (own,), told = filled.values(), _told(fired)
        return [Choice(claim.attribute, claim.value, claim, told, ()) for claim in own]
    keys = [c.key for c in group_criteria(fired, filled, spokesmen, circumstances)]
    winner = min(spokesmen, key=lambda claim: tuple(key(claim) for key in keys)).record_id
    return [
        _of_record(name, fired, claims.get(name, ()), winner, circumstances)
        for name in attributes
        if any(claim.record_id == winner for claim in claims.get(name, ()))
    ]


def group_claims(
    attributes: Sequence[str], claims: Mapping[str, Sequence[Claim]]
) -> tuple[dict[int, list[Claim]], list[Claim]]:
    """What each record states of a group, and the one claim by which each record is ranked."""
    filled = _filled(attributes, claims)
    return filled, list(_spokesmen(filled).values())


def group_criteria(
    rule: Rule,
    filled: Mapping[int, Sequence[Claim]],
    spokesmen: Sequence[Claim],
    circumstances: Circumstances,
) -> tuple[Criterion, ...]:
    """What records are compared by when a group is chosen: as single claims, but fuller ones before ties."""
    doubt = Criterion(
        "validation",
        lambda claim: any(c.flagged for c in filled[claim.record_id]),
        lambda claim: next((c.flagged for c in filled[claim.record_id] if c.flagged), "valid"),
        lambda loser, winner: "if all of its parts were valid",
    )
    fullness = Criterion(
        "fullness",
        lambda claim: -len(filled[claim.record_id]),
        lambda claim: f"states {len(filled[claim.record_id])} parts of the group",
        lambda loser, winner: f"if its record stated more than {len(filled[winner.record_id])} parts",
    )
    by_rule = rule.criteria(spokesmen, circumstances)
    return (doubt, *by_rule, fullness, *ties(circumstances))


def _filled(attributes: Sequence[str], claims: Mapping[str, Sequence[Claim]]) -> dict[int, list[Claim]]:
    filled: dict[int, list[Claim]] = {}
    for name in attributes:
        for claim in claims.get(name, ()):
            filled.setdefault(claim.record_id, []).append(claim)
    return filled


def _spokesmen(filled: Mapping[int, Sequence[Claim]]) -> dict[int, Claim]:
    return {record: max(own, key=_newest) for record, own in filled.items()}


def _newest(claim: Claim) -> tuple[datetime, str]:
    return claim.changed_at or NO_CLOCK, claim.attribute


def _of_record(
    attribute: str, rule: Rule, claims: Sequence[Claim], record_id: int, circumstances: Circumstances
) -> Choice:
    chosen = next(claim for claim in claims if claim.record_id == record_id)
    beaten = tuple(c for c in rank(rule, claims, circumstances) if c.record_id != record_id)
    return Choice(attribute, chosen.value, chosen, _told(rule), beaten)


def _told(rule: Rule) -> str:
    return f"together by {rule.describe()}"


def _all_values(ranked: Sequence[Claim]) -> list[str]:
    values: dict[str, None] = {}
    for claim in ranked:
        for value in claim.value if isinstance(claim.value, list) else [str(claim.value)]:
            values.setdefault(value)
    return list(values)
