"""Matching on a cluster: records and pairs stay there, only strong edges reach the driver.

Nothing here is Spark's alone: any engine with its DataFrame API and `mapInArrow` will do, such as Sail.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from mdm_matching.blocking.lone_keys import lone_room
from mdm_matching.clustering.components import components
from mdm_matching.errors import NoEvidenceError
from mdm_matching.model.match_model import MatchModel
from mdm_matching.scale.frames import (
    PAIRS,
    Shelf,
    contents,
    key_groups,
    live_records,
    pairs_within,
    standard_records,
    with_values,
)
from mdm_matching.scale.kernels import score_kernel
from mdm_matching.scale.packing import NUMBER, RECORD, value_columns
from mdm_matching.scale.pieces import piece_kernel
from mdm_matching.scale.reach import Reach
from mdm_matching.scale.training import Spread, train_on, with_words_on
from mdm_matching.semantics import Inferred, infer
from mdm_matching.semantics.semantic_type import SemanticType

if TYPE_CHECKING:
    from pyspark.sql import DataFrame  # pyright: ignore[reportMissingImports]  # of the extra `spark`

Progress = Callable[[str], None]

# Semantic types are inferred from so many records at most.
_LOOKED_AT = 100_000


@dataclass(frozen=True, slots=True)
class SpreadResult:
    """What matching on a cluster found; the frames stay there.

    Attributes:
        clusters: (record, cluster), one row per record that is not alone; its first record names a cluster.
        edges: (left, right, weight) of every pair at or above the review threshold, in bits.
        cuts: (left, right, weight, cause) of pairs that look alike and were kept apart.
        model: the model that was used, trained or given.
        inferred: for each column its semantic type and why; empty if types or model were given.
        candidates: how many pairs were compared.
    """

    clusters: DataFrame
    edges: DataFrame
    cuts: DataFrame
    model: MatchModel
    inferred: Mapping[str, Inferred]
    candidates: int


def match_on(
    records: DataFrame,
    record: str,
    *,
    model: MatchModel | None = None,
    semantics: Mapping[str, SemanticType] | None = None,
    scratch: str | None = None,
    progress: Progress | None = None,
) -> SpreadResult:
    """Find which records are the same thing, as `match` does on a single machine, to the same answer.

    Args:
        records: one row per record; every column but the one that names the record may be evidence.
        record: the column that names each record, without repetition.
        model: a model to use as it is; trained on these records if not given.
        semantics: the semantic type of each column that is evidence; inferred if not given.
        scratch: a folder that the driver and all workers reach, where intermediate steps are kept; without
            one the engine is asked to keep them in memory.
        progress: called with the name of each step when it begins.

    Raises:
        NoEvidenceError: no semantic type was given and none could be inferred.
        RecordNameError: records without a name, or two of one name.
    """
    say, shelf = progress or (lambda _: None), Shelf(scratch)
    inferred: Mapping[str, Inferred] = {}
    if model is None and semantics is None:
        say("infer")
        inferred = _inferred(records, record)
    start = model or _start(semantics, inferred)
    say("standardise")
    standard = standard_records(records, record, start, shelf)
    if model is None:
        start = with_words_on(start, standard)
    say("block")
    live = live_records(standard, start, shelf)
    said = contents(live, start, shelf)
    groups = key_groups(live, start, shelf)
    plain, alone = _sizes(groups)
    reach = Reach(alone, said.count(), live, start)
    tried = groups.where(f"lone = 0 or size <= {reach.most_lone}")
    say(f"expect at most {_expected(plain, reach.rows):,} pairs")
    pairs, count = reach.paying(pairs_within(tried, said, shelf))
    if model is None:
        say("train")
        start = train_on(start, Spread(live, said, pairs, count, shelf))
    say(f"score {count:,} pairs")
    kernel = score_kernel(start.to_json(), start.review_threshold)
    scored = with_values(pairs, live, start).mapInArrow(kernel, f"{PAIRS}, weight double")
    edges = shelf.keep(scored.select("left", "right", "weight"), "edges")
    say("cluster")
    found = shelf.keep(_clustered(edges, live, start), "clusters")
    return SpreadResult(
        found.where("cluster is not null").select(RECORD, "cluster"),
        _named(edges, live),
        found.where("cause is not null").selectExpr(f"{RECORD} as left", "other as right", "weight", "cause"),
        start,
        inferred,
        count,
    )


def _inferred(records: DataFrame, record: str) -> dict[str, Inferred]:
    """The semantic types that some of the records show."""
    from pyspark.sql import functions as f  # pyright: ignore[reportMissingImports]

    names = [name for name in records.columns if name != record]
    some = (
        records.limit(_LOOKED_AT)
        .select(*(f.col(name).cast("string").alias(name) for name in names))
        .toArrow()
    )
    return infer({name: some.column(name).to_pylist() for name in names})


def _start(semantics: Mapping[str, SemanticType] | None, inferred: Mapping[str, Inferred]) -> MatchModel:
    known = semantics
    if known is None:
        known = {name: found.semantic for name, found in inferred.items() if found.semantic is not None}
    if not known:
        raise NoEvidenceError
    return MatchModel.default("record", known)


def _sizes(groups: DataFrame) -> tuple[dict[int, int], dict[int, int]]:
    """How many keys so many records hold: of all others, and of weak keys by themselves."""
    found: tuple[dict[int, int], dict[int, int]] = ({}, {})
    for row in groups.groupBy("lone", "size").count().collect():
        found[int(row["lone"])][int(row["size"])] = int(row["count"])
    return found


def _expected(keys: Mapping[int, int], rows: int) -> int:
    """How many pairs there will be at most.

    Args:
        keys: for each number of holders how many keys so many records hold, weak ones by themselves left out.
        rows: how many records there are.
    """
    return lone_room(rows) + sum(count * size * (size - 1) // 2 for size, count in keys.items())


def _clustered(edges: DataFrame, live: DataFrame, model: MatchModel) -> DataFrame:
    """(record, cluster, other, weight, cause), as `piece_kernel` gives them.

    Only the edges reach the driver, which finds what hangs together; the pieces are clustered by the workers.
    """
    import pyarrow as pa  # pyright: ignore[reportMissingImports]
    from pyspark.sql import functions as f  # pyright: ignore[reportMissingImports]

    ends = edges.select("left", "right").toArrow()
    numbers, places = np.unique(
        np.append(ends.column("left").to_numpy(), ends.column("right").to_numpy()), return_inverse=True
    )
    left, right = np.split(places.astype(np.int64), 2)
    piece = components(len(numbers), left, right)
    held = live.sparkSession.createDataFrame(pa.table({NUMBER: numbers, "piece": piece}))
    members = live.select(RECORD, NUMBER, *value_columns(model)).join(held, NUMBER)
    found = edges.join(held.withColumnRenamed(NUMBER, "left"), "left")
    both = members.unionByName(found, allowMissingColumns=True)
    rows = f.struct(*(name for name in both.columns if name != "piece"))
    pieces = both.groupBy("piece").agg(f.collect_list(rows).alias("rows")).select("rows")
    schema = f"{RECORD} string, cluster string, other string, weight double, cause string"
    return pieces.mapInArrow(piece_kernel(model.to_json()), schema)


def _named(edges: DataFrame, live: DataFrame) -> DataFrame:
    """Edges between the names of records, the first of the two left."""
    from pyspark.sql import functions as f  # pyright: ignore[reportMissingImports]

    for side in ("left", "right"):
        named = live.select(f.col(NUMBER).alias(side), f.col(RECORD).alias(f"{side}_record"))
        edges = edges.join(named, side)
    ends = ("left_record", "right_record")
    return edges.select(f.least(*ends).alias("left"), f.greatest(*ends).alias("right"), "weight")
