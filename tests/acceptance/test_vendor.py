"""A type of one's own is one file and one settings line; everything else follows."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from mdm.app import create_app
from mdm.cli.program import run
from mdm.hub import open_hub
from mdm.settings import load_settings

DECLARATION = '''"""Vendor: a firm that we buy from."""

from typing import Annotated

from mdm.entities import Entity
from mdm.survivorship import prefer
from mdm_matching.semantics import Country, OrganisationName


class Vendor(Entity):
    """A firm that we buy from."""

    name: Annotated[str, OrganisationName(), prefer("erp", "crm")]
    country: Annotated[str | None, Country(), prefer("erp")] = None
'''

SETTINGS = """\
entities = ["vendor.py:Vendor"]

[targets.archive]
kind = "file"
path = "archive"
entity_types = ["vendor"]
"""

ERP = "id,name,country\nE1,Copper Kettle Catering GmbH,DE\nE2,Quarry Lane Stationers Ltd,GB\n"
CRM = "id,name\nC1,Quarry Lane Stationers Limited\nC2,Coper Kettle Catering GmbH\n"


@pytest.fixture
def deployment(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a declaration, its settings line, and two sources' exports, loaded."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MDM_DATABASE_URL", database_url)
    for name, text in (
        ("vendor.py", DECLARATION),
        ("mdm.toml", SETTINGS),
        ("erp.csv", ERP),
        ("crm.csv", CRM),
    ):
        (tmp_path / name).write_text(text, encoding="utf-8")
    for source in ("erp", "crm"):
        assert run(["load", "--source", source, "--entity", "vendor", f"{source}.csv"]) == 0
    return tmp_path


def test_a_declared_vendor_is_found_in_queue_graphql_export_console_and_publication(
    deployment: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def said(*arguments: str) -> str:
        capsys.readouterr()
        assert run(arguments) == 0
        return capsys.readouterr().out

    exported = list(csv.DictReader(io.StringIO(said("export", "--entity", "vendor", "--format", "csv"))))
    tasks = json.loads(said("steward", "list", "--entity", "vendor", "--json"))
    crosswalk = list(csv.DictReader(io.StringIO(said("crosswalk", "--entity", "vendor", "--format", "csv"))))
    said("publish", "archive")
    published = [
        json.loads(line)
        for file in deployment.joinpath("archive").rglob("*.jsonl")
        for line in file.read_text(encoding="utf-8").splitlines()
    ]

    assert sorted(row["name"] for row in exported) == [
        "Coper Kettle Catering GmbH", "Copper Kettle Catering GmbH", "Quarry Lane Stationers Ltd",
    ]  # fmt: skip
    assert len(tasks) == 1
    homes = {(row["source"], row["source_key"]): row["golden_id"] for row in crosswalk}
    assert homes["erp", "E2"] == homes["crm", "C1"]
    assert {event["subject"] for event in published} == {row["golden_id"] for row in exported}

    hub = open_hub(load_settings(deployment / "mdm.toml"))
    with TestClient(create_app(hub, dev=True, role="api")) as browser:
        query = '{ vendors(filter: {country: {eq: "GB"}}) { nodes { name sources { system key } } } }'
        answer = browser.post("/graphql", json={"query": query}).json()
        console = browser.get("/console").text
    hub.close()

    (vendor,) = answer["data"]["vendors"]["nodes"]
    assert vendor["name"] == "Quarry Lane Stationers Ltd"
    assert {source["system"] for source in vendor["sources"]} == {"crm", "erp"}
    assert "Coper Kettle Catering GmbH" in console


def test_a_steward_joins_two_vendors(deployment: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert run(["steward", "list", "--entity", "vendor", "--json"]) == 0
    (task,) = json.loads(capsys.readouterr().out)

    assert run(["steward", "decide", task["id"], "same", "--reason", "one letter is missing"]) == 0

    capsys.readouterr()
    assert run(["export", "--entity", "vendor", "--format", "jsonl"]) == 0
    names = {json.loads(line)["name"] for line in capsys.readouterr().out.splitlines()}
    assert names == {"Copper Kettle Catering GmbH", "Quarry Lane Stationers Ltd"}
    assert run(["verify"]) == 0
