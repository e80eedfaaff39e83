"""A table of records in canonical form: what blocking, scoring and clustering read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mdm_matching.blocking.block_keys import BlockKeys, block_keys
from mdm_matching.errors import ColumnLengthError
from mdm_matching.fingerprint import fingerprint, fingerprints, mixed, mixed_numbers
from mdm_matching.semantics.joined_standards import texts_of
from mdm_matching.semantics.semantic_type import Standard
from mdm_matching.standardising.standard_column import MISSING, Room, StandardColumn

if TYPE_CHECKING:
    from mdm_matching.model.match_model import MatchModel


@dataclass(frozen=True)
class StandardTable:
    """Records in canonical form. A change, such as muting a value, gives a new table.

    Attributes:
        columns: one standardised column for each column of the model, in its order.
        rows: how many records there are.
    """

    columns: tuple[StandardColumn, ...]
    rows: int

    def block_keys(self) -> BlockKeys:
        """The block keys of every record; they depend on the record and the model alone."""
        return block_keys(self)

    def mute(self, keys: NDArray[np.int64]) -> StandardTable:
        """The table in which values led by these keys have lost their force.

        Such a value counts as missing in comparison and makes no candidates. Use the table that is returned;
        this one
        stays as it is.
        """
        if not len(keys):
            return self
        return replace(
            self, columns=tuple(column.muting(np.asarray(keys, np.int64)) for column in self.columns)
        )

    def followed_by(self, more: StandardTable) -> StandardTable:
        """The table of these records and of those of another one of the same model; nothing may be muted."""
        columns = zip(self.columns, more.columns, strict=True)
        return StandardTable(tuple(own.followed_by(other) for own, other in columns), self.rows + more.rows)

    def taking(self, rows: NDArray[np.int32]) -> StandardTable:
        """The table of these records alone, in this order."""
        return StandardTable(tuple(column.taking(rows) for column in self.columns), len(rows))

    @cached_property
    def companions(self) -> NDArray[np.int64]:
        """A fingerprint of how each record is named.

        Coarse enough that a slip of the pen rarely changes it.
        """
        named = [c for c in self.columns if c.semantic.group == "name"] or list(self.columns)
        marks = np.zeros(self.rows, np.int64)
        for column in named:
            starts: dict[str, int] = {}
            texts = texts_of(column.standards)
            own = [starts.setdefault(text[:3], len(starts)) for text in texts]
            own.append(starts.setdefault("", len(starts)))
            marks = mixed(marks, fingerprints(starts)[np.array(own, np.int32)][column.codes])
        return marks

    @cached_property
    def contents(self) -> NDArray[np.int64]:
        """A fingerprint of everything each record says that is evidence; records without evidence have -1."""
        if self.rows == 1:
            return np.array([content_of([column.value(0) for column in self.columns])], np.int64)
        marks = np.zeros(self.rows, np.int64)
        blank = np.ones(self.rows, np.bool_)
        for column in self.columns:
            marks = mixed(marks, column.text_marks[column.live_codes])
            blank &= column.live_codes == MISSING
        return np.where(blank, np.int64(-1), marks)

    @cached_property
    def content_ranks(self) -> NDArray[np.int64]:
        """A number for each row by what it says: the rows' order settles nothing but ties between equals."""
        numbers = np.empty(self.rows, np.int64)
        numbers[np.argsort(self.contents, kind="stable")] = np.arange(self.rows)
        return numbers


def content_of(values: Sequence[Standard | None]) -> int:
    """`StandardTable.contents` of a single record that has these values."""
    mark = 0
    for value in values:
        mark = mixed_numbers(mark, fingerprint(value.text if value else ""))
    return mark if any(value is not None for value in values) else -1


def standardise(
    model: MatchModel,
    columns: Mapping[str, Sequence[str | None]],
    *,
    room: Room = Room.OBJECTS,
    part_done: Callable[[float], None] | None = None,
) -> StandardTable:
    """Records in canonical form, ready to be blocked and scored.

    Args:
        model: names the columns that are evidence; one that `columns` lacks counts as blank throughout.
        columns: by name the values of all records, in the same order; None or "" is no value.
        room: how the values of large columns are kept.
        part_done: told the share of the columns that is done, 0 to 1.

    Raises:
        ColumnLengthError: the columns differ in length.
    """
    lengths = {name: len(values) for name, values in columns.items()}
    if len(set(lengths.values())) > 1:
        raise ColumnLengthError(lengths)
    rows = next(iter(lengths.values()), 0)
    nothing: Sequence[str | None] = [None] * rows
    made = []
    for column in model.columns:
        context = column.semantic.context
        beside = columns.get(context) if context else None
        values = columns.get(column.name, nothing)
        made.append(StandardColumn.of(column.name, column.semantic, values, beside, room=room))
        if part_done:
            part_done(len(made) / len(model.columns))
    return StandardTable(tuple(made), rows)
