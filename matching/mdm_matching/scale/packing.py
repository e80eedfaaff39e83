"""Packing: records in canonical form as Arrow columns, and back, so that each is standardised only once.

A record has for each column of the model, by its number: `v0` with what comparing needs, `k0` with its block
keys. Both are JSON, null where there is no value. The numbers of records are fingerprints of their names.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mdm_matching.model.match_model import MatchModel
from mdm_matching.semantics.semantic_type import SemanticType, Standard
from mdm_matching.standardising.standard_column import MISSING, StandardColumn
from mdm_matching.standardising.standard_table import StandardTable

if TYPE_CHECKING:
    from pyarrow import Array, RecordBatch  # pyright: ignore[reportMissingImports]  # of the extra `spark`

# Columns that every frame of records has: how the record is called, and the number that stands for it.
RECORD, NUMBER = "record", "number"


def value_columns(model: MatchModel) -> list[str]:
    """The columns with what comparing needs."""
    return [f"v{place}" for place in range(len(model.columns))]


def key_columns(model: MatchModel) -> list[str]:
    """The columns with the block keys."""
    return [f"k{place}" for place in range(len(model.columns))]


def packed(column: StandardColumn) -> tuple[Array, Array]:
    """What comparing needs of each record's value, and its block keys."""
    values = [json.dumps([own.text, *own.parts]) for own in column.standards]
    keys = [json.dumps([own.keys, own.weak_keys]) for own in column.standards]
    return _taken(values, column.codes), _taken(keys, column.codes)


def _taken(texts: Sequence[str], codes: NDArray[np.int32]) -> Array:
    import pyarrow as pa  # pyright: ignore[reportMissingImports]

    return pa.array([*texts, None], pa.string()).take(pa.array(np.where(codes == MISSING, len(texts), codes)))


def keyed_table(model: MatchModel, batch: RecordBatch) -> StandardTable:
    """Records with all that blocking needs."""
    import pyarrow.compute as pc  # pyright: ignore[reportMissingImports]

    columns = []
    for place, column in enumerate(model.columns):
        # JSON holds no line break of its own.
        both = pc.binary_join_element_wise(batch.column(f"v{place}"), batch.column(f"k{place}"), "\n")
        columns.append(_column(column.name, column.semantic, both, _with_keys))
    return StandardTable(tuple(columns), batch.num_rows)


def compared_table(model: MatchModel, batches: Sequence[tuple[RecordBatch, str]]) -> StandardTable:
    """The records of all batches below each other with all that comparing needs, keys left out.

    Args:
        batches: record batches, each with what stands before the names of its columns, such as "l_".
    """
    import pyarrow as pa  # pyright: ignore[reportMissingImports]

    columns = []
    for place, column in enumerate(model.columns):
        parts = [batch.column(f"{prefix}v{place}") for batch, prefix in batches]
        columns.append(_column(column.name, column.semantic, pa.concat_arrays(parts), _without_keys))
    return StandardTable(tuple(columns), sum(batch.num_rows for batch, _ in batches))


def _column(
    name: str, semantic: SemanticType, texts: Array, read: Callable[[str], Standard]
) -> StandardColumn:
    coded = texts.dictionary_encode()
    codes = coded.indices.fill_null(MISSING).to_numpy(zero_copy_only=False).astype(np.int32)
    standards = tuple(map(read, coded.dictionary.to_pylist()))
    return StandardColumn(name, semantic, (), standards, codes, np.zeros(len(standards), np.bool_))


def _without_keys(text: str) -> Standard:
    first, *parts = json.loads(text)
    return Standard(first, parts=tuple(parts))


def _with_keys(text: str) -> Standard:
    value, _, own = text.partition("\n")
    first, *parts = json.loads(value)
    keys, weak = json.loads(own)
    return Standard(first, tuple(keys), tuple(weak), tuple(parts))
