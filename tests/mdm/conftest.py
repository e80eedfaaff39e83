"""Hubs with something in them, and browsers that visit them."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import col, select

from mdm.app import create_app
from mdm.golden_ids import golden_id_of
from mdm.hub import Hub
from mdm.resolve.conflicts import task_id
from mdm.store.derived import Task
from mdm.store.records import SourceRecord
from mdm.testing import hub_at, record, take_in

OpenTask = Callable[..., str]


@pytest.fixture
def hub(empty_database: Path, tmp_path: Path) -> Iterator[Hub]:
    """An empty hub whose clock stands."""
    own = tmp_path / "hub.db"
    shutil.copy(empty_database, own)
    hub = hub_at(f"sqlite:///{own.as_posix()}")
    yield hub
    hub.close()


@pytest.fixture
def any_hub(ready_url: str) -> Iterator[Hub]:
    """An empty hub whose clock stands; the test runs once on SQLite and once on PostgreSQL."""
    hub = hub_at(ready_url)
    yield hub
    hub.close()


@pytest.fixture
def browser(hub: Hub) -> TestClient:
    """A browser at an open hub, without the scheduler."""
    return TestClient(create_app(hub, dev=True, role="api"), raise_server_exceptions=False)


@pytest.fixture
def open_task() -> OpenTask:
    """Puts a task about two clients into the queue; they are so unlike that only the task joins them."""

    def opened(
        hub: Hub,
        left: str = "Harbour Pine",
        right: str = "Zyqx Wvutsr",
        *,
        weight: float = 1.0,
        kind: str = "possible_match",
        **right_values: Any,
    ) -> str:
        take_in(hub, "crm", "client", [record(f"C-{left}", name=left, city="Bristol")])
        take_in(hub, "erp", "client", [record(f"E-{right}", name=right, **right_values)])
        with hub.write("test") as uow:
            session = uow.session
            ids = [
                golden_id_of(session, "client", s, k)
                for s, k in (("crm", f"C-{left}"), ("erp", f"E-{right}"))
            ]
            query = select(SourceRecord.id).where(
                col(SourceRecord.source_key).in_([f"C-{left}", f"E-{right}"])
            )
            records = list(session.exec(query.order_by(col(SourceRecord.source))))
            one, other = sorted(ids)
            found = task_id("client", one, other)
            if session.get(Task, found) is None:
                session.add(
                    Task(
                        id=found,
                        entity_type="client",
                        kind=kind,
                        left_golden=one,
                        right_golden=other,
                        left_record=records[0] or 0,
                        right_record=records[1] or 0,
                        weight=weight,
                        cause="review",
                        text="Enough to ask, too little to decide.",
                    )
                )
        return found

    return opened
