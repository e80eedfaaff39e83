from __future__ import annotations

import csv
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

Mdm = Callable[..., Any]
TRADES = [
    "Analytics",
    "Logistics",
    "Foods",
    "Textiles",
    "Robotics",
    "Optics",
    "Paper",
    "Steel",
    "Tools",
    "Marine",
]
NAMES = [
    "Harbour",
    "Kestrel",
    "Linden",
    "Quarry",
    "Meadow",
    "Falcon",
    "Orchard",
    "Granite",
    "Willow",
    "Cobalt",
    "Summit",
    "Juniper",
]
CITIES = ["Bristol", "Leeds", "York", "Bath", "Derby", "Exeter"]


def write_firms(folder: Path) -> list[dict[str, str]]:
    """Two systems' lists of the same 60 firms, the second with another spelling of the legal form."""
    chance = random.Random(7)
    firms = [f"{name} {trade}" for name in NAMES for trade in TRADES[:5]]
    rows = []
    for number, firm in enumerate(firms):
        city = chance.choice(CITIES)
        for source, form in (("crm", "Ltd"), ("erp", "Limited")):
            key = f"{source}-{number}"
            rows.append(
                {"source": source, "record_id": key, "truth": firm, "name": f"{firm} {form}", "city": city}
            )
    chance.shuffle(rows)
    _write(folder / "firms.csv", rows)
    return rows


def _write(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def answer(path: Path) -> dict[tuple[str, str], str]:
    with path.open(newline="") as stream:
        return {(row["source"], row["record_id"]): row["cluster_id"] for row in csv.DictReader(stream)}


def groups(path: Path) -> set[frozenset[tuple[str, str]]]:
    clusters: dict[str, set[tuple[str, str]]] = {}
    for key, cluster in answer(path).items():
        clusters.setdefault(cluster, set()).add(key)
    return {frozenset(group) for group in clusters.values()}


def test_files_are_matched_without_configuration(mdm: Mdm, folder: Path) -> None:
    write_firms(folder)

    done = mdm("match", "firms.csv", "--out", "out.csv", "--evaluate", "truth", "--json")

    document = json.loads(done.out)
    assert done.code == 0
    assert (document["rows"], len(answer(folder / "out.csv"))) == (120, 120)
    assert set(document["inferred"]) == {"name", "city"}
    assert document["figures"]["across"]["precision"] > 0.9


def test_what_was_inferred_is_said_with_its_reason(mdm: Mdm, folder: Path) -> None:
    write_firms(folder)

    said = mdm("match", "firms.csv", "--out", "out.csv", "--evaluate", "truth").out

    assert "name: organisation_name (" in said
    assert "B-cubed: precision" in said


def test_neither_keys_nor_truth_nor_the_rows_order_are_evidence(mdm: Mdm, folder: Path) -> None:
    rows = write_firms(folder)
    mdm("match", "firms.csv", "--out", "out.csv", "--evaluate", "truth")
    before = answer(folder / "out.csv")
    for number, row in enumerate(rows):
        row["truth"] = str(number % 7)
    _write(folder / "firms.csv", rows[::-1])

    mdm("match", "firms.csv", "--out", "out.csv", "--evaluate", "truth")

    assert answer(folder / "out.csv") == before


def test_an_earlier_answer_is_no_evidence(mdm: Mdm, folder: Path) -> None:
    rows = write_firms(folder)
    mdm("match", "firms.csv", "--out", "out.csv", "--evaluate", "truth")
    before = answer(folder / "out.csv")
    _write(folder / "firms.csv", [{**row, "cluster_id": "1"} for row in rows])

    mdm("match", "firms.csv", "--out", "out.csv", "--evaluate", "truth")

    assert answer(folder / "out.csv") == before


def test_a_saved_model_gives_the_same_answer(mdm: Mdm, folder: Path) -> None:
    write_firms(folder)
    mdm("match", "firms.csv", "--out", "one.csv", "--evaluate", "truth", "--save-model", "m.json")

    done = mdm("match", "firms.csv", "--out", "two.csv", "--evaluate", "truth", "--model", "m.json")

    assert done.code == 0
    assert groups(folder / "one.csv") == groups(folder / "two.csv")
    assert (
        mdm("match", "firms.csv", "--out", "x.csv", "--model", "m.json", "--save-model", "n.json").code == 2
    )


def test_a_model_that_is_none_is_refused(mdm: Mdm, folder: Path) -> None:
    write_firms(folder)
    (folder / "m.json").write_text("{}")

    failed = mdm("match", "firms.csv", "--out", "out.csv", "--model", "m.json")

    assert failed.code == 1
    assert "m.json is not a model document" in failed.sentence
    assert not (folder / "out.csv").exists()


def test_an_entity_type_gives_the_semantic_types(mdm: Mdm, folder: Path) -> None:
    write_firms(folder)

    assert mdm("match", "firms.csv", "--out", "out.csv", "--entity", "client").code == 0
    failed = mdm("match", "firms.csv", "--out", "out.csv", "--entity", "rate")
    assert (failed.code, "None of the columns" in failed.sentence) == (1, True)


def test_several_files_without_keys_get_the_files_name_and_the_rows_number(mdm: Mdm, folder: Path) -> None:
    (folder / "a.csv").write_text("name,city\nHarbour Ltd,Bristol\nKestrel Ltd,Leeds\n")
    (folder / "b.csv").write_text("id,name\n17,Harbour Limited\n")

    assert mdm("match", "a.csv", "b.csv", "--out", "out.csv").code == 0
    assert set(answer(folder / "out.csv")) == {("a.csv", "1"), ("a.csv", "2"), ("b.csv", "17")}


@pytest.mark.parametrize("ending", ["parquet", "csv", "jsonl"])
def test_pairs_are_written_with_weight_and_probability(mdm: Mdm, folder: Path, ending: str) -> None:
    write_firms(folder)

    mdm("match", "firms.csv", "--out", f"out.{ending}", "--pairs", f"pairs.{ending}", "--evaluate", "truth")

    pairs = duckdb.sql(f"SELECT * FROM '{(folder / f'pairs.{ending}').as_posix()}'")
    columns = ["left_source", "left_record_id", "right_source", "right_record_id", "weight", "probability"]
    assert pairs.columns == columns
    assert pairs.filter("probability NOT BETWEEN 0 AND 1").fetchall() == []
    assert pairs.limit(1).fetchall()
    assert duckdb.sql(f"SELECT * FROM '{(folder / f'out.{ending}').as_posix()}'").columns[2] == "cluster_id"


def test_rows_that_cannot_be_read_are_said_and_left_out(mdm: Mdm, folder: Path) -> None:
    (folder / "a.csv").write_text("id,name,city\n1,Harbour Ltd,Bristol\n2,Kestrel\n3,Linden Ltd,York\n")

    done = mdm("match", "a.csv", "--out", "out.csv")

    assert done.code == 3
    assert "Left out: a.csv row 3: the row has 2 cells, the header has 3" in done.err
    assert set(answer(folder / "out.csv")) == {("a.csv", "1"), ("a.csv", "3")}


JUDGED = ["left_source", "left_record_id", "right_source", "right_record_id", "verdict"]


def test_judged_pairs_bind_and_part_their_rows(mdm: Mdm, folder: Path) -> None:
    write_firms(folder)
    verdicts = [
        ("crm", "crm-0", "erp", "erp-0", "distinct"),
        ("crm", "crm-1", "erp", "erp-2", "Same"),
        ("crm", "crm-3", "erp", "erp-3", "unsure"),
    ]
    _write(folder / "judged.csv", [dict(zip(JUDGED, row, strict=True)) for row in verdicts])

    done = mdm("match", "firms.csv", "--out", "out.csv", "--evaluate", "truth", "--labels", "judged.csv")

    found = answer(folder / "out.csv")
    assert done.code == 0
    assert found["crm", "crm-0"] != found["erp", "erp-0"]
    assert found["crm", "crm-1"] == found["erp", "erp-2"]
    assert found["crm", "crm-3"] == found["erp", "erp-3"]


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (("crm", "crm-0", "erp", "nobody", "same"), "row 2: no row has the source 'erp'"),
        (("crm", "crm-0", "erp", "erp-0", "maybe"), "row 2: the verdict is 'maybe'"),
        (("crm", "crm-0", "crm", "crm-0", "same"), "judged against itself"),
    ],
)
def test_a_judged_pair_that_cannot_be_used_is_named(
    mdm: Mdm, folder: Path, row: tuple[str, ...], sentence: str
) -> None:
    write_firms(folder)
    _write(folder / "judged.csv", [dict(zip(JUDGED, row, strict=True))])

    failed = mdm("match", "firms.csv", "--out", "out.csv", "--labels", "judged.csv")

    assert (failed.code, sentence in failed.sentence) == (1, True)
    assert not (folder / "out.csv").exists()


