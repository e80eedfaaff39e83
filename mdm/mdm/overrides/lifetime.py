"""How long a steward's value holds: a function of the override, the live claims and the moment.

So an override whose basis moved and came back is in force again, and the order in which the sources'
changes arrived does not matter.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from mdm.survivorship import Claim, token_of

if TYPE_CHECKING:
    from mdm.overrides.standing import StandingOverride


class Lifetime(StrEnum):
    """How long an override holds if nobody takes it back."""

    forever = "forever"
    """Whatever the sources say."""
    basis = "basis"
    """While the sources state the same values as when it was made."""
    date = "date"
    """Until a moment."""
    next_write = "next_write"
    """Until a source delivers a newer version of one of the golden record's source records."""


def in_force(
    override: StandingOverride, claims: Iterable[Claim], newest_version: int, moment: datetime
) -> bool:
    """Whether the golden record shows the override's value.

    Args:
        claims: what the source records state for the attribute now.
        newest_version: the greatest current version id among the source records.
    """
    match override.lifetime:
        case Lifetime.forever:
            return True
        case Lifetime.basis:
            return not is_stale(override, claims)
        case Lifetime.date:
            return override.until is None or moment < override.until
        case Lifetime.next_write:
            return newest_version <= int(override.basis["version"])


def is_stale(override: StandingOverride, claims: Iterable[Claim]) -> bool:
    """Whether the sources state other values than when the override was made; whoever states them."""
    then = {token_of(value) for value in override.basis["claims"].values()}
    return {claim.token for claim in claims} != then
