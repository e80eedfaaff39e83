"""What matching on Spark or Sail costs: CPU seconds per million candidate pairs, beside one machine.

    python matching/benchmarks/scale_out.py --rows 20000 [--sail]

Without --sail it runs on PySpark (`pip install 'mdm-hub[spark]'` and Java); with it, on Sail in this process
(`pip install pysail==0.7.2 pyspark-client==4.2.0 'pandas<3' pyarrow`). Start-up of the engine is not counted.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import time
from pathlib import Path

from generator import generate

KEYS = ("source", "record_id", "cluster_id")


def cpu() -> float:
    """CPU seconds of this process and its finished children."""
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in spent)


def session(*, sail: bool):  # type: ignore[no-untyped-def]  # whichever engine is installed
    """A session on two local cores, and the server that must outlive it."""
    from pyspark.sql import SparkSession  # pyright: ignore[reportMissingImports]

    if sail:
        from pysail.spark import SparkConnectServer  # pyright: ignore[reportMissingImports]

        server = SparkConnectServer()
        server.start()
        made = SparkSession.builder.remote(f"sc://localhost:{server.listening_address[1]}").getOrCreate()
        return made, server
    made = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    for name in ("spark.driver.host", "spark.driver.bindAddress"):
        made = made.config(name, "127.0.0.1")
    return made.getOrCreate(), None


def main() -> int:
    """Print one line of figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--sail", action="store_true")
    wanted = parser.parse_args()
    os.environ |= {"PYSPARK_PYTHON": sys.executable, "PYTHONPATH": str(Path(__file__).parents[1])}
    from mdm_matching import match
    from mdm_matching.scale import scored_pairs

    columns = generate("people", wanted.rows)
    evidence = {name: values for name, values in columns.items() if name not in KEYS}
    model = match(evidence).model
    begin = cpu()
    here = match(evidence, model=model)
    alone = cpu() - begin
    spark, server = session(sail=wanted.sail)
    names = ("id", *evidence)
    rows = list(zip(columns["record_id"], *evidence.values(), strict=True))
    frame = spark.createDataFrame(rows, ", ".join(f"{name} string" for name in names))
    begin, wall = cpu(), time.perf_counter()
    pairs = scored_pairs(frame, model, "id")[0].count()
    spent, took = cpu() - begin, time.perf_counter() - wall
    spark.stop()
    del server
    sys.stdout.write(
        f"{wanted.rows:,} people, {pairs:,} pairs: {took:.1f} s wall, {spent:.1f} CPU s here "
        f"({spent / pairs * 1e6:.0f} per million pairs); one machine {alone:.1f} CPU s for "
        f"{len(here.pairs.left):,} pairs ({alone / len(here.pairs.left) * 1e6:.0f} per million pairs)\n"
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
