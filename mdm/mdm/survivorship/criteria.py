"""What claims are compared by, one after the other, until one of two is better: a total order in the end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from mdm.survivorship.claims import Circumstances, Claim


def nothing_flips(loser: Claim, winner: Claim) -> str:
    """For criteria that no change of the sources' values turns."""
    return ""


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing that claims are compared by.

    Attributes:
        name: for people, such as "source" or "recency".
        key: smaller is better.
        tell: what it says of a claim, such as "changed on 2026-01-01".
        flip: what would make the loser win by it, as an unfinished sentence that begins with "if" or "from";
            empty if nothing within reach would.
    """

    name: str
    key: Callable[[Claim], Any]
    tell: Callable[[Claim], str]
    flip: Callable[[Claim, Claim], str] = nothing_flips


def soundness() -> Criterion:
    """Sound claims before those that fail validation."""
    return Criterion(
        "validation",
        lambda claim: bool(claim.flagged),
        lambda claim: f"{claim.flagged}" if claim.flagged else "valid",
        lambda loser, winner: "if it were valid",
    )


def recency() -> Criterion:
    """What the source changed last, by its own clock; no clock ranks last."""
    return Criterion(
        "recency",
        lambda claim: -claim.changed_at.timestamp() if claim.changed_at else float("inf"),
        _clock,
        lambda loser, winner: f"if {loser.source} changed it after {_moment(winner)}",
    )


def age() -> Criterion:
    """What the source stated first, by its own clock; no clock ranks last."""
    return Criterion(
        "age",
        lambda claim: claim.changed_at.timestamp() if claim.changed_at else float("inf"),
        _clock,
        lambda loser, winner: (
            f"if {winner.source} changed its value after {_moment(loser)}" if loser.changed_at else ""
        ),
    )


def ties(circumstances: Circumstances) -> tuple[Criterion, ...]:
    """What decides where a rule leaves a tie: recency, the rank of the source, its key, the value itself."""
    order = circumstances.order
    rank = Criterion(
        "source rank",
        lambda claim: order.rank(claim.source),
        lambda claim: (
            f"{claim.source} stands in the settings' order of sources"
            if claim.source in order.ranks
            else f"{claim.source} by its name"
        ),
        lambda loser, winner: f"if {loser.source} stood before {winner.source} under [sources] in mdm.toml",
    )
    key = Criterion("source key", lambda claim: claim.source_key, lambda claim: f"key {claim.source_key}")
    value = Criterion("value", lambda claim: claim.token, lambda claim: "by the letters of the value")
    return (recency(), rank, key, value)


def deciding(criteria: Sequence[Criterion], winner: Claim, loser: Claim) -> Criterion | None:
    """The first criterion by which one claim is better than the other; None if they are alike in all."""
    return next((c for c in criteria if c.key(winner) != c.key(loser)), None)


def _clock(claim: Claim) -> str:
    return f"changed on {_moment(claim)}" if claim.changed_at else "no clock"


def _moment(claim: Claim) -> str:
    return f"{claim.changed_at:%Y-%m-%d %H:%M}" if claim.changed_at else "any moment"
