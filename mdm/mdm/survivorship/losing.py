"""Why each beaten claim lost, and what would make it win."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mdm.survivorship.by_content import Union
from mdm.survivorship.choosing import group_claims, group_criteria
from mdm.survivorship.claims import Circumstances, Claim
from mdm.survivorship.criteria import Criterion, deciding
from mdm.survivorship.rule import Rule, all_criteria


@dataclass(frozen=True, slots=True)
class BeatenClaim:
    """One claim that is not the golden value.

    Attributes:
        lost_by: the first thing by which it is worse, such as "source" or "recency"; "joined" if its values
            are among those that a union took.
        because: what that says of the claim and of the winner.
        flip: what would make it win, as an unfinished sentence; empty if nothing within reach would.
        agrees: it states the golden value, too.
    """

    claim: Claim
    lost_by: str
    because: str
    flip: str
    agrees: bool


def beaten_claims(
    rule: Rule, winner: Claim, losers: Sequence[Claim], circumstances: Circumstances
) -> list[BeatenClaim]:
    """Why the claims on a single attribute lost, in their order."""
    claims = [winner, *losers]
    fired = rule.fired(claims, circumstances)
    if isinstance(fired, Union):
        return [
            BeatenClaim(c, "joined", "its values are among the golden ones", "", agrees=True) for c in losers
        ]
    criteria = all_criteria(fired, claims, circumstances)
    return [_beaten(criteria, loser, winner, (loser, winner)) for loser in losers]


def beaten_in_group(
    rule: Rule,
    claims: Mapping[str, Sequence[Claim]],
    winner: Claim,
    losers: Sequence[Claim],
    circumstances: Circumstances,
) -> list[BeatenClaim]:
    """Why claims on a part of a group lost: because their record did.

    Args:
        claims: on every attribute of the group.
    """
    filled, spokesmen = group_claims(list(claims), claims)
    fired = rule.fired(spokesmen, circumstances)
    criteria = group_criteria(fired, filled, spokesmen, circumstances)
    by_record = {spokesman.record_id: spokesman for spokesman in spokesmen}
    ahead = by_record[winner.record_id]
    return [_beaten(criteria, by_record[c.record_id], ahead, (c, winner)) for c in losers]


def _beaten(
    criteria: Sequence[Criterion], loser: Claim, winner: Claim, stated: tuple[Claim, Claim]
) -> BeatenClaim:
    agrees = stated[0].token == stated[1].token
    criterion = deciding(criteria, winner, loser)
    if criterion is None:
        return BeatenClaim(stated[0], "value", "it is alike in all", "", agrees)
    because = f"{criterion.tell(loser)}, against {criterion.tell(winner)}"
    return BeatenClaim(stated[0], criterion.name, because, criterion.flip(loser, winner), agrees)
