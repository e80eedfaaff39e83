"""Claims, and the circumstances under which they are ranked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

NO_CLOCK = datetime(1, 1, 1, tzinfo=UTC)

ClaimValue = str | float | list[str]


def token_of(value: ClaimValue) -> str:
    """A value as comparable text."""
    return "\x1f".join(value) if isinstance(value, list) else str(value)


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

    def names(self, source: str) -> tuple[str, str]:
        """What a rule may call a source: its name and its role."""
        return source, self.role(source)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a choice depends on besides the claims on the attribute.

    Attributes:
        order: how sources rank.
        moment: for which the golden values are asked; only trust that decays looks at it.
        stated: how many attributes each source record states, by row id.
        values: golden values chosen before this one, by attribute, for rules with conditions.
    """

    order: SourceOrder = field(default_factory=SourceOrder)
    moment: datetime = NO_CLOCK
    stated: Mapping[int, int] = field(default_factory=dict)
    values: Mapping[str, ClaimValue] = field(default_factory=dict)
