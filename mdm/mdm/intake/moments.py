"""Turns what files write for dates and instants into ISO 8601; never guesses an order of day and month."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

# ISO 8601 days and instants; Python would also take "2024W011" and a bare year's digits from other notations.
ISO_DAY = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})([T ].*)?")
MICROSOFT = re.compile(r"/Date\((-?\d+)(?:[+-]\d{4})?\)/")


def iso_day(value: Any, formats: Sequence[str] = ()) -> str:
    """The day as YYYY-MM-DD; of an instant, the day that it states in its own zone.

    Raises:
        ValueError: it is no day in ISO 8601 or in one of the formats.
    """
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return _read(value, formats).date().isoformat()


def instant(value: Any, formats: Sequence[str] = ()) -> datetime:
    """The instant in UTC; one without a zone is taken as UTC, a day as its first moment.

    Raises:
        ValueError: it is no instant in ISO 8601 or in one of the formats.
    """
    if isinstance(value, date):
        moment = (
            value if isinstance(value, datetime) else datetime(value.year, value.month, value.day, tzinfo=UTC)
        )
    else:
        moment = _read(value, formats)
    try:
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except OverflowError as exc:
        raise ValueError("is beyond the calendar") from exc


def from_epoch(milliseconds: float) -> str:
    """Milliseconds since 1970 as an ISO instant: 0 is 1970-01-01T00:00:00+00:00.

    Raises:
        ValueError: the number is beyond the calendar.
    """
    try:
        return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat()
    except (OverflowError, OSError, ValueError) as exc:
        raise ValueError("is beyond the calendar") from exc


def from_microsoft(text: str) -> str:
    """`/Date(1793606400000+0000)/` as an ISO instant.

    Raises:
        ValueError: the text has another form.
    """
    found = MICROSOFT.fullmatch(text.strip())
    if found is None:
        raise ValueError("has not the form /Date(milliseconds)/")
    return from_epoch(int(found[1]))


def _read(value: Any, formats: Sequence[str]) -> datetime:
    text = str(value).strip()
    if not isinstance(value, bool) and ISO_DAY.fullmatch(text):
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            return _by_format(text, formats)
    return _by_format(text, formats)


def _by_format(text: str, formats: Sequence[str]) -> datetime:
    for pattern in formats:
        try:
            return datetime.strptime(text, pattern)  # noqa: DTZ007  # the zone is UTC unless the format reads one
        except ValueError:
            continue
    raise ValueError("is no date")
