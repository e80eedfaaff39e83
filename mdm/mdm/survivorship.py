"""Which claim becomes the golden value: rules that rank claims, and the reason for the choice.

Pure functions of their claims: never of arrival, of the database or of the present moment.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import ClassVar

NO_CLOCK = datetime(1, 1, 1, tzinfo=UTC)

ClaimValue = str | float | list[str]


@dataclass(frozen=True, slots=True)
class Claim:
    """One value that one source record states.

    Attributes:
        attribute: name of the attribute.
        value: text (dates as ISO 8601, references as golden ids), number, or list of texts.
        source: the source's name.
        source_key: the record's key in that source.
        record_id: the source record's row id.
        version_id: the record version that stated it first; None if the hub works without a store.
        changed_at: the source's own clock, None if it has none.
        flagged: why the value is doubtful (fails validation), empty if it is not.
    """

    attribute: str
    value: ClaimValue
    source: str
    source_key: str
    record_id: int = 0
    version_id: int | None = None
    changed_at: datetime | None = None
    flagged: str = ""

    @property
    def token(self) -> str:
        """The value as comparable text, so that equal values are counted together."""
        return token_of(self.value)


def token_of(value: ClaimValue) -> str:
    """A value as comparable text."""
    return "\x1f".join(value) if isinstance(value, list) else str(value)


@dataclass(frozen=True, slots=True)
class SourceOrder:
    """How sources rank when a rule leaves a tie: roles by source, sources in the order of the settings."""

    roles: Mapping[str, str] = field(default_factory=dict)
    ranks: Mapping[str, int] = field(default_factory=dict)

    def rank(self, source: str) -> tuple[int, str]:
        """Position of a source: those named in the settings first, then by name."""
        return (self.ranks.get(source, len(self.ranks)), source)

    def role(self, source: str) -> str:
        """The source's role, such as crm or erp; its own name if it has none."""
        return self.roles.get(source, source)


RankKey = Callable[[Claim], tuple[object, ...]]


class Rule(ABC):
    """How one attribute's golden value is chosen: claims in order, best first."""

    name: ClassVar[str]

    @abstractmethod
    def key(self, claims: Sequence[Claim], order: SourceOrder) -> RankKey:
        """A sort key for these claims, smaller is better. Need not break ties."""

    def describe(self) -> str:
        """The rule as text that is kept with every value it chose, such as `prefer(erp, crm)`."""
        return self.name


@dataclass(frozen=True, slots=True)
class Prefer(Rule):
    """The value of the first of these sources or roles that has one; then the most recent."""

    name: ClassVar[str] = "prefer"
    sources: tuple[str, ...]

    def key(self, claims: Sequence[Claim], order: SourceOrder) -> RankKey:
        def position(claim: Claim) -> tuple[object, ...]:
            named = (claim.source, order.role(claim.source))
            places = [i for i, wanted in enumerate(self.sources) if wanted in named]
            return (places[0] if places else len(self.sources),)

        return position

    def describe(self) -> str:
        return f"prefer({', '.join(self.sources)})"


@dataclass(frozen=True, slots=True)
class MostRecent(Rule):
    """The value that its source changed last, by the source's own clock; no clock ranks last."""

    name: ClassVar[str] = "most_recent"

    def key(self, claims: Sequence[Claim], order: SourceOrder) -> RankKey:
        return lambda claim: ()


@dataclass(frozen=True, slots=True)
class MostFrequent(Rule):
    """The value that most source records state; then the most recent."""

    name: ClassVar[str] = "most_frequent"

    def key(self, claims: Sequence[Claim], order: SourceOrder) -> RankKey:
        counts = Counter(claim.token for claim in claims)
        return lambda claim: (-counts[claim.token],)


@dataclass(frozen=True, slots=True)
class Longest(Rule):
    """The longest text; then the most recent."""

    name: ClassVar[str] = "longest"

    def key(self, claims: Sequence[Claim], order: SourceOrder) -> RankKey:
        return lambda claim: (-len(claim.token),)


