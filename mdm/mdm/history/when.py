"""Which moment a reader asks about: two clocks that are never compared with each other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from mdm.clock import parse_instant
from mdm.errors import UsageError


@dataclass(frozen=True, slots=True)
class When:
    """A moment of system time and a day of valid time.

    Attributes:
        known_at: what the hub knew at this moment, in UTC; None for what it knows now.
        as_of: what it says of this day; None for what it takes as current.
    """

    known_at: datetime | None = None
    as_of: date | None = None

    def __post_init__(self) -> None:
        if self.known_at is not None:
            if self.known_at.tzinfo is None:
                raise UsageError("A moment needs a zone; write it such as 2026-03-01T12:00:00Z.")
            object.__setattr__(self, "known_at", self.known_at.astimezone(UTC))

    @property
    def is_now(self) -> bool:
        """Whether the current tables answer."""
        return self.known_at is None and self.as_of is None


NOW = When()
"""What the hub knows and takes as current."""


def when_of(known_at: str | None = None, as_of: str | None = None) -> When:
    """The moment that texts name; a moment without a zone is taken as UTC.

    Raises:
        UsageError: a text is no ISO 8601 moment or date.
    """
    try:
        moment = parse_instant(known_at) if known_at else None
    except ValueError as exc:
        raise UsageError(
            f"{known_at!r} is no moment; write it in ISO 8601, such as 2026-03-01T12:00:00Z."
        ) from exc
    try:
        day = date.fromisoformat(as_of) if as_of else None
    except ValueError as exc:
        raise UsageError(f"{as_of!r} is no date; write it such as 2026-03-31.") from exc
    return When(moment, day)
