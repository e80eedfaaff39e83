"""People and their employments, projects and their phases, cost centers over time."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from deployment import Firm
from stewards import ONE_LEI, merge

ANNA = {
    "given_name": "Anna",
    "family_name": "Weber",
    "birth_date": "1980-02-01",
    "national_id": "65929970489",
}


RELATIONS = "query ($id: ID!) { project(id: $id) { neighbours { relation outgoing record { id } } } }"


def hand_overs(firm: Firm, golden_id: str) -> set[tuple[str, bool, str]]:
    """What a project takes over or hands over: relation, whether it leads away from it, the other's id."""
    near = firm.query(RELATIONS, id=golden_id)["project"]["neighbours"]
    return {
        (one["relation"], one["outgoing"], one["record"]["id"])
        for one in near
        if one["relation"] in ("continues_as", "phase_of")
    }


def test_row_047_a_won_opportunity_continues_as_the_project_of_its_contract(firm: Firm) -> None:
    """Client and contract number tie them under different titles; they are related, and never made one."""
    firm.load(
        "crm", "client", {"id": "A", "name": "Harbour Pine plc"}, {"id": "B", "name": "Kestrel Foods GmbH"}
    )
    firm.load("clm", "engagement", {"id": "E", "number": "SOW-2025/17", "title": "Atlas", "client": "crm:A"})
    firm.load("crm", "project", {"id": "O", "code": "SOW 2025 17", "name": "Roof deal", "client": "crm:A"})
    firm.load(
        "psa",
        "project",
        {
            "id": "P",
            "code": "SOW-2025-17",
            "name": "Warehouse",
            "client": "crm:A",
            "start_date": "2025-03-01",
        },
        {
            "id": "Q",
            "code": "SOW-2025-17",
            "name": "Payroll",
            "client": "crm:B",
            "start_date": "2024-09-01",
        },
    )
    ids, (engagement,) = firm.crosswalk("project"), firm.crosswalk("engagement").values()
    opportunity, project, strange = ids["crm:O"], ids["psa:P"], ids["psa:Q"]

    assert len({opportunity, project, strange}) == 3
    assert hand_overs(firm, opportunity) == {
        ("continues_as", False, engagement),
        ("continues_as", True, project),
    }
    assert hand_overs(firm, project) == {
        ("continues_as", False, engagement),
        ("continues_as", False, opportunity),
    }
    assert hand_overs(firm, strange) == set()
    assert "continues as" in firm.mdm("lineage", project).out
    firm.sound()


def test_row_048_projects_of_equal_name_at_different_clients_are_not_the_same(firm: Firm) -> None:
    """When their clients are merged they stay two, and a person is asked whether they are one."""
    firm.load(
        "crm", "client", {"id": "A", "name": "Harbour Pine plc"}, {"id": "B", "name": "Kestrel Foods GmbH"}
    )
    firm.load(
        "psa", "project", {"id": "P1", "name": "ERP rollout", "client": "crm:A", "start_date": "2025-01-10"}
    )
    firm.load(
        "erp", "project", {"id": "P2", "name": "ERP rollout", "client": "crm:B", "start_date": "2025-01-10"}
    )

    assert firm.groups("project") == {frozenset({"psa:P1"}), frozenset({"erp:P2"})}
    clients, projects = firm.crosswalk("client"), firm.crosswalk("project")
    before = firm.tasks("project")

    merged = merge(firm, clients["crm:B"], clients["crm:A"])

    assert len(set(firm.crosswalk("client").values())) == 1
    assert firm.crosswalk("project") == projects
    (task,) = firm.tasks("project")
    assert {task["left"]["golden_id"], task["right"]["golden_id"]} == set(projects.values())
    firm.mdm("replay")
    assert firm.crosswalk("project") == projects
    assert firm.tasks("project") == [task]
    firm.mdm("undo", re.search(r"verdict-[0-9a-f]+", merged.out)[0])
    assert firm.tasks("project") == before
    merge(firm, clients["crm:B"], clients["crm:A"])
    (again,) = firm.tasks("project")
    assert again["id"] == task["id"]
    firm.mdm("steward", "decide", task["id"], "same")
    assert len(firm.groups("project")) == 1
    firm.sound()


