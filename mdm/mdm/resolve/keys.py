"""Block keys in the store: who holds which."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Row, ScalarSelect, TableValuedAlias, func, literal, select
from sqlmodel import Session

from mdm.entities import EntityType
from mdm.models import evidence_types
from mdm.store.bulk import add_columns, drop_rows
from mdm.store.chunks import LONG, Query, chunks, dialect_of, given, listing, rows_in, taken
from mdm.store.derived import BlockKey, block_keys
from mdm_matching import BlockKeys, MatchModel

_HELD = select(block_keys().c.block_key, block_keys().c.column_index)


def shared_limits(entity_type: EntityType, model: MatchModel) -> dict[int, int]:
    """Column index to the number of different names that may share a value before it loses its force."""
    types = evidence_types(entity_type)
    limits = {i: types[c.name].shared_limit for i, c in enumerate(model.columns) if c.name in types}
    return {index: limit for index, limit in limits.items() if limit > 0}


def holder_counts(
    session: Session, entity_type: EntityType, model: MatchModel, keys: Iterable[int], *, above: int = 0
) -> dict[int, int]:
    """Key to the number of records that hold it, for keys that more than `above` records hold.

    No more are counted than tell a key's force, so that a key that half of the records hold costs no more
    than another.
    """
    enough = max([model.block_cap, *shared_limits(entity_type, model).values()]) + 1
    found: dict[int, int] = {}
    dialect = dialect_of(session)
    query = _counting(entity_type.name, above, enough, dialect)
    for part in chunks(keys, LONG):
        found.update(taken(session.connection().execute(query, given(dialect, part))))
    return found


@lru_cache(maxsize=256)
def _counting(entity_type: str, above: int, enough: int, dialect: str) -> Query:
    wanted = listing(dialect, block_keys().c.block_key.type)
    # Most keys are new: what nobody holds is told apart before anything is counted.
    several = counted(entity_type, wanted, above + 1) > above
    return select(wanted.c.value, counted(entity_type, wanted, enough)).where(several)


def counted(entity_type: str, wanted: TableValuedAlias, enough: int) -> ScalarSelect[int]:
    """SQL for how many records hold each of the wanted keys; it stops counting at `enough`."""
    table = block_keys()
    some = (
        select(literal(1))
        .select_from(table)
        .where(table.c.entity_type == entity_type, table.c.block_key == wanted.c.value)
        .limit(enough)
        .correlate(wanted)
        .subquery()
    )
    return select(func.count()).select_from(some).correlate(wanted).scalar_subquery()


@dataclass(frozen=True, slots=True)
class DistinctKeys:
    """The different keys of some records.

    Attributes:
        key: the keys, ascending.
        column: for each the index of its column.
        holders: for each how many of the records hold it.
    """

    key: NDArray[np.int64]
    column: NDArray[np.int16]
    holders: NDArray[np.int64]

    @classmethod
    def of(cls, keys: BlockKeys, silent: Collection[int] = ()) -> DistinctKeys:
        """The keys of all rows that are not silent."""
        spoken = slice(None) if not silent else ~np.isin(keys.row, list(silent))
        key, first, holders = np.unique(keys.key[spoken], return_index=True, return_counts=True)
        return cls(key, keys.column[spoken][first], holders)

    @property
    def columns(self) -> dict[int, int]:
        """Key to the index of its column."""
        return dict(zip(self.key.tolist(), self.column.tolist(), strict=True))

    def with_others(self, counts: Mapping[int, int]) -> DistinctKeys:
        """Those that several hold, these records and as many others as `counts` says of a key."""
        known = np.array(sorted(counts), np.int64)
        places = np.flatnonzero(np.isin(self.key, known, assume_unique=True))
        holders = self.holders.copy()
        holders[places] += np.array([counts[key] for key in self.key[places].tolist()], np.int64)
        several = holders > 1
        return DistinctKeys(self.key[several], self.column[several], holders[several])


def keys_held(session: Session, record_ids: Iterable[int]) -> dict[int, int]:
    """The keys these records hold in the store, each with the index of its column."""
    return {row[0]: row[1] for row in rows_in(session, _HELD, block_keys().c.record_id, record_ids)}


def keys_by_record(session: Session, record_ids: Iterable[int]) -> dict[int, dict[int, int]]:
    """The keys that each of these records holds in the store, with the index of its column; all are keys."""
    table, wanted = block_keys(), set(record_ids)
    found: dict[int, dict[int, int]] = {record_id: {} for record_id in wanted}
    query = select(table.c.record_id, table.c.block_key, table.c.column_index)
    for record_id, key, column in rows_in(session, query, table.c.record_id, wanted):
        found[record_id][key] = column
    return found


def holders_by_key(session: Session, entity_type: EntityType, keys: Iterable[int]) -> dict[int, set[int]]:
    """The records that hold each of these keys; a key that nobody holds is absent."""
    found: dict[int, set[int]] = {}
    for key, record_id in holder_rows(session, entity_type, keys):
        found.setdefault(key, set()).add(record_id)
    return found


def holders(session: Session, entity_type: EntityType, keys: Collection[int]) -> set[int]:
    """The records that hold any of these keys."""
    return {record_id for _, record_id in holder_rows(session, entity_type, keys)}


def holder_rows(
    session: Session, entity_type: EntityType, keys: Iterable[int]
) -> Iterator[Row[*tuple[Any, ...]]]:
    return rows_in(session, _held_in(entity_type.name), block_keys().c.block_key, keys)


@cache
def _held_in(entity_type: str) -> Query:
    table = block_keys()
    return select(table.c.block_key, table.c.record_id).where(table.c.entity_type == entity_type)


def replace_keys(
    session: Session,
    entity_type: EntityType,
    model: MatchModel,
    ids: Sequence[int],
    keys: BlockKeys,
    *,
    silent: Collection[int],
    held_before: Collection[int],
) -> None:
    """Store the keys of changed records anew.

    Args:
        ids: record id by row of `keys`.
        silent: rows that hold no keys, because they take no candidates.
        held_before: records whose stored keys go, among them those that are no longer live.
    """
    drop_rows(session, BlockKey, "record_id", held_before)
    record = np.array(ids, np.int64)[keys.row]
    # Only where names are counted is a name worth its place.
    named = np.isin(keys.column, list(shared_limits(entity_type, model)))
    companion = np.where(named, keys.companion, 0)
    order = np.lexsort((record, keys.key))
    order = order[~np.isin(keys.row[order], list(silent))]
    for begin in range(0, len(order), LONG):
        part = order[begin : begin + LONG]
        columns = {
            "entity_type": [entity_type.name] * len(part),
            "block_key": keys.key[part].tolist(),
            "record_id": record[part].tolist(),
            "column_index": keys.column[part].tolist(),
            "companion": companion[part].tolist(),
        }
        add_columns(session, BlockKey, columns)