@dataclass(frozen=True, slots=True)
class Union(Rule):
    """All distinct values, best source first."""

    name: ClassVar[str] = "union"

    def key(self, claims: Sequence[Claim], order: SourceOrder) -> RankKey:
        return lambda claim: ()


@dataclass(frozen=True, slots=True)
class Together:
    """Marks a group of attributes (an address) whose values survive together, all from one record."""


def prefer(*sources: str) -> Prefer:
    """The value of the first of these sources or roles that has one."""
    return Prefer(sources)


def most_recent() -> MostRecent:
    """The value that its source changed last."""
    return MostRecent()


def most_frequent() -> MostFrequent:
    """The value that most source records state."""
    return MostFrequent()


def longest() -> Longest:
    """The longest text."""
    return Longest()


def union() -> Union:
    """All distinct values."""
    return Union()


def together() -> Together:
    """The values of this group come from one record."""
    return Together()


def rank(rule: Rule, claims: Sequence[Claim], order: SourceOrder) -> list[Claim]:
    """The claims, best first: sound before flagged, then the rule, recency, source rank and source key."""
    by_rule = rule.key(claims, order)

    def total(claim: Claim) -> tuple[object, ...]:
        recency = -(claim.changed_at or NO_CLOCK).timestamp() if claim.changed_at else float("inf")
        ties = (recency, order.rank(claim.source), claim.source_key, claim.token)
        return (bool(claim.flagged), *by_rule(claim), *ties)

    return sorted(claims, key=total)


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


def choose(attribute: str, rule: Rule, claims: Sequence[Claim], order: SourceOrder) -> Choice | None:
    """The golden value of one attribute, or None if nobody claims one."""
    if not claims:
        return None
    ranked = rank(rule, claims, order)
    best = ranked[0]
    value: ClaimValue = best.value
    if isinstance(rule, Union):
        value = _all_values(ranked)
    return Choice(attribute, value, best, rule.describe(), tuple(ranked[1:]))


def choose_together(
    attributes: Sequence[str], rule: Rule, claims: Mapping[str, Sequence[Claim]], order: SourceOrder
) -> list[Choice]:
    """The values of a group of attributes, all from the one record that ranks best and states any of them.

    The record with the most attributes of the group filled wins among those the rule holds equal.
    """
    filled: dict[int, list[Claim]] = {}
    for name in attributes:
        for claim in claims.get(name, ()):
            filled.setdefault(claim.record_id, []).append(claim)
    if not filled:
        return []
    spokesmen = {
        record: max(own, key=lambda c: (c.changed_at or NO_CLOCK, c.attribute))
        for record, own in filled.items()
    }
    by_rule = rule.key(list(spokesmen.values()), order)

    def total(record: int) -> tuple[object, ...]:
        claim = spokesmen[record]
        doubtful = any(c.flagged for c in filled[record])
        recency = -claim.changed_at.timestamp() if claim.changed_at else float("inf")
        return (
            doubtful,
            *by_rule(claim),
            -len(filled[record]),
            recency,
            order.rank(claim.source),
            claim.source_key,
        )

    winner = min(filled, key=total)
    return [
        _of_record(name, rule, claims.get(name, ()), winner, order)
        for name in attributes
        if any(claim.record_id == winner for claim in claims.get(name, ()))
    ]


def _of_record(
    attribute: str, rule: Rule, claims: Sequence[Claim], record_id: int, order: SourceOrder
) -> Choice:
    chosen = next(claim for claim in claims if claim.record_id == record_id)
    beaten = tuple(c for c in rank(rule, claims, order) if c.record_id != record_id)
    return Choice(attribute, chosen.value, chosen, f"together by {rule.describe()}", beaten)


def _all_values(ranked: Sequence[Claim]) -> list[str]:
    values: dict[str, None] = {}
    for claim in ranked:
        for value in claim.value if isinstance(claim.value, list) else [str(claim.value)]:
            values.setdefault(value)
    return list(values)
