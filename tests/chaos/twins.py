"""Several writers that bring the same new firms at the same time: each firm must get one golden record."""

from __future__ import annotations

import time
from typing import Any

from databases import Databases
from invented import firm
from sqlalchemy import func, select
from sqlmodel import col

from mdm.errors import StoreBusyError
from mdm.hub import Hub
from mdm.receiving import receive
from mdm.refresh import refresh
from mdm.store.derived import GoldenRecord
from mdm.verify import verify

WRITERS = (2, 4, 8, 16)
LIKENESS = ("exact", "fuzzy", "chained")
PIECE = 50
"""Firms in a unit."""
UNITS = len(WRITERS) * (1000 // PIECE)


def as_brought(number: int, writer: int) -> dict[str, Any]:
    """A firm as one of the writers has it; each likeness has a third of the firms."""
    found, likeness = firm(number), LIKENESS[number % len(LIKENESS)]
    first, second, _ = found["name"].split()
    if likeness == "fuzzy" and writer % 2:
        return {**found, "name": f"{first} {second[:-1]} Limited"}
    if likeness == "chained":
        # The first and the third have nothing in common but the second.
        alone = {"name": found["name"], "city": found["city"], "country": "GB"}
        by_mail = {**alone, "email": found["email"], "website": found["website"]}
        by_phone = {**alone, "phone": found["phone"], "website": found["website"]}
        return ({**by_mail}, {**by_mail, **by_phone}, by_phone)[writer % 3]
    return found


def bring(hub: Hub, writer: int, numbers: range) -> dict[str, int]:
    """One writer's work; how often it had to ask again because the store was busy."""
    again = 0
    for number in numbers:
        row = {"id": f"E-{number}", **as_brought(number, writer)}
        while True:
            try:
                hub.write_beside("chaos", lambda uow, row=row: receive(uow, f"s{writer}", "client", [row]))
            except StoreBusyError:
                again += 1
            else:
                break
    return {"again": again}


def judge(hub: Hub, writers: int, numbers: range) -> dict[str, Any]:
    """What the writers left: golden records too many, and what resolving everything anew would change."""
    with hub.read() as session:
        active = select(func.count()).select_from(GoldenRecord).where(col(GoldenRecord.state) == "active")
        golden = session.scalar(active) or 0
        failures = [f"{c.name}: {f}" for c in verify(hub, session) for f in c.failures]
    with hub.write("chaos") as uow:
        anew = refresh(uow, None)
        uow.session.rollback()
    moved = anew.created + anew.changed + anew.merged + anew.retired
    if golden != len(numbers):
        failures.append(f"{len(numbers)} firms have {golden} golden records")
    if moved:
        failures.append(f"resolving everything anew changes {moved} golden records")
    return {"extra": golden - len(numbers), "moved": moved, "failures": failures}


def twin_arrival(databases: Databases, number: int) -> dict[str, Any]:
    """One unit: so many writers, 50 firms."""
    piece, writers = divmod(number, len(WRITERS))
    return meet(databases, WRITERS[writers], range(piece * PIECE, (piece + 1) * PIECE))


def meet(databases: Databases, writers: int, numbers: range) -> dict[str, Any]:
    """Let writers bring the same firms at once, and judge what they leave."""
    with databases.fresh() as (url, folder):
        where = {"url": url, "folder": folder, "first": numbers.start, "last": numbers.stop}
        began = time.monotonic()
        for writer in range(writers):
            last = writer == writers - 1
            databases.zygote.start("bring", together=not last, writer=writer, **where)
        ended = [databases.zygote.ended() for _ in range(writers)]
        seconds = time.monotonic() - began
        judged = databases.zygote.result("judge", writers=writers, **where)
    failures = [f"{writers} writers: {one}" for one in judged.pop("failures")]
    failures += [str(one.result) for one in ended if one.code or one.signal]
    again = sum(one.result["again"] for one in ended if not one.code and not one.signal)
    counts = {
        "firms": len(numbers),
        "rows": writers * len(numbers),
        "again": again,
        "seconds": round(seconds, 1),
    }
    return {**counts, **judged, "failed": len(failures), "failures": failures[:5]}
