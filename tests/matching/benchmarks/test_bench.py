"""The bench's report comes from its results, and a run takes up where the last one stopped."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[3] / "matching" / "benchmarks"))

import bench
import bench_report
from contenders import CONTENDERS

RESULTS = Path(bench.__file__).parent / "results"
FOUND = {"precision": 0.5, "recall": 0.25, "f1": 1 / 3, "bcubed_f1": 0.4, "cpu_seconds": 1.5, "peak_mb": 90}


def test_the_table_in_the_readme_is_that_of_the_results() -> None:
    readme = bench_report.README.read_text(encoding="utf-8")
    shown = readme.partition(bench_report.BEGIN)[2].partition(bench_report.END)[0]

    assert shown == bench_report.table(bench.kept_results(RESULTS))
    assert shown == (RESULTS / "table.md").read_text(encoding="utf-8")


def test_the_plots_are_those_of_the_results() -> None:
    results = bench.kept_results(RESULTS)

    for figure, title, unit in bench_report.PLOTS:
        drawn = bench_report.plot(results, figure, title, unit)
        assert (RESULTS / f"{figure}.svg").read_text(encoding="utf-8") == drawn, figure


def test_every_kept_result_is_of_a_set_and_a_contender_that_take_part() -> None:
    named = {(name, by) for name, found in bench.kept_results(RESULTS).items() for by in found}

    assert len(named) == len(list(RESULTS.glob("*.*.json")))


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """The contenders that were run, in order; nobody really runs, and the README stays as it is."""
    ran: list[str] = []

    def run(contender: Any, name: str, columns: Any, given: Any) -> dict[str, Any]:
        ran.append(contender.name)
        return {"failed": "not done after 900 s"} if contender.name == "dedupe" else dict(FOUND)

    (tmp_path / "README.md").write_text("nothing", encoding="utf-8")
    monkeypatch.setattr(bench, "run", run)
    monkeypatch.setattr(bench, "ROOMS", {})
    monkeypatch.setattr(bench_report, "README", tmp_path / "README.md")
    monkeypatch.delenv("MDM_BENCH_DATA", raising=False)
    return ran


def ran_with(monkeypatch: pytest.MonkeyPatch, folder: Path, *words: str) -> int:
    monkeypatch.setattr(sys, "argv", ["bench.py", "--results", str(folder), *words])
    return bench.main()


def test_a_run_takes_up_where_the_last_one_stopped_and_names_a_missing_set(
    asked: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    everybody = [contender.name for contender in CONTENDERS]
    results = tmp_path / "results"

    assert ran_with(monkeypatch, results, "--quick") == 0
    assert asked == everybody  # on the generated set; the other one is not there
    assert "fake_1000: not there; let MDM_BENCH_DATA name the folder" in capsys.readouterr().err
    (results / "people_2k.splink.json").unlink()
    assert ran_with(monkeypatch, results, "--quick") == 0

    assert asked == [*everybody, "Splink"]
    kept = json.loads((results / "people_2k.ours.json").read_text(encoding="utf-8"))
    assert kept == FOUND
    assert "| people_2k | dedupe | not done after 900 s |" in (results / "table.md").read_text(
        encoding="utf-8"
    )


def test_an_environment_that_could_not_be_made_is_tried_again(
    asked: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(bench, "run", lambda *_: {"failed": "its environment cannot be made: offline"})

    assert ran_with(monkeypatch, tmp_path / "results", "--only", "Splink", "people_2k") == 1
    assert list((tmp_path / "results").glob("*.json")) == []


def test_our_own_failure_fails_the_run(
    asked: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(bench, "run", lambda *_: {"failed": "exit code 1"})

    assert ran_with(monkeypatch, tmp_path / "results", "--only", "ours", "people_2k") == 1
