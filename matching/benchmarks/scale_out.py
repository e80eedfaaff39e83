"""What matching on Spark or Sail costs: CPU seconds per million candidate pairs, at several sizes.

    python matching/benchmarks/scale_out.py [--engine spark|sail] [--trained] 10000 20000 40000

`spark` needs `pip install 'mdm-hub[spark]'` and Java; `sail` needs `pip install pysail pyspark-client
'pandas<3' pyarrow`. Everything runs on two local cores. The start of the engine is not counted, the generated
people wait in Parquet files, and every result is written. A model is trained on the cluster, or with
`--trained` before, on one machine.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from generator import generate
from scale_engines import Meter, started

MATCHING = Path(__file__).parents[1]
KEYS = ("source", "record_id", "cluster_id")


def main() -> int:
    """Print a line of JSON per size."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--engine", choices=("spark", "sail"), default="spark")
    parser.add_argument("--trained", action="store_true", help="train before, on one machine")
    parser.add_argument("--memory", default="3g", help="memory of Spark")
    parser.add_argument("rows", type=int, nargs="*", default=[10_000, 20_000, 40_000])
    wanted = parser.parse_args()
    os.environ |= {"PYSPARK_PYTHON": sys.executable, "PYTHONPATH": str(MATCHING)}
    spark, server = started(wanted.engine, wanted.memory)
    measured(spark, 300, trained=wanted.trained)  # whatever is made once is made now
    for rows in wanted.rows:
        figures = measured(spark, rows, trained=wanted.trained)
        figures |= {"engine": wanted.engine, "load": round(os.getloadavg()[0], 1)}
        sys.stdout.write(json.dumps(figures) + "\n")
        sys.stdout.flush()
    spark.stop()
    del server
    return 0


def measured(spark: Any, rows: int, *, trained: bool) -> dict[str, Any]:
    """One size: what it took, by step."""
    import pyarrow as pa  # pyright: ignore[reportMissingImports]
    import pyarrow.parquet as pq  # pyright: ignore[reportMissingImports]

    from mdm_matching import match
    from mdm_matching.scale import match_on

    columns = generate("people", rows)
    evidence = {name: values for name, values in columns.items() if name not in KEYS}
    model = match(evidence).model if trained else None
    ids = [f"{row:09d}" for row in range(rows)]
    with tempfile.TemporaryDirectory() as folder:
        given = {"id": ids, **{name: pa.array(values, pa.string()) for name, values in evidence.items()}}
        pq.write_table(pa.table(given), f"{folder}/people.parquet", row_group_size=max(1, rows // 2))
        records = spark.read.parquet(f"{folder}/people.parquet")
        meter = Meter()
        found = match_on(records, "id", model=model, scratch=f"{folder}/scratch", progress=meter.step)
        found.clusters.write.parquet(f"{folder}/clusters")
        meter.step("")
    steps = {name: round(spent, 1) for name, spent in meter.spent.items()}
    whole = sum(meter.spent.values())
    return {
        "rows": rows,
        "pairs": found.candidates,
        "cpu_seconds": round(whole, 1),
        "per_million_pairs": round(whole / found.candidates * 1e6, 1),
        "wall_seconds": round(meter.wall, 1),
        "steps": steps,
    }


if __name__ == "__main__":
    raise SystemExit(main())
