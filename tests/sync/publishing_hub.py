"""A small hub to publish from: golden records made by hand, a clock that stands still."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlmodel import SQLModel, col

from mdm.hub import Hub, open_hub
from mdm.settings import Settings
from mdm.store.decisions import GoldenVersion, IssuedId
from mdm.store.derived import GoldenRecord, Task
from mdm.store.records import SourceRecord

NOON = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)
KEY = b"a secret of thirty-two bytes ..."
SECRET = "whsec_" + base64.b64encode(KEY).decode()


class StoppedClock:
    """A clock that moves only when it is told to."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **duration: float) -> None:
        """Let time pass."""
        self.now += timedelta(**duration)


def file_target(folder: Path, **settings: Any) -> dict[str, Any]:
    """The settings of a file target."""
    return {"kind": "file", "path": str(folder), **settings}


def webhook_target(url: str, **settings: Any) -> dict[str, Any]:
    """The settings of a webhook target."""
    return {"kind": "webhook", "url": url, "secret": SECRET, **settings}


def settings_of(url: str, targets: Mapping[str, Any], **more: Any) -> Settings:
    """The settings of a hub that may reach this machine and need not survive a power cut."""
    values = {"network": {"allow": ["127.0.0.0/8"]}, "synchronous": "NORMAL"} | more
    return Settings(database_url=url, targets=dict(targets), **values)


@contextmanager
def opened(settings: Settings, clock: Any = None) -> Iterator[Hub]:
    """An open hub, closed at the end."""
    hub = open_hub(settings, **({"clock": clock} if clock else {}))
    try:
        yield hub
    finally:
        hub.close()


def change_golden(
    hub: Hub,
    golden_id: str,
    *,
    entity_type: str = "client",
    state: str = "active",
    into: str = "",
    **values: Any,
) -> int:
    """Write a golden record's next version as the hub does: event, outbox, history; returns the version."""
    event = {"active": "golden.changed", "merged": "golden.merged", "retired": "golden.retired"}[state]
    with hub.write("test") as uow:
        record = uow.session.get(GoldenRecord, golden_id)
        source = _source_record(uow.session, entity_type, golden_id, uow.now)
        cells = {
            name: {"value": value, "record": source, "version": 1, "rule": "only"}
            for name, value in values.items()
        }
        if record is None:
            event = "golden.created"
            record = GoldenRecord(golden_id=golden_id, entity_type=entity_type, state=state, version=0)
            uow.session.add(_issued(uow.session, entity_type, golden_id, source, uow.now))
            uow.session.flush()
        record.version += 1
        record.state, record.cells = state, cells
        uow.session.add(record)
        details = {"into": into} if into else {}
        number = uow.emit_golden(event, entity_type, golden_id, record.version, details)
        uow.session.add(
            GoldenVersion(
                golden_id=golden_id,
                version=record.version,
                event_number=number,
                at=uow.now,
                state=state,
                cells=cells,
                records=[source] if state == "active" else [],
            )
        )
        return record.version


def _issued(session: Any, entity_type: str, golden_id: str, anchor: int, now: datetime) -> IssuedId:
    number = session.scalar(select(func.count()).select_from(IssuedId)) + 1
    return IssuedId(
        golden_id=golden_id, entity_type=entity_type, number=number, anchor_record_id=anchor, issued_at=now
    )


def _source_record(session: Any, entity_type: str, key: str, now: datetime) -> int:
    found = session.scalars(select(SourceRecord).where(col(SourceRecord.source_key) == key)).first()
    if found is None:
        found = SourceRecord(
            entity_type=entity_type, source="crm", source_key=key, first_seen_at=now, last_changed_at=now
        )
        session.add(found)
        session.flush()
    return int(found.id)


def open_task(hub: Hub, golden_id: str) -> None:
    """Put a task about a golden record into the queue."""
    with hub.write("test") as uow:
        uow.session.add(
            Task(
                id=f"task-{golden_id}",
                entity_type="client",
                kind="possible_match",
                left_golden=golden_id,
                right_golden="another",
                left_record=1,
                right_record=2,
                weight=0.0,
                cause="",
                text="",
            )
        )


def close_task(hub: Hub, golden_id: str) -> None:
    """Take the task about a golden record out of the queue."""
    with hub.write("test") as uow:
        uow.session.delete(uow.session.get_one(Task, f"task-{golden_id}"))


def all_rows(hub: Hub, table: type[SQLModel]) -> list[Any]:
    """Every row of a table, in the order of its key."""
    with hub.read() as session:
        key = table.__table__.primary_key  # type: ignore[attr-defined]  # SQLModel hides it
        return list(session.scalars(select(table).order_by(*key)))
