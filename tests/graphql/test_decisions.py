from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col
from strawberry.types import ExecutionResult

from mdm.hub import Hub
from mdm.store.derived import Membership, Task

Data = Callable[..., Any]
Run = Callable[..., ExecutionResult]

DECIDE = """mutation($task: ID!, $answer: Answer!) {
  decide(input: {taskId: $task, answer: $answer, reason: "seen"}) {
  __typename
  ... on Decided { verdict { id answer reason author } goldenIds goldenRecords { id sources { key } } }
  ... on Conflicted { message verdictId }
  ... on Refused { code message }
} }"""


@pytest.fixture
def task(hub: Hub, put: Callable[..., str]) -> str:
    """A task about two clients whose names are alike."""
    put(hub, "client", "c-1", name="Harbour & Pine Ltd", country="GB", city="Leeds")
    put(hub, "client", "c-2", source="crm", name="Harbour and Pine", country="GB", city="Leeds")
    return put_task(hub)


def put_task(hub: Hub) -> str:
    with hub.write("test") as uow:
        found = dict(uow.session.execute(select(col(Membership.golden_id), col(Membership.record_id))).all())
        for old in uow.session.scalars(select(Task)):
            uow.session.delete(old)
        uow.session.flush()
        uow.session.add(
            Task(
                id="task-1",
                entity_type="client",
                kind="possible_duplicate",
                left_golden="c-1",
                right_golden="c-2",
                left_record=found["c-1"],
                right_record=found["c-2"],
                weight=1.5,
                cause="review",
                text="The names are alike.",
            )
        )
    return "task-1"


def test_the_queue_shows_both_sides(hub: Hub, task: str, data: Data) -> None:
    found = data(
        """{ conflicts(first: 5, filter: {entityType: {eq: CLIENT}, kind: {eq: POSSIBLE_DUPLICATE}}) {
             totalCount pageInfo { hasNextPage endCursor }
             edges { cursor node { id kind entityType text weight
               left { id ... on Client { name } } right { sources { system } } } } }
           none: conflicts(filter: {kind: {eq: CONTRADICTION}}) { totalCount } }"""
    )

    (edge,) = found["conflicts"]["edges"]
    assert found["conflicts"]["pageInfo"] == {"hasNextPage": False, "endCursor": edge["cursor"]}
    assert edge["node"] == {
        "id": "task-1",
        "kind": "POSSIBLE_DUPLICATE",
        "entityType": "CLIENT",
        "text": "The names are alike.",
        "weight": 1.5,
        "left": {"id": "c-1", "name": "Harbour & Pine Ltd"},
        "right": {"sources": [{"system": "crm"}]},
    }
    assert found["none"] == {"totalCount": 0}


def test_same_merges_and_the_retired_id_leads_to_the_survivor(hub: Hub, task: str, data: Data) -> None:
    outcome = data(DECIDE, task=task, answer="SAME")["decide"]

    assert outcome["__typename"] == "Decided"
    assert outcome["verdict"] | {"id": ""} == {"id": "", "answer": "SAME", "reason": "seen", "author": "anna"}
    (survivor,) = outcome["goldenRecords"]
    assert sorted(source["key"] for source in survivor["sources"]) == ["c-1", "c-2"]
    both = data(
        """{ a: client(id: "c-1") { id } b: client(id: "c-2") { id } n: node(id: "c-2") { id }
             listed: clients(filter: {id: {eq: "c-2"}}) { nodes { id } } }"""
    )
    there = {"id": survivor["id"]}
    assert both == {"a": there, "b": there, "n": there, "listed": {"nodes": [there]}}


def test_an_answer_against_a_standing_verdict_is_an_outcome_and_writes_nothing(
    hub: Hub, task: str, data: Data
) -> None:
    first = data(DECIDE, task=task, answer="DISTINCT")["decide"]
    put_task(hub)

    second = data(DECIDE, task=task, answer="SAME")["decide"]

    assert first["goldenIds"] == ["c-1", "c-2"]
    assert second["__typename"] == "Conflicted"
    assert second["verdictId"] == first["verdict"]["id"]
    assert "still stands" in second["message"]


def test_a_task_that_is_gone_is_an_outcome_with_a_code(data: Data) -> None:
    outcome = data(DECIDE, task="task-9", answer="UNSURE")["decide"]

    assert (outcome["__typename"], outcome["code"]) == ("Refused", "NOT_FOUND")
    assert "'task-9'" in outcome["message"]


def test_many_answers_are_given_at_once_and_one_that_cannot_be_holds_up_no_other(
    hub: Hub, task: str, data: Data
) -> None:
    many = """mutation ($inputs: [DecideInput!]!, $preview: Boolean!) {
      decideMany(inputs: $inputs, preview: $preview) { taskId outcome { __typename } } }"""
    inputs = [{"taskId": "task-9", "answer": "SAME"}, {"taskId": task, "answer": "SAME"}]

    shown = data(many, inputs=inputs, preview=True)["decideMany"]
    before = data("{ conflicts { totalCount } clients { totalCount } }")
    done = data(many, inputs=inputs, preview=False)["decideMany"]
    after = data("{ conflicts { totalCount } clients { totalCount } }")

    assert shown == done == [
        {"taskId": "task-9", "outcome": {"__typename": "Refused"}},
        {"taskId": task, "outcome": {"__typename": "Decided"}},
    ]  # fmt: skip
    assert before == {"conflicts": {"totalCount": 1}, "clients": {"totalCount": 2}}
    assert after == {"conflicts": {"totalCount": 0}, "clients": {"totalCount": 1}}


def test_too_many_answers_at_once_are_refused(run: Run) -> None:
    inputs = [{"taskId": f"task-{n}", "answer": "SAME"} for n in range(201)]

    result = run("mutation ($i: [DecideInput!]!) { decideMany(inputs: $i) { taskId } }", i=inputs)

    assert result.errors is not None
    assert "200 at most" in result.errors[0].message


def test_stewards_tell_each_other_about_a_task(hub: Hub, task: str, data: Data) -> None:
    said = data(
        """mutation ($task: ID!) {
          comment(taskId: $task, text: "asked them") { __typename }
          assign(taskId: $task, to: "bo") { ... on Handled { assignee notes { kind text author } } }
          defer(taskId: $task, until: "2099-01-01T00:00:00Z", reason: "later") {
            ... on Handled { deferredUntil notes { kind } } }
        }""",
        task=task,
    )
    hidden = data("{ conflicts { totalCount } }")
    back = data(
        "mutation ($task: ID!) { reopen(taskId: $task) { __typename } again: reopen(taskId: $task) { "
        "... on Refused { code message } } }",
        task=task,
    )
    (conflict,) = data("{ conflicts { nodes { assignee notes { kind until } } } }")["conflicts"]["nodes"]

    assert said["assign"]["assignee"] == "bo"
    assert [(n["kind"], n["text"], n["author"]) for n in said["assign"]["notes"]] == [
        ("COMMENT", "asked them", "anna"), ("ASSIGNED", "bo", "anna"),
    ]  # fmt: skip
    assert said["defer"]["deferredUntil"].startswith("2099-01-01")
    assert hidden == {"conflicts": {"totalCount": 0}}
    assert back["reopen"]["__typename"] == "Handled"
    assert back["again"]["code"] == "REFUSED"
    assert conflict["assignee"] == "bo"
    assert [note["kind"] for note in conflict["notes"]] == ["COMMENT", "ASSIGNED", "DEFERRED", "REOPENED"]
