"""Which golden records contradict each other: weak evidence between those is no question for a person.

Two groups of records contradict each other if any pair across them does: different exclusive ids, evidence
that speaks clearly against, or lives with a gap between them. A record that is certainly one of the first
group may resemble the second a little; since the groups cannot be one, that opens no task.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from sqlmodel import Session

from mdm.entities import EntityType
from mdm.resolve.evidence import gather
from mdm.resolve.forces import junk_among
from mdm.resolve.lifetimes import apart_in_time
from mdm_matching import MatchModel, contradicts, score

if TYPE_CHECKING:
    from mdm.hub import Hub

GoldenPair = tuple[str, str]
"""Two golden ids in order."""


def contradicting(
    hub: Hub,
    session: Session,
    entity_type: EntityType,
    model: MatchModel,
    pairs: Sequence[GoldenPair],
    members: Mapping[str, Collection[int]],
) -> set[GoldenPair]:
    """Those of these pairs of golden records that contradict each other.

    Args:
        members: golden id to its source records, for every id in the pairs.
    """
    across = [
        (number, min(one, other), max(one, other))
        for number, (left, right) in enumerate(pairs)
        for one in members[left]
        for other in members[right]
    ]
    # Of two records alone the one pair across them is the edge itself, which was scored.
    if len(across) == len(pairs):
        return set()
    records = {record for _, one, other in across for record in (one, other)}
    evidence = gather(session, entity_type, model, records, hub.settings.matching.block_list)
    rows = evidence.rows
    across = [(number, one, other) for number, one, other in across if one in rows and other in rows]
    table = evidence.table.mute(junk_among(session, entity_type, model, evidence.table))
    left = np.array([rows[one] for _, one, _ in across], np.int32)
    right = np.array([rows[other] for _, _, other in across], np.int32)
    against = contradicts(model, score(model, table, left, right))
    apart = apart_in_time(session, entity_type, [(one, other) for _, one, other in across])
    return {
        pairs[number]
        for (number, one, other), barred in zip(across, against.tolist(), strict=True)
        if barred or (one, other) in apart
    }