@pytest.mark.parametrize("merged", ["before they come", "between them", "after both"])
def test_row_048_what_evidence_joins_is_joined_whoever_came_first(firm: Firm, merged: str) -> None:
    """Clients that evidence alone makes one join their equal projects at any time: no order counts (44)."""
    projects = (
        ("psa", {"id": "P1", "name": "ERP rollout", "client": "crm:A", "start_date": "2025-01-10"}),
        ("erp", {"id": "P2", "name": "ERP rollout", "client": "crm:B", "start_date": "2025-01-10"}),
    )
    at = ["before they come", "between them", "after both"].index(merged)
    firm.load("crm", "client", {"id": "A", "name": "Harbour Pine plc", "lei": ONE_LEI})
    firm.load("crm", "client", {"id": "B", "name": "Kestrel Foods GmbH"})
    for number in range(3):
        if number == at:
            firm.load("crm", "client", {"id": "B", "name": "Kestrel Foods GmbH", "lei": ONE_LEI})
        if number < 2:
            firm.load(projects[number][0], "project", projects[number][1])

    assert len(firm.groups("client")) == 1
    assert firm.groups("project") == {frozenset({"psa:P1", "erp:P2"})}
    assert firm.tasks("project") == []
    firm.sound()


def test_row_049_phase_one_and_phase_two_are_two_projects(firm: Firm) -> None:
    """Two phases of one undertaking have the same name and client, but not the same days."""
    firm.load("crm", "client", {"id": "A", "name": "Harbour Pine plc"})
    phases = [
        {
            "id": "P1",
            "name": "ERP rollout phase 1",
            "client": "crm:A",
            "start_date": "2025-01-10",
            "end_date": "2025-06-30",
        },
        {
            "id": "P2",
            "name": "ERP rollout phase 2",
            "client": "crm:A",
            "start_date": "2025-07-01",
            "end_date": "2025-12-31",
        },
    ]
    firm.load("psa", "project", *phases)

    ids = firm.crosswalk("project")
    assert len(set(ids.values())) == 2
    assert hand_overs(firm, ids["psa:P2"]) == {("phase_of", True, ids["psa:P1"])}
    assert hand_overs(firm, ids["psa:P1"]) == {("phase_of", False, ids["psa:P2"])}
    firm.sound()


def test_row_050_a_contractor_who_becomes_an_employee_is_one_person_with_both_numbers(firm: Firm) -> None:
    """Both worker numbers lead to the one golden record."""
    firm.load("psa", "worker", {"id": "K9", "worker_number": "K-9", "worker_type": "contractor", **ANNA})
    firm.load("hcm", "worker", {"id": "4711", "worker_number": "4711", "worker_type": "employee", **ANNA})

    found = firm.crosswalk("worker")
    by_key = firm.query(
        '{ a: workerByKey(system: "psa", key: "K9") { id }'
        '  b: workerByKey(system: "hcm", key: "4711") { id } }'
    )
    told = firm.query("{ workers { nodes { employments { source { key } workerNumber workerType } } } }")
    assert told["workers"]["nodes"] == [
        {
            "employments": [
                {"source": {"key": "4711"}, "workerNumber": "4711", "workerType": "employee"},
                {"source": {"key": "K9"}, "workerNumber": "K-9", "workerType": "contractor"},
            ]
        }
    ]
    assert len(set(found.values())) == 1
    assert by_key["a"] == by_key["b"] == {"id": found["hcm:4711"]}
    firm.sound()


def test_row_051_somebody_hired_again_under_a_new_number_is_the_same_person(firm: Firm) -> None:
    """Birth date and national id outlast the gap between two employments."""
    first = {
        "id": "100",
        "worker_number": "100",
        "hire_date": "2015-01-01",
        "termination_date": "2019-12-31",
        **ANNA,
    }
    second = {
        "id": "200",
        "worker_number": "200",
        "hire_date": "2024-03-01",
        "termination_date": None,
        **ANNA,
    }
    firm.load("hcm", "worker", first, second)

    assert firm.groups("worker") == {frozenset({"hcm:100", "hcm:200"})}
    firm.sound()


