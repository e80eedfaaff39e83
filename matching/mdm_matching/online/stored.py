"""Stored records: the many that an index begins with, in little room."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mdm_matching.blocking.bands import KeyReach
from mdm_matching.blocking.candidates import candidates, junk_of
from mdm_matching.model.match_model import MatchModel
from mdm_matching.online.postings import Postings
from mdm_matching.scoring.chance import chance_of
from mdm_matching.semantics.joined_standards import standards_at
from mdm_matching.semantics.semantic_type import Standard
from mdm_matching.standardising.standard_column import MISSING, Room
from mdm_matching.standardising.standard_table import StandardTable, standardise


@dataclass(frozen=True, slots=True)
class Stored:
    """Records that are looked up by key and may be forgotten.

    Attributes:
        names: their identifiers.
        rows: the row of each identifier.
        table: the records.
        postings: which of them hold each key.
        junk: keys of values that too many different names share.
        leads: for each column the fingerprint of each value's first key; empty where no value becomes junk.
        reach: how many records may hold a key that is looked up: as many as matching these records allows.
        columns: the values as they came.
    """

    names: Sequence[str]
    rows: Mapping[str, int]
    table: StandardTable
    postings: Postings
    junk: NDArray[np.int64]
    leads: Sequence[NDArray[np.int64]]
    reach: KeyReach
    columns: Mapping[str, Sequence[str | None]]

    @classmethod
    def of(
        cls, model: MatchModel, names: Sequence[str], columns: Mapping[str, Sequence[str | None]]
    ) -> Stored:
        """These records; a name that stands there twice means its last row."""
        rows = {name: row for row, name in enumerate(names)}
        if len(rows) < len(names):
            kept = sorted(rows.values())
            columns = {name: [values[row] for row in kept] for name, values in columns.items()}
            names = [names[row] for row in kept]
            rows = {name: row for row, name in enumerate(names)}
        table = standardise(model, columns, room=Room.JOINED)
        junk = junk_of(table)
        live = table.mute(junk)
        reach = candidates(live, cap=model.block_cap, chance=chance_of(model, live)).reach
        leads = [
            column.leading_keys if column.semantic.shared_limit else np.zeros(0, np.int64)
            for column in table.columns
        ]
        postings = Postings.of(table, alone=reach.alone > 1)
        return cls(names, rows, table, postings, junk, leads, reach, columns)

    def raw(self, row: int) -> dict[str, str | None]:
        """The values of one record as they came."""
        return {name: values[row] for name, values in self.columns.items()}

    def values(
        self, place: int, rows: NDArray[np.int32], junk: Collection[int]
    ) -> tuple[list[Standard], list[int]]:
        """The distinct values of these records in one column, and for each record the number of its own.

        -1 for none, and for one that is led by a key among `junk`.
        """
        column, leads = self.table.columns[place], self.leads[place]
        codes = column.codes[rows].tolist()
        held = [code for code in dict.fromkeys(codes) if code != MISSING]
        if junk and len(leads):
            marks = leads[np.array(held, np.int64)].tolist()
            held = [code for code, mark in zip(held, marks, strict=True) if mark not in junk]
        used = {code: number for number, code in enumerate(held)}
        standards = standards_at(column.standards, np.array(held, np.int64))
        return standards, [used.get(code, MISSING) for code in codes]
