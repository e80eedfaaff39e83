"""A plan changes nothing, an application does just what was planned, and says what moved if it cannot."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, func, select

from mdm.decide import RecordKey, decide_records
from mdm.errors import PlanOutdatedError, RefusedError, UnreadableFileError, UsageError
from mdm.hub import Hub
from mdm.models import current_model, shipped_model
from mdm.planning import Change, Plan, apply_plan, make_plan, read_plan, train_model
from mdm.replay import replay
from mdm.store.decisions import Event
from mdm.store.publishing import Receipt
from mdm.testing import NOON, derived_state, hub_at, partition, record, take_in
from mdm.verify import verify

TOWNS = ["Bristol", "Leeds", "York", "Bath", "Hull", "Truro", "Ripon", "Wells", "Ely", "Durham"]


def rows(source: str) -> list[Any]:
    """One client per town, as each source writes it."""
    suffix = {"crm": " Ltd", "erp": " Limited"}[source]
    return [
        record(
            f"{source}{place}", name=f"{town} Lantern{suffix}", city=town, country="GB",
            phone=f"+44 20 7946 01{place:02d}", website=f"{town.lower()}lantern.co.uk",
        )
        for place, town in enumerate(TOWNS)
    ]  # fmt: skip


@pytest.fixture
def filled(any_hub: Hub) -> Hub:
    """Ten clients that two systems know."""
    for source in ("crm", "erp"):
        take_in(any_hub, source, "client", rows(source))
    return any_hub


def everything(hub: Hub) -> dict[str, Any]:
    with hub.read() as session:
        events = session.scalar(select(func.count()).select_from(Event))
        return {**derived_state(hub, session), "events": events}


def split_all(hub: Hub) -> Change:
    """A model under which nothing matches."""
    model = shipped_model(hub.registry["client"]).with_thresholds(match=90.0, review=80.0)
    return Change(model, "client")


def sound(hub: Hub, session: Session) -> bool:
    return not any(check.failures for check in verify(hub, session))


def test_a_plan_lists_what_a_model_would_do_and_changes_nothing(filled: Hub) -> None:
    before = everything(filled)
    merged = [row[0] for row in before["golden_record"]]
    with filled.write() as uow:
        uow.session.add(
            Receipt(
                target="lake", golden_id=merged[0], entity_type="client", version=1, event_id="e", attempt=1,
                outcome="delivered", at=NOON,
            )
        )  # fmt: skip

    plan = make_plan(filled, split_all(filled))

    assert everything(filled) == before
    assert len(merged) == 10
    assert [row["from"] for row in plan.found.split] == sorted(merged)
    assert len(plan.found.minted) == 10
    assert plan.found.published == [{"golden_id": merged[0], "targets": ["lake"], "change": "split"}]


def test_an_application_does_what_the_plan_said_and_outlives_a_replay(filled: Hub, tmp_path: Path) -> None:
    plan = make_plan(filled, split_all(filled), "anna")
    (tmp_path / "plan.json").write_text(plan.to_json())
    read = read_plan(tmp_path / "plan.json")

    applied = apply_plan(filled, read, "bert")

    assert (applied.counts, applied.digest) == (plan.found.counts, plan.digest)
    with filled.read() as session:
        assert len(partition(session, "client")) == 20
        assert current_model(session, filled.registry["client"]) == plan.change.model
        before = derived_state(filled, session)
        assert sound(filled, session)
    with filled.write() as uow:
        replay(uow)
    with filled.read() as session:
        assert derived_state(filled, session) == before


def test_a_plan_that_no_longer_fits_is_refused_with_what_moved(filled: Hub) -> None:
    plan = make_plan(filled, split_all(filled))
    for source in ("crm", "erp"):
        take_in(filled, source, "client", [replace(rows(source)[0], source_key="new")])
    before = everything(filled)

    with pytest.raises(PlanOutdatedError, match=r"planned.*since then: .*records.received.*plan again"):
        apply_plan(filled, plan)

    assert everything(filled) == before


def test_what_does_not_touch_the_change_does_not_make_a_plan_outdated(filled: Hub) -> None:
    plan = make_plan(filled, split_all(filled))
    take_in(filled, "hcm", "worker", [record("w", family_name="Okafor", given_name="Ada")])

    assert apply_plan(filled, plan).counts == plan.found.counts


def test_verdicts_that_a_model_speaks_against_are_listed_and_stand(filled: Hub) -> None:
    with filled.write("anna") as uow:
        decide_records(uow, RecordKey("client", "crm", "crm0"), RecordKey("client", "erp", "erp0"), "same")

    plan = make_plan(filled, split_all(filled))
    apply_plan(filled, plan)

    (row,) = plan.found.verdicts
    assert (row["answer"], row["author"]) == ("same", "anna")
    assert row["before"] == pytest.approx(row["after"])
    with filled.read() as session:
        assert len(partition(session, "client")) == 19


def test_a_change_of_rules_in_the_settings_is_planned_and_applied(filled: Hub) -> None:
    url = filled.settings.database_url
    changed = hub_at(url, survivorship={"client": {"name": "prefer(crm)"}})
    plan = make_plan(changed, Change())

    assert {(row["attribute"], row["before"][-7:], row["after"][-3:]) for row in plan.found.values} == {
        ("name", "Limited", "Ltd")
    }
    with pytest.raises(PlanOutdatedError, match="rules or settings have changed"):
        apply_plan(filled, plan)
    assert apply_plan(changed, plan).counts["values"] == len(plan.found.values) > 0
    assert make_plan(changed, Change()).found.counts["values"] == 0
    with changed.read() as session:
        assert sound(changed, session)
    changed.close()


def test_a_model_for_other_columns_is_refused(filled: Hub) -> None:
    with pytest.raises(UsageError, match="mdm train --entity worker"):
        make_plan(filled, replace(split_all(filled), entity_type="worker"))


@pytest.mark.parametrize("text", ["", "{}", '{"format": "mdm-plan/9"}'])
def test_a_file_that_is_no_plan_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "plan.json").write_text(text)

    with pytest.raises(UnreadableFileError, match="make one with mdm plan"):
        read_plan(tmp_path / "plan.json")


def test_a_plan_that_was_edited_is_refused(filled: Hub, tmp_path: Path) -> None:
    plan: Plan = make_plan(filled, split_all(filled))
    (tmp_path / "plan.json").write_text(plan.to_json().replace('"split": [', '"split": [{"from": "x"},'))

    with pytest.raises(UnreadableFileError, match="changed after it was made"):
        read_plan(tmp_path / "plan.json")


def test_training_learns_from_live_records_and_verdicts_and_is_repeatable(filled: Hub) -> None:
    with filled.write("anna") as uow:
        decide_records(
            uow, RecordKey("client", "crm", "crm0"), RecordKey("client", "erp", "erp1"), "distinct"
        )
    with filled.read() as session:
        first, second = (train_model(filled, session, "client") for _ in range(2))
        with pytest.raises(RefusedError, match="exact key"):
            train_model(filled, session, "rate")

    assert first.model.to_json() == second.model.to_json()
    assert (first.records, first.judged) == (20, 4)
    assert first.in_force == shipped_model(filled.registry["client"]).version
    assert make_plan(filled, Change(first.model, "client")).found.document["values"] is not None
