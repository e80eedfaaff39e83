"""The scored pairs: those of live records at or above the review threshold, kept until one changes."""

from __future__ import annotations

from collections.abc import Collection
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
from sqlmodel import Session

from mdm.entities import EntityType
from mdm.resolve.capping import drop_weakened, strengthened_pairs
from mdm.resolve.evidence import gather
from mdm.resolve.forces import force_of
from mdm.resolve.keys import DistinctKeys, holder_counts, holders, keys_held, replace_keys
from mdm.resolve.pairing import candidate_pairs
from mdm.resolve.scoring import scored
from mdm.resolve.stored_edges import drop_edges
from mdm.store.beside import claim, is_beside, stay_apart
from mdm.store.bulk import add_rows
from mdm.store.derived import Edge
from mdm_matching import MatchModel

if TYPE_CHECKING:
    from mdm.hub import Hub

Pair = tuple[int, int]


def rescore(
    hub: Hub, session: Session, entity_type: EntityType, model: MatchModel, changed: Collection[int]
) -> set[int]:
    """Bring keys and edges in line with changed records; returns every record whose edges may have changed.

    Steps: the keys before, the new keys, whom a key's changed force touches, the candidates, their scores.
    """
    before = keys_held(session, changed)
    stay_apart(session, not before)
    evidence = gather(session, entity_type, model, changed, hub.settings.matching.block_list)
    keys = evidence.block_keys
    if is_beside(session):
        claim(session, f"key {entity_type.name}", np.unique(keys.key).tolist())
    after = DistinctKeys.of(keys, evidence.block_listed)
    counts = holder_counts(session, entity_type, model, {*before, *after.key.tolist()})
    # What one record holds alone, before and after, has no force to lose and joins nobody: most keys.
    held = after.with_others(counts)
    touched = {key: column for key, column in before.items() if counts.get(key, 0) > 1} | held.columns
    forces_before = force_of(session, entity_type, model, touched, counts)
    replace_keys(
        session, entity_type, model, evidence.ids, keys,
        silent=evidence.block_listed, held_before=changed if before else (),
    )  # fmt: skip
    counts = dict(zip(held.key.tolist(), held.holders.tolist(), strict=True))
    if before:
        recounted = holder_counts(session, entity_type, model, before)
        counts |= {key: recounted.get(key, 0) for key in before}
    forces = forces_after = force_of(session, entity_type, model, touched, counts)
    turned = forces_after.junk ^ forces_before.junk
    weaker = forces_after.weaker_than(forces_before) - turned
    stronger = forces_before.weaker_than(forces_after) - turned - forces_after.junk
    rescored = set(changed)
    stay_apart(session, not (turned or stronger))
    own: Collection[int] = held.key.tolist()
    if turned:
        rescored |= holders(session, entity_type, turned)
        every = keys_held(session, rescored)
        counts = holder_counts(session, entity_type, model, every)
        forces, own = force_of(session, entity_type, model, every, counts), every
    shared = {key for key in own if counts.get(key, 0) > 1} - forces.powerless
    pairs = candidate_pairs(session, entity_type, shared, rescored, forces.common)
    neighbours = drop_edges(session, rescored) if before or turned else set[int]()
    if weaker:
        neighbours |= drop_weakened(session, entity_type, model, weaker, rescored)
    again = strengthened_pairs(session, entity_type, model, stronger, forces_after, rescored)
    ends = set[int]()
    for found in chain(*(scored(session, entity_type, model, evidence, some) for some in (pairs, again))):
        add_rows(session, Edge, found)
        ends.update(int(row[end]) for row in found for end in ("left_id", "right_id"))
    affected = rescored | neighbours | ends
    stay_apart(session, affected <= set(changed))
    return affected
