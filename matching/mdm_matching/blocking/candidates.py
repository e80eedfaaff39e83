"""Candidates: the pairs of records that share a block key which is not too common."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from mdm_matching.blocking.bands import KeyReach, bands, goes_on, judged
from mdm_matching.blocking.groups import Groups, groups_of
from mdm_matching.blocking.junk import junk_keys
from mdm_matching.blocking.key_kinds import COMPOUND, KeyKind, key_kinds
from mdm_matching.blocking.lone_keys import most_lone_pairs, with_lone_pairs
from mdm_matching.blocking.pair_sets import ends_of, joined, pairs_within
from mdm_matching.blocking.plan import Plan, plan_of
from mdm_matching.fingerprint import pair_marks
from mdm_matching.memory import Memory
from mdm_matching.slices import each_slice
from mdm_matching.standardising.standard_table import StandardTable

Chance = Callable[[NDArray[np.int32], NDArray[np.int32]], NDArray[np.float64]]


@dataclass(frozen=True, slots=True)
class CappedKey:
    """A block key that made no candidates because too many records hold it.

    Attributes:
        column: name of the column; "" for a key made of two columns.
        key: its fingerprint.
        holders: how many records hold it.
        example: one record that holds it.
    """

    column: str
    key: int
    holders: int
    example: int


@dataclass(frozen=True, slots=True)
class Candidates:
    """Pairs worth comparing: left below right, ascending, no pair twice.

    Attributes:
        left: the one record of each pair.
        right: the other.
        capped: the keys that made no candidates, most common first.
        plan: what was expected before they were made.
        reach: how many records hold the commonest keys that made candidates, at most.
    """

    left: NDArray[np.int32]
    right: NDArray[np.int32]
    capped: tuple[CappedKey, ...]
    plan: Plan
    reach: KeyReach


def junk_of(table: StandardTable) -> NDArray[np.int64]:
    """The keys of values that records of too many different names share."""
    found = [np.zeros(0, np.int64)]
    for kind, limit in limited_kinds(table):
        common = np.flatnonzero((np.bincount(kind.code) > limit)[kind.code])
        names, codes = table.companions[kind.row[common]], kind.code[common]
        found.append(kind.marks(junk_keys(codes, names, np.full(len(codes), limit))))
    return np.sort(np.concatenate(found))


def limited_kinds(table: StandardTable) -> Iterator[tuple[KeyKind, int]]:
    """The kinds of keys of which only so many different names may share one, and how many."""
    limits = [column.semantic.shared_limit for column in table.columns]
    for kind in key_kinds(table):
        if kind.column != COMPOUND and limits[kind.column]:
            yield kind, limits[kind.column]


def candidates(
    table: StandardTable,
    *,
    cap: int,
    chance: Chance | None = None,
    planned: Callable[[Plan], None] | None = None,
    memory: Memory | None = None,
) -> Candidates:
    """All pairs that share a key held by at most `cap` records, and the pairs of equal records.

    However many records are equal in everything, each makes one pair with the first of them, so that no cap
    parts them.

    Args:
        table: the records.
        cap: how many records may hold a key that makes candidates.
        chance: where given, tells how likely pairs are to be the same thing; the commoner the keys, the less
            they pay,
            and keys so common that hardly any of the pairs they add is one make no candidates.
        planned: told what is expected before any pair is made.
        memory: what there is room for; three quarters of what is free if not given.

    Raises:
        MemoryBoundError: the records leave no room for pairs.
    """
    memory = memory or Memory.of(None)
    groups = groups_of(table, memory)
    pairs = np.sort(_equal_records(table))
    plan = plan_of(groups, table, cap, len(pairs), most_lone_pairs(table) if chance else 0)
    if planned:
        planned(plan)
    reached = 1
    for most in bands(cap):
        within = pairs_within(groups, reached, most, table.rows, memory)
        pairs, new = joined(pairs, within, table.rows, memory)
        reached = most
        if chance and not goes_on(len(pairs), partial(_expected, table, new, chance, memory)):
            break
    alone = 1
    if chance:
        expected = partial(_expected, table, chance=chance, memory=memory)
        pairs, alone = with_lone_pairs(table, pairs, cap, expected, memory)
    left, right = ends_of(pairs, table.rows, memory)
    return Candidates(left, right, _capped(groups, table, reached), plan, KeyReach(reached, alone))


def _expected(table: StandardTable, pairs: NDArray[np.int64], chance: Chance, memory: Memory) -> float:
    """The share of the pairs that are probably the same thing, judged by some of them.

    It is 1 where there are none.
    """
    if not len(pairs):
        return 1.0
    found = [_marked(table, pairs[part]) for part in memory.slices(len(pairs), 32)]
    marks, some = (np.concatenate(parts) for parts in zip(*found, strict=True))
    left, right = (ends.astype(np.int32) for ends in np.divmod(some[judged(marks)], table.rows))
    return float(chance(left, right).mean())


def _marked(table: StandardTable, pairs: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The marks of those of the pairs that may be judged, and these pairs, in their order."""
    contents, marks = table.contents, np.empty(len(pairs), np.int64)

    def work(part: slice) -> None:
        left, right = np.divmod(pairs[part], table.rows)
        marks[part] = pair_marks(contents[left], contents[right])

    each_slice(len(pairs), work)
    places = np.sort(judged(marks))
    return marks[places], pairs[places]


def _capped(groups: list[Groups], table: StandardTable, cap: int) -> tuple[CappedKey, ...]:
    """The keys that more than `cap` records hold, the commonest first."""
    found = []
    for kind in groups:
        name = "" if kind.column == COMPOUND else table.columns[kind.column].name
        places = np.flatnonzero(kind.sizes > cap)
        facts = (kind.marks(kind.codes[places]), kind.sizes[places], kind.row[kind.starts[places]])
        rows = zip(*(fact.tolist() for fact in facts), strict=True)
        found += [CappedKey(name, *row) for row in rows]
    return tuple(sorted(found, key=lambda capped: (-capped.holders, capped.key)))


def _equal_records(table: StandardTable) -> NDArray[np.int64]:
    contents = table.contents
    said = np.flatnonzero(contents >= 0)
    _, first, group = np.unique(contents[said], return_index=True, return_inverse=True)
    leader = said[first][group]
    others = leader != said
    packed: NDArray[np.int64] = leader[others].astype(np.int64) * table.rows + said[others]
    return packed
