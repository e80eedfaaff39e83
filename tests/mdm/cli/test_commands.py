from __future__ import annotations

import csv
import io
import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from mdm.cli.program import COMMANDS
from mdm.export import harmless

Mdm = Callable[..., Any]
LOAD = ("load", "--source", "crm", "--entity", "client")


@pytest.fixture
def loaded(mdm: Mdm, folder: Path) -> Mdm:
    (folder / "a.csv").write_text("id,name,country,parent\n1,Acme,DE,\n2,=1+1,DE,1\n")
    assert mdm(*LOAD, "a.csv").code == 0
    return mdm


@pytest.mark.parametrize("command", [name for name, _, _ in COMMANDS])
def test_every_command_shows_an_example(mdm: Mdm, command: str) -> None:
    shown = mdm(command, "--help")

    assert shown.code == 0
    assert f"Example: mdm {command}" in shown.out


SUBCOMMANDS = ("steward list", "steward show", "steward decide", "quarantine list", "quarantine replay")


@pytest.mark.parametrize("command", SUBCOMMANDS)
def test_every_subcommand_shows_an_example(mdm: Mdm, command: str) -> None:
    assert f"Example: mdm {command}" in mdm(*command.split(), "--help").out


def test_without_a_command_the_help_is_shown(mdm: Mdm) -> None:
    shown = mdm()

    assert shown.code == 2
    assert "crosswalk" in shown.err


def test_the_version_is_said(mdm: Mdm) -> None:
    assert mdm("--version").out.startswith("mdm-hub ")


def test_a_load_can_be_read_by_a_program(mdm: Mdm, folder: Path) -> None:
    (folder / "a.csv").write_text("id,name\n1,Acme\n,Nobody\n")

    done = mdm(*LOAD, "a.csv", "--json")

    document = json.loads(done.out)
    assert done.code == 3
    assert (document["counts"]["new"], document["golden"]["created"]) == (1, 1)
    assert document["quarantined"] == [
        {"file": "a.csv", "row": 3, "column": "id", "reason": "the row has no id in 'id'"}
    ]


def test_a_dry_run_does_not_even_create_a_database(mdm: Mdm, folder: Path) -> None:
    (folder / "mdm.db").unlink()
    (folder / "a.csv").write_text("id,name\n1,Acme\n")

    done = mdm(*LOAD, "a.csv", "--dry-run")

    assert (done.code, done.out) == (0, "Would load 1 row: 1 new.\nNothing was written.\n")
    assert sorted(path.name for path in folder.iterdir()) == ["a.csv"]


def test_a_load_names_the_local_user_as_author(
    mdm: Mdm, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("getpass.getuser", lambda: "anna")
    (folder / "a.csv").write_text("id,name\n1,Acme\n")
    mdm(*LOAD, "a.csv")

    with sqlite3.connect(folder / "mdm.db") as database:
        authors = database.execute("SELECT DISTINCT author FROM event").fetchall()
    database.close()
    assert authors == [("anna",)]


def test_the_configuration_names_the_database(mdm: Mdm, folder: Path) -> None:
    (folder / "other.toml").write_text(f'database_url = "sqlite:///{(folder / "other.db").as_posix()}"\n')
    (folder / "a.csv").write_text("id,name\n1,Acme\n")

    assert mdm(*LOAD, "a.csv", "--config", "other.toml").code == 0
    assert (folder / "other.db").exists()
    assert len(mdm("crosswalk", "--entity", "client").out.splitlines()) == 1


def test_the_first_command_creates_the_database(mdm: Mdm, folder: Path) -> None:
    (folder / "mdm.db").unlink()

    assert mdm("crosswalk", "--entity", "client").out == "source,source_key,golden_id\n"
    assert (folder / "mdm.db").exists()


def test_the_crosswalk_has_every_live_source_record(loaded: Mdm) -> None:
    rows = list(csv.reader(io.StringIO(loaded("crosswalk", "--entity", "client", "--format", "csv").out)))

    assert rows[0] == ["source", "source_key", "golden_id"]
    assert [row[:2] for row in rows[1:]] == [["crm", "1"], ["crm", "2"]]


def test_the_crosswalk_leaves_deleted_records_out(loaded: Mdm, folder: Path) -> None:
    (folder / "b.csv").write_text("id,deleted\n1,true\n")
    loaded(*LOAD, "b.csv")

    assert [line.split(",")[1] for line in loaded("crosswalk", "--entity", "client").out.splitlines()] == [
        "source_key",
        "2",
    ]


@pytest.mark.parametrize("format", ["csv", "jsonl", "parquet"])
def test_an_export_has_golden_id_attributes_and_state(loaded: Mdm, folder: Path, format: str) -> None:
    done = loaded("export", "--entity", "client", "--format", format, "--out", f"out.{format}", "--raw")

    assert (done.code, done.err) == (0, f"2 rows written to out.{format}.\n")
    table = duckdb.sql(f"SELECT * FROM '{(folder / f'out.{format}').as_posix()}'")
    assert (table.columns[:2], table.columns[-1]) == (["golden_id", "name"], "state")
    names = table.order("name").project("name, state").fetchall()
    assert names == [("=1+1", "active"), ("Acme", "active")]


def test_an_export_leads_references_to_golden_ids(loaded: Mdm) -> None:
    rows = [
        json.loads(line)
        for line in loaded("export", "--entity", "client", "--format", "jsonl").out.splitlines()
    ]
    by_name = {row["name"]: row for row in rows}

    assert by_name["=1+1"]["parent"] == by_name["Acme"]["golden_id"]


def test_an_export_holds_no_formula_unless_asked(loaded: Mdm) -> None:
    assert ",'=1+1," in loaded("export", "--entity", "client").out
    assert ",=1+1," in loaded("export", "--entity", "client", "--raw").out


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("=1+1", "'=1+1"), ("+1-1", "'+1-1"), ("-2+3", "'-2+3"), ("@SUM(A1)", "'@SUM(A1)"), ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"), ("  =1", "'  =1"), ("＝1", "'＝1"), ("|cmd", "'|cmd"),
        ("-5", "-5"), ("+4930123", "+4930123"), ("-1.5", "-1.5"), ("a=b", "a=b"), ("", ""), ("Acme", "Acme"),
    ],
)  # fmt: skip
def test_what_a_spreadsheet_could_run_gets_an_apostrophe(text: str, expected: str) -> None:
    assert harmless(text) == expected


