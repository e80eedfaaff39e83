"""Which paths are about to go, since when, until when, and what takes their place: RFC 9745 and RFC 8594."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime

from starlette.datastructures import MutableHeaders


@dataclass(frozen=True, slots=True)
class Deprecation:
    """A path that will go."""

    since: datetime
    sunset: datetime
    successor: str

    def tell(self, headers: MutableHeaders) -> None:
        """Write it into an answer's headers."""
        headers["Deprecation"] = f"@{int(self.since.timestamp())}"
        headers["Sunset"] = format_datetime(self.sunset.astimezone(UTC), usegmt=True)
        headers["Link"] = f'<{self.successor}>; rel="successor-version"'


DEPRECATED: dict[str, Deprecation] = {}
"""The beginning of a path to its deprecation; what is versioned lies below /api/v1, and nothing goes yet."""


def deprecation_of(path: str) -> Deprecation | None:
    """The deprecation of a path, if it is about to go."""
    return next((d for start, d in DEPRECATED.items() if path == start or path.startswith(f"{start}/")), None)
