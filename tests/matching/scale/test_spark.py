"""Matching on a cluster equals matching on one machine: candidates, model, edges, clusters and cuts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mdm_matching import MatchResult, match
from mdm_matching.errors import RecordNameError

# PySpark and pyarrow warn of their own future; Spark's workers may take minutes on a busy machine.
pytestmark = [pytest.mark.filterwarnings("default"), pytest.mark.timeout(900), pytest.mark.slow]

KEYS = ("source", "record_id", "cluster_id")
Columns = dict[str, list[str | None]]


def generated(kind: str, rows: int) -> Columns:
    """Records with a fifth of duplicates, some of them equal to the letter, and one phone for many."""
    from generator import generate

    columns = {name: list(values) for name, values in generate(kind, rows).items() if name not in KEYS}
    for name, values in columns.items():
        values[-3:] = values[:1] * 3
        if name == "phone":
            values[10:60] = ["030 123456"] * 50
    return columns


def names_of(here: MatchResult) -> list[str]:
    return [f"{row:06d}" for row in range(len(here.labels))]


def frame_of(session: Any, columns: Columns) -> Any:
    import pyarrow as pa

    rows = len(next(iter(columns.values())))
    texts = {name: pa.array(values, pa.string()) for name, values in columns.items()}
    return session.createDataFrame(pa.table({"id": [f"{row:06d}" for row in range(rows)], **texts}))


def rows_of(frame: Any) -> list[tuple[Any, ...]]:
    return sorted(zip(*(column.to_pylist() for column in frame.toArrow().columns), strict=True))


def assert_the_same(there: Any, here: MatchResult) -> None:
    names = names_of(here)
    assert there.candidates == len(here.pairs.left)
    assert there.model.to_json() == here.model.to_json()
    strong = here.pairs.weight >= here.model.review_threshold
    kept = zip(here.pairs.left[strong], here.pairs.right[strong], here.pairs.weight[strong], strict=True)
    expected = [(names[left], names[right], float(weight)) for left, right, weight in kept]
    assert rows_of(there.edges) == sorted(expected)
    clusters: dict[int, list[str]] = {}
    for name, label in zip(names, here.labels.tolist(), strict=True):
        clusters.setdefault(label, []).append(name)
    together = [(name, group[0]) for group in clusters.values() if len(group) > 1 for name in group]
    assert rows_of(there.clusters) == sorted(together)
    ends = [sorted((names[cut.left], names[cut.right])) for cut in here.cuts]
    cuts = [(*both, cut.weight, cut.cause.value) for both, cut in zip(ends, here.cuts, strict=True)]
    found = [(*sorted(row[:2]), *row[2:]) for row in rows_of(there.cuts)]
    assert sorted(found) == sorted(cuts)


@pytest.mark.parametrize(
    ("kind", "rows"),
    [
        pytest.param("people", 4_000, id="commoner keys no longer pay, a phone is junk"),
        pytest.param("projects", 600, id="words are weighed by their rarity"),
    ],
)
def test_training_and_matching_on_a_cluster_are_those_of_one_machine_bit_for_bit(
    session: Any, tmp_path: Path, kind: str, rows: int
) -> None:
    from mdm_matching.scale import match_on

    columns = generated(kind, rows)
    here = match(columns)

    there = match_on(frame_of(session, columns), "id", scratch=str(tmp_path))

    assert here.plan.pairs > len(here.pairs.left)
    assert_the_same(there, here)


def test_a_given_model_is_used_as_it_is_and_nothing_needs_a_scratch_folder(session: Any) -> None:
    from mdm_matching.scale import match_on

    columns = generated("orgs", 300)
    model = match(columns).model
    steps: list[str] = []

    there = match_on(frame_of(session, columns), "id", model=model, progress=steps.append)

    assert_the_same(there, match(columns, model=model))
    assert steps[:2] == ["standardise", "block"]
    assert "train" not in steps


def test_records_without_a_name_of_their_own_are_refused(session: Any) -> None:
    from mdm_matching.scale import match_on

    frame = session.createDataFrame(
        [("1", "anna"), ("1", "bert"), (None, "carl")], "id string, given_name string"
    )
    model = match({"given_name": ["anna", "bert", "carl"]}).model

    with pytest.raises(RecordNameError, match="'id' leaves 1 records unnamed and gives 2 a name"):
        match_on(frame, "id", model=model)
