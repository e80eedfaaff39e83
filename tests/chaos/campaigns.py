"""Every long test by name."""

from __future__ import annotations

from typing import Any

from campaign import Campaign
from contending import contend
from databases import Databases
from erasures import erasure
from foreign_ids import campaign_unit as ask_about_others
from fuzzing import campaign_unit as fuzz_unit
from kills import MIGRATE, STEWARD, kill_ingest, kill_steward, points_of
from machine import drive
from orders import order
from round_trips import round_trips
from tampering import tamper
from twins import UNITS, twin_arrival

KILLED_POINTS = sorted({*points_of(STEWARD), *points_of(MIGRATE)})
PARTS = 2
"""Units per fail point, of ten kills each."""


def _r3(databases: Databases, number: int) -> dict[str, Any]:
    part, point = divmod(number, len(KILLED_POINTS))  # a campaign that is stopped has been at all of them
    return kill_steward(databases, KILLED_POINTS[point], part, kills=10)


CAMPAIGNS = (
    Campaign("R1", "1,000 kills while records come in by program and by file", 100, kill_ingest),
    Campaign(
        "R3", "20 kills at each fail point of what changes golden records", PARTS * len(KILLED_POINTS), _r3
    ),
    Campaign(
        "R16",
        "2, 4, 8 and 16 writers bring the same 1,000 new firms at once, in three kinds of likeness",
        UNITS,
        twin_arrival,
    ),
    Campaign(
        "R17", "5,000 merges, unmerges, undos and values by 8 stewards at once on 50 firms", 25, contend
    ),
    Campaign(
        "M1",
        "2,000 runs of 50 random steps beside a model, every invariant after each step",
        1000,
        drive,
    ),
    Campaign(
        "M2", "10,000 merges that are taken back, two in three with updates in between", 200, round_trips
    ),
    Campaign(
        "M7", "10,000 changes to the event log and its checkpoints by somebody with every right", 40, tamper
    ),
    Campaign("S3", "20,000 requests that schemathesis makes up, REST and GraphQL, four roles", 16, fuzz_unit),
    Campaign(
        "S5", "5,000 ids of others through every door beside ids that nobody issued", 10, ask_about_others
    ),
    Campaign("ORDER", "the demo firm in 200 random orders and cuts, one row in ten twice", 200, order),
    Campaign("M8", "1,000 people who came in through every path are erased", 40, erasure),
)
