"""Every long test by name."""

from __future__ import annotations

from typing import Any

from campaign import Campaign
from databases import Databases
from kills import MIGRATE, STEWARD, kill_ingest, kill_steward, points_of

KILLED_POINTS = sorted({*points_of(STEWARD), *points_of(MIGRATE)})
PARTS = 4
"""Units per fail point, of ten kills each."""


def _r3(databases: Databases, number: int) -> dict[str, Any]:
    return kill_steward(databases, KILLED_POINTS[number // PARTS], number % PARTS, kills=10)


CAMPAIGNS = (
    Campaign("R1", "1,000 kills while records come in by program and by file", 40, kill_ingest),
    Campaign(
        "R3", "40 kills at each fail point of what changes golden records", PARTS * len(KILLED_POINTS), _r3
    ),
)
