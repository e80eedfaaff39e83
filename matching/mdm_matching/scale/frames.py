"""Frames: records and pairs as DataFrames, step by step, on any engine with Spark's DataFrame API.

Frames of records hold record, number and the packed columns (see `packing`); frames of pairs hold left and
right, the numbers of two records, the lower one left.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mdm_matching.errors import RecordNameError
from mdm_matching.model.match_model import MatchModel
from mdm_matching.scale.kernels import (
    content_kernel,
    equal_kernel,
    key_kernel,
    needed,
    pair_kernel,
    shared_kernel,
    standard_kernel,
)
from mdm_matching.scale.packing import NUMBER, RECORD, key_columns, value_columns

if TYPE_CHECKING:
    from pyspark.sql import DataFrame  # pyright: ignore[reportMissingImports]  # of the extra `spark`

PAIRS = "left bigint, right bigint, size bigint, lone bigint, mark bigint"


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where intermediate frames are kept, so that no step runs twice.

    Attributes:
        folder: a folder that the driver and all workers reach, such as "s3://lake/scratch"; without one the
            engine is asked to keep the frames in memory, and may work them out again.
    """

    folder: str | None

    def keep(self, frame: DataFrame, name: str) -> DataFrame:
        """The same frame, worked out once."""
        if self.folder is None:
            return frame.persist()
        place = f"{self.folder.rstrip('/')}/{name}"
        frame.write.mode("overwrite").parquet(place)
        return frame.sparkSession.read.parquet(place)


def standard_records(records: DataFrame, record: str, model: MatchModel, shelf: Shelf) -> DataFrame:
    """The records in canonical form, each standardised once.

    Raises:
        RecordNameError: records without a name, or two of one name.
    """
    from pyspark.sql import functions as f  # pyright: ignore[reportMissingImports]

    there = [name for name in needed(model) if name in records.columns]
    absent = [f.lit(None).cast("string").alias(name) for name in needed(model) if name not in there]
    named = [f.col(record).cast("string").alias(RECORD), *(f.col(n).cast("string").alias(n) for n in there)]
    schema = [f"{RECORD} string, {NUMBER} bigint"]
    for place, column in enumerate(model.columns):
        schema.append(f"v{place} string, k{place} string")
        if column.semantic.shared_limit:
            schema.append(f"m{place} bigint")
    kernel = standard_kernel(model.to_json())
    found = shelf.keep(records.select(*named, *absent).mapInArrow(kernel, ", ".join(schema)), "records")
    unnamed = found.where(f.col(NUMBER) < 0).count()
    again = found.where(f.col(NUMBER) >= 0).groupBy(NUMBER).count().where("count > 1")
    repeated = again.agg(f.sum("count")).collect()[0][0] or 0
    if unnamed or repeated:
        raise RecordNameError(record, unnamed, repeated)
    return found


def live_records(records: DataFrame, model: MatchModel, shelf: Shelf) -> DataFrame:
    """Canonical records without the values that too many different names share."""
    from pyspark.sql import functions as f  # pyright: ignore[reportMissingImports]

    limited = [place for place, column in enumerate(model.columns) if column.semantic.shared_limit]
    plain = [RECORD, NUMBER, *value_columns(model), *key_columns(model)]
    if not limited:
        return records.select(*plain)
    held = records.mapInArrow(shared_kernel(model.to_json()), "key bigint, companion bigint, names bigint")
    named = held.distinct().groupBy("key", "names").count()
    junk = shelf.keep(named.where("count > names").select("key"), "junk")
    if not junk.head(1):
        return records.select(*plain)
    muted: dict[str, Any] = {}
    for place in limited:
        gone = junk.select(f.col("key").alias(f"m{place}"), f.lit(1).alias(f"gone{place}"))
        records = records.join(gone, f"m{place}", "left")
        for name in (f"v{place}", f"k{place}"):
            muted[name] = f.when(f.col(f"gone{place}").isNull(), f.col(name)).alias(name)
    return shelf.keep(records.select(*(muted.get(name, f.col(name)) for name in plain)), "live")


def contents(live: DataFrame, model: MatchModel, shelf: Shelf) -> DataFrame:
    """(record, number, content): a fingerprint of all that each record says; -1 where that is nothing."""
    kernel = content_kernel(model.to_json())
    return shelf.keep(
        live.mapInArrow(kernel, f"{RECORD} string, {NUMBER} bigint, content bigint"), "contents"
    )


def key_groups(live: DataFrame, model: MatchModel, shelf: Shelf) -> DataFrame:
    """(lone, size, holders): who holds each key, for the keys that two records or more hold and not too many.

    A key is counted before its holders are put into one row: no row holds more of them than the cap allows.
    """
    from pyspark.sql import functions as f  # pyright: ignore[reportMissingImports]

    schema = f"key bigint, lone bigint, {NUMBER} bigint, content bigint"
    keys = shelf.keep(live.mapInArrow(key_kernel(model.to_json()), schema), "keys")
    sizes = keys.groupBy("key", "lone").agg(f.count("*").alias("size"))
    fitting = sizes.where(f"size > 1 and size <= {model.block_cap}")
    holders = f.collect_list(f.struct(NUMBER, "content")).alias("holders")
    return shelf.keep(
        keys.join(fitting, ["key", "lone"]).groupBy("key", "lone", "size").agg(holders), "groups"
    )


def pairs_within(groups: DataFrame, said: DataFrame, shelf: Shelf) -> DataFrame:
    """(left, right, size, lone, mark): every pair that shares a key, and equal records with their first.

    `size` tells how many records hold the rarest key that the two share, 0 for equal records; `lone`
    likewise for the weak keys by themselves.
    """
    from pyspark.sql import functions as f  # pyright: ignore[reportMissingImports]

    shared = groups.select("lone", "holders").mapInArrow(pair_kernel(), PAIRS)
    telling = said.where("content >= 0")
    first = telling.groupBy("content").agg(
        f.min(f.struct(RECORD, NUMBER)).alias("first"), f.count("*").alias("n")
    )
    leaders = first.where("n > 1").select("content", f.col(f"first.{NUMBER}").alias("left"))
    others = telling.select("content", f.col(NUMBER).alias("right"))
    equal = leaders.join(others, "content").where("left != right").select("left", "right", "content")
    every = shared.union(equal.mapInArrow(equal_kernel(), PAIRS)).groupBy("left", "right")
    rarest = (f.min(name).alias(name) for name in ("size", "lone", "mark"))
    return shelf.keep(every.agg(*rarest), "pairs")


def with_values(pairs: DataFrame, live: DataFrame, model: MatchModel) -> DataFrame:
    """The pairs with what comparing needs of both records, as l_v0, r_v0 and so on."""
    from pyspark.sql import functions as f  # pyright: ignore[reportMissingImports]

    for side, prefix in (("left", "l_"), ("right", "r_")):
        values = [f.col(name).alias(prefix + name) for name in value_columns(model)]
        pairs = pairs.join(live.select(f.col(NUMBER).alias(side), *values), side)
    return pairs
