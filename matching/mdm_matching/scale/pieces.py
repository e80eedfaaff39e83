"""Pieces: records that edges hold together, each clustered by one worker as a single machine would."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from mdm_matching.clustering import Edges, cluster
from mdm_matching.model.match_model import MatchModel
from mdm_matching.scale.gathering import Columns, Kernel, kernel
from mdm_matching.scale.packing import NUMBER, RECORD, compared_table

if TYPE_CHECKING:
    from pyarrow import RecordBatch  # pyright: ignore[reportMissingImports]  # of the extra `spark`

_NOTHING = np.zeros((0, 2), np.int64)


def piece_kernel(document: str) -> Kernel:
    """Pieces in, their `rows` records and edges; (record, cluster, other, weight, cause) out.

    A row either names the cluster of a record that is not alone, or two records kept apart, and why.
    """

    def run(batch: RecordBatch) -> Iterator[Columns]:
        import pyarrow as pa  # pyright: ignore[reportMissingImports]

        rows = pa.RecordBatch.from_struct_array(batch.column("rows").flatten())
        yield _clustered(MatchModel.from_json(document), rows)

    return kernel(run)


def _clustered(model: MatchModel, batch: RecordBatch) -> Columns:
    import pyarrow.compute as pc  # pyright: ignore[reportMissingImports]

    members = batch.filter(pc.is_valid(batch.column(RECORD)))
    members = members.take(pc.sort_indices(members.column(RECORD)))
    found = batch.filter(pc.is_valid(batch.column("left")))
    numbers = members.column(NUMBER).to_numpy()
    places = np.argsort(numbers)
    left, right = (
        places[np.searchsorted(numbers[places], found.column(end).to_numpy())].astype(np.int32)
        for end in ("left", "right")
    )
    table = compared_table(model, [(members, "")])
    edges = Edges(left, right, found.column("weight").to_numpy())
    clustering = cluster(model, table, table.content_ranks, edges, same=_NOTHING, distinct=_NOTHING)
    names = np.array(members.column(RECORD).to_pylist(), object)
    _, first, group = np.unique(clustering.labels, return_index=True, return_inverse=True)
    several = np.flatnonzero(np.bincount(group)[group] > 1)
    cuts = clustering.cuts
    return {
        RECORD: [*names[several], *(names[cut.left] for cut in cuts)],
        "cluster": [*names[first[group[several]]], *(None for _ in cuts)],
        "other": [*(None for _ in several), *(names[cut.right] for cut in cuts)],
        "weight": [*(None for _ in several), *(cut.weight for cut in cuts)],
        "cause": [*(None for _ in several), *(cut.cause.value for cut in cuts)],
    }
