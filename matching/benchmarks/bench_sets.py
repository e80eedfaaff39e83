"""The bench sets: those of a folder, and those that the project's own generator makes."""

from __future__ import annotations

import csv
from pathlib import Path

from figures import SETS, records
from generator import generate

Columns = dict[str, list[str | None]]
# Generated: kind and rows.
GENERATED = {
    "people_2k": ("people", 2_000),
    "people_10k": ("people", 10_000),
    "orgs_10k": ("orgs", 10_000),
    "projects_10k": ("projects", 10_000),
    "costcenters_10k": ("costcenters", 10_000),
    "people_100k": ("people", 100_000),
    "orgs_100k": ("orgs", 100_000),
}
QUICK = ("fake_1000", "people_2k")


def set_names(*, quick: bool) -> tuple[str, ...]:
    """Every set by name, the small ones first; a few of them if it must be quick."""
    own = tuple(name for name in SETS if not name.startswith("synth_"))
    return QUICK if quick else (*own, *GENERATED)


def columns_of(name: str, folder: Path | None) -> Columns | None:
    """The columns of a set, truth included; None if it is not there."""
    if name in GENERATED:
        kind, rows = GENERATED[name]
        return generate(kind, rows)
    if folder is None or not any((folder / name / f"records.{end}").exists() for end in ("csv", "parquet")):
        return None
    return records(folder / name)


def write_parted(columns: Columns, folder: Path) -> tuple[Path, Path]:
    """Records without the truth as CSV, and the truth as one line per record."""
    folder.mkdir(parents=True, exist_ok=True)
    names = [name for name in columns if name != "cluster_id"]
    evidence, truth = folder / "records.csv", folder / "truth.txt"
    with evidence.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(names)
        writer.writerows(zip(*([value or "" for value in columns[name]] for name in names), strict=True))
    truth.write_text("".join(f"{value or ''}\n" for value in columns["cluster_id"]), encoding="utf-8")
    return evidence, truth
