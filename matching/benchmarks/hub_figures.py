"""What the hub reaches on listed companies: `mdm load` with a mapping, then `mdm crosswalk`.

    MDM_BENCH_DATA=FOLDER python matching/benchmarks/hub_figures.py

Works in a temporary folder on a database of its own, and judges the crosswalk against the set's truth, which
the hub never sees.
"""

from __future__ import annotations

import csv
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from mdm_matching import evaluate

SET = "listed_companies"
MAPPING = """\
entity = "client"
key = "record_id"

[attributes]
name = "name"
city = "city"
region = "region"
industry = "sector"
"""
HIDDEN = ("source", "cluster_id")
ENTITY = ("--entity", "client")


def main() -> int:
    """Print one line of figures; 1 if the set is not there."""
    records = Path(os.environ.get("MDM_BENCH_DATA", "")) / SET / "records.csv"
    if not os.environ.get("MDM_BENCH_DATA") or not records.is_file():
        sys.stderr.write(f"{SET} is not there; let MDM_BENCH_DATA name the folder of the bench sets.\n")
        return 1
    with records.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    with tempfile.TemporaryDirectory() as folder:
        golden = hub_answer(rows, Path(folder))
    labels = [golden[row["source"], row["record_id"]] for row in rows]
    found = evaluate(labels, [row["cluster_id"] for row in rows])
    pairs = f"P {found.precision:.4f}  R {found.recall:.4f}  F1 {found.f1:.4f}"
    sys.stdout.write(f"{SET}: {pairs}  B-cubed F1 {found.bcubed_f1:.4f}\n")
    return 0


def hub_answer(rows: list[dict[str, str]], folder: Path) -> Mapping[tuple[str, str], str]:
    """(source, source key) to golden id, after loading every source."""
    (folder / "mapping.toml").write_text(MAPPING, encoding="utf-8")
    columns = [name for name in rows[0] if name not in HIDDEN]
    for source in dict.fromkeys(row["source"] for row in rows):
        with (folder / f"{source}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, columns, extrasaction="ignore")
            writer.writeheader()
            writer.writerows(row for row in rows if row["source"] == source)
        command(folder, "load", "--source", source, *ENTITY, "--mapping", "mapping.toml", f"{source}.csv")
    answer = command(folder, "crosswalk", *ENTITY, "--format", "csv")
    return {
        (row["source"], row["source_key"]): row["golden_id"] for row in csv.DictReader(answer.splitlines())
    }


def command(folder: Path, *arguments: str) -> str:
    """What one command of the hub prints, run in the folder, on its mdm.db."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MDM_")}
    program = [sys.executable, "-c", "from mdm.cli import main; main()", *arguments]
    done = subprocess.run(program, cwd=folder, env=environment, capture_output=True, text=True, check=True)
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
