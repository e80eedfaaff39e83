"""People who come in through every path and are erased: no byte of them is left, their twins untouched."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from databases import Databases
from invented import firm
from sqlalchemy import inspect, select, text
from sqlmodel import Session, col

from mdm.decide import RecordKey, decide_records
from mdm.erasure import clean, erase
from mdm.golden_ids import golden_id_of, resolve_id
from mdm.hub import Hub
from mdm.overrides.banning import ban_value
from mdm.overrides.setting import override_value
from mdm.receiving import receive
from mdm.resolve.conflicts import task_id
from mdm.store.answers import AnsweredRequest
from mdm.store.decisions import TaskNote
from mdm.store.derived import GoldenRecord
from mdm.store.publishing import Receipt
from mdm.testing import NOON, record, take_in
from mdm.verify import verify

PEOPLE = 25
"""Subjects in a unit."""


def erasure(databases: Databases, number: int, *, people: int = PEOPLE) -> dict[str, Any]:
    """One unit: so many people and their twins in one database; the people are erased."""
    with databases.fresh() as (url, folder):
        where = {"url": url, "folder": folder}
        found: dict[str, Any] = databases.zygote.result("erase", **where, seed=number, people=people)
    return found


def run(hub: Hub, seed: int, people: int) -> dict[str, Any]:
    """Bring them in, erase them, search every byte."""
    marks = [f"qx{seed}z{k}w" for k in range(people)]
    take_in(hub, "hcm", "worker", [record("boss", family_name="Moor", given_name="Ida")])
    for mark in marks:
        _bring(hub, mark)
    with hub.read() as session:
        ids = {mark: golden_id_of(session, "worker", "hcm", f"{mark}-1") for mark in marks}
        twins = {mark: golden_id_of(session, "worker", "hcm", f"twin-{k}") for k, mark in enumerate(marks)}
        before = _cells(session, twins.values())
        missing = [mark for mark in marks if mark not in _everything(session)]
    for golden_id in ids.values():
        with hub.write("officer") as uow:
            erase(uow, golden_id, reason="request")
    clean(hub.database)
    with hub.read() as session:
        text_left = _everything(session)
        failures = [f"{c.name}: {f}" for c in verify(hub, session) for f in c.failures]
        failures += [f"{mark} was never there" for mark in missing]
        failures += [
            f"the twin of {m} changed" for m, g in twins.items() if _cells(session, [g])[g] != before[g]
        ]
        failures += [
            f"{g} does not resolve to erased"
            for g in ids.values()
            if resolve_id(session, g).state != "erased"
        ]
    left = _bytes(hub) + text_left.encode()
    hits = [mark for mark in marks if mark.encode() in left]
    failures += [f"a trace of {mark} is left" for mark in hits]
    return {"subjects": len(marks), "hits": len(hits), "failed": len(failures), "failures": failures[:5]}


def _bring(hub: Hub, mark: str) -> None:
    """One person through every path there is."""
    number = int(mark.split("z")[1][:-1])
    given, family, _ = firm(number)["name"].split()
    person = {
        "given_name": f"{given}{mark}", "family_name": f"{family}{mark}", "email": f"{mark}@example.org",
        "birth_date": f"19{50 + number}-01-02", "phone": f"+44 20 79{number:02d} 12{number:02d}",
        "job_title": f"Job {mark}", "street": f"{mark} Road 1", "city": f"City{mark}",
    }  # fmt: skip
    twin = {**{k: v for k, v in person.items() if mark not in str(v)}, "given_name": f"{family}a"}
    twin |= {"family_name": f"{given}o", "email": f"twin-{number}@example.org"}
    later = NOON + timedelta(days=1)
    take_in(hub, "hcm", "worker", [record(f"{mark}-1", **person), record(f"twin-{number}", **twin)])
    take_in(hub, "psa", "worker", [record(f"{mark}-2", **person)])
    take_in(hub, "hcm", "worker", [record(f"{mark}-1", later, **{**person, "city": f"New{mark}"})])
    with hub.write("web") as uow:
        row = {"id": f"{mark}-1", **person, "birth_date": "no date"}
        receive(uow, "hcm", "worker", [row])
        keys = [RecordKey("worker", "hcm", key) for key in (f"{mark}-1", "boss")]
        decide_records(uow, keys[0], keys[1], "distinct", reason=f"{mark} is not Moor")
        golden, boss = (golden_id_of(uow.session, "worker", "hcm", key.source_key) for key in keys)
        override_value(uow, golden, "job_title", f"Chief {mark}", reason=f"{mark} said so")
        ban_value(uow, golden, "city", f"City{mark}", reason=f"{mark} moved")
        about: dict[str, Any] = {
            "task_id": task_id("worker", golden, boss),
            "kind": "comment",
            "author": "a",
            "at": NOON,
        }
        said = {"status": 400, "answer": f"{mark} is unknown"}
        uow.session.add_all(
            [
                TaskNote(text=f"about {mark}", **about),
                Receipt(
                    target="lake", golden_id=golden, entity_type="worker", version=1, event_id="e", attempt=1,
                    outcome="failed", at=NOON, details=said,
                ),
                AnsweredRequest(
                    scope="s", key=mark.replace("q", "k"), fingerprint="f", status=200, at=NOON,
                    body={"records": [{"id": f"{mark}-1", "golden_id": golden}]},
                ),
            ]
        )  # fmt: skip


def _cells(session: Session, golden_ids: Any) -> dict[str, Any]:
    query = select(col(GoldenRecord.golden_id), col(GoldenRecord.cells)).where(
        col(GoldenRecord.golden_id).in_(list(golden_ids))
    )
    return dict(session.execute(query).all())


def _everything(session: Session) -> str:
    tables = inspect(session.connection()).get_table_names()
    return "\n".join(
        str(tuple(row)) for name in tables for row in session.execute(text(f'SELECT * FROM "{name}"'))
    )


def _bytes(hub: Hub) -> bytes:
    """The database's files; of a server only what its tables say."""
    if not hub.database.is_sqlite:
        return b""
    path = Path(str(hub.database.url.database))
    return b"".join(one.read_bytes() for one in path.parent.glob(f"{path.name}*"))
