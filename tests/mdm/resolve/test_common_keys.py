"""Keys that many records hold make no candidates: edges follow from the live records, in whatever cuts."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlmodel import col

import mdm.resolve.steps
from mdm.hub import Hub
from mdm.models import current_model
from mdm.replay import replay
from mdm.store.derived import Edge
from mdm.testing import NOON, derived_state, hub_at, record, take_in

pytestmark = pytest.mark.timeout(300)  # seconds

CAP = 3
"""Holders of a key from which on it makes no candidates, here; enough records for every side of it."""

NAMES = ("Harbour Pine Ltd", "Harbour Pine Limited", "Harbour Pyne Ltd", "Kestrel Foods GmbH")
PHONES = ("+44 20 7946 0101", "+49 221 555 0100", None)

rows = st.lists(
    st.tuples(
        st.integers(0, 7), st.sampled_from(NAMES), st.sampled_from(PHONES), st.booleans(), st.booleans()
    ),
    min_size=4,
    max_size=14,
)
"""Key, name, phone, whether the source deletes it, and whether a transaction ends here."""


@pytest.fixture(autouse=True)
def few_holders(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A model under which a key loses its force soon; rare are those that two records hold."""
    cap = getattr(request, "param", CAP)
    monkeypatch.setattr(
        mdm.resolve.steps,
        "current_model",
        lambda session, declared: replace(current_model(session, declared), block_cap=cap),
    )


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of a hub that holds nothing, to be copied."""
    database = tmp_path_factory.mktemp("empty") / "mdm.db"
    hub_at(f"sqlite:///{database}").close()
    return database


def edges(hub: Hub) -> list[tuple[int, int, float]]:
    """Every edge, in order."""
    with hub.read() as session:
        query = select(col(Edge.left_id), col(Edge.right_id), col(Edge.weight))
        return sorted((left, right, weight) for left, right, weight in session.execute(query))


def state(hub: Hub) -> object:
    """Everything derived, in comparable form."""
    with hub.read() as session:
        return derived_state(hub, session)


@pytest.mark.parametrize("few_holders", [CAP, 2 * CAP], indirect=True, ids="cap {}".format)
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(told=rows)
def test_edges_are_those_of_a_replay_however_records_came_and_went(told, empty, tmp_path):
    database = shutil.copy(empty, tmp_path / "mdm.db")
    hub = hub_at(f"sqlite:///{database}")
    batch = []
    for number, (key, name, phone, deleted, ends) in enumerate(told):
        values = {} if deleted else {"name": name, "phone": phone, "display_name": f"{number}"}
        batch.append(record(f"C{key}", NOON + timedelta(minutes=number), deleted=deleted, **values))
        if ends:
            take_in(hub, "crm", "client", batch)
            batch = []
    take_in(hub, "crm", "client", batch)
    before, derived = edges(hub), state(hub)
    with hub.write("test") as uow:
        replay(uow)
    after = edges(hub), state(hub)
    hub.close()

    assert after == (before, derived)


def test_a_key_that_becomes_common_takes_its_edges_along_and_gives_them_back(hub):
    same = {"phone": PHONES[0]}
    for number in range(CAP):
        take_in(hub, f"s{number}", "client", [record("C1", name=f"{NAMES[0]}", **same)])
    found = edges(hub)

    assert len(found) == CAP * (CAP - 1) // 2

    take_in(hub, "late", "client", [record("C1", name=NAMES[0], **same)])

    assert edges(hub) == []

    take_in(hub, "late", "client", [record("C1", NOON + timedelta(minutes=1), deleted=True)])

    assert edges(hub) == found
