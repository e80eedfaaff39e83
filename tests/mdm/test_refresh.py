"""What time changes comes about by itself, at a tick of the clock; without need it locks nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col

from mdm.decide import RecordKey, decide_records
from mdm.hub import Hub
from mdm.ingest import IncomingRecord
from mdm.overrides import Lifetime
from mdm.overrides.setting import Until, override_value
from mdm.refresh import renew
from mdm.store.derived import GoldenRecord
from mdm.testing import NOON, partition, record, take_in
from mdm.verify import verify

FULL: dict[str, Any] = {
    "name": "Harbour Pine plc",
    "website": "harbourpine.co.uk",
    "email": "office@harbourpine.co.uk",
    "phone": "+44 117 496 0101",
    "city": "Bristol",
}


def value(hub: Hub, name: str) -> Any:
    """The value of the one current golden record."""
    with hub.read() as session:
        (golden,) = session.scalars(select(GoldenRecord).where(col(GoldenRecord.state) == "active"))
        return golden.cells[name]["value"]


def at(hub: Hub, moment: datetime) -> None:
    """Let the hub's clock stand at another moment."""
    hub.clock = lambda: moment


def sound(hub: Hub) -> bool:
    with hub.read() as session:
        return not [failure for check in verify(hub, session) for failure in check.failures]


def test_a_value_of_the_future_holds_from_its_day_on_without_anything_being_loaded(any_hub: Hub) -> None:
    hub = any_hub
    take_in(hub, "crm", "client", [record("1", **FULL)])
    later = {"effective_from": "2026-04-01", "name": "Harbour Oak plc"}
    take_in(hub, "crm", "client", [IncomingRecord("1", later, NOON + timedelta(hours=1))])
    assert renew(hub) is None
    assert value(hub, "name") == "Harbour Pine plc"

    at(hub, datetime(2026, 4, 1, 0, 1, tzinfo=UTC))
    result = renew(hub)

    assert result is not None
    assert value(hub, "name") == "Harbour Oak plc"
    assert renew(hub) is None
    assert sound(hub)


def test_a_verdict_ends_on_its_day_without_anything_being_loaded(any_hub: Hub) -> None:
    hub = any_hub
    take_in(hub, "crm", "client", [record("1", **FULL)])
    take_in(hub, "erp", "client", [record("A", **FULL)])
    crm, erp = RecordKey("client", "crm", "1"), RecordKey("client", "erp", "A")
    with hub.write("anna") as uow:
        decide_records(uow, crm, erp, "distinct", until=NOON + timedelta(days=7))
    with hub.read() as session:
        assert len(partition(session)) == 2
    assert renew(hub) is None

    at(hub, NOON + timedelta(days=8))
    renew(hub)

    with hub.read() as session:
        assert len(partition(session)) == 1
    assert renew(hub) is None
    assert sound(hub)


@pytest.mark.parametrize("days", [0, 2])
def test_an_override_ends_on_its_day_without_anything_being_loaded(hub: Hub, days: int) -> None:
    take_in(hub, "crm", "client", [record("1", **FULL)])
    with hub.read() as session:
        golden_id = session.scalars(select(col(GoldenRecord.golden_id))).one()
    with hub.write("anna") as uow:
        until = Until(Lifetime.date, NOON + timedelta(days=1))
        override_value(uow, golden_id, "city", "Bath", until=until)
    assert value(hub, "city") == "Bath"

    at(hub, NOON + timedelta(days=days))
    renew(hub)

    assert value(hub, "city") == ("Bristol" if days else "Bath")
