"""The clusters and the scored pairs as files: every input row once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mdm.export import Column, Format, write_rows
from mdm.export.writing import replacing, write_parquet_columns
from mdm.file_matching.table import MatchTable

if TYPE_CHECKING:
    from mdm_matching import MatchResult

COLUMNS = (Column("source"), Column("record_id"), Column("cluster_id", "BIGINT"))
PAIR_COLUMNS = (
    Column("left_source"),
    Column("left_record_id"),
    Column("right_source"),
    Column("right_record_id"),
    Column("weight", "DOUBLE"),
    Column("probability", "DOUBLE"),
)


def answer_rows(table: MatchTable, result: MatchResult) -> Iterator[dict[str, Any]]:
    """Source, record id and cluster of every row, in the files' order.

    Clusters are numbered from 1 by their smallest source and record id, so the rows' order does not matter.
    """
    keys = list(zip(table.sources, table.record_ids, range(table.rows), strict=True))
    labels = result.labels.tolist()
    numbers: dict[int, int] = {}
    for _, _, row in sorted(keys):
        numbers.setdefault(labels[row], len(numbers) + 1)
    for source, record_id, row in keys:
        yield {"source": source, "record_id": record_id, "cluster_id": numbers[labels[row]]}


def write_pairs(
    table: MatchTable, result: MatchResult, format: Format, out: Path, *, raw: bool = False
) -> int:
    """The candidate pairs with their weight in bits and the probability it implies; returns how many."""
    if format is not Format.parquet:
        return write_rows(_pairs(table, result), PAIR_COLUMNS, format, out, raw=raw)
    import numpy as np

    sources, record_ids = np.array(table.sources, object), np.array(table.record_ids, object)
    pairs = result.pairs
    columns = {
        "left_source": sources[pairs.left],
        "left_record_id": record_ids[pairs.left],
        "right_source": sources[pairs.right],
        "right_record_id": record_ids[pairs.right],
        "weight": pairs.weight,
        "probability": pairs.probability,
    }
    with replacing(out) as part:
        write_parquet_columns(columns, PAIR_COLUMNS, part)
    return len(pairs.left)


def _pairs(table: MatchTable, result: MatchResult) -> Iterator[dict[str, Any]]:
    pairs = result.pairs
    for left, right, weight, probability in zip(
        pairs.left.tolist(),
        pairs.right.tolist(),
        pairs.weight.tolist(),
        pairs.probability.tolist(),
        strict=True,
    ):
        yield {
            "left_source": table.sources[left],
            "left_record_id": table.record_ids[left],
            "right_source": table.sources[right],
            "right_record_id": table.record_ids[right],
            "weight": weight,
            "probability": probability,
        }
