"""The index: records to be found by what they share with a new one."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from mdm_matching.blocking.bands import KeyReach
from mdm_matching.blocking.block_keys import COMPOUND
from mdm_matching.comparing.levels import first_levels
from mdm_matching.errors import ColumnLengthError
from mdm_matching.model.match_model import MatchModel
from mdm_matching.online.reading import Reader, Standards, Values
from mdm_matching.online.stored import Stored
from mdm_matching.scoring.pair_scores import score
from mdm_matching.scoring.probability import probability
from mdm_matching.standardising.standard_column import MISSING
from mdm_matching.standardising.standard_table import StandardTable

_NO_ROWS = np.zeros(0, np.int32)


@dataclass(frozen=True, slots=True)
class Hit:
    """A record that may be the same thing.

    Attributes:
        record: its identifier.
        weight: total match weight in bits.
        probability: what that weight implies, 0 to 1.
    """

    record: str
    weight: float
    probability: float


class Index(Protocol):
    """Where records are kept so that one record finds those that may be the same thing."""

    def add(self, record: str, values: Values) -> None:
        """Keep a record; one that is known is replaced."""

    def remove(self, record: str) -> None:
        """Forget a record; one that is not known is no error."""

    def query(self, values: Values) -> tuple[Hit, ...]:
        """The records that share a block key with this one, best first, ties by identifier."""
        ...


@dataclass(frozen=True, slots=True)
class _Entry:
    """A record that came after the first, as the index keeps it."""

    values: Standards
    keys: tuple[tuple[int, int], ...]
    companion: int


class MemoryIndex:
    """An index in the memory of one process.

    What it holds at first may be many records, which it keeps in arrays (`MemoryIndex.of`); what comes later
    is kept beside them. How many records may hold a key that is looked up is what matching the first records
    finds worth it; without them, what `reach` says, such as that of a `MatchResult`, or else the model, by
    which no weak key is looked up by itself. Of records equal in everything one is found, however many.

    Attributes:
        reach: how many records may hold a key that is looked up.
    """

    reach: KeyReach

    def __init__(self, model: MatchModel, reach: KeyReach | None = None) -> None:
        self._begin(model, reach or KeyReach(model.block_cap), None)

    @classmethod
    def of(
        cls, model: MatchModel, records: Sequence[str], columns: Mapping[str, Sequence[str | None]]
    ) -> MemoryIndex:
        """An index of many records, made faster and kept in less room than by adding one after the other.

        Args:
            model: how records are matched.
            records: the identifier of each; of one that stands there twice the last counts.
            columns: by name the values of all records, in the same order. They must not change.

        Raises:
            ColumnLengthError: the columns differ in length, or from the identifiers.
        """
        lengths = {"records": len(records), **{name: len(values) for name, values in columns.items()}}
        if len(set(lengths.values())) > 1:
            raise ColumnLengthError(lengths)
        index, stored = cls(model), Stored.of(model, records, columns)
        index._begin(model, stored.reach, stored)
        return index

    def _begin(self, model: MatchModel, reach: KeyReach, stored: Stored | None) -> None:
        self._model, self._reader, self._stored = model, Reader(model), stored
        self.reach = reach
        self._alive = np.ones(len(stored.names) if stored else 0, np.bool_)
        self._gone = 0
        self._entries: dict[str, _Entry] = {}
        self._holders: dict[int, dict[str, None]] = {}
        self._junk = set(stored.junk.tolist()) if stored else set[int]()

    def __len__(self) -> int:
        return len(self._alive) - self._gone + len(self._entries)

    def add(self, record: str, values: Values) -> None:
        """Keep a record; one that is known is replaced."""
        self.remove(record)
        standards = self._reader.standards(values)
        companion = int(self._reader.table([standards]).companions[0])
        content = [self._reader.content(standards)] if any(standards) else []
        marks = (*content, *self._lone_keys(standards))
        keys = (*self._reader.keys(standards), *((mark, COMPOUND) for mark in marks))
        entry = _Entry(standards, keys, companion)
        self._entries[record] = entry
        for key, _ in entry.keys:
            self._holders.setdefault(key, {})[record] = None
        self._judge(entry.keys)

    def remove(self, record: str) -> None:
        """Forget a record; one that is not known is no error."""
        entry = self._entries.pop(record, None)
        if entry is not None:
            for key, _ in entry.keys:
                del self._holders[key][record]
                if not self._holders[key]:
                    del self._holders[key]
            self._judge(entry.keys)
        row = self._stored.rows.get(record) if self._stored else None
        if self._stored and row is not None and self._alive[row]:
            self._alive[row] = False
            self._gone += 1
            self._judge(self._reader.keys(self._reader.standards(self._stored.raw(row))))

    def _judge(self, keys: Sequence[tuple[int, int]]) -> None:
        """Tell anew which of these keys are junk: held under too many names."""
        limits = {key: self._limit(column) for key, column in keys if self._limit(column)}
        for (key, limit), rows in zip(limits.items(), self._stored_rows(limits), strict=True):
            names = {self._entries[record].companion for record in self._holders.get(key, ())}
            if self._stored and len(rows):
                names.update(self._stored.table.companions[rows].tolist())
            if len(names) > limit:
                self._junk.add(key)
            else:
                self._junk.discard(key)

    def _limit(self, column: int) -> int:
        return 0 if column == COMPOUND else self._model.columns[column].semantic.shared_limit

    def _stored_rows(self, keys: Collection[int]) -> list[NDArray[np.int32]]:
        """The rows of the first records that hold each key and are still there."""
        if self._stored is None:
            return [_NO_ROWS] * len(keys)
        found = self._stored.postings.rows_of(keys)
        if not self._gone:
            return found
        return [rows[self._alive[rows]] for rows in found]

    def query(self, values: Values) -> tuple[Hit, ...]:
        """The records that share a block key with this one, best first, ties by identifier."""
        said = self._reader.standards(values)
        own = self._reader.without(said, self._junk)
        keys = [key for key, _ in self._reader.keys(own)]
        content = self._reader.content(said) if any(own) else MISSING
        rows, records = self._candidates(keys, self._lone_keys(own), content)
        count = len(rows) + len(records)
        if not count:
            return ()
        table = self._beside(own, rows, [self._entries[record].values for record in records])
        others = np.arange(1, count + 1, dtype=np.int32)
        levels = first_levels(table)
        weight = score(self._model, table, np.zeros(count, np.int32), others, levels=levels).weight
        names = [self._stored.names[int(row)] for row in rows] if self._stored else []
        names += records
        found = zip(names, weight.tolist(), probability(weight).tolist(), strict=True)
        return tuple(sorted((Hit(*hit) for hit in found), key=lambda hit: (-hit.weight, hit.record)))

    def _lone_keys(self, standards: Standards) -> list[int]:
        return self._reader.lone_keys(standards) if self.reach.alone > 1 else []

    def _candidates(
        self, keys: Sequence[int], alone: Sequence[int], content: int
    ) -> tuple[NDArray[np.int32], list[str]]:
        """Rows of the first records and later ones that share a key that is not too common.

        Of the records that are equal in everything one will do, however many they are.
        """
        *found, equal = self._stored_rows([*keys, *alone, content])
        most = [self.reach.shared] * len(keys) + [self.reach.alone] * len(alone)
        rows: set[int] = {int(equal.min())} if len(equal) else set()
        records = dict.fromkeys(islice(self._holders.get(content, ()), 0 if rows else 1))
        for key, stored, limit in zip([*keys, *alone], found, most, strict=True):
            later = self._holders.get(key, {})
            if len(stored) + len(later) <= limit:
                rows.update(stored.tolist())
                records.update(later)
        return np.array(sorted(rows), np.int32), list(records)

    def _beside(self, own: Standards, rows: NDArray[np.int32], later: Sequence[Standards]) -> StandardTable:
        """The record and its candidates as a table, in which junk has lost its force."""
        sound = [self._reader.without(values, self._junk) for values in later]
        columns = []
        for place, value in enumerate(own):
            standards, codes = self._stored.values(place, rows, self._junk) if self._stored else ([], [])
            for held in (*(values[place] for values in sound), value):
                codes.append(MISSING if held is None else len(standards))
                if held is not None:
                    standards.append(held)
            columns.append(self._reader.column(place, standards, [codes[-1], *codes[:-1]]))
        return StandardTable(tuple(columns), 1 + len(rows) + len(later))
