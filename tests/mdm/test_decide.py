"""What stewards decide stands: it is never dropped, never silently overruled, and can be withdrawn."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col

from mdm.decide import Answer, Conflicted, Decided, RecordKey, decide, decide_records, withdraw
from mdm.errors import AlreadyDecidedError, UnknownRecordError, UnknownTaskError, UnknownVerdictError
from mdm.golden_ids import golden_id_of
from mdm.hub import Hub
from mdm.ingest import IncomingRecord
from mdm.replay import replay
from mdm.resolve import resolve
from mdm.store.decisions import Event, Verdict
from mdm.store.derived import Task
from mdm.store.records import SourceRecord
from mdm.testing import NOON, partition, record, take_in
from mdm.verify import verify

FULL: dict[str, Any] = {
    "name": "Harbour Pine plc",
    "website": "harbourpine.co.uk",
    "email": "office@harbourpine.co.uk",
    "phone": "+44 117 496 0101",
    "street": "Quay Street 1",
    "postcode": "BS1 4ND",
    "city": "Bristol",
    "country": "GB",
    "client_number": "C-1001",
}
BLANK: dict[str, Any] = dict.fromkeys([*FULL, "lei"])
ONE_LEI, OTHER_LEI = "529900T8BM49AURSDO55", "5493001KJTIIGC8Y1R12"
CRM, ERP, CLM = (
    RecordKey("client", source, key) for source, key in (("crm", "1"), ("erp", "A"), ("clm", "x"))
)
TOGETHER = frozenset({"client/crm:1", "client/erp:A"})


def load(hub: Hub, source: str, *records: IncomingRecord) -> None:
    take_in(hub, source, "client", records)


@pytest.fixture
def asked(any_hub: Hub) -> Hub:
    """Two records that all evidence but one joins, and the task about them."""
    load(any_hub, "crm", record("1", **FULL, lei=ONE_LEI))
    load(any_hub, "erp", record("A", **FULL, lei=OTHER_LEI))
    assert len(tasks(any_hub)) == 1
    return any_hub


@pytest.fixture
def alike(any_hub: Hub) -> Hub:
    """Two records that the evidence joins."""
    load(any_hub, "crm", record("1", **FULL))
    load(any_hub, "erp", record("A", **FULL))
    assert groups(any_hub) == {TOGETHER}
    return any_hub


def tasks(hub: Hub) -> list[str]:
    with hub.read() as session:
        return list(session.scalars(select(col(Task.id)).order_by(col(Task.id))))


def groups(hub: Hub) -> frozenset[frozenset[str]]:
    with hub.read() as session:
        return partition(session)


def golden(hub: Hub, key: RecordKey) -> str:
    with hub.read() as session:
        return golden_id_of(session, key.entity_type, key.source, key.source_key)


def say(hub: Hub, answer: Answer, author: str = "anna", *, certain: bool = False) -> Decided | Conflicted:
    """Answer the only task."""
    with hub.write(author) as uow:
        return decide(uow, tasks(hub)[0], answer, reason="asked them", certain=certain)


def say_of(
    hub: Hub, left: RecordKey, right: RecordKey, answer: Answer, author: str = "anna"
) -> Decided | Conflicted:
    with hub.write(author) as uow:
        return decide_records(uow, left, right, answer)


def everything_again(hub: Hub) -> None:
    with hub.write() as uow:
        resolve(uow, {"client": [row[0] for row in uow.session.execute(select(col(SourceRecord.id)))]})


def is_sound(hub: Hub) -> bool:
    with hub.read() as session:
        return [failure for check in verify(hub, session) for failure in check.failures] == []


def verdicts(hub: Hub) -> list[Verdict]:
    with hub.read() as session:
        return list(session.scalars(select(Verdict)))


def test_same_joins_the_two_golden_records(asked: Hub) -> None:
    survivor = golden(asked, CRM)

    decided = say(asked, "same")

    assert isinstance(decided, Decided)
    assert decided.golden_ids == (survivor,)
    assert groups(asked) == {TOGETHER}
    assert tasks(asked) == []
    assert is_sound(asked)


def test_distinct_keeps_them_apart_and_settles_the_task(asked: Hub) -> None:
    decided = say(asked, "distinct")

    assert isinstance(decided, Decided)
    assert set(decided.golden_ids) == {golden(asked, CRM), golden(asked, ERP)}
    assert len(groups(asked)) == 2
    assert tasks(asked) == []


def test_a_verdict_keeps_who_when_why_and_what_was_seen(asked: Hub) -> None:
    (task,) = tasks(asked)

    decided = say(asked, "distinct", certain=True)

    (verdict,) = verdicts(asked)
    assert isinstance(decided, Decided)
    assert verdict.id == decided.verdict_id
    assert (verdict.answer, verdict.author, verdict.reason) == ("distinct", "anna", "asked them")
    assert (verdict.certain, verdict.decided_at, verdict.superseded_by) == (True, NOON, None)
    assert verdict.basis["task"] == task
    assert len(verdict.fingerprint) == 64


def test_a_verdict_is_told_without_the_reason(asked: Hub) -> None:
    say(asked, "distinct")

    with asked.read() as session:
        event = session.scalars(select(Event).where(col(Event.type) == "verdict.recorded")).one()
    assert event.author == "anna"
    assert event.details["answer"] == "distinct"
    assert "asked them" not in str(event.details)


def test_distinct_parts_what_the_evidence_joined_for_good(alike: Hub) -> None:
    say_of(alike, CRM, ERP, "distinct")
    parted = groups(alike)

    everything_again(alike)
    load(alike, "erp", record("A", NOON + timedelta(days=1), **FULL, currency="GBP"))

    assert parted == groups(alike)
    assert len(parted) == 2
    assert tasks(alike) == []
    assert is_sound(alike)


def test_distinct_outlives_the_deletion_and_return_of_a_record(alike: Hub) -> None:
    say_of(alike, CRM, ERP, "distinct")

    load(alike, "erp", record("A", NOON + timedelta(days=1), deleted=True))
    load(alike, "erp", record("A", NOON + timedelta(days=2), **FULL))

    assert len(groups(alike)) == 2
    assert is_sound(alike)


def test_a_third_record_does_not_bridge_what_a_verdict_keeps_apart(alike: Hub) -> None:
    say_of(alike, CRM, ERP, "distinct")

    load(alike, "clm", record("x", **FULL))

    assert golden(alike, CRM) != golden(alike, ERP)
    assert is_sound(alike)


def test_same_holds_when_the_evidence_is_gone(asked: Hub) -> None:
    say(asked, "same")

    load(asked, "erp", record("A", NOON + timedelta(days=1), **BLANK))
    load(asked, "erp", record("A", NOON + timedelta(days=2), name="Zephyr Lighting AB"))

    assert groups(asked) == {TOGETHER}
    assert is_sound(asked)


def test_unsure_takes_the_task_away_until_the_evidence_changes(asked: Hub) -> None:
    (task,) = tasks(asked)

    say(asked, "unsure")
    after = tasks(asked)
    everything_again(asked)
    load(asked, "erp", record("A", NOON + timedelta(days=1), **FULL, lei=OTHER_LEI, currency="GBP"))
    unmoved = tasks(asked)
    changed: dict[str, Any] = FULL | {"email": "hello@harbourpine.co.uk"}
    load(asked, "erp", record("A", NOON + timedelta(days=2), **changed, lei=OTHER_LEI))

    assert after == []
    assert unmoved == []
    assert tasks(asked) == [task]
    assert is_sound(asked)


def test_an_answer_takes_the_place_of_an_earlier_unsure(asked: Hub) -> None:
    first = say(asked, "unsure")

    second = say_of(asked, CRM, ERP, "distinct")

    assert isinstance(first, Decided)
    assert isinstance(second, Decided)
    assert {v.id: v.superseded_by for v in verdicts(asked)} == {
        first.verdict_id: second.verdict_id,
        second.verdict_id: None,
    }


@pytest.mark.parametrize(("first", "second"), [("same", "distinct"), ("distinct", "same")])
def test_the_opposite_of_what_stands_is_refused_with_its_author(
    asked: Hub, first: Answer, second: Answer
) -> None:
    stands = say(asked, first, "anna")
    before = groups(asked)

    refused = say_of(asked, CRM, ERP, second, "bert")

    assert isinstance(stands, Decided)
    assert isinstance(refused, Conflicted)
    assert "anna" in refused.message
    assert refused.verdict_id == stands.verdict_id
    assert groups(asked) == before
    assert [(v.author, v.contested) for v in verdicts(asked) if v.superseded_by is None] == [
        ("anna", False),
        ("bert", True),
    ]
    assert refused.task_id in tasks(asked)


def test_same_is_refused_where_a_verdict_keeps_members_of_the_two_groups_apart(alike: Hub) -> None:
    other = {**FULL, "name": "Kestrel Foods GmbH", "client_number": "K-7"}
    say_of(alike, CRM, ERP, "distinct")
    load(alike, "clm", record("x", name=other["name"], website="kestrel-foods.de"))
    say_of(alike, CRM, CLM, "same", "bert")

    refused = say_of(alike, CLM, ERP, "same", "carla")

    assert isinstance(refused, Conflicted)
    assert "anna" in refused.message
    assert golden(alike, CRM) == golden(alike, CLM) != golden(alike, ERP)


def contradict(hub: Hub) -> list[Decided | Conflicted]:
    """Two people join three records, a third parts the outer two; nobody contradicts one verdict directly."""
    return [
        say_of(hub, CRM, CLM, "same", "anna"),
        say_of(hub, CLM, ERP, "same", "bert"),
        say_of(hub, CRM, ERP, "distinct", "carla"),
    ]


def contradictions(hub: Hub) -> list[tuple[str, set[str]]]:
    with hub.read() as session:
        query = select(Task).where(col(Task.kind) == "contradiction")
        return [(t.cause, {t.left_golden, t.right_golden}) for t in session.scalars(query)]


def test_verdicts_that_contradict_each_other_by_a_third_record_become_a_task(alike: Hub) -> None:
    load(alike, "clm", record("x", **FULL))

    said = contradict(alike)

    assert all(isinstance(one, Decided) for one in said)
    assert contradictions(alike) == [("verdict_conflict", {golden(alike, CRM), golden(alike, ERP)})]
    assert len(groups(alike)) == 3
    assert is_sound(alike)


def test_verdicts_that_contradict_each_other_are_a_task_also_without_any_evidence(any_hub: Hub) -> None:
    for source, key, name in (("crm", "1", "Ashdown"), ("erp", "A", "Zephyr"), ("clm", "x", "Kestrel")):
        load(any_hub, source, record(key, name=name))

    contradict(any_hub)
    before = contradictions(any_hub)
    with any_hub.write() as uow:
        replay(uow)

    assert before == [("verdict_conflict", {golden(any_hub, CRM), golden(any_hub, ERP)})]
    assert contradictions(any_hub) == before
    assert len(groups(any_hub)) == 3
    assert is_sound(any_hub)


def test_a_contradiction_ends_with_the_verdict_that_is_withdrawn(alike: Hub) -> None:
    load(alike, "clm", record("x", **FULL))
    decided, *_ = contradict(alike)
    assert isinstance(decided, Decided)

    with alike.write() as uow:
        withdraw(uow, decided.verdict_id)

    assert tasks(alike) == []
    assert golden(alike, CLM) == golden(alike, ERP) != golden(alike, CRM)
    assert is_sound(alike)


def test_a_withdrawn_distinct_lets_the_evidence_speak_again(alike: Hub) -> None:
    decided = say_of(alike, CRM, ERP, "distinct")
    assert isinstance(decided, Decided)

    with alike.write("bert") as uow:
        withdrawn = withdraw(uow, decided.verdict_id, reason="wrong pair")

    assert groups(alike) == {TOGETHER}
    assert withdrawn.golden_ids == (golden(alike, CRM),)
    assert len(verdicts(alike)) == 1
    assert is_sound(alike)


def test_a_withdrawn_same_opens_the_task_again(asked: Hub) -> None:
    (task,) = tasks(asked)
    ids = {golden(asked, CRM), golden(asked, ERP)}
    decided = say(asked, "same")
    assert isinstance(decided, Decided)

    with asked.write() as uow:
        withdraw(uow, decided.verdict_id)

    assert tasks(asked) == [task]
    assert {golden(asked, CRM), golden(asked, ERP)} == ids
    assert is_sound(asked)


def test_a_verdict_is_withdrawn_once(alike: Hub) -> None:
    decided = say_of(alike, CRM, ERP, "distinct")
    assert isinstance(decided, Decided)
    with alike.write() as uow:
        withdraw(uow, decided.verdict_id)

    with alike.write() as uow, pytest.raises(AlreadyDecidedError):
        withdraw(uow, decided.verdict_id)
    with alike.write() as uow, pytest.raises(UnknownVerdictError):
        withdraw(uow, "verdict-0")


def test_task_ids_and_verdicts_outlive_a_replay(asked: Hub) -> None:
    load(asked, "clm", record("x", **FULL))
    before, apart = tasks(asked), groups(asked)
    with asked.write() as uow:
        replay(uow)

    assert len(before) == 3
    assert tasks(asked) == before
    assert groups(asked) == apart


def test_what_is_not_there_cannot_be_decided(any_hub: Hub) -> None:
    load(any_hub, "crm", record("1", **FULL))
    load(any_hub, "hr", record("9", NOON - timedelta(days=1), name="Zephyr"), record("9", deleted=True))

    with any_hub.write() as uow, pytest.raises(UnknownTaskError):
        decide(uow, "task-0", "same")
    for other in (ERP, CRM, RecordKey("worker", "crm", "1"), RecordKey("client", "hr", "9")):
        with any_hub.write() as uow, pytest.raises(UnknownRecordError):
            decide_records(uow, CRM, other, "same")
    assert verdicts(any_hub) == []


def test_same_on_insufficient_evidence_is_asked_again_once_the_evidence_changes(asked: Hub) -> None:
    say(asked, "same")
    assert tasks(asked) == []

    load(asked, "erp", record("A", NOON + timedelta(days=1), **FULL, lei=OTHER_LEI, region="Avon"))

    assert groups(asked) == {TOGETHER}
    with asked.read() as session:
        (task,) = session.scalars(select(Task))
    assert (task.cause, task.left_golden) == ("reopened", task.right_golden)
    assert "anna said same" in task.text
    everything_again(asked)
    assert tasks(asked) == [task.id]
    with asked.write() as uow:
        replay(uow)
    assert tasks(asked) == [task.id]
    assert is_sound(asked)


@pytest.mark.parametrize(("answer", "parts"), [("same", 1), ("distinct", 2)])
def test_whoever_answers_the_question_again_settles_it(asked: Hub, answer: Answer, parts: int) -> None:
    say(asked, "same")
    load(asked, "erp", record("A", NOON + timedelta(days=1), **FULL, lei=OTHER_LEI, region="Avon"))

    say(asked, answer, "bert")

    assert (len(groups(asked)), tasks(asked)) == (parts, [])
    assert is_sound(asked)


def test_same_that_is_certain_is_not_asked_again(asked: Hub) -> None:
    say(asked, "same", certain=True)

    load(asked, "erp", record("A", NOON + timedelta(days=1), **FULL, lei=OTHER_LEI, region="Avon"))

    assert (groups(asked), tasks(asked)) == ({TOGETHER}, [])
