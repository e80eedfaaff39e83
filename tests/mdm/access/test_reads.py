"""Who read classified attributes is told to those who may audit, through every door, without the values."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from mdm.access import Principal, Role
from mdm.access.grants import Grant, principal_of
from mdm.access.keys import create_key
from mdm.app import create_app
from mdm.cli.program import run
from mdm.errors import ForbiddenError
from mdm.hub import Hub
from mdm.query.reads import ReadQuery, classified_reads
from mdm.testing import hub_at, make_golden, record

SECRET = "1971-03-09"


@pytest.fixture
def hub(database_url: str) -> Iterator[Hub]:
    """Two workers in two countries, whose birth dates a steward has read, one by one."""
    made = hub_at(database_url)
    for n, country in enumerate(("DE", "FR"), start=1):
        place = record(f"le-{n}", code=f"{country}01", name=f"Birch {country}", country=country)
        make_golden(made, "legal_entity", f"le-{n}", {"erp": place})
        person = record(f"w-{n}", family_name="Weber", birth_date=SECRET, legal_entity=f"le-{n}")
        make_golden(made, "worker", f"w-{n}", {"erp": person})
    reading = TestClient(create_app(made, dev=False, role="api"))
    headers = bearer(made, "steward", Role.steward, domains=["worker"])
    for n in (1, 2):
        assert SECRET in reading.get(f"/api/v1/golden/w-{n}", headers=headers).text
    yield made
    made.close()


@pytest.fixture
def browser(hub: Hub) -> TestClient:
    return TestClient(create_app(hub, dev=False, role="api"), raise_server_exceptions=False)


def bearer(hub: Hub, name: str, role: Role, **grant: object) -> dict[str, str]:
    with hub.write("test") as uow:
        made = create_key(uow, name, Grant.model_validate({"roles": [role], **grant}))
    return {"Authorization": f"Bearer {made.secret}"}


def somebody(hub: Hub, role: Role, **grant: object) -> Principal:
    return principal_of("somebody", [Grant.model_validate({"roles": [role], **grant})], hub.settings.auth)


def test_an_auditor_sees_who_read_what_and_no_value(hub: Hub, browser: TestClient) -> None:
    headers = bearer(hub, "auditor", Role.auditor)

    answer = browser.get("/api/v1/reads", headers=headers)
    older = browser.get(
        f"/api/v1/reads?limit=1&before={answer.json()['reads'][0]['number']}", headers=headers
    )

    told = [(one["reader"], one["attribute"], one["golden_ids"]) for one in answer.json()["reads"]]
    assert told == [("steward", "birth_date", ["w-2"]), ("steward", "birth_date", ["w-1"])]
    assert [one["golden_ids"] for one in older.json()["reads"]] == [["w-1"]]
    assert SECRET not in answer.text


@pytest.mark.parametrize(
    ("asked", "golden_ids"),
    [
        ("golden_id=w-1", [["w-1"]]),
        ("golden_id=w-_", []),
        ("reader=nobody", []),
        ("reader=steward&attribute=birth_date&entity_type=worker&limit=1", [["w-2"]]),
        ("since=2026-03-01T12:00:00Z", [["w-2"], ["w-1"]]),
        ("until=2026-03-01T12:00:00Z", []),
    ],
)
def test_reads_are_found_by_reader_record_and_time(
    hub: Hub, browser: TestClient, asked: str, golden_ids: list[list[str]]
) -> None:
    answer = browser.get(f"/api/v1/reads?{asked}", headers=bearer(hub, "auditor", Role.auditor))

    assert [one["golden_ids"] for one in answer.json()["reads"]] == golden_ids


@pytest.mark.parametrize("role", [Role.viewer, Role.steward, Role.integrator])
def test_who_may_not_audit_is_refused_at_every_door(hub: Hub, browser: TestClient, role: Role) -> None:
    headers = bearer(hub, "curious", role, domains=["*"])

    codes = [browser.get(p, headers=headers).status_code for p in ("/api/v1/reads", "/console/reads")]

    assert codes == [403, 403]
    with hub.read(somebody(hub, role)) as session, pytest.raises(ForbiddenError):
        classified_reads(session, ReadQuery())


def test_with_a_row_filter_only_reads_of_those_rows_are_told(hub: Hub) -> None:
    with hub.read(somebody(hub, Role.auditor, rows={"country": ["DE"]})) as session:
        found = classified_reads(session, ReadQuery())

    assert [read.golden_ids for read in found] == [("w-1",)]


def test_with_a_row_filter_a_page_is_filled_from_behind_the_reads_that_are_left_out(hub: Hub) -> None:
    with hub.read(somebody(hub, Role.auditor, rows={"country": ["DE"]})) as session:
        page = classified_reads(session, ReadQuery(first=1))
        rest = classified_reads(session, ReadQuery(first=1, before=page[-1].number))

    assert [read.golden_ids for read in page] == [("w-1",)]
    assert rest == ()


def test_the_console_shows_reads_to_auditors_alone(hub: Hub, browser: TestClient) -> None:
    auditor, viewer = bearer(hub, "auditor", Role.auditor), bearer(hub, "viewer", Role.viewer)

    page = browser.get("/console/reads?golden=w-1", headers=auditor)

    assert page.status_code == 200
    assert "birth_date" in page.text
    assert SECRET not in page.text
    assert "/console/reads" not in browser.get("/console", headers=viewer).text


def test_the_command_lists_reads(
    hub: Hub, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MDM_DATABASE_URL", hub.settings.store_url)

    code = run(["reads", "--golden", "w-1"])

    assert code == 0
    assert "steward with key" in capsys.readouterr().out
