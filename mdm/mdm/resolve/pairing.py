"""Which records are candidates: the pairs whose shared keys have votes enough."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from itertools import chain

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlmodel import Session

from mdm.entities import EntityType
from mdm.resolve.forces import ENOUGH, force_of
from mdm.resolve.keys import counted, holder_rows
from mdm.store.chunks import LONG, Query, chunks, dialect_of, given, listing, taken
from mdm.store.derived import block_keys
from mdm_matching import MatchModel

Packed = NDArray[np.int64]
"""Pairs of record ids, the smaller one first, each as one number."""

_PACK = 2**31
"""More than any row id: two of them fit into one number."""


def candidate_pairs(
    session: Session,
    entity_type: EntityType,
    keys: Iterable[int],
    rescored: Collection[int],
    common: Collection[int] = (),
) -> NDArray[np.int64]:
    """Pairs of records whose votes are enough, of which at least one is to be scored anew.

    Args:
        keys: that have force; all those of the records to be scored anew.
        common: those among them that have one vote.

    Returns:
        A row per pair, the smaller id first, in order; no pair twice.
    """
    wanted, few = np.array(sorted(rescored), np.int64), np.array(sorted(common), np.int64)
    pairs, votes = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for part in chunks(keys, LONG):
        held = np.fromiter(chain.from_iterable(holder_rows(session, entity_type, part)), np.int64)
        found, said = _pairs_within(held.reshape(-1, 2), wanted, few)
        pairs.append(found)
        votes.append(said)
    every, said = _added_up(np.concatenate(pairs), np.concatenate(votes))
    return np.stack(np.divmod(every[said >= ENOUGH], _PACK), axis=1)


def _pairs_within(
    held: NDArray[np.int64], wanted: NDArray[np.int64], common: NDArray[np.int64]
) -> tuple[Packed, NDArray[np.int64]]:
    """The pairs of holders of one key of which one is wanted, and their votes; no pair twice.

    Args:
        held: a row per key and record.
        wanted: record ids, sorted.
        common: keys with one vote, sorted.
    """
    held = held[np.argsort(held[:, 0], kind="stable")]
    key, record = held[:, 0], held[:, 1]
    first = np.flatnonzero(np.append(True, key[1:] != key[:-1])[: len(held)])
    sizes = np.diff(np.append(first, len(held)))
    begins, many = np.repeat(first, sizes), np.repeat(sizes, sizes)
    is_wanted = np.isin(record, wanted)
    ones = np.flatnonzero(is_wanted & (many > 1))
    repeats = many[ones]
    left = np.repeat(ones, repeats)
    ends = np.cumsum(repeats)
    right = np.arange(len(left)) - np.repeat(ends - repeats, repeats) + np.repeat(begins[ones], repeats)
    # Two wanted records meet from both sides, and are counted from one.
    once = (record[left] < record[right]) | ~is_wanted[right]
    left, right = left[once], right[once]
    one, other = record[left], record[right]
    votes = np.where(np.isin(key, common), 1, ENOUGH)[left]
    return _added_up(np.minimum(one, other) * _PACK + np.maximum(one, other), votes)


def _added_up(pairs: Packed, votes: NDArray[np.int64]) -> tuple[Packed, NDArray[np.int64]]:
    """Each pair once, in order, with the votes of all its places together."""
    order = np.argsort(pairs, kind="stable")
    pairs, votes = pairs[order], votes[order]
    first = np.flatnonzero(np.append(True, pairs[1:] != pairs[:-1])[: len(pairs)])
    return pairs[first], np.add.reduceat(votes, first) if len(first) else votes


def neighbours(
    session: Session, entity_type: EntityType, model: MatchModel, keys: Mapping[int, int]
) -> dict[int, set[int]]:
    """The stored records that would be candidates for one that came in with these keys, by key.

    Args:
        keys: key to the index of its column; one more will hold each of them.

    Returns:
        key to those of its holders that have votes enough; a key without such is absent.
    """
    holders: dict[int, list[int]] = {}
    dialect = dialect_of(session)
    query = _uncapped(entity_type.name, model.block_cap - 1, dialect)
    for part in chunks(keys, LONG):
        for key, record_id in taken(session.connection().execute(query, given(dialect, part))):
            holders.setdefault(key, []).append(record_id)
    counts = {key: len(records) + 1 for key, records in holders.items()}
    forces = force_of(session, entity_type, model, {key: keys[key] for key in holders}, counts)
    votes: dict[int, int] = {}
    for key, records in holders.items():
        said = forces.votes(key)
        for record_id in records:
            votes[record_id] = votes.get(record_id, 0) + said
    enough = {record_id for record_id, said in votes.items() if said >= ENOUGH}
    near = {key: enough.intersection(records) for key, records in holders.items() if forces.votes(key)}
    return {key: records for key, records in near.items() if records}


@lru_cache(maxsize=256)
def _uncapped(entity_type: str, cap: int, dialect: str) -> Query:
    """SQL for the holders of each key that no more than `cap` records hold."""
    table = block_keys()
    wanted = listing(dialect, table.c.block_key.type)
    same = (table.c.entity_type == entity_type) & (table.c.block_key == wanted.c.value)
    query = select(table.c.block_key, table.c.record_id).select_from(wanted.join(table, same))
    return query.where(counted(entity_type, wanted, cap + 1) <= cap)
