from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from mdm.hub import Hub

Mdm = Callable[..., Any]


@pytest.fixture
def queued(mdm: Mdm, hub: Hub, open_task: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> Mdm:
    """A hub with one open question about two records."""
    open_task(hub, "Harbour Analytics Ltd", "Kestrel Robotics")
    monkeypatch.setenv("MDM_DATABASE_URL", hub.database.url.render_as_string(hide_password=False))
    return mdm


def first_task(mdm: Mdm) -> str:
    task: str = json.loads(mdm("steward", "list", "--json").out)[0]["id"]
    return task


def test_the_queue_names_both_golden_records(queued: Mdm) -> None:
    (task,) = json.loads(queued("steward", "list", "--entity", "client", "--json").out)

    assert {task["left"]["label"], task["right"]["label"]} == {"Harbour Analytics Ltd", "Kestrel Robotics"}
    assert 0 < task["probability"] < 1
    assert task["id"] in queued("steward", "list").out
    assert json.loads(queued("steward", "list", "--entity", "worker", "--json").out) == []


def test_a_task_is_shown_side_by_side_with_its_reasons(queued: Mdm) -> None:
    shown = queued("steward", "show", first_task(queued)).out

    assert "Harbour Analytics Ltd" in shown
    assert "Source records" in shown
    assert "name:" in shown
    document = json.loads(queued("steward", "show", first_task(queued), "--json").out)
    assert {tuple(document[side]["records"]) for side in ("left", "right")} == {
        ("crm:C-Harbour Analytics Ltd",),
        ("erp:E-Kestrel Robotics",),
    }


@pytest.mark.parametrize(("answer", "golden_records"), [("same", 1), ("distinct", 2), ("unsure", 2)])
def test_a_decision_settles_the_task(queued: Mdm, answer: str, golden_records: int) -> None:
    decided = queued("steward", "decide", first_task(queued), answer, "--reason", "asked them", "--json")

    assert decided.code == 0
    assert len(json.loads(decided.out)["golden_ids"]) == golden_records
    assert queued("steward", "list").out == "Nothing waits for a decision.\n"
    assert queued("verify").code == 0


def test_a_task_that_is_settled_cannot_be_decided_again(queued: Mdm) -> None:
    task = first_task(queued)
    queued("steward", "decide", task, "same")

    again = queued("steward", "decide", task, "distinct")

    assert (again.code, again.out) == (1, "")
    assert task in again.sentence
