from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mdm import candidates
from mdm.access import Role
from mdm.access.grants import Grant, principal_of
from mdm.candidates import Grade, match_record
from mdm.errors import QueryError, UnknownEntityTypeError
from mdm.hub import Hub
from mdm.testing import derived_state, hub_at, record, take_in

HARBOUR = {
    "name": "Harbour Pine Ltd",
    "country": "GB",
    "city": "Leeds",
    "email": "office@harbourpine.example",
}


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    opened = hub_at(f"sqlite:///{(tmp_path / 'hub.db').as_posix()}")
    take_in(
        opened, "crm", "client", [record("C1", **HARBOUR), record("C2", name="Quarry Lane Stationers Ltd")]
    )
    yield opened
    opened.close()


def test_the_grade_is_what_the_hub_would_do_and_nothing_is_written(hub: Hub) -> None:
    arriving = {**HARBOUR, "name": "Harbour Pine Limited"}
    with hub.read() as session:
        before = derived_state(hub, session)
        (candidate,) = match_record(hub, session, "client", arriving)
        after = derived_state(hub, session)
    take_in(hub, "erp", "client", [record("E1", **arriving)])
    with hub.read() as session:
        (saved,) = [c for c in match_record(hub, session, "client", arriving) if c.grade is Grade.match]

    assert (candidate.grade, candidate.source, candidate.source_key) == (Grade.match, "crm", "C1")
    assert candidate.label == "Harbour Pine Ltd"
    assert before == after
    assert saved.golden_id == candidate.golden_id


def test_reasons_add_up_to_the_weight(hub: Hub) -> None:
    with hub.read() as session:
        (candidate,) = match_record(hub, session, "client", {"name": "Harbour Pine", "city": "Leeds"})

    assert sum(r.weight for r in candidate.reasons) == pytest.approx(candidate.weight + 4.0, abs=1e-6)
    assert 0.0 < candidate.probability < 1.0


def test_a_golden_record_without_a_common_key_is_scored_if_asked_for(hub: Hub) -> None:
    with hub.read() as session:
        (harbour,) = match_record(hub, session, "client", HARBOUR)
        stranger = {"name": "Zephyr Mining AG"}
        unasked = match_record(hub, session, "client", stranger)
        (asked,) = match_record(hub, session, "client", stranger, also=[harbour.golden_id])

    assert unasked == []
    assert asked.grade is Grade.weak


def test_a_placeholder_takes_no_candidates(hub: Hub) -> None:
    take_in(hub, "erp", "client", [record("E1", name="Test GmbH")])
    with hub.read() as session:
        assert match_record(hub, session, "client", {"name": "Test GmbH"}) == []


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"nmae": "Harbour"}, "has no attribute 'nmae'; the nearest is 'name'"),
        ({"name": "Harbour", "id": "C1"}, "has no attribute 'id'"),
    ],
)
def test_an_unknown_attribute_is_told_with_the_nearest_one(
    hub: Hub, values: dict[str, str], sentence: str
) -> None:
    with hub.read() as session, pytest.raises(QueryError, match=sentence):
        match_record(hub, session, "client", values)


def test_a_value_that_is_none_is_told(hub: Hub) -> None:
    with hub.read() as session, pytest.raises(QueryError, match="cannot be matched"):
        match_record(hub, session, "worker", {"family_name": "Roth", "birth_date": "31.02.1980"})


def test_an_unknown_type_is_told(hub: Hub) -> None:
    with hub.read() as session, pytest.raises(UnknownEntityTypeError):
        match_record(hub, session, "vendor", {"name": "Harbour"})


def test_rows_behind_a_filter_take_no_places_of_those_that_are_seen(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(candidates, "MOST_RECORDS", 2)
    hidden = {**HARBOUR, "country": "DE", "email": "rare@hidden.example"}
    others = [record(f"D{n}", **hidden) for n in range(3)]
    take_in(hub, "erp", "client", others)
    asked = {"name": HARBOUR["name"], "city": HARBOUR["city"], "email": hidden["email"]}
    grant = Grant(roles=[Role.viewer], rows={"country": ["GB"]})
    with hub.read(principal_of("a viewer", [grant], hub.settings.auth)) as session:
        found = match_record(hub, session, "client", asked)

    assert [(c.source, c.source_key) for c in found] == [("crm", "C1")]
