"""Verdicts that the evidence speaks against, under the model before a change and the one after it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from sqlalchemy import select
from sqlmodel import Session, col

from mdm.entities import EntityType
from mdm.resolve.evidence import gather
from mdm.resolve.forces import junk_among
from mdm.resolve.verdicts import StandingVerdict, in_force, verdicts_on
from mdm.store.decisions import Verdict, VerdictRecord
from mdm_matching import MatchModel, score

if TYPE_CHECKING:
    from mdm.hub import Hub

Pair = tuple[int, int]


def weights_of(hub: Hub, session: Session, entity_type: EntityType, model: MatchModel) -> dict[Pair, float]:
    """The weight in bits of every pair of live records that a verdict in force speaks of."""
    pairs = [*_spoken(session, entity_type)]
    evidence = gather(
        session, entity_type, model, {record for pair, _ in pairs for record in pair},
        hub.settings.matching.block_list,
    )  # fmt: skip
    rows = evidence.rows
    live = [pair for pair, _ in pairs if pair[0] in rows and pair[1] in rows]
    if not live:
        return {}
    table = evidence.table.mute(junk_among(session, entity_type, model, evidence.table))
    left, right = (np.array([rows[pair[side]] for pair in live], np.int32) for side in (0, 1))
    return dict(zip(live, score(model, table, left, right).weight.tolist(), strict=True))


def contradicted(
    session: Session,
    entity_type: EntityType,
    model: MatchModel,
    before: dict[Pair, float],
    after: dict[Pair, float],
) -> list[dict[str, Any]]:
    """The verdicts of a type that the evidence speaks against after the change, by their ids.

    `same` is contradicted by a weight below the review threshold, `distinct` by one that would match. Of a
    verdict's pairs the one that speaks loudest against it counts.
    """
    worst: dict[str, tuple[float, Pair, StandingVerdict]] = {}
    for pair, verdict in _spoken(session, entity_type):
        if pair not in after:
            continue
        sign = -1.0 if verdict.answer == "same" else 1.0
        limit = model.review_threshold if verdict.answer == "same" else model.match_threshold
        against = sign * (after[pair] - limit)
        if against < 0 or (against == 0 and verdict.answer == "same"):
            continue
        if verdict.id not in worst or against > worst[verdict.id][0]:
            worst[verdict.id] = (against, pair, verdict)
    return [
        {
            "verdict": name,
            "answer": verdict.answer,
            "author": verdict.author,
            "before": before.get(pair),
            "after": after[pair],
        }
        for name, (_, pair, verdict) in sorted(worst.items())
    ]


def _spoken(session: Session, entity_type: EntityType) -> list[tuple[Pair, StandingVerdict]]:
    query = (
        select(col(VerdictRecord.record_id))
        .join(Verdict, col(Verdict.id) == col(VerdictRecord.verdict_id))
        .where(col(Verdict.entity_type) == entity_type.name)
    )
    pairs = in_force(verdicts_on(session, set(session.scalars(query))))
    return sorted([*pairs.same.items(), *pairs.distinct.items()], key=lambda item: (item[0], item[1].id))
