"""Block keys in the store: who holds which, which lost their force, and the pairs that share one.

A key held by many unlike records (a switchboard's phone) is junk; a key held by more records than the model's
cap makes no candidates. Both are functions of the live records, so a key that crosses a limit touches all who
hold it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Row, ScalarSelect, Table, TableValuedAlias, func, literal, select
from sqlmodel import Session

from mdm.entities import EntityType
from mdm.models import evidence_types
from mdm.store.bulk import add_columns, drop_rows
from mdm.store.chunks import LONG, Query, chunks, dialect_of, given, listing, rows_in, taken
from mdm.store.derived import BlockKey
from mdm_matching import BlockKeys, MatchModel, StandardTable


def _table() -> Table:
    table: Table = BlockKey.__table__  # type: ignore[attr-defined]  # SQLModel hides it
    return table


_HELD = select(_table().c.block_key, _table().c.column_index)


@dataclass(frozen=True, slots=True)
class KeyForce:
    """Which of some keys are junk and which are too common to make candidates."""

    junk: frozenset[int] = field(default_factory=frozenset)
    capped: frozenset[int] = field(default_factory=frozenset)

    @property
    def powerless(self) -> frozenset[int]:
        """Keys that make no candidates."""
        return self.junk | self.capped


def shared_limits(entity_type: EntityType, model: MatchModel) -> dict[int, int]:
    """Column index to the number of different names that may share a value before it loses its force."""
    types = evidence_types(entity_type)
    limits = {i: types[c.name].shared_limit for i, c in enumerate(model.columns) if c.name in types}
    return {index: limit for index, limit in limits.items() if limit > 0}


def force_of(
    session: Session,
    entity_type: EntityType,
    model: MatchModel,
    keys: Mapping[int, int],
    counts: Mapping[int, int] | None = None,
) -> KeyForce:
    """What the live records say about these keys.

    Args:
        keys: key to the index of its column.
        counts: key to the number of its holders as `holder_counts` gives it, if that is known.
    """
    if counts is None:
        counts = holder_counts(session, entity_type, model, keys)
    capped = frozenset(key for key in keys if counts.get(key, 0) > model.block_cap)
    return KeyForce(_junk(session, entity_type, model, keys, counts), capped)


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
    wanted = listing(dialect, _table().c.block_key.type)
    # Most keys are new: what nobody holds is told apart before anything is counted.
    several = _counted(entity_type, wanted, above + 1) > above
    return select(wanted.c.value, _counted(entity_type, wanted, enough)).where(several)


def _counted(entity_type: str, wanted: TableValuedAlias, enough: int) -> ScalarSelect[int]:
    """SQL for how many records hold each of the wanted keys; it stops counting at `enough`."""
    table = _table()
    some = (
        select(literal(1))
        .select_from(table)
        .where(table.c.entity_type == entity_type, table.c.block_key == wanted.c.value)
        .limit(enough)
        .correlate(wanted)
        .subquery()
    )
    return select(func.count()).select_from(some).correlate(wanted).scalar_subquery()


def _junk(
    session: Session,
    entity_type: EntityType,
    model: MatchModel,
    keys: Mapping[int, int],
    counts: Mapping[int, int],
) -> frozenset[int]:
    """The keys among these under which too many different names are known."""
    limits = shared_limits(entity_type, model)
    asked = {
        key: limits[column] for key, column in keys.items()
        if column in limits and counts.get(key, 0) > limits[column]
    }  # fmt: skip
    rows = rows_in(session, _names(entity_type.name), _table().c.block_key, asked)
    return frozenset(key for key, found in rows if found > asked[key])


@cache
def _names(entity_type: str) -> Query:
    """SQL for how many different names are known under each key."""
    table = _table()
    return (
        select(table.c.block_key, func.count(func.distinct(table.c.companion)))
        .where(table.c.entity_type == entity_type)
        .group_by(table.c.block_key)
    )


def junk_among(
    session: Session, entity_type: EntityType, model: MatchModel, table: StandardTable
) -> NDArray[np.int64]:
    """The keys by which values of these records may lose their force, and did; sorted."""
    return junk_of(session, entity_type, model, led_values(entity_type, model, table))


def led_values(entity_type: EntityType, model: MatchModel, table: StandardTable) -> dict[int, int]:
    """The keys by which values of these records may lose their force, each with the index of its column."""
    return {
        key: place
        for place in shared_limits(entity_type, model)
        for key in table.columns[place].watched_keys.ravel().tolist()
        if key >= 0
    }


def junk_of(
    session: Session, entity_type: EntityType, model: MatchModel, held: Mapping[int, int]
) -> NDArray[np.int64]:
    """Those of the keys that `led_values` gives under which too many different names are known; sorted."""
    limits = shared_limits(entity_type, model)
    if not limits:
        return np.zeros(0, np.int64)
    counts = holder_counts(session, entity_type, model, held, above=min(limits.values()))
    return np.array(sorted(_junk(session, entity_type, model, held, counts)), dtype=np.int64)


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
    return {row[0]: row[1] for row in rows_in(session, _HELD, _table().c.record_id, record_ids)}


def keys_by_record(session: Session, record_ids: Iterable[int]) -> dict[int, dict[int, int]]:
    """The keys that each of these records holds in the store, with the index of its column; all are keys."""
    table, wanted = _table(), set(record_ids)
    found: dict[int, dict[int, int]] = {record_id: {} for record_id in wanted}
    query = select(table.c.record_id, table.c.block_key, table.c.column_index)
    for record_id, key, column in rows_in(session, query, table.c.record_id, wanted):
        found[record_id][key] = column
    return found


def holders_by_key(session: Session, entity_type: EntityType, keys: Iterable[int]) -> dict[int, set[int]]:
    """The records that hold each of these keys; a key that nobody holds is absent."""
    found: dict[int, set[int]] = {}
    for key, record_id in _holders(session, entity_type, keys):
        found.setdefault(key, set()).add(record_id)
    return found


def holders_with_force(
    session: Session, entity_type: EntityType, model: MatchModel, keys: Mapping[int, int]
) -> dict[int, set[int]]:
    """The records that hold each of these keys; a key that nobody holds or that lost its force is absent.

    Args:
        keys: key to the index of its column.
    """
    found: dict[int, set[int]] = {}
    dialect = dialect_of(session)
    query = _uncapped(entity_type.name, model.block_cap, dialect)
    for part in chunks(keys, LONG):
        for key, record_id in taken(session.connection().execute(query, given(dialect, part))):
            found.setdefault(key, set()).add(record_id)
    counts = {key: len(records) for key, records in found.items()}
    junk = _junk(session, entity_type, model, keys, counts)
    return {key: records for key, records in found.items() if key not in junk}


@lru_cache(maxsize=256)
def _uncapped(entity_type: str, cap: int, dialect: str) -> Query:
    """SQL for the holders of each key that no more than `cap` records hold."""
    table = _table()
    wanted = listing(dialect, table.c.block_key.type)
    same = (table.c.entity_type == entity_type) & (table.c.block_key == wanted.c.value)
    query = select(table.c.block_key, table.c.record_id).select_from(wanted.join(table, same))
    return query.where(_counted(entity_type, wanted, cap + 1) <= cap)


def holders(session: Session, entity_type: EntityType, keys: Collection[int]) -> set[int]:
    """The records that hold any of these keys."""
    return {record_id for _, record_id in _holders(session, entity_type, keys)}


def _holders(
    session: Session, entity_type: EntityType, keys: Iterable[int]
) -> Iterator[Row[*tuple[Any, ...]]]:
    return rows_in(session, _held_in(entity_type.name), _table().c.block_key, keys)


@cache
def _held_in(entity_type: str) -> Query:
    table = _table()
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


def candidate_pairs(
    session: Session, entity_type: EntityType, keys: Iterable[int], rescored: Collection[int]
) -> NDArray[np.int64]:
    """Pairs of records that share one of these keys and of which at least one is to be scored anew.

    Returns:
        A row per pair, the smaller id first, in order; no pair twice.
    """
    wanted = np.array(sorted(rescored), np.int64)
    packed = [np.zeros(0, np.int64)]
    for part in chunks(keys, LONG):
        held = np.fromiter(chain.from_iterable(_holders(session, entity_type, part)), np.int64)
        packed.append(_pairs_within(held.reshape(-1, 2), wanted))
    return np.stack(np.divmod(np.unique(np.concatenate(packed)), _PACK), axis=1)


_PACK = 2**31
"""More than any row id: two of them fit into one number."""


def _pairs_within(held: NDArray[np.int64], wanted: NDArray[np.int64]) -> NDArray[np.int64]:
    """The pairs of holders of one key, of which one is wanted, each as one number; no number twice.

    Args:
        held: a row per key and record.
        wanted: record ids, sorted.
    """
    held = held[np.argsort(held[:, 0], kind="stable")]
    record = held[:, 1]
    first = np.flatnonzero(np.append(True, held[1:, 0] != held[:-1, 0])[: len(held)])
    sizes = np.diff(np.append(first, len(held)))
    begins, many = np.repeat(first, sizes), np.repeat(sizes, sizes)
    ones = np.flatnonzero(np.isin(record, wanted) & (many > 1))
    repeats = many[ones]
    left = np.repeat(ones, repeats)
    ends = np.cumsum(repeats)
    right = np.arange(len(left)) - np.repeat(ends - repeats, repeats) + np.repeat(begins[ones], repeats)
    one, other = record[left], record[right]
    apart = one != other
    one, other = one[apart], other[apart]
    return np.unique(np.minimum(one, other) * _PACK + np.maximum(one, other))
