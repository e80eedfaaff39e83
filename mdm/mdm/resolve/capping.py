"""What follows when a key becomes too common to make candidates, or is no longer so.

Scores do not change by that, only who is a candidate: so only pairs that share such a key are looked at, and
not everything else about the many records that hold it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

import numpy as np
from numpy.typing import NDArray
from sqlmodel import Session

from mdm.entities import EntityType
from mdm.resolve.keys import candidate_pairs, force_of, holders_by_key, keys_by_record
from mdm.resolve.stored_edges import drop_pairs, edges_of
from mdm_matching import MatchModel


def drop_capped(
    session: Session,
    entity_type: EntityType,
    model: MatchModel,
    capped: Collection[int],
    rescored: Collection[int],
) -> set[int]:
    """Delete the edges that rest on keys which are too common from now on.

    Args:
        rescored: records whose edges are made anew in any case.

    Returns:
        The records whose edges were deleted.
    """
    held = {
        key: records.difference(rescored)
        for key, records in holders_by_key(session, entity_type, capped).items()
    }
    among = set[int]().union(*held.values())
    joined = [
        (left, right)
        for left, right, _ in edges_of(session, among)
        if any(left in records and right in records for records in held.values())
    ]
    own = keys_by_record(session, {end for pair in joined for end in pair})
    every = {key: column for keys in own.values() for key, column in keys.items()}
    powerless = force_of(session, entity_type, model, every).powerless
    lost = [(left, right) for left, right in joined if not (own[left].keys() & own[right].keys()) - powerless]
    drop_pairs(session, lost)
    return {end for pair in lost for end in pair}


def uncapped_pairs(
    session: Session, entity_type: EntityType, keys: Iterable[int], rescored: Collection[int]
) -> NDArray[np.int64]:
    """The pairs that keys make which are no longer too common; those that have an edge are left out.

    Args:
        rescored: records all of whose pairs are found elsewhere.

    Returns:
        A row per pair, the smaller id first, in order.
    """
    wanted = set(keys)
    if not wanted:
        return np.zeros((0, 2), np.int64)
    holders = set[int]().union(*holders_by_key(session, entity_type, wanted).values())
    known = {(left, right) for left, right, _ in edges_of(session, holders)}
    pairs = candidate_pairs(session, entity_type, wanted, holders)
    rows = [
        pair
        for pair in map(tuple, pairs.tolist())
        if pair not in known and pair[0] not in rescored and pair[1] not in rescored
    ]
    return np.array(rows, np.int64).reshape(-1, 2)
