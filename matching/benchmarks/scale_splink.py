"""What Splink costs on Spark, beside `scale_out.py`: the same people, the same two local cores.

    python matching/benchmarks/scale_splink.py 10000 20000 40000

It needs `pip install splink==5.0.0 'pyspark==4.0.*' 'pandas<3' pyarrow duckdb` and Java. Comparisons, block
rules and training are those of `peers/splink_peer.py`; every scored pair and the clusters are written.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from generator import generate
from scale_engines import Meter

sys.path.insert(0, str(Path(__file__).parent / "peers"))


def main() -> int:
    """Print a line of JSON per size."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--memory", default="3g", help="memory of Spark")
    parser.add_argument("rows", type=int, nargs="*", default=[10_000, 20_000, 40_000])
    wanted = parser.parse_args()
    logging.getLogger("splink").setLevel(logging.ERROR)
    spark = started(wanted.memory)
    for rows in (300, *wanted.rows):
        figures = measured(spark, rows) | {"engine": "splink on spark", "load": round(os.getloadavg()[0], 1)}
        if rows > 300:  # before, whatever is made once is made
            sys.stdout.write(json.dumps(figures) + "\n")
            sys.stdout.flush()
    spark.stop()
    return 0


def started(memory: str) -> Any:
    """A session on two local cores with Splink's own comparisons."""
    from pyspark.sql import SparkSession  # pyright: ignore[reportMissingImports]
    from splink.backends.spark import similarity_jar_location  # pyright: ignore[reportMissingImports]

    made = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    for name in ("spark.driver.host", "spark.driver.bindAddress"):
        made = made.config(name, "127.0.0.1")
    made = made.config("spark.jars", similarity_jar_location()).config("spark.driver.memory", memory)
    return made.config("spark.sql.shuffle.partitions", "4").getOrCreate()


def measured(spark: Any, rows: int) -> dict[str, Any]:
    """One size: what it took, by step."""
    import pyarrow as pa  # pyright: ignore[reportMissingImports]
    import pyarrow.parquet as pq  # pyright: ignore[reportMissingImports]
    from splink import Linker, SettingsCreator  # pyright: ignore[reportMissingImports]
    from splink.backends.spark import SparkAPI  # pyright: ignore[reportMissingImports]
    from splink_peer import CLUSTER_AT, people  # pyright: ignore[reportMissingImports]

    columns = generate("people", rows)
    comparisons, rules, (sure, recall), blocks = people()
    with tempfile.TemporaryDirectory() as folder:
        texts = {
            name: pa.array([value and value.lower() for value in values], pa.string())
            for name, values in columns.items()
            if name not in ("source", "record_id", "cluster_id")
        }
        pq.write_table(pa.table({"row": range(rows), **texts}), f"{folder}/people.parquet")
        spark.sparkContext.setCheckpointDir(f"{folder}/checkpoints")
        meter = Meter()
        meter.step("train")
        api = SparkAPI(spark_session=spark, break_lineage_method="parquet", num_partitions_on_repartition=4)
        settings = SettingsCreator(
            unique_id_column_name="row",
            link_type="dedupe_only",
            comparisons=comparisons,
            blocking_rules_to_generate_predictions=rules,
            retain_intermediate_calculation_columns=False,
            retain_matching_columns=False,
        )
        linker = Linker(api.register(spark.read.parquet(f"{folder}/people.parquet")), settings)
        linker.training.estimate_probability_two_random_records_match(sure, recall=recall)
        linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
        for block in blocks:
            linker.training.estimate_parameters_using_expectation_maximisation(block)
        meter.step("score")
        predicted = linker.inference.predict()
        pairs = predicted.as_spark_dataframe().count()
        meter.step("cluster")
        clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(predicted, CLUSTER_AT)
        clusters.as_spark_dataframe().write.parquet(f"{folder}/clusters")
        meter.step("")
    whole = sum(meter.spent.values())
    return {
        "rows": rows,
        "pairs": pairs,
        "cpu_seconds": round(whole, 1),
        "per_million_pairs": round(whole / max(pairs, 1) * 1e6, 1),
        "wall_seconds": round(meter.wall, 1),
        "steps": {name: round(spent, 1) for name, spent in meter.spent.items() if name},
    }


if __name__ == "__main__":
    raise SystemExit(main())
