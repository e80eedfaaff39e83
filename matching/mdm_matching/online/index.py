"""The index: records to be found by what they share with a new one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from mdm_matching.blocking.block_keys import COMPOUND
from mdm_matching.model.match_model import MatchModel
from mdm_matching.scoring.pair_scores import score
from mdm_matching.scoring.probability import probability
from mdm_matching.semantics.semantic_type import Standard
from mdm_matching.standardising.standard_column import StandardColumn
from mdm_matching.standardising.standard_table import StandardTable, standardise

Values = Mapping[str, str | None]


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
    """A record as the index keeps it."""

    values: tuple[Standard | None, ...]
    keys: tuple[int, ...]
    content: int


class MemoryIndex:
    """An index in the memory of one process."""

    def __init__(self, model: MatchModel) -> None:
        self._model = model
        self._entries: dict[str, _Entry] = {}
        self._holders: dict[int, dict[str, int]] = {}
        self._limits: dict[int, int] = {}
        self._names: dict[int, dict[int, int]] = {}
        self._junk: set[int] = set()
        self._equals: dict[int, set[str]] = {}

    def __len__(self) -> int:
        return len(self._entries)

    def add(self, record: str, values: Values) -> None:
        """Keep a record; one that is known is replaced."""
        self.remove(record)
        table = self._table_of(values)
        keys = table.block_keys()
        own = tuple(column.value(0) for column in table.columns)
        entry = _Entry(own, tuple(keys.key.tolist()), int(table.contents[0]))
        self._entries[record] = entry
        self._equals.setdefault(entry.content, set()).add(record)
        companion = int(table.companions[0])
        for key, column in zip(entry.keys, keys.column.tolist(), strict=True):
            self._holders.setdefault(key, {})[record] = companion
            limit = 0 if column == COMPOUND else table.columns[column].semantic.shared_limit
            if limit:
                self._limits[key] = limit
                self._count(key, companion, 1)

    def remove(self, record: str) -> None:
        """Forget a record; one that is not known is no error."""
        entry = self._entries.pop(record, None)
        if entry is None:
            return
        self._equals[entry.content].discard(record)
        for key in entry.keys:
            companion = self._holders[key].pop(record)
            if not self._holders[key]:
                del self._holders[key]
            if key in self._limits:
                self._count(key, companion, -1)

    def _count(self, key: int, companion: int, change: int) -> None:
        """Count one holder of a key more or less by its name; under too many names the key is junk."""
        names = self._names.setdefault(key, {})
        names[companion] = names.get(companion, 0) + change
        if not names[companion]:
            del names[companion]
        if len(names) > self._limits[key]:
            self._junk.add(key)
        else:
            self._junk.discard(key)
        if not names:
            del self._names[key], self._limits[key]

    def query(self, values: Values) -> tuple[Hit, ...]:
        """The records that share a block key with this one, best first, ties by identifier."""
        table = self._table_of(values)
        junk = self._junk.intersection(table.block_keys().key.tolist())
        if junk:
            table = table.mute(np.array(sorted(junk), np.int64))
        found = sorted(self._candidates(table))
        if not found:
            return ()
        whole = self._with_entries(table, found)
        if self._junk:
            junk = self._junk.intersection(key for name in found for key in self._entries[name].keys)
            whole = whole.mute(np.array(sorted(junk), np.int64))
        others = np.arange(1, len(found) + 1, dtype=np.int32)
        weight = score(self._model, whole, np.zeros(len(found), np.int32), others).weight
        rows = zip(found, weight.tolist(), probability(weight).tolist(), strict=True)
        return tuple(sorted((Hit(*row) for row in rows), key=lambda hit: (-hit.weight, hit.record)))

    def _candidates(self, table: StandardTable) -> set[str]:
        found: set[str] = set()
        for key in table.block_keys().key.tolist():
            holders = self._holders.get(key, {})
            if len(holders) <= self._model.block_cap:
                found.update(holders)
        return found

    def _table_of(self, values: Values) -> StandardTable:
        columns = {column.name: [values.get(column.name)] for column in self._model.columns}
        contexts = {c.semantic.context for c in self._model.columns if c.semantic.context}
        return standardise(self._model, {**{name: [values.get(name)] for name in contexts}, **columns})

    def _with_entries(self, table: StandardTable, records: list[str]) -> StandardTable:
        rows = [tuple(column.value(0) for column in table.columns)] + [
            self._entries[r].values for r in records
        ]
        columns = tuple(
            StandardColumn.of_standards(
                own.name, own.semantic, [None] * len(rows), [row[place] for row in rows]
            )
            for place, own in enumerate(self._model.columns)
        )
        return StandardTable(columns, len(rows))
