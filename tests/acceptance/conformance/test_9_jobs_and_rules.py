"""Resolution as a job, and rules files that cannot be used."""

from __future__ import annotations

import re

import pytest
from deployment import Firm

from mdm.hub import open_hub
from mdm.jobs import perform_waiting
from mdm.settings import load_settings


def test_row_109_a_resolution_of_all_a_type_one_or_by_criterion_is_a_job(firm: Firm) -> None:
    """Each answers with a job's id; a worker does what waits, once."""
    firm.load("crm", "client", {"id": "1", "name": "Harbour Pine plc", "country": "GB"})
    (golden_id,) = firm.crosswalk("client").values()

    jobs = [
        firm.mdm("resolve", "--later", *options, "--json").json["job"]
        for options in (
            (),
            ("--entity", "client"),
            ("--record", golden_id),
            ("--record", "crm:1"),
            ("--entity", "client", "--where", "country=GB"),
        )
    ]
    asked = firm.http("POST", "/api/v1/resolutions", json={"entity_type": "client"})
    assert asked.status_code == 202
    waiting = asked.json()["job"]
    assert firm.http("GET", f"/api/v1/resolutions/{waiting}").json()["state"] == "waiting"

    hub = open_hub(load_settings(None))
    assert perform_waiting(hub) > 0
    hub.close()

    done = [firm.http("GET", f"/api/v1/resolutions/{job}").json() for job in (*jobs, waiting)]
    assert len(set(jobs)) == 5
    assert {job["state"] for job in done} == {"done"}
    assert [job["counts"]["unchanged"] for job in done] == [1] * 6
    firm.sound()


@pytest.mark.parametrize(
    ("asked", "status", "said"),
    [
        ({"entity_type": "vendor"}, 400, "no entity type 'vendor'"),
        ({"record": "client-000000000000"}, 404, "client-000000000000"),
        ({"record": "crm:9"}, 404, "crm:9"),
        ({"where": {"country": "GB"}}, 400, "needs an entity type"),
        ({"entity_type": "client", "where": {"colour": "red"}}, 400, "no attribute 'colour'"),
        ({"colour": "red"}, 422, "colour"),
    ],
)
def test_row_109_what_cannot_be_resolved_is_a_clear_error(
    firm: Firm, asked: dict[str, object], status: int, said: str
) -> None:
    """An unknown type or record, and a criterion that makes no sense."""
    answer = firm.http("POST", "/api/v1/resolutions", json=asked)

    assert (answer.status_code, said in answer.text) == (status, True), answer.text
    assert firm.http("GET", "/api/v1/resolutions/evt_none").status_code == 404


VENDOR = '''"""Vendor: a firm that we buy from."""

from typing import Annotated

from mdm.entities import Entity
from mdm.survivorship import prefer
from mdm_matching.semantics import {matcher}


class Vendor(Entity):
    """A firm that we buy from."""

    label = "name"
    name: Annotated[str, OrganisationName(), prefer("erp", "crm")]
    status: Annotated[str | None, {rule}] = None
'''


@pytest.mark.parametrize(
    ("rules", "line", "said"),
    [
        pytest.param("colour = 'prefer(erp)'", 3, "no such attribute", id="unknown field"),
        pytest.param("name = 'loudest(erp)'", 3, "loudest", id="unknown rule"),
        pytest.param(
            "kind = 'when(status=active, then=prefer(erp), otherwise=most_recent())'\n"
            "status = 'when(kind=person, then=prefer(erp), otherwise=most_recent())'",
            3,
            "circle",
            id="rules that ask for each other",
        ),
        pytest.param("[trusted_ids.client]\nlei = { prof = true }", 4, "prof", id="unknown word"),
        pytest.param("[trusted_ids.client.colour]\nproof = true", 3, "colour", id="unknown id"),
    ],
)
def test_row_110_a_rules_file_that_cannot_be_used_is_refused_with_the_line(
    firm: Firm, rules: str, line: int, said: str
) -> None:
    """An unknown attribute, an unknown rule, rules in a circle; nothing is written."""
    firm.settings(f"# Our rules\n[survivorship.client]\n{rules}\n")

    refused = firm.mdm("verify", code=2)

    assert f"line {line}" in refused.err
    assert said in refused.err


@pytest.mark.parametrize(
    ("matcher", "rule", "line", "said"),
    [
        pytest.param("Colour", 'prefer("erp")', 7, "Colour", id="unknown matcher"),
        pytest.param("OrganisationName", "union()", 15, "union", id="rule that does not fit"),
    ],
)
def test_row_110_a_declaration_that_cannot_be_used_is_refused_with_the_line(
    firm: Firm, matcher: str, rule: str, line: int, said: str
) -> None:
    """An unknown kind of value, a rule that does not fit the attribute."""
    text = VENDOR.format(matcher=matcher, rule=rule)
    if rule == "union()":
        text = text.replace("import prefer", "import prefer, union")
    (firm.folder / "vendor.py").write_text(text, encoding="utf-8")
    firm.settings('entities = ["vendor.py:Vendor"]\n')

    refused = firm.mdm("verify", code=1)

    assert re.search(rf"vendor\.py, line {line}\b", refused.err), refused.err
    assert said in refused.err