def test_rows_in_quarantine_are_listed_and_settled(mdm: Mdm, folder: Path) -> None:
    text = 'entity = "project"\nkey = "id"\n[attributes]\nname = "name"\nstart_date = "start"\n'
    (folder / "m.toml").write_text(text)
    (folder / "a.csv").write_text("id,name,start\n1,Alpha,31/03/2026\n")
    load = ("load", "--source", "psa", "--entity", "project", "a.csv", "--mapping", "m.toml")
    assert mdm(*load).code == 3
    assert mdm("quarantine", "replay").code == 3
    (folder / "m.toml").write_text(f'date_formats = ["%d/%m/%Y"]\n{text}')

    listed = json.loads(mdm("quarantine", "list", "--json").out)
    replayed = mdm("quarantine", "replay")

    assert [(row["file"], row["row"], row["values"]["id"]) for row in listed] == [("a.csv", 2, "1")]
    assert (replayed.code, replayed.out) == (0, "Settled 1 row, 0 overtaken, 0 still wait.\n")
    assert mdm("quarantine", "list").out == "Nothing is in quarantine.\n"


def test_derived_state_is_resolved_replayed_and_verified(loaded: Mdm) -> None:
    before = loaded("crosswalk", "--entity", "client").out

    assert loaded("resolve").code == 0
    assert loaded("replay").code == 0
    assert loaded("verify").code == 0
    assert loaded("crosswalk", "--entity", "client").out == before


def test_a_broken_invariant_is_exit_code_one(loaded: Mdm, folder: Path) -> None:
    with sqlite3.connect(folder / "mdm.db") as database:
        database.execute("DELETE FROM membership WHERE record_id = 1")
    database.close()

    failed = loaded("verify")

    assert failed.code == 1
    assert "FAILED  Every live source record belongs to exactly one golden record" in failed.out
    assert any(check["failures"] for check in json.loads(loaded("verify", "--json").out))


def test_a_value_and_a_pair_are_explained(loaded: Mdm) -> None:
    golden = loaded("crosswalk", "--entity", "client").out.splitlines()[1].split(",")[2]

    value = loaded("explain", f"{golden}.name")
    pair = loaded("explain", "crm:1", "crm:2", "--json")

    assert value.out.startswith(f"{golden}.name = Acme\n  chosen by prefer(erp, clm, crm) from crm:1")
    assert "name" in [reason["column"] for reason in json.loads(pair.out)["reasons"]]


@pytest.mark.parametrize("ending", ["svg", "png", "graphml", "json"])
def test_a_lineage_is_drawn(loaded: Mdm, folder: Path, ending: str) -> None:
    golden = loaded("crosswalk", "--entity", "client").out.splitlines()[1].split(",")[2]

    assert "from crm" in loaded("lineage", golden).out
    assert loaded("lineage", golden, "--out", f"l.{ending}").code == 0
    assert (folder / f"l.{ending}").stat().st_size > 100


def test_publication_to_an_unknown_target_is_wrong_usage(loaded: Mdm) -> None:
    assert loaded("publish", "nowhere").code == 2


def test_a_publication_delivers_to_a_file_target(mdm: Mdm, folder: Path) -> None:
    (folder / "mdm.toml").write_text('[targets.warehouse]\nkind = "file"\npath = "out"\n')
    (folder / "a.csv").write_text("id,name\n1,Acme\n")
    mdm(*LOAD, "a.csv")

    rehearsed = mdm("publish", "warehouse", "--dry-run")
    done = mdm("publish", "warehouse")

    assert "1 client" in rehearsed.out
    assert (done.code, done.out) == (0, "1 golden record delivered to warehouse.\n")
    assert mdm("publish", "warehouse").out == "0 golden records delivered to warehouse.\n"
