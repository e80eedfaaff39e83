"""Trust: a score per source that fades with the age of what it says, and falls where validation fails.

Worked numbers, with `trust(erp=0.9, crm=0.5, decay=linear(400), floor=0.1)`: what the ERP changed 100 days
ago scores 0.1 + 0.8 * (1 - 100/400) = 0.7, after 400 days and ever after 0.1. With `exponential(400)` it
scores 0.1 + 0.8 / 2 = 0.5 after 400 days.

Scores are taken at the start of the day (UTC), so a crossing happens at midnight and is known beforehand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import combinations
from typing import ClassVar

from mdm.survivorship.claims import Circumstances, Claim
from mdm.survivorship.criteria import Criterion
from mdm.survivorship.rule import Rule

DAY = timedelta(days=1)
MARGIN = timedelta(minutes=1)
"""Rounding of floating-point scores never reaches this far around a crossing."""

DIGITS = 12
"""Scores that differ by less are equal: 0.3 - 0.1 is 0.2, whatever the age by which both are multiplied."""


@dataclass(frozen=True, slots=True)
class Decay:
    """How trust fades: in a straight line to the floor within `days`, or by half every `days`."""

    shape: str
    days: float

    def left(self, age: timedelta) -> float:
        """The share of trust above the floor that is left at an age, 1 to 0."""
        share = max(age / timedelta(days=self.days), 0.0)
        return max(1.0 - share, 0.0) if self.shape == "linear" else 0.5**share

    def describe(self) -> str:
        """`linear(400)`."""
        return f"{self.shape}({self.days:g})"


def linear(days: float) -> Decay:
    """Trust that fades in a straight line and has reached the floor after so many days."""
    return Decay("linear", days)


def exponential(days: float) -> Decay:
    """Trust that loses half of what is left above the floor every so many days."""
    return Decay("exponential", days)


@dataclass(frozen=True, slots=True)
class Trust(Rule):
    """The value that is trusted most; then the most recent.

    Attributes:
        scores: source or role to its trust when the value is new, 0 to 1.
        other: trust in sources that are not named.
        decay: how it fades with the age of the claim by the source's own clock; a claim without a clock is as
            old as can be. None: never.
        floor: no claim falls below this.
        downgrade: share of the trust above the floor that a failed validation costs, 0 to 1.
    """

    name: ClassVar[str] = "trust"
    weighs_doubt: ClassVar[bool] = True
    scores: tuple[tuple[str, float], ...]
    other: float = 0.0
    decay: Decay | None = None
    floor: float = 0.0
    downgrade: float = 1.0

    def criteria(self, claims: Sequence[Claim], circumstances: Circumstances) -> tuple[Criterion, ...]:
        """The score; claims of equal score that fail validation lose to sound ones."""

        def tell(claim: Claim) -> str:
            failed = ", downgraded" if claim.flagged else ""
            return f"trusted {self.score(claim, circumstances):.3f}{failed}"

        def flip(loser: Claim, winner: Claim) -> str:
            crossing = self.crossing(winner, loser, circumstances)
            if crossing is not None:
                return f"from {crossing:%Y-%m-%d} on, by decay"
            return f"if {loser.source} stated it anew" if self.decay else f"if {winner.source} had none"

        score = Criterion("trust", lambda claim: -self.score(claim, circumstances), tell, flip)
        doubt = Criterion(
            "validation", lambda claim: bool(claim.flagged), lambda claim: claim.flagged or "valid"
        )
        return (score, doubt)

    def describe(self) -> str:
        """`trust(erp=0.9, crm=0.5, decay=linear(400), floor=0.1)`."""
        named = [f"{source}={score:g}" for source, score in self.scores]
        named += [f"other={self.other:g}"] if self.other else []
        named += [f"decay={self.decay.describe()}"] if self.decay else []
        named += [f"floor={self.floor:g}"] if self.floor else []
        named += [f"downgrade={self.downgrade:g}"] if self.downgrade != 1.0 else []
        return f"trust({', '.join(named)})"

    def score(self, claim: Claim, circumstances: Circumstances) -> float:
        """How much a claim is trusted at the start of the day for which the values are asked."""
        above = self._above(claim, circumstances) * self._left(claim, circumstances)
        return round(self.floor + above, DIGITS)

    def due(self, claims: Sequence[Claim], circumstances: Circumstances) -> datetime | None:
        """The first midnight at which two claims, also of one value, may change places."""
        if self.decay is None:
            return None
        pairs = combinations(claims, 2)
        return min((turn for pair in pairs for turn in self.turns(*pair, circumstances)), default=None)

    def crossing(self, winner: Claim, loser: Claim, circumstances: Circumstances) -> datetime | None:
        """The first midnight to come at which the loser is trusted more than the winner."""
        for turn in sorted(self.turns(winner, loser, circumstances)):
            then = Circumstances(circumstances.order, turn)
            if self.score(loser, then) > self.score(winner, then):
                return turn
        return None

    def turns(self, one: Claim, other: Claim, circumstances: Circumstances) -> list[datetime]:
        """The midnights to come at which two claims may change places.

        Between them neither does: two straight lines cross once at most, and curves of equal half-life never.
        """
        if self.decay is None or one.changed_at is None or other.changed_at is None:
            return self._expiries((one, other), circumstances)
        now = circumstances.moment
        if max(one.changed_at, other.changed_at) > now:
            return [_midnight(now) + DAY]  # a clock ahead of ours: look again tomorrow
        if self.decay.shape != "linear":
            return []
        turns = self._expiries((one, other), circumstances)
        return [*turns, *self._meeting(one, other, circumstances)]

    def _expiries(self, claims: Sequence[Claim], circumstances: Circumstances) -> list[datetime]:
        if self.decay is None or self.decay.shape != "linear":
            return []
        ends = (c.changed_at + timedelta(days=self.decay.days) for c in claims if c.changed_at is not None)
        return _to_come(ends, circumstances.moment)

    def _meeting(self, one: Claim, other: Claim, circumstances: Circumstances) -> list[datetime]:
        """Where the straight lines of two claims meet."""
        if self.decay is None or one.changed_at is None or other.changed_at is None:
            return []
        a, b = self._above(one, circumstances), self._above(other, circumstances)
        if a == b:
            return []
        period = timedelta(days=self.decay.days)
        # a (1 - (t - t1)/P) = b (1 - (t - t2)/P), solved for t, counted from t1.
        apart = (other.changed_at - one.changed_at) / period
        after = ((a - b) - b * apart) / (a - b)
        if not -1e6 < after < 1e6:
            return []
        return _to_come([one.changed_at + after * period], circumstances.moment)

    def _above(self, claim: Claim, circumstances: Circumstances) -> float:
        names = circumstances.order.names(claim.source)
        new = next((score for source, score in self.scores if source in names), self.other)
        kept = 1.0 - self.downgrade if claim.flagged else 1.0
        return round(max(new - self.floor, 0.0) * kept, DIGITS)

    def _left(self, claim: Claim, circumstances: Circumstances) -> float:
        if self.decay is None:
            return 1.0
        if claim.changed_at is None:
            return 0.0
        return self.decay.left(_midnight(circumstances.moment) - claim.changed_at)


def _midnight(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def _to_come(moments: Iterable[datetime], now: datetime) -> list[datetime]:
    """The first midnight at or after each moment, if that is still to come.

    One that passed within the last day is looked at once more: its score may have been rounded the other way.
    """
    found = []
    for moment in moments:
        if moment <= now - DAY:
            continue
        midnight = _midnight(moment - MARGIN)
        midnight = midnight if midnight >= moment - MARGIN else midnight + DAY
        found.append(midnight if midnight > now else _midnight(now) + DAY)
    return found


def trust(
    scores: Mapping[str, float] | None = None,
    *,
    other: float = 0.0,
    decay: Decay | None = None,
    floor: float = 0.0,
    downgrade: float = 1.0,
    **more: float,
) -> Trust:
    """The value that is trusted most; see `Trust`.

    Args:
        scores: trust by source or role, for names that are no identifiers; others may be keyword arguments.
    """
    return Trust(tuple({**(scores or {}), **more}.items()), other, decay, floor, downgrade)
