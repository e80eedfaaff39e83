"""The scored pairs: those of live records at or above the review threshold, kept until one changes."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import delete, insert, or_, select
from sqlmodel import Session, col

from mdm.entities import EntityType
from mdm.resolve.evidence import gather
from mdm.resolve.keys import candidate_pairs, force_of, holders, junk_among, keys_held, replace_keys
from mdm.resolve.lifetimes import apart_in_time
from mdm.store.beside import claim, stay_apart
from mdm.store.chunks import CHUNK, chunks
from mdm.store.derived import Edge
from mdm.strong_ids import strong_attributes
from mdm_matching import MatchModel, PairScores, StandardTable, score
from mdm_matching.comparing.levels import BLANK

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
    forces_before = force_of(session, entity_type, model, before)
    evidence = gather(session, entity_type, model, changed, hub.settings.matching.block_list)
    keys = evidence.table.block_keys()
    claim(session, f"key {entity_type.name}", np.unique(keys.key).tolist())
    replace_keys(session, entity_type, evidence.ids, changed, keys, evidence.block_listed)
    after = keys_held(session, changed)
    forces = force_of(session, entity_type, model, before | after)
    turned = (forces.junk ^ forces_before.junk) | (forces.capped ^ forces_before.capped)
    rescored = set(changed)
    stay_apart(session, not turned)
    if turned:
        rescored |= holders(session, entity_type, turned)
        after = keys_held(session, rescored)
        forces = force_of(session, entity_type, model, after)
    pairs = candidate_pairs(session, entity_type, after - forces.powerless, rescored)
    neighbours = _drop_edges(session, rescored)
    found = _score(hub, session, entity_type, model, pairs)
    if found:
        session.execute(insert(Edge), found)
    affected = (
        rescored
        | neighbours
        | {int(row["left_id"]) for row in found}
        | {int(row["right_id"]) for row in found}
    )
    stay_apart(session, affected <= set(changed))
    return affected


def _score(
    hub: Hub, session: Session, entity_type: EntityType, model: MatchModel, pairs: set[Pair]
) -> list[dict[str, int | float | str]]:
    """The pairs at or above the review threshold, and disputed ones below, as rows of the edge table."""
    if not pairs:
        return []
    pairs -= apart_in_time(session, entity_type, pairs)
    if not pairs:
        return []
    ordered = np.array(sorted(pairs), dtype=np.int64)
    evidence = gather(
        session, entity_type, model, {int(i) for i in np.unique(ordered)}, hub.settings.matching.block_list
    )
    table = evidence.table.mute(junk_among(session, entity_type, model, evidence.table.block_keys()))
    ids = np.array(evidence.ids, dtype=np.int64)
    sorter = np.argsort(ids)
    rows = sorter[np.searchsorted(ids, ordered, sorter=sorter)]
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
            "left_id": int(ordered[k, 0]),
            "right_id": int(ordered[k, 1]),
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


def _drop_edges(session: Session, record_ids: Collection[int]) -> set[int]:
    """Delete the edges of these records; returns the records at their other ends."""
    neighbours = {i for left, right, _ in edges_of(session, record_ids) for i in (left, right)}
    for part in chunks(record_ids):
        ends = or_(col(Edge.left_id).in_(part), col(Edge.right_id).in_(part))
        session.execute(delete(Edge).where(ends))
    return neighbours


def edges_of(
    session: Session, record_ids: Collection[int], at_least: float = -np.inf
) -> list[tuple[int, int, float]]:
    """(left, right, weight) of every edge at one of these records, in order."""
    found: set[tuple[int, int, float]] = set()
    query = select(col(Edge.left_id), col(Edge.right_id), col(Edge.weight))
    for part in chunks(record_ids, CHUNK // 2):
        for end in (col(Edge.left_id), col(Edge.right_id)):
            for left, right, weight in session.execute(query.where(end.in_(part))):
                if weight >= at_least:
                    found.add((left, right, weight))
    return sorted(found)
