"""Gathering: a kernel works on many rows at a time, whatever the size of the engine's batches."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pyarrow import RecordBatch, Table  # pyright: ignore[reportMissingImports]  # of the extra `spark`

Kernel = Callable[[Iterator["RecordBatch"]], Iterator["RecordBatch"]]
Columns = Mapping[str, Any]
"""Columns of a batch by name: Arrow arrays, numpy arrays or lists."""

# Rows that a kernel works on at a time: distinct values are worked out once in all of them.
ROWS = 100_000
# Rows of a batch that goes back to the engine.
_BACK = 20_000


def kernel(run: Callable[[RecordBatch], Iterator[Columns]]) -> Kernel:
    """The kernel that does its work on as many rows at a time as pay."""

    def work(batches: Iterator[RecordBatch]) -> Iterator[RecordBatch]:
        import pyarrow as pa  # pyright: ignore[reportMissingImports]

        for gathered in gathering(batches):
            for columns in run(gathered):
                yield from pa.table(dict(columns)).to_batches(_BACK)

    return work


def gathering(batches: Iterator[RecordBatch]) -> Iterator[RecordBatch]:
    """The same rows in batches of at least `ROWS`, the last one excepted; none is empty."""
    import pyarrow as pa  # pyright: ignore[reportMissingImports]

    waiting: list[RecordBatch] = []
    count = 0
    for batch in batches:
        if batch.num_rows:
            waiting.append(batch)
            count += batch.num_rows
        if count >= ROWS:
            yield _whole(pa.Table.from_batches(waiting))
            waiting, count = [], 0
    if waiting:
        yield _whole(pa.Table.from_batches(waiting))


def _whole(table: Table) -> RecordBatch:
    """A table as one batch."""
    batches: list[RecordBatch] = table.combine_chunks().to_batches()
    return batches[0]
