"""Ours and the peers side by side on every bench set; resumable.

    MDM_BENCH_DATA=FOLDER python matching/benchmarks/bench.py [--quick] [--again] [--results FOLDER] [SET ...]

Each contender runs in a process and an environment of its own and never sees the truth, except that dedupe
gets a hundred answers. Results go to JSON, a table and plots; what has a result already is not run again.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import bench_report
from bench_judging import judged
from bench_sets import columns_of, set_names, write_parted
from contenders import CONTENDERS, Contender, contest, python_of
from figures import say

HERE = Path(__file__).parent
ENVIRONMENTS = HERE / ".environments"
ROOMS = {"hub": HERE.parents[1] / "mdm" / "benchmarks" / "hub_speed.py"}
"""Benchmarks of other rooms that belong to the same run."""
UNMADE = "its environment cannot be made"


def main() -> int:
    """Run what has no result yet, and write the report.

    A peer that fails or takes too long is a result. 1 if ours failed or somebody's environment could not be
    made; that is tried again next time.
    """
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="two small sets, done in a few minutes")
    parser.add_argument("--again", action="store_true", help="run also what has a result")
    parser.add_argument(
        "--only", action="append", metavar="CONTENDER", help="run this one, or the room hub; may be repeated"
    )
    parser.add_argument("--results", type=Path, default=HERE / "results", help="where results are kept")
    parser.add_argument("sets", nargs="*", metavar="SET")
    wanted = parser.parse_args()
    named = os.environ.get("MDM_BENCH_DATA")
    folder = Path(named) if named else None
    wanted.results.mkdir(parents=True, exist_ok=True)
    rooms_alone = wanted.only and ROOMS.keys() >= set(wanted.only)
    unmade = False
    for name in [] if rooms_alone else wanted.sets or set_names(quick=wanted.quick):
        columns = columns_of(name, folder)
        if columns is None:
            sys.stderr.write(f"{name}: not there; let MDM_BENCH_DATA name the folder of the bench sets.\n")
            continue
        unmade |= contend_on(name, columns, wanted)
    results = kept_results(wanted.results)
    bench_report.write(results, wanted.results)
    failed = unmade or any("failed" in by.get("ours", {}) for by in results.values())
    return int(run_rooms(wanted) or failed)


def contend_on(name: str, columns: dict[str, list[str | None]], wanted: argparse.Namespace) -> bool:
    """Let everybody contend who has no result on a set; whether an environment could not be made."""
    unmade = False
    with tempfile.TemporaryDirectory() as parted:
        given = write_parted(columns, Path(parted))
        for contender in CONTENDERS:
            kept = wanted.results / f"{name}.{contender.name.lower()}.json"
            if wanted.only and contender.name not in wanted.only:
                continue
            if not kept.exists() or wanted.again:
                found = run(contender, name, columns, given)
                if UNMADE in found.get("failed", ""):
                    sys.stderr.write(f"{name}, {contender.name}: {found['failed']}\n")
                    unmade = True
                    continue
                kept.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n", encoding="utf-8")
            say(f"{name}, {contender.name}: {kept.read_text(encoding='utf-8').strip()}")
    return unmade


def run_rooms(wanted: argparse.Namespace) -> bool:
    """Run the benchmarks of other rooms, each resumable by itself; whether one failed."""
    options = [*(["10000"] if wanted.quick else []), *(["--again"] if wanted.again else [])]
    programs = [path for name, path in ROOMS.items() if not wanted.only or name in wanted.only]
    failed = False
    for program in programs:
        failed |= subprocess.run([sys.executable, program, *options], check=False).returncode != 0
    return failed


def run(
    contender: Contender, name: str, columns: dict[str, list[str | None]], given: tuple[Path, Path]
) -> dict[str, Any]:
    """One contender on one set: what it noted and how its answer meets the truth."""
    try:
        python = python_of(contender, ENVIRONMENTS)
    except (subprocess.CalledProcessError, OSError) as exc:
        said = getattr(exc, "stderr", None) or exc
        return {"failed": f"{UNMADE}: {said}"}
    answer = given[0].parent / f"{contender.name.lower()}.npz"
    found: dict[str, Any] = contest(contender, python, name, given, answer)
    if "failed" in found or "no_set_up" in found:
        return found
    return {**found, **judged(name, columns, answer), "rows": len(columns["record_id"])}


def kept_results(folder: Path) -> bench_report.Results:
    """Every result kept so far, sets and contenders in the bench's order."""
    results: bench_report.Results = {}
    for name in dict.fromkeys((*set_names(quick=True), *set_names(quick=False))):
        for contender in CONTENDERS:
            kept = folder / f"{name}.{contender.name.lower()}.json"
            if kept.exists():
                results.setdefault(name, {})[contender.name] = json.loads(kept.read_text(encoding="utf-8"))
    return results


if __name__ == "__main__":
    raise SystemExit(main())
