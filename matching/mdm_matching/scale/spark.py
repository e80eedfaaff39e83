"""Matching on Spark: records stay in the cluster, only edges and the records they touch reach the driver.

Nothing here is Spark's alone: any engine with its DataFrame API and `mapInArrow` will do, such as Sail.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from mdm_matching.clustering import Cut, Edges, cluster
from mdm_matching.model.match_model import MatchModel
from mdm_matching.scale.kernels import ID, content_kernel, key_kernel, needed, score_kernel
from mdm_matching.standardising.standard_table import standardise

if TYPE_CHECKING:
    from pyspark.sql import DataFrame  # pyright: ignore[reportMissingImports]  # of the extra `spark`


@dataclass(frozen=True, slots=True)
class Spread:
    """What matching on a cluster found.

    Attributes:
        clusters: record to the record that names its cluster; records that stand alone are left out.
        edges: (record, record, weight in bits) of every pair at or above the review threshold, ordered.
        cuts: pairs that look alike and were kept apart; rows count the records that edges touch, in order.
    """

    clusters: dict[str, str]
    edges: tuple[tuple[str, str, float], ...]
    cuts: tuple[Cut, ...]


def scored_pairs(records: DataFrame, model: MatchModel, record: str) -> tuple[DataFrame, list[int]]:
    """Every candidate pair with its weight, as (left, right, weight), and the keys that are junk.

    All keys that at most `model.block_cap` records hold make candidates, and equal records do.

    Args:
        records: one row per record.
        model: a trained model or the defaults; it is used as it is.
        record: the column that names each record, without repetition.
    """
    from pyspark.sql import functions as f  # pyright: ignore[reportMissingImports]

    names = [name for name in needed(model) if name in records.columns]
    absent = [f.lit(None).cast("string").alias(name) for name in needed(model) if name not in names]
    chosen = [f.col(record).cast("string").alias(ID), *(f.col(n).cast("string").alias(n) for n in names)]
    given = records.select(*chosen, *absent)
    document = model.to_json()
    keyed = f"{ID} string, key bigint, shared_limit bigint, companion bigint"
    held = given.mapInArrow(key_kernel(document, ()), keyed).where("shared_limit > 0")
    counted = held.groupBy("key", "shared_limit").agg(f.countDistinct("companion").alias("names"))
    junk = sorted(int(row["key"]) for row in counted.where("names > shared_limit").select("key").collect())
    keys = given.mapInArrow(key_kernel(document, junk), keyed).select(ID, "key")
    fitting = keys.groupBy("key").count().where(f"count > 1 and count <= {model.block_cap}").select("key")
    kept = keys.join(fitting, "key")
    one, other = kept.withColumnRenamed(ID, "left"), kept.withColumnRenamed(ID, "right")
    pairs = one.join(other, "key").where("left < right").select("left", "right")
    contents = given.mapInArrow(content_kernel(document, junk), f"{ID} string, content bigint")
    said = contents.where("content >= 0")
    first = said.groupBy("content").agg(f.min(ID).alias("left"))
    equals = said.join(first, "content").where(f"left < {ID}").select("left", f.col(ID).alias("right"))
    every = pairs.union(equals).distinct()
    for side, prefix in (("left", "l"), ("right", "r")):
        values = [f.col(name).alias(f"{prefix}_{name}") for name in needed(model)]
        every = every.join(given.select(f.col(ID).alias(side), *values), side)
    scored = every.mapInArrow(score_kernel(document, junk), "left string, right string, weight double")
    return scored, junk


def match_on(records: DataFrame, model: MatchModel, record: str) -> Spread:
    """Which records are one thing: pairs are made and scored in the cluster, groups are formed here.

    The answer is that of `match(..., model=model)` with every key up to the cap; see `scored_pairs`.
    """
    scored, junk = scored_pairs(records, model, record)
    found = scored.where(f"weight >= {model.review_threshold!r}").collect()
    edges = sorted((str(row["left"]), str(row["right"]), float(row["weight"])) for row in found)
    touched = sorted({end for one, other, _ in edges for end in (one, other)})
    place = {name: row for row, name in enumerate(touched)}
    table = standardise(model, _values(records, scored, model, record, place)).mute(np.array(junk, np.int64))
    nothing = np.zeros((0, 2), np.int64)
    clustering = cluster(
        model,
        table,
        touched,
        Edges(
            np.array([place[one] for one, _, _ in edges], np.int32),
            np.array([place[other] for _, other, _ in edges], np.int32),
            np.array([weight for *_, weight in edges], np.float64),
        ),
        same=nothing,
        distinct=nothing,
    )
    labels = clustering.labels.tolist()
    sizes = np.bincount(clustering.labels, minlength=len(touched))
    clusters = {name: touched[label] for name, label in zip(touched, labels, strict=True) if sizes[label] > 1}
    return Spread(clusters, tuple(edges), clustering.cuts)


def _values(
    records: DataFrame, scored: DataFrame, model: MatchModel, record: str, place: dict[str, int]
) -> dict[str, list[str | None]]:
    """The values of the records that edges touch, each at its place."""
    from pyspark.sql import functions as f  # pyright: ignore[reportMissingImports]

    names = [name for name in needed(model) if name in records.columns]
    values: dict[str, list[str | None]] = {name: [None] * len(place) for name in names}
    edges = scored.where(f"weight >= {model.review_threshold!r}")
    touched = edges.select(f.col("left").alias(ID)).union(edges.select(f.col("right").alias(ID))).distinct()
    columns = [f.col(name).cast("string").alias(name) for name in names]
    own = records.select(f.col(record).cast("string").alias(ID), *columns)
    for row in own.join(touched, ID).collect():
        for name in names:
            values[name][place[str(row[ID])]] = row[name]
    return values
