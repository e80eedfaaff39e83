"""The commands that read take a moment and answer as they would have then."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mdm.cli.program import run


def test_the_reading_commands_answer_for_a_past_moment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def mdm(*arguments: str) -> str:
        assert run(arguments) == 0
        return capsys.readouterr().out

    monkeypatch.chdir(tmp_path)
    file = tmp_path / "clients.csv"
    file.write_text("id,name,city\n1,Harbour Pine plc,Bristol\n")
    mdm("load", "--source", "crm", "--entity", "client", str(file))
    file.write_text("id,name,city\n3,Harbour Pine plc,York\n")
    mdm("load", "--source", "erp", "--entity", "client", str(file))
    then = datetime.now(UTC).isoformat()
    waiting = json.loads(mdm("steward", "list", "--json"))
    task = waiting[0]["id"]
    shown = mdm("steward", "show", task)
    scored = mdm("explain", "crm:1", "erp:3", "--json")
    mdm("steward", "decide", waiting[0]["id"], "distinct")
    file.write_text("id,name,city\n1,Harbour Pine plc,Bath\n2,Kestrel Foods GmbH,Bonn\n")
    mdm("load", "--source", "crm", "--entity", "client", str(file))

    crosswalk = mdm("crosswalk", "--entity", "client", "--at", then).splitlines()
    golden_id = crosswalk[1].split(",")[2]
    exported = [
        json.loads(line)
        for line in mdm("export", "--entity", "client", "--format", "jsonl", "--at", then).splitlines()
    ]
    value = json.loads(mdm("explain", f"{golden_id}.city", "--at", then, "--json"))

    assert len(crosswalk) == 3
    assert {row["golden_id"]: row["city"] for row in exported}[golden_id] == "Bristol"
    assert {row["city"] for row in exported} == {"Bristol", "York"}
    assert json.loads(mdm("steward", "list", "--at", then, "--json")) == waiting
    assert "said distinct" in mdm("steward", "list")
    assert mdm("steward", "show", task, "--at", then) == shown
    assert mdm("steward", "show", task) != shown
    assert mdm("explain", "crm:1", "erp:3", "--json") != scored
    assert mdm("explain", "crm:1", "erp:3", "--json", "--at", then) == scored
    assert value["value"] == "Bristol"
    assert "version 1)" in mdm("lineage", golden_id, "--at", then)
    assert "version 2)" in mdm("lineage", golden_id)
    assert run(["crosswalk", "--entity", "client", "--at", "noon"]) == 2
