"""Every long test by name."""

from __future__ import annotations

from typing import Any

from campaign import Campaign
from databases import Databases
from erasures import erasure
from foreign_ids import campaign_unit as ask_about_others
from fuzzing import campaign_unit as fuzz_unit
from kills import MIGRATE, STEWARD, kill_ingest, kill_steward, points_of
from round_trips import many_trips
from tampering import tamper
from twins import UNITS, twin_arrival

KILLED_POINTS = sorted({*points_of(STEWARD), *points_of(MIGRATE)})
PARTS = 4
"""Units per fail point, of ten kills each."""


def _r3(databases: Databases, number: int) -> dict[str, Any]:
    return kill_steward(databases, KILLED_POINTS[number // PARTS], number % PARTS, kills=10)


def _m1(databases: Databases, number: int) -> dict[str, Any]:
    ended = databases.zygote.run("drive", examples=10, steps=50)
    failures = [str(ended.result)[-2000:]] if ended.code or ended.signal else []
    return {"runs": 10, "steps": 500, "failed": len(failures), "failures": failures}


CAMPAIGNS = (
    Campaign("R1", "1,000 kills while records come in by program and by file", 100, kill_ingest),
    Campaign(
        "R3", "40 kills at each fail point of what changes golden records", PARTS * len(KILLED_POINTS), _r3
    ),
    Campaign(
        "R16",
        "2, 4, 8 and 16 writers bring the same 1,000 new firms at once, three kinds of likeness",
        UNITS,
        twin_arrival,
    ),
    Campaign(
        "M1",
        "2,000 runs of 50 random steps beside a model, every invariant after each step",
        200,
        _m1,
        ("sqlite",),
    ),
    Campaign(
        "M2", "10,000 merges that are taken back, two in three with updates in between", 100, many_trips
    ),
    Campaign(
        "M7", "10,000 changes to the event log and its checkpoints by somebody with every right", 40, tamper
    ),
    Campaign("S3", "20,000 requests that schemathesis makes up, REST and GraphQL, four roles", 16, fuzz_unit),
    Campaign(
        "S5", "5,000 ids of others through every door beside ids that nobody issued", 10, ask_about_others
    ),
    Campaign("M8", "1,000 people who came in through every path are erased", 40, erasure),
)