def test_row_052_twins_are_two_people(firm: Firm) -> None:
    """Everything but the given name is the same."""
    home = {
        "family_name": "Okafor",
        "birth_date": "1991-05-05",
        "street": "Quay Street 1",
        "postcode": "BS1 4ND",
        "city": "Bristol",
    }
    firm.load(
        "hcm", "worker", {"id": "1", "given_name": "Ada", **home}, {"id": "2", "given_name": "Grace", **home}
    )

    assert len(firm.groups("worker")) == 2
    firm.sound()


def test_row_055_a_worker_known_by_number_alone_is_taken_in(firm: Firm) -> None:
    """The record stands for itself until more arrives."""
    firm.load("hcm", "worker", {"id": "77", "worker_number": "77"})
    assert firm.groups("worker") == {frozenset({"hcm:77"})}

    firm.load("psa", "worker", {"id": "W", "worker_number": "P-1", **ANNA})
    firm.load("hcm", "worker", {"id": "77", "worker_number": "77", **ANNA})

    assert firm.groups("worker") == {frozenset({"hcm:77", "psa:W"})}
    firm.sound()


def center(
    key: str, name: str, since: str | None, until: str | None = None, **values: str
) -> dict[str, str | None]:
    return {"id": key, "code": key, "name": name, "valid_from": since, "valid_to": until, **values}


def names(firm: Firm, day: str) -> dict[str, str]:
    out = firm.mdm("export", "--entity", "cost_center", "--as-of", day).rows
    return {row["golden_id"]: row["name"] for row in out}


def test_row_056_a_renamed_cost_center_has_each_name_in_its_time(firm: Firm) -> None:
    """On the last day of the year it has the old name, on the next the new one; it is one golden record."""
    firm.load("erp", "cost_center", center("4711", "Strategy", "2020-01-01"))
    firm.load("erp", "cost_center", center("4711", "Advisory", "2026-01-01"))

    golden_id = firm.crosswalk("cost_center")["erp:4711"]
    assert names(firm, "2025-12-31") == {golden_id: "Strategy"}
    assert names(firm, "2026-01-01") == {golden_id: "Advisory"}
    firm.sound()


def test_row_057_a_split_cost_center_keeps_its_past_and_names_its_successors(firm: Firm) -> None:
    """Last year's projects roll up under the old center; the new ones are listed as its successors."""
    firm.load("erp", "cost_center", center("4711", "Strategy", "2020-01-01", "2026-01-01"))
    firm.load(
        "erp", "cost_center",
        center("4712", "Strategy Europe", "2026-01-01", predecessor="4711"),
        center("4713", "Strategy Asia", "2026-01-01", predecessor="4711"),
    )  # fmt: skip
    firm.load(
        "psa",
        "project",
        {
            "id": "P",
            "name": "Atlas",
            "cost_center": "erp:4711",
            "budget": "500",
            "effective_to": "2026-01-01",
        },
    )
    firm.load(
        "psa",
        "project",
        {
            "id": "P",
            "name": "Atlas",
            "cost_center": "erp:4712",
            "budget": "500",
            "effective_from": "2026-01-01",
        },
    )
    centers, project = firm.crosswalk("cost_center"), firm.crosswalk("project")["psa:P"]

    def rolled(key: str, day: str) -> list[str]:
        said = firm.mdm("rollup", centers[key], "--of", "projects", "--as-of", day, "--json").json
        return [row["golden_id"] for row in said["records"]]

    last_year = firm.mdm("rollup", centers["erp:4711"], "--as-of", "2025-12-31", "--json").json
    assert rolled("erp:4711", "2025-12-31") == [project]
    assert rolled("erp:4712", "2026-02-01") == [project]
    assert {node["golden_id"] for node in last_year["successors"]} == {
        centers["erp:4712"],
        centers["erp:4713"],
    }
    assert last_year["totals"] == [{"attribute": "budget", "currency": "", "sum": 500.0}]
    firm.sound()