def test_judged_pairs_without_a_verdict_column_are_refused(mdm: Mdm, folder: Path) -> None:
    write_firms(folder)
    _write(folder / "judged.csv", [dict.fromkeys(JUDGED[:4], "x")])

    failed = mdm("match", "firms.csv", "--out", "out.csv", "--labels", "judged.csv")

    assert (failed.code, "lacks the column verdict" in failed.sentence) == (1, True)


def test_a_report_is_one_page_that_needs_nothing_from_elsewhere(mdm: Mdm, folder: Path) -> None:
    rows = write_firms(folder)
    _write(folder / "firms.csv", [{**row, "note": "<b>&"} for row in rows])

    done = mdm("match", "firms.csv", "--out", "out.csv", "--evaluate", "truth", "--report", "report.html")

    page = (folder / "report.html").read_text(encoding="utf-8")
    assert done.code == 0
    assert page.count("<svg") >= 7
    assert "organisation name" in page
    assert "src=" not in page
    assert "href=" not in page
    assert "<b>&" not in page


def test_a_report_without_a_truth_leaves_the_figures_out(mdm: Mdm, folder: Path) -> None:
    (folder / "a.csv").write_text(
        "name,city\nHarbour Ltd,Bristol\nHarbour Limited,Bristol\nKestrel Ltd,Leeds\n"
    )

    assert mdm("match", "a.csv", "--out", "out.csv", "--report", "report.html").code == 0
    assert "Against the truth" not in (folder / "report.html").read_text(encoding="utf-8")
