from __future__ import annotations

from datetime import date

from mdm.access.principal import Principal, Role
from mdm.entities import Sensitivity
from mdm.history.when import When
from mdm.hub import Hub
from mdm.query.employments import employments_of
from mdm.testing import make_golden, record

DAY = date(2026, 3, 1)


def person(hub: Hub) -> str:
    make_golden(hub, "legal_entity", "le", {"erp": record("LE1", code="LE1", name="Firm AG")})
    return make_golden(
        hub,
        "worker",
        "anna",
        {
            "hcm": record("2", family_name="Weber", worker_number="2", hire_date="2024-03-01"),
            "psa": record(
                "K", family_name="Weber", worker_number="K", worker_type="contractor",
                hire_date="2020-01-01", termination_date="2023-12-31",
            ),
            "erp": record("E", family_name="Weber", legal_entity="LE1", hire_date="2026-09-01"),
            "directory": record("D", family_name="Weber"),
        },
    )  # fmt: skip


def test_each_record_tells_of_its_employment_and_the_current_one_comes_first(sqlite_hub: Hub) -> None:
    golden_id = person(sqlite_hub)
    with sqlite_hub.read() as session:
        told = employments_of(sqlite_hub, session, [golden_id], today=DAY)[golden_id]
        then = employments_of(sqlite_hub, session, [golden_id], When(as_of=date(2021, 1, 1)))[golden_id]

    assert [(e.source.key, e.current) for e in told] == [("2", True), ("E", False), ("K", False)]
    assert told[1].legal_entity is not None
    assert (told[2].worker_type, told[2].termination_date) == ("contractor", date(2023, 12, 31))
    assert [(e.source.key, e.current) for e in then] == [("K", True), ("E", False), ("2", False)]


def test_whoever_may_not_see_the_attributes_is_told_of_no_employment(sqlite_hub: Hub) -> None:
    golden_id = person(sqlite_hub)
    public = Principal(name="guest", roles=frozenset({Role.viewer}), sees=frozenset({Sensitivity.public}))
    with sqlite_hub.read(public) as session:
        assert employments_of(sqlite_hub, session, [golden_id], today=DAY) == {golden_id: ()}