def test_row_058_a_code_issued_again_names_another_cost_center(firm: Firm) -> None:
    """Two years lie between the two lives of the code, so they are not one center and nobody is asked."""
    firm.load("erp", "cost_center", {**center("A", "Audit", "2015-01-01", "2020-01-01"), "code": "4711"})
    firm.load("hcm", "cost_center", {**center("B", "Audit", "2022-01-01"), "code": "4711"})

    assert firm.groups("cost_center") == {frozenset({"erp:A"}), frozenset({"hcm:B"})}
    assert firm.tasks("cost_center") == []
    firm.sound()


def test_row_059_a_cost_center_of_the_future_is_published_only_to_who_takes_future_data(firm: Firm) -> None:
    """One target hears of it at once, the other one not before its first day."""
    firm.settings(
        '[targets.planning]\nkind = "file"\npath = "planning"\nfuture = true\n'
        '[targets.ledger]\nkind = "file"\npath = "ledger"\n'
    )
    tomorrow = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()
    firm.load("erp", "cost_center", center("1", "Now", "2020-01-01"), center("2", "Soon", tomorrow))
    for target in ("planning", "ledger"):
        firm.mdm("publish", target)

    def told(target: str) -> str:
        return "".join(p.read_text() for p in sorted((firm.folder / target).rglob("*.jsonl")))

    assert "Soon" in told("planning")
    assert "Now" in told("ledger")
    assert "Soon" not in told("ledger")


def test_row_060_a_parent_that_would_close_a_loop_is_refused_with_the_path(firm: Firm) -> None:
    """The newer claim is kept but not applied; a task names the loop."""
    moment = "2026-01-0{}T00:00:00Z"
    firm.load(
        "erp",
        "cost_center",
        {"id": "A", "changed_at": moment.format(1), "code": "A-1", "name": "Strategy", "parent": "B"},
    )
    firm.load(
        "erp",
        "cost_center",
        {"id": "B", "changed_at": moment.format(2), "code": "B-2", "name": "Payroll", "parent": "A"},
    )

    centers = firm.crosswalk("cost_center")
    a, b = centers["erp:A"], centers["erp:B"]
    (task,) = firm.tasks("cost_center")
    parents = {row["golden_id"]: row["parent"] for row in firm.mdm("export", "--entity", "cost_center").rows}
    assert parents == {a: b, b: ""}
    assert task["kind"] == "hierarchy_loop"
    assert f"{b} > {a} > {b}" in firm.mdm("steward", "list", "--json").out
    firm.sound()


def test_row_053_senior_and_junior_part_once_a_birth_date_tells_them_apart(firm: Firm) -> None:
    """One name at one address was one person until both birth dates were known; nobody has to decide."""
    home = {
        "given_name": "Tomas",
        "family_name": "Lindqvist",
        "street": "Quay Street 1",
        "postcode": "BS1 4ND",
        "city": "Bristol",
    }
    firm.load("hcm", "worker", {"id": "1", "birth_date": "1958-03-04", **home})
    firm.load("psa", "worker", {"id": "2", **home})
    assert len(firm.groups("worker")) == 1

    firm.load("psa", "worker", {"id": "2", "birth_date": "1987-11-23", **home})

    assert len(firm.groups("worker")) == 2
    assert firm.tasks("worker") == []
    firm.sound()


def test_row_054_a_person_who_changes_the_surname_is_found_by_the_old_one(firm: Firm) -> None:
    """HR changes it first, the directory later; it stays one person."""
    firm.load("hcm", "worker", {"id": "1", "email": "anna.weber@firm.eu", **ANNA})
    firm.load("directory", "worker", {"id": "D", "email": "anna.weber@firm.eu", **ANNA})
    married = {**ANNA, "family_name": "Okonkwo"}
    firm.load("hcm", "worker", {"id": "1", "email": "anna.okonkwo@firm.eu", **married})
    firm.load("directory", "worker", {"id": "D", "email": "anna.okonkwo@firm.eu", **married})

    (golden_id,) = set(firm.crosswalk("worker").values())
    hits = firm.query('{ search(text: "Weber") { id } }')["search"]
    assert [hit["id"] for hit in hits] == [golden_id]
    firm.sound()
