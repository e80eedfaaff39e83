"""Kernels: what each worker does with Arrow batches; the functions are those of a single machine.

A kernel is made on the driver and sent to the workers; the model travels as its document.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mdm_matching.blocking.candidates import limited_kinds
from mdm_matching.blocking.groups import Groups
from mdm_matching.blocking.key_kinds import COMPOUND, key_kinds
from mdm_matching.blocking.lone_keys import lone_kinds
from mdm_matching.comparing.levels import distinct_rows, pair_levels
from mdm_matching.fingerprint import fingerprint, fingerprints, mixed, pair_marks
from mdm_matching.model.match_model import MatchModel
from mdm_matching.scale.gathering import Columns, Kernel, kernel
from mdm_matching.scale.packing import NUMBER, RECORD, compared_table, keyed_table, packed
from mdm_matching.scoring.pair_scores import score
from mdm_matching.standardising.standard_table import standardise

if TYPE_CHECKING:
    from pyarrow import ListArray, RecordBatch  # pyright: ignore[reportMissingImports]  # of the extra `spark`

# How many hold the rarest key that two records share if they share none.
ABSENT = 2**31


def needed(model: MatchModel) -> list[str]:
    """The columns that the model looks at, context columns included."""
    contexts = [column.semantic.context for column in model.columns]
    return list(dict.fromkeys([*(c.name for c in model.columns), *(name for name in contexts if name)]))


def standard_kernel(document: str) -> Kernel:
    """Records as they came in, in canonical form out.

    Out come record, number, the packed columns, and as `m0` and so on the leading key of each value that may
    lose its force.
    """

    def run(batch: RecordBatch) -> Iterator[Columns]:
        model = _model(document)
        table = standardise(model, {name: batch.column(name).to_pylist() for name in needed(model)})
        names = batch.column(RECORD)
        out: dict[str, Any] = {RECORD: names, NUMBER: _numbers(names.to_pylist())}
        for place, column in enumerate(table.columns):
            out[f"v{place}"], out[f"k{place}"] = packed(column)
            if column.semantic.shared_limit:
                out[f"m{place}"] = np.append(column.leading_keys, -1)[column.codes]
        yield out

    return kernel(run)


def shared_kernel(document: str) -> Kernel:
    """Canonical records in; (key, companion, names) out: whose values are shared, and by how many may be."""

    def run(batch: RecordBatch) -> Iterator[Columns]:
        table = keyed_table(_model(document), batch)
        for kind, limit in limited_kinds(table):
            key, companion = _once(kind.marks(kind.code), table.companions[kind.row])
            yield {"key": key, "companion": companion, "names": np.full(len(key), limit)}

    return kernel(run)


def key_kernel(document: str) -> Kernel:
    """Canonical records in; (key, lone, number, content) out, one row per record and block key.

    `lone` is 1 for a weak key by itself, 0 for all others.
    """

    def run(batch: RecordBatch) -> Iterator[Columns]:
        table = keyed_table(_model(document), batch)
        numbers = batch.column(NUMBER).to_numpy()
        for lone, kinds in ((0, key_kinds(table)), (1, lone_kinds(table))):
            for kind in kinds:
                code, row = _once(kind.code, kind.row)
                key = kind.marks(code)
                # The same two keys of other columns are another key.
                key = mixed(np.full(len(key), fingerprint("\x1f".join(kind.columns))), key)
                content = table.contents[row]
                yield {"key": key, "lone": np.full(len(key), lone), NUMBER: numbers[row], "content": content}

    return kernel(run)


def content_kernel(document: str) -> Kernel:
    """Canonical records in; (record, number, content) out: a fingerprint of all evidence, -1 for none."""

    def run(batch: RecordBatch) -> Iterator[Columns]:
        table = compared_table(_model(document), [(batch, "")])
        yield {RECORD: batch.column(RECORD), NUMBER: batch.column(NUMBER), "content": table.contents}

    return kernel(run)


def pair_kernel() -> Kernel:
    """Keys with the list of their holders in; (left, right, size, lone, mark) out.

    `size` tells how many hold the rarest key that the two share, `lone` the same of the weak keys by
    themselves; `ABSENT` where they share none. Pairs that share keys of two batches come twice.
    """

    def run(batch: RecordBatch) -> Iterator[Columns]:
        import pyarrow as pa  # pyright: ignore[reportMissingImports]

        alone = batch.column("lone").to_numpy()
        for lone in (0, 1):
            found = _pairs(batch.column("holders").filter(pa.array(alone == lone)))
            if found:
                left, right, rarest, mark = found
                size, by_itself = (rarest if lone == own else np.full(len(left), ABSENT) for own in (0, 1))
                yield {"left": left, "right": right, "size": size, "lone": by_itself, "mark": mark}

    return kernel(run)


def _once(
    one: NDArray[np.int64], other: NDArray[np.integer]
) -> tuple[NDArray[np.int64], NDArray[np.integer]]:
    """The distinct pairs of numbers."""
    order = np.lexsort((other, one))
    one, other = one[order], other[order]
    new = np.append(True, (one[1:] != one[:-1]) | (other[1:] != other[:-1]))[: len(one)]
    return one[new], other[new]


def _pairs(holders: ListArray) -> tuple[NDArray[np.int64], ...] | None:
    """Left, right, holders of the rarest common key, and mark of each pair; None if there is none."""
    sizes = holders.value_lengths().to_numpy().astype(np.int64)
    held = holders.flatten()
    numbers, first, row = np.unique(held.field(NUMBER).to_numpy(), return_index=True, return_inverse=True)
    content = held.field("content").to_numpy()[first]
    row = row[np.lexsort((row, np.repeat(np.arange(len(sizes)), sizes)))]
    keys = np.zeros(len(sizes), np.int64)
    starts = np.cumsum(sizes) - sizes
    groups = Groups((), COMPOUND, row.astype(np.int32), starts, sizes, keys, len(row), lambda codes: codes)
    found: list[tuple[NDArray[np.int64], int]] = []
    for size in np.unique(sizes).tolist():
        followed = groups.followed(size - 1, size)
        found.extend((part, size) for part in followed.pairs((0, len(numbers)), len(numbers)))
    if not found:
        return None
    packed_pairs, places = np.unique(np.concatenate([part for part, _ in found]), return_index=True)
    rarest = np.repeat([size for _, size in found], [len(part) for part, _ in found])[places]
    left, right = np.divmod(packed_pairs, len(numbers))
    return numbers[left], numbers[right], rarest, pair_marks(content[left], content[right])


def equal_kernel() -> Kernel:
    """(left, right, content) of equal records in; the same as `pair_kernel` out, as if no key were rarer."""

    def run(batch: RecordBatch) -> Iterator[Columns]:
        ends = np.stack([batch.column("left").to_numpy(), batch.column("right").to_numpy()])
        content = batch.column("content").to_numpy()
        left, right = ends.min(axis=0), ends.max(axis=0)
        size, lone = np.zeros(len(left), np.int64), np.full(len(left), ABSENT)
        yield {"left": left, "right": right, "size": size, "lone": lone, "mark": pair_marks(content, content)}

    return kernel(run)


def level_kernel(document: str) -> Kernel:
    """Pairs with the values of both in; (levels, pairs) out: agreement patterns, a byte a column, counted."""

    def run(batch: RecordBatch) -> Iterator[Columns]:
        model = _model(document)
        left = np.arange(batch.num_rows, dtype=np.int32)
        table = compared_table(model, [(batch, "l_"), (batch, "r_")])
        patterns, of_pair = distinct_rows(pair_levels(table, left, left + np.int32(batch.num_rows)))
        counts = np.bincount(of_pair, minlength=len(patterns))
        yield {"levels": [row.tobytes() for row in patterns], "pairs": counts}

    return kernel(run)


def score_kernel(document: str, least: float) -> Kernel:
    """Pairs with the values of both in; the same with their weight out, of those of so many bits."""

    def run(batch: RecordBatch) -> Iterator[Columns]:
        model = _model(document)
        left = np.arange(batch.num_rows, dtype=np.int32)
        table = compared_table(model, [(batch, "l_"), (batch, "r_")])
        weight = score(model, table, left, left + np.int32(batch.num_rows)).weight
        kept = np.flatnonzero(weight >= least)
        names = ("left", "right", "size", "lone", "mark")
        yield {**{name: batch.column(name).to_numpy()[kept] for name in names}, "weight": weight[kept]}

    return kernel(run)


@lru_cache(maxsize=4)
def _model(document: str) -> MatchModel:
    """The model of a document; a worker is asked for the same one again and again."""
    return MatchModel.from_json(document)


def _numbers(names: list[str | None]) -> NDArray[np.int64]:
    """The number that stands for each name; -1 for none."""
    return np.where([name is None for name in names], -1, fingerprints(name or "" for name in names))
