"""How a golden record came about: by the model and the verdicts of the moment that is asked about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from mdm.app import create_app
from mdm.decide import RecordKey, decide_records
from mdm.golden_ids import golden_id_of
from mdm.history import NOW, When
from mdm.hub import Hub
from mdm.models import current_model
from mdm.refresh import refresh
from mdm.resolve.building import Building, building_of
from mdm.store.decisions import ModelVersion
from mdm.testing import NOON, hub_at, record, take_in

PINE = {"name": "Harbour Pine plc", "city": "Bristol", "country": "GB", "phone": "+44 117 496 0101"}


@pytest.fixture
def hub(database_url: str) -> Iterator[Hub]:
    """One client in two systems."""
    made = hub_at(database_url)
    take_in(made, "crm", "client", [record("C1", **PINE)])
    take_in(made, "erp", "client", [record("E1", **PINE)])
    yield made
    made.close()


def built(hub: Hub, when: When = NOW) -> Building:
    with hub.read() as session:
        return building_of(hub, session, golden_id_of(session, "client", "crm", "C1"), when)


def test_it_is_told_by_model_records_and_verdicts_of_the_moment(hub: Hub) -> None:
    moments = [NOON + timedelta(hours=hour) for hour in range(5)]
    told = [built(hub)]

    hub.clock = lambda: moments[1]
    take_in(hub, "psa", "client", [record("P1", moments[1], name="Kestrel Foods GmbH")])
    with hub.write("ann") as uow:
        crm, psa = RecordKey("client", "crm", "C1"), RecordKey("client", "psa", "P1")
        decide_records(uow, crm, psa, "same")
    told.append(built(hub))
    hub.clock = lambda: moments[2]
    with hub.write("ann") as uow:
        entity_type = hub.registry["client"]
        prior = replace(current_model(uow.session, entity_type), prior=-2.0)
        uow.session.add(
            ModelVersion(
                entity_type="client", version=prior.version, document=prior.to_json(),
                applied_at=moments[2], author="ann",
            )
        )  # fmt: skip
    with hub.write("ann") as uow:
        refresh(uow)
    told.append(built(hub))
    hub.clock = lambda: moments[3]
    take_in(hub, "erp", "client", [record("E1", moments[3], deleted=True)])
    told.append(built(hub))
    hub.clock = lambda: moments[4]

    assert [built(hub, When(moment)) for moment in moments[:4]] == told
    assert [len(one.steps) for one in told] == [1, 2, 2, 1]
    assert told[0].model == told[1].model != told[2].model
    assert told[2].steps[0].weight == pytest.approx(told[1].steps[0].weight + 2.0)


def test_rest_tells_the_steps_now_and_at_a_moment(hub: Hub) -> None:
    hub.clock = lambda: NOON + timedelta(hours=1)
    take_in(hub, "erp", "client", [record("E1", NOON + timedelta(hours=1), deleted=True)])
    golden_id = built(hub).golden_id

    with TestClient(create_app(hub, dev=True, role="api")) as client:
        path = f"/api/v1/golden/{golden_id}"
        now, then, long_ago = (
            client.get(f"{path}/building", params=asked)
            for asked in ({}, {"known_at": "2026-03-01T12:30:00Z"}, {"known_at": "2025-03-01T12:30:00Z"})
        )
        record_now, record_then = (
            client.get(path, params=asked).json()["sources"]
            for asked in ({}, {"known_at": "2026-03-01T12:30:00Z"})
        )
        bare = client.get(path, params={"known_at": "2026-03-01T12:30:00"})

    assert now.json()["steps"] == []
    (step,) = then.json()["steps"]
    assert then.json()["records"] == ["crm:C1", "erp:E1"]
    assert {step["one"][0], step["other"][0]} == {"crm:C1", "erp:E1"}
    assert any(reason["column"] == "name" and reason["weight"] > 0 for reason in step["reasons"])
    assert (long_ago.status_code, bare.status_code) == (404, 422)
    assert [one["system"] for one in record_now] == ["crm"]
    assert [one["system"] for one in record_then] == ["crm", "erp"]
