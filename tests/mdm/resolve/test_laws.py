"""The three laws of the hub as properties: they hold for any records, orders, cuts and verdicts."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlmodel import col, select

from mdm.decide import Decided, RecordKey, decide, decide_records, withdraw
from mdm.explain import explain_values
from mdm.hub import Hub
from mdm.ingest import IncomingRecord
from mdm.overrides import Lifetime
from mdm.overrides.banning import ban_value
from mdm.overrides.setting import Until, override_value
from mdm.replay import replay
from mdm.store.derived import GoldenRecord, Task
from mdm.testing import NOON, derived_state, golden_values, hub_at, partition, take_in
from mdm.verify import verify

NAMES = [
    "Harbour Pine plc",
    "Harbour & Pine",
    "Kestrel Foods GmbH",
    "Kestrel Food",
    "Ashdown Legal LLP",
    "Test GmbH",
]
CITIES = ["Bristol", "Leeds", "Köln", None]
PHONES = ["+44 20 7946 0101", "+49 221 555 0100", None]
TAX_IDS = ["GB123456789", "DE136695976", None]
TITLES = ["ERP Phase 1", "ERP Phase 2", "Payroll review"]

Row = tuple[str, str, IncomingRecord]
"""Entity type, source and incoming record."""

EXAMPLES = int(os.environ.get("MDM_LAW_EXAMPLES", "10"))
"""Examples per law; raise it to search longer, and a failure is then also made small."""

SEARCH = (Phase.explicit, Phase.reuse, Phase.generate)
RELAXED = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck(one) for one in HealthCheck],
    phases=(*SEARCH, Phase.shrink) if "MDM_LAW_EXAMPLES" in os.environ else SEARCH,
)

pytestmark = pytest.mark.timeout(90 + 20 * EXAMPLES)  # seconds


@cache
def empty_database() -> Path:
    """A SQLite file with the schema and nothing in it, made once per session."""
    folder = Path(tempfile.mkdtemp(prefix="mdm-laws-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    hub_at(f"sqlite:///{folder / 'empty.db'}").close()
    return folder / "empty.db"


@contextmanager
def fresh_hub() -> Iterator[Hub]:
    """A hub on a new embedded database, one per example."""
    folder = Path(tempfile.mkdtemp(prefix="mdm-law-"))
    shutil.copy(empty_database(), folder / "mdm.db")
    hub = hub_at(f"sqlite:///{folder / 'mdm.db'}")
    try:
        yield hub
    finally:
        hub.close()
        shutil.rmtree(folder)


@st.composite
def clients(draw: st.DrawFn) -> Row:
    """A client row of one of three sources, often the same key again at another time."""
    source = draw(st.sampled_from(["salesforce", "xero", "ironclad"]))
    key = draw(st.sampled_from(["1", "2", "3", "4"]))
    values: dict[str, Any] = {
        "name": draw(st.sampled_from(NAMES)),
        "city": draw(st.sampled_from(CITIES)),
        "phone": draw(st.sampled_from(PHONES)),
        "tax_id": draw(st.sampled_from(TAX_IDS)),
        "parent": draw(st.sampled_from([None, f"{source}:1", "xero:2"])),
        "effective_from": draw(st.sampled_from([None, None, "2025-06-01", "2026-04-01"])),
        "effective_to": draw(st.sampled_from([None, None, "2026-01-01"])),
    }
    deleted = draw(st.integers(0, 9)) == 0
    return (
        "client",
        source,
        IncomingRecord(key, values, NOON + timedelta(days=draw(st.integers(0, 4))), deleted),
    )


@st.composite
def projects(draw: st.DrawFn) -> Row:
    """A project row that refers to a client, which may arrive later or never."""
    client = draw(st.sampled_from(["salesforce:1", "xero:1", "xero:2", "ironclad:3", "salesforce:9"]))
    values: dict[str, Any] = {"name": draw(st.sampled_from(TITLES)), "client": client}
    key = draw(st.sampled_from(["p1", "p2", "p3"]))
    return (
        "project",
        draw(st.sampled_from(["kantata", "jira"])),
        IncomingRecord(key, values, NOON + timedelta(days=draw(st.integers(0, 4)))),
    )


rows = st.lists(st.one_of(clients(), clients(), projects()), min_size=1, max_size=14)


def load(hub: Hub, arriving: list[Row], cut: int) -> None:
    """Take rows in, `cut` at a time; a batch is one transaction per source and type."""
    for start in range(0, len(arriving), cut):
        batches: dict[tuple[str, str], list[IncomingRecord]] = {}
        for entity_type, source, incoming in arriving[start : start + cut]:
            batches.setdefault((entity_type, source), []).append(incoming)
        for (entity_type, source), records in batches.items():
            take_in(hub, source, entity_type, records)


def decide_first_tasks(hub: Hub, answers: list[str]) -> None:
    """Answer the tasks that stand first in the queue."""
    for answer in answers:
        with hub.write("steward") as uow:
            query = select(Task.id).where(col(Task.kind) != "hierarchy_loop").order_by(col(Task.id))
            task = uow.session.scalars(query).first()
            if task is not None:
                decide(uow, task, answer)  # type: ignore[arg-type]  # one of the three words


@RELAXED
@given(rows, st.randoms(use_true_random=False), st.integers(1, 6))
def test_partition_and_values_do_not_depend_on_arrival_order_or_batch_cut(
    arriving: list[Row], random: Any, cut: int
) -> None:
    shuffled = list(arriving)
    random.shuffle(shuffled)
    with fresh_hub() as one, fresh_hub() as other:
        load(one, arriving, len(arriving))
        load(other, shuffled, cut)
        with one.read() as first, other.read() as second:
            assert partition(second) == partition(first)
            assert golden_values(second) == golden_values(first)


@RELAXED
@given(rows, st.lists(st.sampled_from(["same", "distinct", "unsure"]), max_size=3))
def test_everything_derived_comes_back_the_same_after_a_replay(
    arriving: list[Row], answers: list[str]
) -> None:
    with fresh_hub() as hub:
        load(hub, arriving, 3)
        decide_first_tasks(hub, answers)
        with hub.read() as session:
            before = derived_state(hub, session)
        with hub.write("replay") as uow:
            replay(uow)
        with hub.read() as session:
            assert derived_state(hub, session) == before


sayings = st.lists(
    st.tuples(
        st.integers(0, 9),
        st.sampled_from(["city", "phone", "name"]),
        st.sampled_from([*Lifetime, "ban"]),
        st.sampled_from(["+44 20 7946 0109", PHONES[0]]),
    ),
    max_size=4,
)


def say(hub: Hub, said: list[tuple[int, str, str, str]]) -> None:
    """Set and ban values of the clients that stand at these places."""
    for place, attribute, what, value in said:
        with hub.write("steward") as uow:
            query = select(GoldenRecord.golden_id).where(
                col(GoldenRecord.state) == "active", col(GoldenRecord.entity_type) == "client"
            )
            ids = list(uow.session.scalars(query.order_by(col(GoldenRecord.golden_id))))
            if not ids:
                continue
            golden_id = ids[place % len(ids)]
            if what == "ban":
                ban_value(uow, golden_id, attribute, value)
                continue
            lifetime = Lifetime(what)
            moment = NOON + timedelta(days=30) if lifetime is Lifetime.date else None
            override_value(uow, golden_id, attribute, value, until=Until(lifetime, moment))


@RELAXED
@given(rows, sayings, rows, st.lists(st.sampled_from(["same", "distinct"]), max_size=2))
def test_what_stewards_said_outlives_loads_verdicts_and_a_replay(
    arriving: list[Row], said: list[tuple[int, str, str, str]], later: list[Row], answers: list[str]
) -> None:
    with fresh_hub() as hub:
        load(hub, arriving, 3)
        say(hub, said)
        decide_first_tasks(hub, answers)
        load(hub, later, 3)
        with hub.read() as session:
            before = derived_state(hub, session)
            assert [(c.name, c.failures) for c in verify(hub, session) if c.failures] == []
        with hub.write("replay") as uow:
            replay(uow)
        with hub.read() as session:
            assert derived_state(hub, session) == before


@RELAXED
@given(rows, st.lists(st.sampled_from(["same", "distinct"]), max_size=2))
def test_every_golden_value_is_explained_by_a_claim_a_rule_and_the_claims_it_beat(
    arriving: list[Row], answers: list[str]
) -> None:
    with fresh_hub() as hub:
        load(hub, arriving, 4)
        decide_first_tasks(hub, answers)
        with hub.read() as session:
            for golden in session.scalars(select(GoldenRecord).where(col(GoldenRecord.state) == "active")):
                choices = explain_values(hub, session, golden.golden_id)
                assert {n: c.value for n, c in choices.items()} == {
                    n: c["value"] for n, c in golden.cells.items()
                }
                for name, cell in golden.cells.items():
                    assert cell["rule"] == choices[name].rule
                    assert cell["version"] == choices[name].claim.version_id is not None
            assert [check.name for check in verify(hub, session) if check.failures] == []


@RELAXED
@given(rows)
def test_the_same_rows_again_change_nothing(arriving: list[Row]) -> None:
    with fresh_hub() as hub:
        load(hub, arriving, 5)
        with hub.read() as session:
            before = derived_state(hub, session)
        for entity_type, source, incoming in arriving:
            ingested, _ = take_in(hub, source, entity_type, [incoming])
            assert ingested.touched == set()
        with hub.read() as session:
            assert derived_state(hub, session) == before


def test_a_verdict_of_same_joins_what_evidence_leaves_apart_and_a_withdrawal_parts_it_again() -> None:
    with fresh_hub() as hub:
        unlike = {"1": "Ashdown", "2": "Zephyr"}
        load(
            hub, [("client", "xero", IncomingRecord(key, {"name": name})) for key, name in unlike.items()], 2
        )
        with hub.write("steward") as uow:
            decided = decide_records(
                uow, RecordKey("client", "xero", "1"), RecordKey("client", "xero", "2"), "same"
            )
        assert isinstance(decided, Decided)
        with hub.read() as session:
            assert len(partition(session)) == 1
        with hub.write("steward") as uow:
            withdraw(uow, decided.verdict_id)

        with hub.read() as session:
            assert len(partition(session)) == 2
