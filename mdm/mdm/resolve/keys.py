"""Block keys in the store: who holds which, which lost their force, and the pairs that share one.

A key held by many unlike records (a switchboard's phone) is junk; a key held by more records than the model's
cap makes no candidates. Both are functions of the live records, so a key that crosses a limit touches all who
hold it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from mdm.entities import EntityType
from mdm.models import evidence_types
from mdm.store.chunks import CHUNK, chunks, rows_in
from mdm.store.derived import BlockKey
from mdm_matching import BlockKeys, MatchModel


@dataclass(frozen=True, slots=True)
class KeyForce:
    """Which of some keys are junk and which are too common to make candidates."""

    junk: frozenset[int] = field(default_factory=frozenset)
    capped: frozenset[int] = field(default_factory=frozenset)

    @property
    def powerless(self) -> frozenset[int]:
        """Keys that make no candidates."""
        return self.junk | self.capped


def shared_limits(entity_type: EntityType, model: MatchModel) -> dict[int, int]:
    """Column index to the number of different names that may share a value before it loses its force."""
    types = evidence_types(entity_type)
    limits = {i: types[c.name].shared_limit for i, c in enumerate(model.columns) if c.name in types}
    return {index: limit for index, limit in limits.items() if limit > 0}


def force_of(session: Session, entity_type: EntityType, model: MatchModel, keys: Iterable[int]) -> KeyForce:
    """What the live records say about these keys."""
    limits = shared_limits(entity_type, model)
    query = (
        select(
            col(BlockKey.key),
            func.count(),
            func.count(func.distinct(col(BlockKey.companion))),
            func.min(col(BlockKey.column)),
        )
        .where(col(BlockKey.entity_type) == entity_type.name)
        .group_by(col(BlockKey.key))
        .having(func.count() > min([model.block_cap, *limits.values()]))
    )
    junk, capped = set(), set()
    for key, holders, names, column in rows_in(session, query, col(BlockKey.key), keys):
        if column in limits and names > limits[column]:
            junk.add(key)
        if holders > model.block_cap:
            capped.add(key)
    return KeyForce(frozenset(junk), frozenset(capped))


def junk_among(
    session: Session, entity_type: EntityType, model: MatchModel, keys: BlockKeys
) -> NDArray[np.int64]:
    """The keys among these that lost their force, sorted."""
    held = {int(key) for key in np.unique(keys.key)}
    return np.array(sorted(force_of(session, entity_type, model, held).junk), dtype=np.int64)


def keys_held(session: Session, record_ids: Iterable[int]) -> set[int]:
    """The keys these records hold in the store."""
    query = select(col(BlockKey.key))
    return {row[0] for row in rows_in(session, query, col(BlockKey.record_id), record_ids)}


def holders_with_force(
    session: Session, entity_type: EntityType, model: MatchModel, keys: Collection[int]
) -> dict[int, set[int]]:
    """The records that hold each of these keys; a key that nobody holds or that lost its force is absent."""
    limits, own = shared_limits(entity_type, model), aliased(BlockKey)
    about = col(BlockKey.entity_type) == entity_type.name
    names = func.count(func.distinct(col(BlockKey.companion))).label("names")
    column = func.min(col(BlockKey.column)).label("first_column")
    found: dict[int, set[int]] = {}
    for part in chunks(keys, CHUNK // 2):
        counted = (
            select(col(BlockKey.key).label("held"), names, column)
            .where(about, col(BlockKey.key).in_(part))
            .group_by(col(BlockKey.key))
            .having(func.count() <= model.block_cap)
            .subquery()
        )
        query = select(counted, col(own.record_id)).join(own, col(own.key) == counted.c.held)
        for key, different, index, record in session.execute(
            query.where(col(own.entity_type) == entity_type.name)
        ):
            if index not in limits or different <= limits[index]:
                found.setdefault(key, set()).add(record)
    return found


def holders(session: Session, entity_type: EntityType, keys: Collection[int]) -> set[int]:
    """The records that hold any of these keys."""
    query = select(col(BlockKey.record_id)).where(col(BlockKey.entity_type) == entity_type.name)
    return {row[0] for row in rows_in(session, query, col(BlockKey.key), keys)}


def replace_keys(
    session: Session,
    entity_type: EntityType,
    ids: list[int],
    changed: Collection[int],
    keys: BlockKeys,
    silent: Collection[int],
) -> None:
    """Store the keys of changed records anew.

    Args:
        ids: record id by row of `keys`.
        changed: records whose stored keys go, among them those that are no longer live.
        silent: rows that hold no keys, because they take no candidates.
    """
    for part in chunks(changed):
        session.execute(delete(BlockKey).where(col(BlockKey.record_id).in_(part)))
    wanted = set(changed)
    rows: dict[tuple[int, int], dict[str, int | str]] = {}
    for row, key, column, companion in zip(
        keys.row.tolist(), keys.key.tolist(), keys.column.tolist(), keys.companion.tolist(), strict=True
    ):
        record_id = ids[row]
        if record_id in wanted and row not in silent:
            rows[key, record_id] = {
                "entity_type": entity_type.name, "block_key": key, "record_id": record_id,
                "column_index": column, "companion": companion,
            }  # fmt: skip
    if rows:
        session.execute(insert(BlockKey.__table__), list(rows.values()))  # type: ignore[attr-defined]  # SQLModel hides it


def candidate_pairs(
    session: Session, entity_type: EntityType, keys: Iterable[int], rescored: set[int]
) -> set[tuple[int, int]]:
    """Pairs of records that share one of these keys and of which at least one is to be scored anew."""
    query = select(col(BlockKey.key), col(BlockKey.record_id)).where(
        col(BlockKey.entity_type) == entity_type.name
    )
    blocks: dict[int, list[int]] = {}
    for key, record_id in rows_in(session, query, col(BlockKey.key), keys):
        blocks.setdefault(key, []).append(record_id)
    pairs: set[tuple[int, int]] = set()
    for members in blocks.values():
        if len(members) < 2:
            continue
        for member in rescored.intersection(members):
            pairs.update((min(member, other), max(member, other)) for other in members if other != member)
    return pairs
