"""The weights of candidate pairs, worked out in parts, and by two processes at once where there are many."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray
from sqlmodel import Session

from mdm.entities import EntityType
from mdm.parallel import Work, both, done, in_two
from mdm.resolve.evidence import (
    Evidence,
    RecordClaims,
    evidence_of,
    led_by_evidence,
    live_records,
    read,
    unread_records,
)
from mdm.resolve.forces import junk_of, led_values
from mdm.resolve.lifetimes import apart_in_time
from mdm.resolve.references import Key
from mdm.strong_ids import strong_attributes
from mdm_matching import MatchModel, PairScores, StandardTable, score
from mdm_matching.comparing.levels import BLANK

Pairs = NDArray[np.int64]
EdgeRow = dict[str, int | float | str]

AT_ONCE = 50_000
"""Records on the left of the pairs that are scored at a time."""

MANY = 100_000
"""Pairs that are worth the start of a second process."""


def scored(
    session: Session, entity_type: EntityType, model: MatchModel, known: Evidence, pairs: Pairs
) -> Iterator[list[EdgeRow]]:
    """The pairs at or above the review threshold, and disputed ones below, as rows of the edge table.

    Args:
        known: records whose evidence was gathered in this transaction.
        pairs: a row per pair of record ids, the smaller one first, in order.
    """
    two = in_two() and len(pairs) >= MANY

    def answer(held: Mapping[int, int]) -> NDArray[np.int64]:
        return junk_of(session, entity_type, model, held)

    works = (_work(session, entity_type, model, known, part) for part in slices(pairs, even=two))
    for work in works:
        other = next(works, None) if two else None
        if other is None:
            yield done(work, answer)
        else:
            yield from both(work, other, answer)


def slices(pairs: Pairs, *, even: bool = False) -> Iterator[Pairs]:
    """Pairs in order, in parts of so few records that what they say fits into memory.

    Args:
        even: as an even number of parts about as large.
    """
    # A new record after so many left ones begins the next part; the right ones are bounded by the batch.
    lefts = np.unique(pairs[:, 0])
    parts = -(-len(lefts) // AT_ONCE)
    size = -(-len(lefts) // (parts + parts % 2)) if even and parts else AT_ONCE
    begin = 0
    for last in lefts[size - 1 :: size].tolist() + lefts[-1:].tolist():
        end = int(np.searchsorted(pairs[:, 0], last, side="right"))
        if end > begin:
            yield pairs[begin:end]
        begin = end


def _work(
    session: Session, entity_type: EntityType, model: MatchModel, known: Evidence, pairs: Pairs
) -> Work[Mapping[int, int], NDArray[np.int64], list[EdgeRow]]:
    """What is to be done for some pairs, once the database has said all that is asked of it beforehand."""
    if entity_type.period:
        apart = apart_in_time(session, entity_type, map(tuple, pairs.tolist()))
        pairs = np.array(sorted(set(map(tuple, pairs.tolist())) - apart), np.int64).reshape(-1, 2)
    others = np.setdiff1d(pairs, np.array(known.ids, np.int64)).tolist()
    led: Mapping[tuple[str, Key], str] = {}
    if entity_type.evidence_references:
        records = live_records(session, others)
        led = led_by_evidence(session, entity_type, records)
        return partial(_weighed, entity_type, model, known, lambda: records, led, pairs)
    # To read what they state takes as long as to ask for it: that is done where they are scored.
    return partial(
        _weighed, entity_type, model, known, partial(read, unread_records(session, others)), led, pairs
    )


def _weighed(
    entity_type: EntityType,
    model: MatchModel,
    known: Evidence,
    others: Callable[[], Sequence[RecordClaims]],
    led: Mapping[tuple[str, Key], str],
    pairs: Pairs,
) -> Generator[Mapping[int, int], NDArray[np.int64], list[EdgeRow]]:
    """The rows of these pairs; asks which values of their records have lost their force."""
    evidence = evidence_of(entity_type, model, others(), led)
    table = known.table.followed_by(evidence.table) if evidence.ids else known.table
    junk = yield led_values(entity_type, model, table)
    ids = np.array([*known.ids, *evidence.ids], np.int64)
    return _edges(entity_type, model, table.mute(junk), ids, pairs) if len(pairs) else []


def _edges(
    entity_type: EntityType, model: MatchModel, table: StandardTable, ids: NDArray[np.int64], pairs: Pairs
) -> list[EdgeRow]:
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
