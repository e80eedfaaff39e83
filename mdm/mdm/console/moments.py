"""The moment that a page speaks of, as its address names it."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query

from mdm.history.when import When, when_of

At = Annotated[str, Query(max_length=40)]
"""ISO 8601, in UTC unless it names a zone; "" for now."""


def moment_of(at: str) -> When:
    """What was known at this moment.

    Raises:
        UsageError: the text is no moment.
    """
    return when_of(at.strip() or None)
