"""Which claims a ban takes out of the running."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from mdm.entities import Attribute
from mdm.overrides.standing import StandingBan
from mdm.survivorship import Claim


@dataclass(frozen=True, slots=True)
class BannedClaim:
    """A claim that survivorship may not choose, and the ban that says so."""

    claim: Claim
    ban: StandingBan


def without_banned(
    attribute: Attribute, claims: Sequence[Claim], bans: Sequence[StandingBan]
) -> tuple[list[Claim], list[BannedClaim]]:
    """The claims that may be chosen, and those that are banned.

    Of a claim that holds several texts only the banned ones go.
    """
    if not bans:
        return list(claims), []
    allowed, banned = [], []
    for claim in claims:
        parts = claim.value if isinstance(claim.value, list) else [claim.value]
        hits = {str(part): ban for part in parts for ban in bans if is_banned(attribute, str(part), ban)}
        banned += [BannedClaim(replace(claim, value=part), ban) for part, ban in hits.items()]
        if not hits:
            allowed.append(claim)
        elif isinstance(claim.value, list) and len(hits) < len(claim.value):
            allowed.append(replace(claim, value=[part for part in claim.value if part not in hits]))
    return allowed, banned


def is_banned(attribute: Attribute, text: str, ban: StandingBan) -> bool:
    """Whether a value is the banned one: the same text, or the same once it is standardised."""
    return text == ban.value or _standard(attribute, text) == _standard(attribute, ban.value)


def _standard(attribute: Attribute, text: str) -> str:
    known = attribute.semantic.standardise(text) if attribute.semantic is not None else None
    return known.text if known is not None else text
