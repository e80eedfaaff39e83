"""Training on a cluster: values, words and agreement patterns are counted there, the model is fitted here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mdm_matching.model.match_model import MatchModel
from mdm_matching.scale.counting import text_kernel, weighs_words, word_kernel
from mdm_matching.scale.frames import PAIRS, Shelf, with_values
from mdm_matching.scale.kernels import level_kernel, score_kernel
from mdm_matching.scale.packing import NUMBER, RECORD
from mdm_matching.scoring.probability import probability
from mdm_matching.semantics.word_rarity import WordRarity, shares_of
from mdm_matching.training.fit import FEWEST, RANDOM, SAMPLE, Seen, fit, with_threshold
from mdm_matching.training.frequencies import NAMED, RARE, of_counts
from mdm_matching.training.patterns import Patterns, drawn_ranks, marks_below
from mdm_matching.training.thresholds import best_threshold

if TYPE_CHECKING:
    from pyspark.sql import DataFrame  # pyright: ignore[reportMissingImports]  # of the extra `spark`

_COUNTED = "place bigint, text string, held bigint"
# Records are ranked within ranges of their contents of this many bits, so that no worker ranks them all.
_RANGE_BITS = 52


@dataclass(frozen=True, slots=True)
class Spread:
    """What training reads.

    Attributes:
        live: the records.
        said: what each says, as `frames.contents` gives it.
        pairs: the candidate pairs.
        count: how many they are.
        shelf: where intermediate frames are kept.
    """

    live: DataFrame
    said: DataFrame
    pairs: DataFrame
    count: int
    shelf: Shelf


def with_words_on(model: MatchModel, records: DataFrame) -> MatchModel:
    """The model whose types weigh words by how rare they are among these canonical records."""
    if not weighs_words(model):
        return model
    counted = _summed(records.mapInArrow(word_kernel(model.to_json()), _COUNTED))
    found = counted.where(f"held > {RARE} or text = ''").collect()
    columns = list(model.columns)
    for place, column in enumerate(columns):
        if isinstance(column.semantic, WordRarity):
            holders = {str(row["text"]): int(row["held"]) for row in found if row["place"] == place}
            words, rare = shares_of(holders, holders.pop("", 0))
            columns[place] = replace(column, semantic=replace(column.semantic, words=words, rare_word=rare))
    return replace(model, columns=tuple(columns))


def train_on(model: MatchModel, given: Spread) -> MatchModel:
    """The model fitted to the candidate pairs, as `train` fits it; as it is if they are few."""
    if given.count < FEWEST:
        return model
    model = _with_frequencies(model, given.live, given.shelf)
    sample = given.pairs
    if given.count > SAMPLE:
        sample = sample.where(f"mark < {marks_below(SAMPLE, given.count)}")
    sample = given.shelf.keep(with_values(sample, given.live, model), "sample")
    levels, counts = _patterns(sample, model)
    rows = given.said.count()
    drawn, times = _patterns(_drawn(given, model, rows), model)
    seen = Patterns.counted(levels, counts, given.count / counts.sum())
    model = fit(model, Seen(rows, given.count, seen, np.repeat(drawn, times, axis=0)))
    scored = sample.mapInArrow(score_kernel(model.to_json(), -np.inf), f"{PAIRS}, weight double")
    weights = scored.groupBy("weight").count().toArrow()
    weight = np.repeat(weights.column("weight").to_numpy(), weights.column("count").to_numpy())
    return with_threshold(model, best_threshold(weight, probability(weight)))


def _summed(counted: DataFrame) -> DataFrame:
    from pyspark.sql import functions as f  # pyright: ignore[reportMissingImports]

    return counted.groupBy("place", "text").agg(f.sum("held").alias("held"))


def _with_frequencies(model: MatchModel, live: DataFrame, shelf: Shelf) -> MatchModel:
    """The model with the shares of common values; only those reach the driver."""
    from pyspark.sql import functions as f  # pyright: ignore[reportMissingImports]

    counted = shelf.keep(_summed(live.mapInArrow(text_kernel(model.to_json()), _COUNTED)), "texts")
    sizes: dict[int, dict[int, int]] = {}
    for row in counted.groupBy("place", "held").count().collect():
        sizes.setdefault(int(row["place"]), {})[int(row["held"])] = int(row["count"])
    columns = list(model.columns)
    for place, values in sizes.items():
        if sum(held * times for held, times in values.items()) < 2:
            continue
        common = counted.where(f"place = {place} and held > {RARE}")
        named = common.orderBy(f.desc("held"), "text").limit(NAMED).select("text", "held").collect()
        held_by = [(str(row["text"]), int(row["held"])) for row in named]
        columns[place] = of_counts(columns[place], held_by, values)
    return replace(model, columns=tuple(columns))


def _patterns(pairs: DataFrame, model: MatchModel) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """The agreement patterns of pairs with their values, and how many pairs show each."""
    from pyspark.sql import functions as f  # pyright: ignore[reportMissingImports]

    found = pairs.mapInArrow(level_kernel(model.to_json()), "levels binary, pairs bigint")
    rows = found.groupBy("levels").agg(f.sum("pairs").alias("pairs")).collect()
    levels = np.frombuffer(b"".join(bytes(row["levels"]) for row in rows), np.uint8)
    return levels.reshape(len(rows), len(model.columns)), np.array([row["pairs"] for row in rows], np.int64)


def _drawn(given: Spread, model: MatchModel, rows: int) -> DataFrame:
    """Pairs drawn at random that are no candidates, with values: those that one machine draws."""
    import pyarrow as pa  # pyright: ignore[reportMissingImports]
    from pyspark.sql import functions as f  # pyright: ignore[reportMissingImports]

    one, other = drawn_ranks(rows, RANDOM)
    wanted = np.unique(np.append(one, other))
    ranked = _ranked(given.said)
    session = given.said.sparkSession
    found = ranked.join(session.createDataFrame(pa.table({"rank": wanted})), "rank").toArrow()
    number = np.zeros(len(wanted), np.int64)
    number[np.searchsorted(wanted, found.column("rank").to_numpy())] = found.column(NUMBER).to_numpy()
    ends = np.stack([number[np.searchsorted(wanted, one)], number[np.searchsorted(wanted, other)]])
    drawn = session.createDataFrame(pa.table({"left": ends.min(axis=0), "right": ends.max(axis=0)}))
    strangers = drawn.join(given.pairs.select("left", "right"), ["left", "right"], "left_anti")
    return with_values(
        given.shelf.keep(strangers.select(f.col("left"), f.col("right")), "drawn"), given.live, model
    )


def _ranked(said: DataFrame) -> DataFrame:
    """(number, rank): the place of each record by contents, equal ones by name; the first is 0."""
    import pyarrow as pa  # pyright: ignore[reportMissingImports]
    from pyspark.sql import functions as f  # pyright: ignore[reportMissingImports]
    from pyspark.sql.window import Window  # pyright: ignore[reportMissingImports]

    ranged = said.withColumn("range", f.shiftright("content", _RANGE_BITS))
    counted = sorted(
        (int(row["range"]), int(row["count"])) for row in ranged.groupBy("range").count().collect()
    )
    before = np.cumsum([0, *(count for _, count in counted)])[:-1].astype(np.int64)
    ranges = pa.table({"range": np.array([own for own, _ in counted], np.int64), "before": before})
    offsets = said.sparkSession.createDataFrame(ranges)
    within = f.row_number().over(Window.partitionBy("range").orderBy("content", RECORD))
    placed = ranged.withColumn("within", within).join(offsets, "range")
    return placed.select(NUMBER, (f.col("within") - 1 + f.col("before")).alias("rank"))
