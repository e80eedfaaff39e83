"""Why not: what kept two records apart, block by block and bit by bit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from mdm_matching.blocking.block_keys import COMPOUND, BlockKeys
from mdm_matching.blocking.lone_keys import lone_block_keys
from mdm_matching.clustering import Cut
from mdm_matching.explaining.changes import Change, smallest_change
from mdm_matching.explaining.why import Why, why
from mdm_matching.matching.match import MatchResult
from mdm_matching.standardising.standard_table import StandardTable


@dataclass(frozen=True, slots=True)
class SharedKey:
    """A block key that both records hold.

    Attributes:
        column: the column it is of; "" for one made of two columns.
        holders: how many records hold it.
        capped: whether those were too many for it to make candidates.
        alone: whether it is a weak key, which makes candidates by itself only where few records hold it.
    """

    column: str
    holders: int
    capped: bool
    alone: bool = False

    def __str__(self) -> str:
        where = self.column or "two columns together"
        if self.capped:
            kind = "weak key" if self.alone else "key"
            return f"{self.holders:,} records hold the {kind} they share in {where}, too many to compare"
        return f"the key they share in {where} did not pay"


@dataclass(frozen=True, slots=True)
class WhyNot:
    """What kept two records apart.

    Attributes:
        why: the evidence.
        candidates: whether blocking proposed the pair.
        shared: the block keys that both hold, the rarest first, and behind them the weak ones alone.
        missed: the columns in which only different block keys, or none, were made.
        change: the fewest columns, with the least improvement in each, that would have lifted the pair to the
            threshold; empty if it is there already, None if nothing would.
        cut: what clustering says of the pair, if it says something.
    """

    why: Why
    candidates: bool
    shared: tuple[SharedKey, ...]
    missed: tuple[str, ...]
    change: tuple[Change, ...] | None
    cut: Cut | None

    @property
    def text(self) -> str:
        """The same in words."""
        return "\n".join((*self._lines(), self.why.text))

    def _lines(self) -> Iterator[str]:
        if self.why.joined:
            yield "Nothing keeps them apart: they are in one cluster."
        yield self._blocking()
        if self.change is None:
            yield "No agreement in the columns would lift them over the threshold."
        elif self.change:
            changes = " and ".join(map(str, self.change))
            yield f"They would have reached the threshold if {changes}."
        if self.cut is not None and not self.why.joined:
            yield f"Clustering kept them apart: {self.cut.text}."

    def _blocking(self) -> str:
        if self.candidates:
            return "Blocking proposed the pair."
        if not self.shared:
            return f"Blocking missed the pair: they share no block key in {', '.join(self.missed)}."
        return f"Blocking missed the pair: {'; '.join(map(str, self.shared))}."


def why_not(table: StandardTable, found: MatchResult, left: int, right: int) -> WhyNot:
    """What kept two rows of a result apart."""
    low, high = min(left, right), max(left, right)
    proposed = bool(((found.pairs.left == low) & (found.pairs.right == high)).any())
    alone = lone_block_keys(table)
    shared = (*_shared_keys(table, found, left, right), *_shared_alone(table, found, alone, (left, right)))
    met = {key.column for key in shared}
    evidence = why(table, found, left, right)
    return WhyNot(
        why=evidence,
        candidates=proposed,
        shared=tuple(sorted(shared, key=lambda key: (key.alone, key.holders, key.column))),
        missed=tuple(column.name for column in table.columns if column.name not in met),
        change=smallest_change(found.model, table, left, right),
        cut=_cut(found, left, right),
    )


def _shared_keys(table: StandardTable, found: MatchResult, left: int, right: int) -> tuple[SharedKey, ...]:
    keys = table.block_keys()
    own, other = keys.row == left, keys.row == right
    shared = np.intersect1d(keys.key[own], keys.key[other])
    capped = {item.key for item in found.capped}
    met = []
    for key in shared.tolist():
        place = int(keys.column[own][keys.key[own] == key][0])
        column = "" if place == COMPOUND else table.columns[place].name
        met.append(SharedKey(column, int((keys.key == key).sum()), key in capped))
    return tuple(met)


def _shared_alone(
    table: StandardTable, found: MatchResult, keys: BlockKeys, pair: tuple[int, int]
) -> Iterator[SharedKey]:
    """The weak keys that both hold, each by itself."""
    left, right = (keys.key[keys.row == row] for row in pair)
    for key in np.intersect1d(left, right).tolist():
        held = keys.key == key
        column = table.columns[int(keys.column[held & (keys.row == pair[0])][0])].name
        holders = int(held.sum())
        yield SharedKey(column, holders, holders > found.reach.alone, alone=True)


def _cut(found: MatchResult, left: int, right: int) -> Cut | None:
    """The cut of this very pair, else the strongest one between the two clusters."""
    clusters = {int(found.labels[left]), int(found.labels[right])}
    between = [
        cut for cut in found.cuts if {int(found.labels[cut.left]), int(found.labels[cut.right])} == clusters
    ]
    exact = [cut for cut in between if {cut.left, cut.right} == {left, right}]
    return max(exact or between, key=lambda cut: cut.weight, default=None)
