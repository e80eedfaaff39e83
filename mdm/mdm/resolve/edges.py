"""The scored pairs: those of live records at or above the review threshold, kept until one changes."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from sqlmodel import Session

from mdm.entities import EntityType
from mdm.resolve.capping import drop_capped, uncapped_pairs
from mdm.resolve.evidence import gather
from mdm.resolve.keys import (
    DistinctKeys,
    candidate_pairs,
    force_of,
    holder_counts,
    holders,
    junk_among,
    keys_held,
    replace_keys,
)
from mdm.resolve.lifetimes import apart_in_time
from mdm.resolve.stored_edges import drop_edges
from mdm.store.beside import claim, is_beside, stay_apart
from mdm.store.bulk import add_rows
from mdm.store.derived import Edge
from mdm.strong_ids import strong_attributes
from mdm_matching import MatchModel, PairScores, StandardTable, score
from mdm_matching.comparing.levels import BLANK

if TYPE_CHECKING:
    from mdm.hub import Hub

Pair = tuple[int, int]

AT_ONCE = 50_000
"""Records on the left of the pairs that are scored at a time."""


def rescore(
    hub: Hub, session: Session, entity_type: EntityType, model: MatchModel, changed: Collection[int]
) -> set[int]:
    """Bring keys and edges in line with changed records; returns every record whose edges may have changed.

    Steps: the keys before, the new keys, whom a key's changed force touches, the candidates, their scores.
    """
    before = keys_held(session, changed)
    stay_apart(session, not before)
    evidence = gather(session, entity_type, model, changed, hub.settings.matching.block_list)
    keys = evidence.table.block_keys()
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
    forces = force_of(session, entity_type, model, touched, counts)
    turned = forces.junk ^ forces_before.junk
    capped = (forces.capped - forces_before.capped) - turned
    uncapped = (forces_before.capped - forces.capped) - turned - forces.junk
    rescored = set(changed)
    stay_apart(session, not (turned or capped or uncapped))
    own: Collection[int] = held.key.tolist()
    if turned:
        rescored |= holders(session, entity_type, turned)
        every = keys_held(session, rescored)
        counts = holder_counts(session, entity_type, model, every)
        forces, own = force_of(session, entity_type, model, every, counts), every
    shared = {key for key in own if counts.get(key, 0) > 1} - forces.powerless
    pairs = candidate_pairs(session, entity_type, shared, rescored)
    neighbours = drop_edges(session, rescored) if before or turned else set[int]()
    if capped:
        neighbours |= drop_capped(session, entity_type, model, capped, rescored)
    again = uncapped_pairs(session, entity_type, uncapped, rescored)
    ends = set[int]()
    for part in (*slices(pairs), *slices(again)):
        found = _score(hub, session, entity_type, model, part)
        add_rows(session, Edge, found)
        ends.update(int(row[end]) for row in found for end in ("left_id", "right_id"))
    affected = rescored | neighbours | ends
    stay_apart(session, affected <= set(changed))
    return affected


def slices(pairs: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    """Pairs in order, in parts of so few records that what they say fits into memory."""
    begin = 0
    while begin < len(pairs):
        # A new record after so many left ones begins the next part; the right ones are bounded by the batch.
        lefts = np.unique(pairs[begin:, 0])
        last = lefts[min(len(lefts), AT_ONCE) - 1]
        end = int(np.searchsorted(pairs[:, 0], last, side="right"))
        yield pairs[begin:end]
        begin = end


def _score(
    hub: Hub, session: Session, entity_type: EntityType, model: MatchModel, pairs: NDArray[np.int64]
) -> list[dict[str, int | float | str]]:
    """The pairs at or above the review threshold, and disputed ones below, as rows of the edge table."""
    apart = apart_in_time(session, entity_type, map(tuple, pairs.tolist())) if entity_type.period else ()
    if apart:
        pairs = np.array(sorted(set(map(tuple, pairs.tolist())) - apart), np.int64).reshape(-1, 2)
    if not len(pairs):
        return []
    evidence = gather(
        session, entity_type, model, np.unique(pairs).tolist(), hub.settings.matching.block_list
    )
    table = evidence.table.mute(junk_among(session, entity_type, model, evidence.table))
    ids = np.array(evidence.ids, dtype=np.int64)
    sorter = np.argsort(ids)
    rows = sorter[np.searchsorted(ids, pairs, sorter=sorter)]
    left, right = rows[:, 0].astype(np.int32), rows[:, 1].astype(np.int32)
    scores = score(model, table, left, right)
    weights = scores.weight
    kept = np.flatnonzero(
        (weights >= model.review_threshold)
        | _shares_id(entity_type, model, scores)
        | _disputed(model, table, left, right, scores)
    )
    return [
        {
            "left_id": int(pairs[k, 0]),
            "right_id": int(pairs[k, 1]),
            "entity_type": entity_type.name,
            "weight": float(weights[k]),
        }
        for k in kept
    ]


def _shares_id(entity_type: EntityType, model: MatchModel, scores: PairScores) -> NDArray[np.bool_]:
    """Pairs that hold one id of which only one thing may hold each, however unlike they are otherwise."""
    strong = {attribute.name for attribute in strong_attributes(entity_type)}
    places = [place for place, column in enumerate(model.columns) if column.name in strong]
    shared: NDArray[np.bool_] = (scores.levels[:, places] == 0).any(axis=1)
    return shared


def _disputed(
    model: MatchModel,
    table: StandardTable,
    left: NDArray[np.int32],
    right: NDArray[np.int32],
    scores: PairScores,
) -> NDArray[np.bool_]:
    """Pairs below the review threshold that only different exclusive ids keep from matching.

    One of the two ids is wrong, or two things look alike to the last letter: a person has to say.
    """
    disputed = np.zeros(len(left), np.bool_)
    places = [place for place, column in enumerate(model.columns) if column.exclusive]
    last = np.array([len(model.columns[place].levels) - 1 for place in places])
    differ = (scores.levels[:, places] == last).any(axis=1)
    asked = np.flatnonzero(differ & (scores.weight < model.review_threshold))
    if len(asked):
        levels = scores.levels[asked].copy()
        levels[:, places] = BLANK
        without = score(model, table, left[asked], right[asked], levels=levels).weight
        disputed[asked] = without >= model.match_threshold
    return disputed
