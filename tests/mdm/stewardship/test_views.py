"""What a steward sees of a task and of a golden record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from mdm.decide import decide
from mdm.golden_ids import golden_id_of
from mdm.hub import Hub
from mdm.stewardship import golden_view, task_view
from mdm.testing import NOON, record, take_in

OpenTask = Callable[..., str]


def test_both_records_stand_side_by_side_with_what_the_merged_one_would_say(
    hub: Hub, open_task: OpenTask
) -> None:
    task = open_task(hub, "Harbour Pine", "Zyqx Wvutsr", city="Hull", industry="Timber")

    with hub.read() as session:
        view = task_view(hub, session, task)

    rows = {row.name: row for row in view.rows}
    values = {"".join(p.text for p in side) for side in (rows["city"].left, rows["city"].right)}
    assert values == {"Bristol", "Hull"}
    assert rows["city"].mark == "different"
    assert rows["industry"].mark in {"left_only", "right_only"}
    merged = rows["name"].merged
    assert merged is not None
    assert (merged.text, merged.source, merged.beats) == ("Zyqx Wvutsr", "erp", ("Harbour Pine",))


def test_the_reasons_speak_of_the_left_record_first(hub: Hub, open_task: OpenTask) -> None:
    task = open_task(hub)

    with hub.read() as session:
        view = task_view(hub, session, task)

    assert view.explanation is not None
    name = next(reason for reason in view.explanation.reasons if reason.column == "name")
    stated = [
        next(v.text for v in record.values if v.attribute == "name") for record in view.scored if record
    ]
    assert [name.left_value, name.right_value] == stated
    assert [record.record_id for record in view.scored if record] == [
        view.left.records[0].record_id,
        view.right.records[0].record_id,
    ]


def test_reasons_and_prior_add_up_to_the_weight(hub: Hub, open_task: OpenTask) -> None:
    with hub.read() as session:
        found = task_view(hub, session, open_task(hub)).explanation

    assert found is not None
    assert sum(reason.weight for reason in found.reasons) + found.prior == pytest.approx(
        found.weight, abs=1e-4
    )


def test_earlier_verdicts_are_shown(hub: Hub, open_task: OpenTask) -> None:
    task = open_task(hub)
    with hub.write("ada") as uow:
        decide(uow, task, "distinct", reason="two firms")
        golden_id = golden_id_of(uow.session, "client", "crm", "C-Harbour Pine")

    with hub.read() as session:
        (verdict,) = golden_view(hub, session, golden_id).verdicts

    assert (verdict.answer, verdict.author, verdict.reason, verdict.superseded) == (
        "distinct",
        "ada",
        "two firms",
        False,
    )


def test_a_golden_value_names_its_source_its_rule_and_the_claims_it_beat(
    hub: Hub, open_task: OpenTask
) -> None:
    with hub.write("ada") as uow:
        decide(uow, open_task(hub), "same")
        golden_id = golden_id_of(uow.session, "client", "crm", "C-Harbour Pine")

    with hub.read() as session:
        view = golden_view(hub, session, golden_id)

    name = next(cell for cell in view.cells if cell.name == "name")
    assert (name.value.text, name.value.source, name.rule) == ("Zyqx Wvutsr", "erp", "prefer(erp, clm, crm)")
    assert [(claim.source, claim.text) for claim in name.beaten] == [("crm", "Harbour Pine")]


def test_history_says_what_changed_from_what(hub: Hub) -> None:
    take_in(hub, "crm", "client", [record("1", name="Harbour Pine", city="Hull")])
    take_in(hub, "crm", "client", [record("1", NOON + timedelta(days=1), name="Harbour Pine", city="Leeds")])
    with hub.read() as session:
        view = golden_view(hub, session, golden_id_of(session, "client", "crm", "1"))

    assert [(v.version, v.changes) for v in view.history] == [
        (2, (("City", "Hull", "Leeds"),)),
        (1, (("Name", "", "Harbour Pine"), ("City", "", "Hull"))),
    ]


def test_relations_are_shown_by_label_from_both_sides(hub: Hub) -> None:
    take_in(hub, "psa", "worker", [record("W1", given_name="Anna", family_name="Okafor")])
    take_in(hub, "psa", "project", [record("P1", name="Rollout", manager="psa:W1")])
    with hub.read() as session:
        worker = golden_view(hub, session, golden_id_of(session, "worker", "psa", "W1"))
        project = golden_view(hub, session, golden_id_of(session, "project", "psa", "P1"))

    assert worker.golden.label == "Anna Okafor"
    assert [(group.title, group.records[0].label, group.total) for group in worker.relations] == [
        ("Projects (manager)", "Rollout", 1)
    ]
    manager = next(cell.value for cell in project.cells if cell.name == "manager")
    assert (manager.text, manager.golden_id) == ("Anna Okafor", worker.golden.golden_id)
