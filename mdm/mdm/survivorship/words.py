"""The words with which a declaration names a rule without conditions."""

from __future__ import annotations

from mdm.survivorship.by_content import Longest, Maximum, Minimum, MostComplete, MostFrequent, Union
from mdm.survivorship.by_source import MostRecent, Oldest, Prefer


def prefer(*sources: str) -> Prefer:
    """The value of the first of these sources or roles that has one."""
    return Prefer(sources)


def most_recent() -> MostRecent:
    """The value that its source changed last."""
    return MostRecent()


def oldest() -> Oldest:
    """The value that its source has stated longest."""
    return Oldest()


def most_frequent() -> MostFrequent:
    """The value that most source records state."""
    return MostFrequent()


def most_complete() -> MostComplete:
    """The value of the record that states the most attributes."""
    return MostComplete()


def longest() -> Longest:
    """The longest text."""
    return Longest()


def minimum() -> Minimum:
    """The smallest number, earliest date or first text."""
    return Minimum()


def maximum() -> Maximum:
    """The greatest number, latest date or last text."""
    return Maximum()


def union() -> Union:
    """All distinct values."""
    return Union()
