"""Reading one record: its canonical values and its block keys, without the arrays that many would need."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np

from mdm_matching.blocking.record_keys import keys_of_values, lone_keys_of_values
from mdm_matching.fingerprint import fingerprint
from mdm_matching.model.match_model import MatchModel
from mdm_matching.semantics.semantic_type import Standard
from mdm_matching.standardising.canonical import canonical
from mdm_matching.standardising.standard_column import MISSING, StandardColumn
from mdm_matching.standardising.standard_table import StandardTable, content_of

Values = Mapping[str, str | None]
Standards = tuple[Standard | None, ...]


class Reader:
    """Reads records as a model sees them."""

    def __init__(self, model: MatchModel) -> None:
        self.model = model
        self._blank = StandardTable(
            tuple(StandardColumn.of_standards(own.name, own.semantic, [], []) for own in model.columns), 0
        )

    def standards(self, values: Values) -> Standards:
        """The canonical value of each column of the model; None for none."""
        found = []
        for column in self.model.columns:
            context = column.semantic.context
            beside = values.get(context) if context else None
            found.append(canonical(column.semantic, (values.get(column.name), beside)))
        return tuple(found)

    def keys(self, standards: Standards) -> list[tuple[int, int]]:
        """The block keys, ascending, each with the index of its column, -1 for two columns."""
        return keys_of_values(self._blank, standards)

    def lone_keys(self, standards: Standards) -> list[int]:
        """The weak keys, each by itself, ascending."""
        return lone_keys_of_values(self._blank, standards)

    def content(self, standards: Standards) -> int:
        """The mark of all that a record says, by which equal records find each other; -1 for nothing."""
        return content_of(standards)

    def without(self, standards: Standards, junk: Collection[int]) -> Standards:
        """The values without those that are led by one of these keys."""
        columns = zip(self.model.columns, standards, strict=True)
        return tuple(None if self._lead(own.name, value) in junk else value for own, value in columns)

    def _lead(self, column: str, value: Standard | None) -> int:
        return fingerprint(f"{column}\x1f{value.keys[0]}") if value is not None and value.keys else MISSING

    def table(self, rows: Sequence[Standards]) -> StandardTable:
        """The records with these values as a table."""
        columns = zip(self.model.columns, zip(*rows, strict=True), strict=True)
        nothing: list[str | None] = [None] * len(rows)
        made = (StandardColumn.of_standards(own.name, own.semantic, nothing, held) for own, held in columns)
        return StandardTable(tuple(made), len(rows))

    def column(self, place: int, standards: Sequence[Standard], codes: list[int]) -> StandardColumn:
        """One column of several records: its values, and for each record the number of its own."""
        own = self.model.columns[place]
        raw: list[str | None] = [None] * len(codes)
        muted = np.zeros(len(standards), np.bool_)
        return StandardColumn(own.name, own.semantic, raw, tuple(standards), np.array(codes, np.int32), muted)
