"""One change as followers get it, and which changes a follower wants."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Change:
    """One event.

    Attributes:
        number: its place in the log, without gaps; what a follower resumes after.
        id: equal for every delivery of this event.
        at: when it happened, in UTC.
        type: in the past tense, such as `golden.changed`.
        subject: the golden id, verdict id or record it is about.
        details: ids, keys and attribute names, never values.
    """

    number: int
    id: str
    at: datetime
    type: str
    entity_type: str
    subject: str
    author: str
    details: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ChangeFilter:
    """Which changes are wanted: all that meet every condition; an empty condition holds for all.

    Attributes:
        types: kinds of events, such as `golden.changed`; `golden.*` for all that begin so.
        entity_types: such as `client`.
        golden_ids: of the golden records that a change is about.
    """

    types: frozenset[str] = field(default_factory=frozenset)
    entity_types: frozenset[str] = field(default_factory=frozenset)
    golden_ids: frozenset[str] = field(default_factory=frozenset)
