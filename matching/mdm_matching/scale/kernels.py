"""Kernels: what each worker does with an Arrow batch; the functions are those of a single machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mdm_matching.model.match_model import MatchModel
from mdm_matching.scoring.pair_scores import score
from mdm_matching.standardising.standard_table import StandardTable, standardise

if TYPE_CHECKING:
    from pyarrow import RecordBatch  # pyright: ignore[reportMissingImports]  # of the extra `spark`

ID = "record"
Kernel = Callable[[Iterator["RecordBatch"]], Iterator["RecordBatch"]]


def needed(model: MatchModel) -> list[str]:
    """The columns that the model looks at, context columns included."""
    contexts = [column.semantic.context for column in model.columns]
    return list(dict.fromkeys([*(c.name for c in model.columns), *(name for name in contexts if name)]))


def key_kernel(document: str, junk: Sequence[int]) -> Kernel:
    """Records in; (record, key, shared_limit, companion) out, one row per record and block key."""

    def run(batches: Iterator[RecordBatch]) -> Iterator[RecordBatch]:
        import pyarrow as pa  # pyright: ignore[reportMissingImports]

        model = MatchModel.from_json(document)
        limits = np.array([column.semantic.shared_limit for column in model.columns] + [0], np.int64)
        for batch in batches:
            table = _table(model, batch, junk)
            keys = table.block_keys()
            ids = batch.column(ID).take(pa.array(keys.row))
            columns = [ids, *map(pa.array, (keys.key, limits[keys.column], keys.companion))]
            yield pa.RecordBatch.from_arrays(columns, [ID, "key", "shared_limit", "companion"])

    return run


def content_kernel(document: str, junk: Sequence[int]) -> Kernel:
    """Records in; (record, content) out: a fingerprint of all that is evidence, -1 for none."""

    def run(batches: Iterator[RecordBatch]) -> Iterator[RecordBatch]:
        import pyarrow as pa  # pyright: ignore[reportMissingImports]

        model = MatchModel.from_json(document)
        for batch in batches:
            contents = pa.array(_table(model, batch, junk).contents)
            yield pa.RecordBatch.from_arrays([batch.column(ID), contents], [ID, "content"])

    return run


def score_kernel(document: str, junk: Sequence[int]) -> Kernel:
    """Pairs with both records' values in, as l_NAME and r_NAME; (left, right, weight) out."""

    def run(batches: Iterator[RecordBatch]) -> Iterator[RecordBatch]:
        import pyarrow as pa  # pyright: ignore[reportMissingImports]

        model = MatchModel.from_json(document)
        marks = np.array(sorted(junk), np.int64)
        for batch in batches:
            count = batch.num_rows
            columns = {
                name: [*batch.column(f"l_{name}").to_pylist(), *batch.column(f"r_{name}").to_pylist()]
                for name in needed(model)
            }
            table = standardise(model, columns).mute(marks)
            left = np.arange(count, dtype=np.int32)
            weight = score(model, table, left, left + np.int32(count)).weight
            yield pa.RecordBatch.from_arrays(
                [batch.column("left"), batch.column("right"), pa.array(weight)], ["left", "right", "weight"]
            )

    return run


def _table(model: MatchModel, batch: RecordBatch, junk: Sequence[int]) -> StandardTable:
    marks: NDArray[np.int64] = np.array(sorted(junk), np.int64)
    columns = {name: batch.column(name).to_pylist() for name in needed(model)}
    return standardise(model, columns).mute(marks)
