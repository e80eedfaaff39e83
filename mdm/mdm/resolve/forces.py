"""What a block key says of the records that share it, which follows from how many hold it.

- A key that no more than a tenth of the model's cap hold is rare: whoever shares it is a candidate.
- A key of names, of addresses or of two columns that more hold is common: who shares three of them is a
  candidate. Two firms of one name share many such keys, two that have one word in common share one.
- A key of ids or contacts is enough alone up to the cap.
- A key that more hold than the cap, or many unlike records (a switchboard's phone is junk), says nothing.

All of this is a function of the live records, so a key that crosses a limit touches all who hold it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import func, select
from sqlmodel import Session

from mdm.entities import EntityType
from mdm.resolve.keys import holder_counts, shared_limits
from mdm.store.chunks import Query, rows_in
from mdm.store.derived import block_keys
from mdm_matching import MatchModel, StandardTable
from mdm_matching.blocking import COMPOUND

ENOUGH = 3
"""Votes that make a pair of records candidates: those of one rare key, or one each of three common ones."""

_RARE = 10
"""A rare key is held by at most the cap's share of one in so many records."""

_IN_COMPANY = {"name", "address"}
"""Groups of semantic types whose keys say little alone where many hold them."""


@dataclass(frozen=True, slots=True)
class KeyForce:
    """Which of some keys are junk, which are too common to make candidates, and which need company."""

    junk: frozenset[int] = field(default_factory=frozenset)
    capped: frozenset[int] = field(default_factory=frozenset)
    common: frozenset[int] = field(default_factory=frozenset)

    @property
    def powerless(self) -> frozenset[int]:
        """Keys that make no candidates."""
        return self.junk | self.capped

    def votes(self, key: int) -> int:
        """How much the key says of two records that share it: nothing, 1, or what is enough."""
        if key in self.junk or key in self.capped:
            return 0
        return 1 if key in self.common else ENOUGH

    def weaker_than(self, before: KeyForce) -> frozenset[int]:
        """The keys that more records hold than before, and that say less for it."""
        return (self.capped - before.capped) | (self.common - before.common - before.capped)


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
    rare, alone = most_rare(model), _enough_alone(model)
    many = {key: count for key in keys if (count := counts.get(key, 0)) > rare}
    capped = frozenset(key for key, count in many.items() if count > model.block_cap)
    common = frozenset(key for key in many if keys[key] not in alone) - capped
    return KeyForce(_junk(session, entity_type, model, keys, counts), capped, common)


def most_rare(model: MatchModel) -> int:
    """How many records may hold a rare key."""
    return max(model.block_cap // _RARE, 2)


def _enough_alone(model: MatchModel) -> frozenset[int]:
    """The columns of which one key is enough, also where it is not rare."""
    places = enumerate(column.semantic.group for column in model.columns)
    return frozenset(place for place, group in places if group not in _IN_COMPANY) - {COMPOUND}


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
    rows = rows_in(session, _names(entity_type.name), block_keys().c.block_key, asked)
    return frozenset(key for key, found in rows if found > asked[key])


@cache
def _names(entity_type: str) -> Query:
    """SQL for how many different names are known under each key."""
    table = block_keys()
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
