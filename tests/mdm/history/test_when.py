"""What the hub said at a moment it says again later, whatever happened since."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from itertools import combinations
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, col, select

from mdm.crosswalk import crosswalk
from mdm.decide import Decided, decide, withdraw
from mdm.errors import UnknownGoldenIdError, UnknownRecordError, UsageError
from mdm.export import golden_rows
from mdm.golden_ids import resolve_id
from mdm.history.when import NOW, When, when_of
from mdm.hub import Hub
from mdm.ingest import IncomingRecord
from mdm.lineage import lineage
from mdm.query.conditions import Condition, Operator
from mdm.query.highlights import highlights
from mdm.query.keyset import Order
from mdm.query.pages import PageRequest, count, page
from mdm.query.provenance import cells_of
from mdm.query.records import golden_by_ids, golden_by_key, golden_of_type
from mdm.query.related import edges_to, related_counts, related_pages
from mdm.query.search import search
from mdm.query.sources import sources_of
from mdm.replay import replay
from mdm.resolve.pair_explanation import PairExplanation, explain_pair
from mdm.stewardship import golden_view, task_view, tasks
from mdm.stewardship.notes import assign, defer, handling_of
from mdm.stewardship.verdicts import verdicts_about
from mdm.store.decisions import IssuedId
from mdm.store.derived import Task
from mdm.store.records import SourceRecord
from mdm.testing import NOON, hub_at, record, take_in

Step = tuple[str, str, IncomingRecord] | str
"""Entity type, source and row; an answer to the first task; "withdraw" its verdict; "defer", "assign" it."""

NAMES = ["Harbour Pine plc", "Harbour & Pine", "Kestrel Foods GmbH", "Kestrel Food", "Ashdown Legal LLP"]
TAX_IDS = ["GB123456789", "DE136695976", None]
SEARCHED = ["harbour pine", "kestrel fods", "ashdown", "erp", "GB123456789"]
CITIES = ["Bristol", "Köln", None]

EXAMPLES = max(2, int(os.environ.get("MDM_LAW_EXAMPLES", "10")) // 5)
"""Histories per run; each is asked for everything after every step, and twice again."""


@st.composite
def client_rows(draw: st.DrawFn) -> Step:
    source = draw(st.sampled_from(["salesforce", "xero"]))
    values: dict[str, Any] = {
        "name": draw(st.sampled_from(NAMES)), "city": draw(st.sampled_from(CITIES)),
        "tax_id": draw(st.sampled_from(TAX_IDS)), "parent": draw(st.sampled_from([None, "xero:2"])),
    }  # fmt: skip
    changed = NOON + timedelta(days=draw(st.integers(0, 4)))
    deleted = draw(st.integers(0, 5)) == 0
    return "client", source, IncomingRecord(draw(st.sampled_from(["1", "2", "3"])), values, changed, deleted)


@st.composite
def project_rows(draw: st.DrawFn) -> Step:
    values: dict[str, Any] = {
        "name": draw(st.sampled_from(["ERP Phase 1", "Payroll review"])),
        "client": draw(st.sampled_from(["salesforce:1", "xero:2", "xero:9"])),
        "budget": draw(st.sampled_from([12000.0, 0.5, None])),
        "start_date": draw(st.sampled_from(["2026-02-01", None])),
    }  # fmt: skip
    return "project", "kantata", IncomingRecord(draw(st.sampled_from(["p1", "p2"])), values, None)


steps = st.lists(
    st.one_of(
        client_rows(),
        client_rows(),
        project_rows(),
        st.sampled_from(["same", "distinct", "withdraw", "defer", "assign"]),
    ),
    min_size=4,
    max_size=8,
)


def take_step(hub: Hub, step: Step) -> None:
    if not isinstance(step, str):
        take_in(hub, step[1], step[0], [step[2]])
        return
    with hub.write("steward") as uow:
        query = select(Task.id).where(col(Task.kind) != "hierarchy_loop").order_by(col(Task.id))
        task = uow.session.scalars(query).first()
        if step == "defer" and task is not None:
            defer(uow, task, uow.now + timedelta(minutes=2))
        elif step == "assign" and task is not None:
            assign(uow, task, "anna")
        elif step != "withdraw" and task is not None:
            decided = decide(uow, task, step)  # type: ignore[arg-type]  # one of the answers
            if step == "distinct" and isinstance(decided, Decided):
                withdraw(uow, decided.verdict_id)


def pair_said(hub: Hub, session: Session, left: int, right: int, when: When) -> PairExplanation | None:
    try:
        return explain_pair(hub, session, left, right, when)
    except UnknownRecordError:
        return None


def everything_said(hub: Hub, session: Session, when: When, issued: Sequence[str]) -> dict[str, Any]:
    """The answer of every reader, in comparable form."""
    said: dict[str, Any] = {}
    records = [i for i in session.exec(select(SourceRecord.id)).all() if i]
    for name in ("client", "project"):
        said[name, "crosswalk"] = list(crosswalk(session, name, when))
        said[name, "export"] = list(golden_rows(session, hub.registry[name], when, with_ended=True))
        ordered = PageRequest(ordering=(Order("name", descending=True),), when=when)
        said[name, "page"] = page(hub, session, name, ordered).rows
        keys = [(s, k) for s in ("salesforce", "xero", "kantata") for k in ("1", "2", "3", "p1", "p2")]
        said[name, "keys"] = golden_by_key(hub, session, name, keys, when)
        said[name, "of type"] = golden_of_type(hub, session, name, issued, when)
    in_city = (Condition("city", Operator.eq, "Bristol"),)
    said["filtered"] = page(hub, session, "client", PageRequest(conditions=in_city, when=when)).rows
    said["counted"] = count(hub, session, "client", in_city, when)
    dear = (Condition("budget", Operator.gt, 1.0), Condition("start_date", Operator.lt, date(2026, 3, 1)))
    said["ranges"] = page(hub, session, "project", PageRequest(conditions=dear, when=when)).rows
    for edge in edges_to(hub.registry, "client"):
        if edge.referrer in ("client", "project"):
            found = related_pages(hub, session, edge, issued, PageRequest(when=when))
            said["related", edge.name] = {i: p.rows for i, p in found.items()}
            said["related counts", edge.name] = related_counts(hub, session, edge, issued, (), when)
    of_parents = (Condition("parent", Operator.in_, tuple(issued)),)
    said["by reference"] = page(hub, session, "client", PageRequest(conditions=of_parents, when=when)).rows
    for text in SEARCHED:
        hits = search(hub, session, text, when=when)
        said["search", text] = hits
        found_in = [(hit.entity_type, hit.golden_id) for hit in hits]
        said["highlights", text] = highlights(hub, session, text, found_in, when)
    queue = tasks(hub, session, known_at=when.known_at)
    said["queue"] = queue
    said["tasks"] = [task_view(hub, session, task.id, when) for task in queue.items]
    pairs = {pair: pair_said(hub, session, *pair, when) for pair in combinations(sorted(records), 2)}
    said["pairs"] = {pair: explained for pair, explained in pairs.items() if explained is not None}
    said["views"] = {
        golden_id: golden_view(hub, session, golden_id, when=when)
        for golden_id in issued
        if resolve_id(session, golden_id, when).state in {"current", "retired"}
    }
    said["handling"] = handling_of(session, [task.id for task in queue.items], when.known_at)
    said["by id"] = golden_by_ids(hub, session, issued, when)
    said["sources"] = sources_of(session, issued, when)
    said["cells"] = cells_of(hub, session, issued, when)
    said["verdicts"] = verdicts_about(session, records, when)
    for golden_id in issued:
        found = resolve_id(session, golden_id, when)
        said["id", golden_id] = (found.state, found.golden_id)
        graph = lineage(hub, session, golden_id, when)
        said["lineage", golden_id] = nx.node_link_data(graph, edges="edges")
    return said


@contextmanager
def moving_hub(make: Callable[[Path], str]) -> Iterator[tuple[Hub, Callable[[], datetime]]]:
    """A hub whose clock moves on by a minute when asked."""
    folder = Path(tempfile.mkdtemp(prefix="mdm-when-"))
    hub = hub_at(make(folder))
    minutes = [0]

    def tick() -> datetime:
        minutes[0] += 1
        return NOON + timedelta(minutes=minutes[0])

    hub.clock = lambda: NOON + timedelta(minutes=minutes[0])
    try:
        yield hub, tick
    finally:
        hub.close()
        shutil.rmtree(folder)


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck(one) for one in HealthCheck],
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)
@given(history=steps)
def test_answers_of_a_past_moment_are_what_the_hub_said_then_also_after_a_replay(
    empty_database: Path, history: list[Step]
) -> None:
    def copied(folder: Path) -> str:
        shutil.copy(empty_database, folder / "hub.db")
        return f"sqlite:///{(folder / 'hub.db').as_posix()}"

    with moving_hub(copied) as (hub, tick):
        then: dict[datetime, tuple[list[str], dict[str, Any]]] = {}
        for step in history:
            moment = tick()
            take_step(hub, step)
            with hub.read() as session:
                issued = sorted(session.exec(select(IssuedId.golden_id)).all())
                then[moment] = issued, everything_said(hub, session, NOW, issued)
        tick()
        for again in (False, True):
            if again:
                with hub.write("replay") as uow:
                    replay(uow)
            for moment, (issued, said) in then.items():
                with hub.read() as session:
                    now_said = everything_said(hub, session, When(moment), issued)
                    assert {k: v for k, v in now_said.items() if v != said[k]} == {
                        k: v for k, v in said.items() if v != now_said[k]
                    }


def test_a_past_moment_is_answered_alike_by_both_databases(any_hub: Hub) -> None:
    any_hub.clock = lambda: NOON
    take_in(any_hub, "erp", "client", [record("1", name="Harbour Pine plc", city="Bristol")])
    take_in(
        any_hub,
        "psa",
        "project",
        [record("p", name="ERP", client="erp:1", budget=7.5, start_date="2026-02-01")],
    )
    any_hub.clock = lambda: NOON + timedelta(hours=1)
    take_in(
        any_hub, "erp", "client", [record("1", NOON + timedelta(hours=1), name="Harbour & Pine", city="Bath")]
    )
    take_in(any_hub, "psa", "project", [record("p", deleted=True, changed_at=NOON + timedelta(days=1))])

    with any_hub.read() as session:
        then = When(NOON)
        dear = (
            Condition("budget", Operator.gte, 7.5),
            Condition("start_date", Operator.gt, date(2026, 1, 1)),
        )
        (project,) = page(any_hub, session, "project", PageRequest(conditions=dear, when=then)).rows
        (client,) = page(any_hub, session, "client", PageRequest(when=then)).rows

        assert (project.values["budget"], project.values["start_date"]) == (7.5, date(2026, 2, 1))
        assert project.values["client"] == client.golden_id
        assert client.values["city"] == "Bristol"
        assert page(any_hub, session, "project", PageRequest()).rows == []


def test_search_and_queue_answer_for_a_past_moment_on_both_databases(any_hub: Hub) -> None:
    moments = [NOON + timedelta(hours=hour) for hour in range(6)]
    any_hub.clock = lambda: moments[0]
    same_name = {"name": "Harbour Pine plc", "country": "GB"}
    take_in(any_hub, "erp", "client", [record("1", **same_name, city="Bristol"), record("2", name="Kestrel")])
    take_in(any_hub, "crm", "client", [record("9", **same_name, city="York")])
    said = [_found_and_waiting(any_hub, None)]
    (waiting,) = said[0]["queue"]

    def at(moment: datetime, step: Callable[[], object]) -> None:
        any_hub.clock = lambda: moment
        step()
        said.append(_found_and_waiting(any_hub, None))

    def put_aside() -> None:
        with any_hub.write("anna") as uow:
            defer(uow, waiting.id, moments[3])

    def join() -> None:
        with any_hub.write("anna") as uow:
            decide(uow, waiting.id, "same")

    renamed = record("1", moments[2], name="Quill Analytics", city="Bristol", country="GB")
    at(moments[1], put_aside)
    at(moments[2], lambda: take_in(any_hub, "erp", "client", [record("2", moments[2], name="Osprey")]))
    at(moments[3], join)
    at(moments[4], lambda: take_in(any_hub, "erp", "client", [renamed]))
    any_hub.clock = lambda: moments[5]

    again = [_found_and_waiting(any_hub, moment) for moment in moments[:5]]

    assert again == said
    assert [len(one["queue"]) for one in said] == [1, 0, 0, 0, 1]
    assert [hit.label for hit in said[0]["harbour pine"]] == ["Harbour Pine plc"] * 2
    assert len(said[3]["harbour pine"]) == 1
    assert [[hit.label for hit in one["osprey"]] for one in said] == [
        [],
        [],
        ["Osprey"],
        ["Osprey"],
        ["Osprey"],
    ]
    assert [hit.label for hit in said[1]["kestrel"]] == ["Kestrel"]


def _found_and_waiting(hub: Hub, known_at: datetime | None) -> dict[str, Any]:
    with hub.read() as session:
        searched = ("harbour pine", "kestrel", "osprey", "quill")
        found = {text: search(hub, session, text, when=When(known_at)) for text in searched}
        return {**found, "queue": tasks(hub, session, known_at=known_at).items}


def test_a_search_as_of_a_day_finds_what_was_so_called_then(any_hub: Hub) -> None:
    first = record("4711", name="Strategy", effective_from="2024-01-01", effective_to="2027-01-01")
    then = record("4711", NOON + timedelta(hours=1), name="Foresight", effective_from="2027-01-01")
    take_in(any_hub, "erp", "cost_center", [first])
    take_in(any_hub, "erp", "cost_center", [then])

    with any_hub.read() as session:
        found = {
            (text, day): [hit.label for hit in search(any_hub, session, text, when=When(as_of=day))]
            for text in ("strategy", "foresight")
            for day in (date(2023, 6, 1), date(2026, 6, 1), date(2027, 6, 1))
        }

    assert found["strategy", date(2026, 6, 1)] == ["Strategy"]
    assert found["foresight", date(2027, 6, 1)] == ["Foresight"]
    assert found["strategy", date(2023, 6, 1)] == found["foresight", date(2023, 6, 1)] == []


def test_an_id_that_was_not_issued_yet_is_unknown(hub: Hub) -> None:
    take_in(hub, "erp", "client", [record("1", name="Harbour Pine plc")])

    with hub.read() as session:
        (golden_id,) = session.exec(select(IssuedId.golden_id)).all()

    with hub.read() as session, pytest.raises(UnknownGoldenIdError):
        resolve_id(session, golden_id, When(NOON - timedelta(days=1)))


@pytest.mark.parametrize(("known_at", "as_of"), [("yesterday", None), (None, "31.12.2025")])
def test_a_moment_or_day_that_is_none_is_refused_with_an_example(
    known_at: str | None, as_of: str | None
) -> None:
    with pytest.raises(UsageError, match="such as 2026-03"):
        when_of(known_at, as_of)
