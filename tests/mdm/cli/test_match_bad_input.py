"""`mdm match` on files that nobody would wish for: what it says and with which exit code it ends."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Mdm = Callable[..., Any]
FIRMS = "id,name,city\n1,Kestrel Foods Ltd,Leeds\n2,Kestrel Foods Limited,Leeds\n3,Linden Optics plc,York\n"


def test_a_file_without_rows_is_refused_in_one_sentence(mdm: Mdm, folder: Path) -> None:
    (folder / "firms.csv").write_text("id,name\n", encoding="utf-8")

    result = mdm("match", "firms.csv", "--out", "out.csv")

    assert result.code == 1
    assert "hold no row" in result.err
    assert not (folder / "out.csv").exists()


def test_one_row_is_a_cluster_of_its_own(mdm: Mdm, folder: Path) -> None:
    (folder / "firms.csv").write_text("id,name\n7,Kestrel Foods Ltd\n", encoding="utf-8")

    assert mdm("match", "firms.csv", "--out", "out.csv", "--entity", "client").code == 0
    assert (folder / "out.csv").read_text(encoding="utf-8").splitlines()[1:] == ["firms.csv,7,1"]


def test_repeated_record_ids_keep_every_row(mdm: Mdm, folder: Path) -> None:
    (folder / "firms.csv").write_text(FIRMS.replace("2,K", "1,K"), encoding="utf-8")

    assert mdm("match", "firms.csv", "--out", "out.csv").code == 0
    assert len((folder / "out.csv").read_text(encoding="utf-8").splitlines()) == 4


@pytest.mark.parametrize("out", ["nowhere/out.csv", "taken.csv"])
def test_an_answer_that_cannot_be_written_fails_in_one_sentence(mdm: Mdm, folder: Path, out: str) -> None:
    (folder / "firms.csv").write_text(FIRMS, encoding="utf-8")
    (folder / "taken.csv").mkdir()

    result = mdm("match", "firms.csv", "--out", out)

    assert result.code == 1
    assert Path(out).name in result.err
    assert "Traceback" not in result.err


def test_a_model_made_for_other_columns_is_refused_with_the_columns_it_wants(mdm: Mdm, folder: Path) -> None:
    (folder / "firms.csv").write_text(FIRMS, encoding="utf-8")
    (folder / "people.csv").write_text("id,given,family\n1,Anna,Smith\n2,Ann,Smith\n", encoding="utf-8")
    mdm("match", "firms.csv", "--out", "out.csv", "--save-model", "firms.json")

    result = mdm("match", "people.csv", "--out", "out.csv", "--model", "firms.json")

    assert result.code == 1
    assert "The model looks at" in result.err


def test_a_truth_left_in_is_warned_of(mdm: Mdm, folder: Path) -> None:
    firms = [f"{a}{b}co Trading" for a in ("Kes", "Lin", "Qua", "Mea", "Fal") for b in ("tre", "den", "rry")]
    rows = [f"{n},{firm},T{n % 15:05d}" for n, firm in enumerate(firms * 2)]
    (folder / "firms.csv").write_text("\n".join(["id,name,entity_code", *rows]) + "\n", encoding="utf-8")

    result = mdm("match", "firms.csv", "--out", "out.csv", "--json")

    assert result.code == 0
    assert "entity_code" in json.loads(result.out)["leaks"]


def test_expected_pairs_and_cost_are_said_before_the_work_and_given_as_data(mdm: Mdm, folder: Path) -> None:
    (folder / "firms.csv").write_text(FIRMS, encoding="utf-8")

    result = mdm("match", "firms.csv", "--out", "out.csv", "--json")

    plan = json.loads(result.out)["plan"]
    assert plan["pairs"] >= 1
    assert {kind["pairs"] for kind in plan["keys"]}
    assert result.err.index("expect at most") < result.err.index("compare ...")


def test_ctrl_c_in_the_middle_leaves_no_answer_and_no_traceback(folder: Path) -> None:
    rows = [f"{n},Firm{n % 997} Trading{n % 89} Ltd,City{n % 31}" for n in range(4_000)]
    (folder / "firms.csv").write_text("\n".join(["id,name,city", *rows]) + "\n", encoding="utf-8")
    # Tests that a shell runs in the background ignore Ctrl-C; the program under test must not.
    program = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
    program += "from mdm.cli import main; main()"
    command = [sys.executable, "-c", program, "match", "firms.csv", "--out", "out.csv"]
    with subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, text=True) as running:
        assert running.stderr is not None
        for line in running.stderr:
            if line.startswith("standardise"):
                running.send_signal(signal.SIGINT)
                break
        rest = running.stderr.read()

    assert running.returncode == 130
    assert "Traceback" not in rest
    assert not (folder / "out.csv").exists()


@pytest.mark.parametrize(
    ("bound", "said"), [("5M", "allow "), ("plenty", "'plenty' is no size of memory; write it like 800M")]
)
def test_a_memory_bound_that_does_not_do_is_refused_with_what_to_do(
    mdm: Mdm, folder: Path, bound: str, said: str
) -> None:
    (folder / "firms.csv").write_text(FIRMS, encoding="utf-8")

    result = mdm("match", "firms.csv", "--out", "out.csv", "--memory", bound)

    assert result.code == 1
    assert "The memory for matching (--memory) does not do: " in result.err
    assert said in result.err
    assert not (folder / "out.csv").exists()
