"""When a delivery is tried again: the plan of Standard Webhooks, a little spread, the target's own wish."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from mdm_sync.publishing.batch import Answer

MINUTE, HOUR = 60, 3600
DELAYS = (5, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR)
"""Seconds after the first, second ... failed attempt; the last one again for any further."""
JITTER = 0.1
LONGEST_WISH = 24 * HOUR
"""Seconds; a target that asks for more gets this."""
NEVER = frozenset({400, 404, 422})
GONE = 410


def next_delay(attempt: int, *, asked: float | None = None, factor: float = 1.0) -> timedelta:
    """How long to wait after the `attempt`-th delivery (from 1) has failed.

    5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h: the tenth attempt comes 75 h 35 min after
    the first. A target that asks for more time gets it, up to 24 hours.

    Args:
        asked: seconds, as in Retry-After.
        factor: the spread, 0.9 to 1.1.
    """
    planned = DELAYS[min(attempt, len(DELAYS)) - 1] * factor
    return timedelta(seconds=max(planned, min(asked or 0.0, LONGEST_WISH)))


def answer_of(status: int) -> Answer:
    """What an HTTP status says about a delivery.

    2xx took it; 400, 404 and 422 never will; 410 wants nothing any more. Every other one (also a redirect,
    which is never followed) may pass.
    """
    if 200 <= status < 300:
        return Answer.delivered
    if status == GONE:
        return Answer.gone
    return Answer.dead if status in NEVER else Answer.again


def retry_after(header: str | None, now: datetime) -> float | None:
    """The seconds that a Retry-After header asks for, as number or date; None if it cannot be read."""
    if not header:
        return None
    text = header.strip()
    if text.isascii() and text.isdecimal():
        return float(text[:9])
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    aware = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
    return max(0.0, (aware - now).total_seconds())
