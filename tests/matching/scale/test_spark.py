"""Matching on a cluster equals matching on one machine; skipped by name without Sail or PySpark."""

from __future__ import annotations

import os
import random
import shutil
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from mdm_matching import match

ROOM = Path(__file__).parents[3] / "matching"


def people(count: int) -> dict[str, list[str | None]]:
    draw = random.Random(5)
    rows = []
    for number in range(count):
        given, family = (
            draw.choice(["Anna", "Boris", "Carla", "David"]),
            draw.choice(["Ek", "Brandt", "Costa"]),
        )
        born = f"19{draw.randint(50, 99)}-{draw.randint(1, 12):02d}-{draw.randint(1, 28):02d}"
        rows.append((given, family, born, f"{given}{number}@{family}.example".lower(), "030 123456"))
        if number % 4 == 0:
            rows.append((given[:-1], family, born, rows[-1][3] if number % 8 else None, "030 123456"))
    names = ("given_name", "family_name", "birth_date", "email", "phone")
    return {name: [row[place] for row in rows] for place, name in enumerate(names)}


@pytest.fixture(params=["sail", "spark"])
def session(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[object]:
    monkeypatch.setenv("PYTHONPATH", str(ROOM))
    monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)
    if request.param == "sail":
        if not find_spec("pysail"):
            pytest.skip("Sail (pysail 0.7.2 with pyspark-client 4.2.0) is not installed")
        from pysail.spark import SparkConnectServer
        from pyspark.sql import SparkSession

        server = SparkConnectServer()
        server.start()
        made = SparkSession.builder.remote(f"sc://localhost:{server.listening_address[1]}").getOrCreate()
    else:
        if not find_spec("pyspark") or not find_spec("py4j") or not shutil.which("java"):
            pytest.skip("PySpark with Java is not installed")
        from pyspark.sql import SparkSession

        local = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
        local = local.config("spark.driver.host", "127.0.0.1").config("spark.driver.bindAddress", "127.0.0.1")
        made = local.config("spark.sql.shuffle.partitions", "2").getOrCreate()
    yield made
    made.stop()


@pytest.mark.filterwarnings("default")
@pytest.mark.timeout(600)
def test_edges_and_clusters_on_a_cluster_are_those_of_one_machine_bit_for_bit(session: object) -> None:
    from mdm_matching.scale import match_on

    columns = people(160)
    model = match(columns).model
    here = match(columns, model=model)
    ids = [f"{row:06d}" for row in range(len(here.labels))]
    rows = list(zip(ids, *columns.values(), strict=True))
    frame = session.createDataFrame(rows, ", ".join(f"{name} string" for name in ("id", *columns)))

    there = match_on(frame, model, "id")

    strong = here.pairs.weight >= model.review_threshold
    kept = zip(here.pairs.left[strong], here.pairs.right[strong], here.pairs.weight[strong], strict=True)
    assert list(there.edges) == sorted((ids[left], ids[right], float(weight)) for left, right, weight in kept)
    groups: dict[str, set[str]] = {}
    for name, cluster in there.clusters.items():
        groups.setdefault(cluster, set()).add(name)
    expected: dict[int, set[str]] = {}
    for name, label in zip(ids, here.labels.tolist(), strict=True):
        expected.setdefault(label, set()).add(name)
    found = {frozenset(group) for group in groups.values()}
    assert found == {frozenset(group) for group in expected.values() if len(group) > 1}
    assert os.environ["PYSPARK_PYTHON"] == sys.executable
