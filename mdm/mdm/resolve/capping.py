"""What follows when a key says less because more records hold it, or more because fewer do.

Scores do not change by that, only who is a candidate: so only pairs that share such a key are looked at, and
not everything else about the many records that hold it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import chain

import numpy as np
from numpy.typing import NDArray
from sqlmodel import Session

from mdm.entities import EntityType
from mdm.resolve.forces import ENOUGH, KeyForce, force_of
from mdm.resolve.keys import holders_by_key, keys_by_record
from mdm.resolve.pairing import candidate_pairs
from mdm.resolve.stored_edges import drop_pairs, edges_of
from mdm.store.beside import stay_apart
from mdm_matching import MatchModel

Pair = tuple[int, int]


def drop_weakened(
    session: Session,
    entity_type: EntityType,
    model: MatchModel,
    weaker: Collection[int],
    rescored: Collection[int],
) -> set[int]:
    """Delete the edges that rest on keys which say too little from now on.

    Args:
        weaker: keys that say less than before.
        rescored: records whose edges are made anew in any case.

    Returns:
        The records whose edges were deleted.
    """
    held = _keys_held_of(session, entity_type, weaker)
    joined = [
        (left, right)
        for left, right, _ in edges_of(session, held.keys() - set(rescored))
        if not held.get(left, set()).isdisjoint(held.get(right, ()))
        and left not in rescored
        and right not in rescored
    ]
    # What other keys of these pairs say may change at the same time.
    stay_apart(session, not joined)
    lost = [pair for pair, votes in _votes(session, entity_type, model, joined).items() if votes < ENOUGH]
    drop_pairs(session, lost)
    return {end for pair in lost for end in pair}


def strengthened_pairs(
    session: Session,
    entity_type: EntityType,
    model: MatchModel,
    keys: Iterable[int],
    forces: KeyForce,
    rescored: Collection[int],
) -> NDArray[np.int64]:
    """The pairs that keys make which say more than before; those that have an edge are left out.

    Args:
        forces: of these keys now.
        rescored: records all of whose pairs are found elsewhere.

    Returns:
        A row per pair, the smaller id first, in order.
    """
    wanted = set(keys)
    if not wanted:
        return np.zeros((0, 2), np.int64)
    holders = _keys_held_of(session, entity_type, wanted).keys()
    known = {(left, right) for left, right, _ in edges_of(session, holders)}
    sharing = map(tuple, candidate_pairs(session, entity_type, wanted, holders).tolist())
    apart = [
        pair for pair in sharing if pair not in known and pair[0] not in rescored and pair[1] not in rescored
    ]
    if not wanted.isdisjoint(forces.common):
        votes = _votes(session, entity_type, model, apart)
        apart = [pair for pair in apart if votes[pair] >= ENOUGH]
    return np.array(apart, np.int64).reshape(-1, 2)


def _keys_held_of(session: Session, entity_type: EntityType, keys: Collection[int]) -> dict[int, set[int]]:
    """Record to those of the keys that it holds, for every record that holds one."""
    found: dict[int, set[int]] = {}
    for key, records in holders_by_key(session, entity_type, keys).items():
        for record in records:
            found.setdefault(record, set()).add(key)
    return found


def _votes(
    session: Session, entity_type: EntityType, model: MatchModel, pairs: Collection[Pair]
) -> dict[Pair, int]:
    """How much all keys together that two records share say, pair by pair."""
    own = keys_by_record(session, set(chain.from_iterable(pairs)))
    shared = {pair: own[pair[0]].keys() & own[pair[1]].keys() for pair in pairs}
    columns = {key: own[pair[0]][key] for pair, keys in shared.items() for key in keys}
    forces = force_of(session, entity_type, model, columns)
    return {pair: sum(map(forces.votes, keys)) for pair, keys in shared.items()}
