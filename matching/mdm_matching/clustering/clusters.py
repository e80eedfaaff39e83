"""Clusters: records that are one thing, a pure function of records, scores, verdicts and model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mdm_matching.clustering.agglomeration import Component, Rules, split
from mdm_matching.clustering.clustering import Clustering, Edges
from mdm_matching.clustering.components import capped_components, components
from mdm_matching.clustering.crossings import Crossings, KnownWeights
from mdm_matching.clustering.cuts import Parted, cuts
from mdm_matching.clustering.verdicts import standing_sames
from mdm_matching.memory import Memory
from mdm_matching.model.match_model import MatchModel
from mdm_matching.standardising.standard_table import StandardTable

# A component of more units than this is first parted along its weakest edges.
_GIANT = 250
# Bytes that a row takes, an edge within a component, and a pair inside a component while it is scored.
_ROW, _EDGE, _EACH = 150, 48, 160

_Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Units:
    """Rows that stand for themselves and their equals.

    Attributes:
        of_row: for each row the first row of its unit.
        piece: for each row the first row of its component; rows are numbered in the caller's order.
    """

    of_row: _Rows
    piece: _Rows


def cluster(
    model: MatchModel,
    table: StandardTable,
    order: Sequence[str] | NDArray[np.int64],
    edges: Edges,
    *,
    same: NDArray[np.int64],
    distinct: NDArray[np.int64],
    clean: NDArray[np.int64] | None = None,
    memory: Memory | None = None,
) -> Clustering:
    """Which records are one thing, group to group, and what was kept apart.

    Two groups join if a pair across them reaches the match threshold, unless any pair across them is
    distinct by a
    verdict, holds different exclusive ids, or carries evidence below minus `model.contradiction`. Same
    verdicts bind
    more strongly than any score. The answer does not depend on the order of the rows.

    Args:
        order: a text or a number for each row, each different; ties are settled and labels chosen by it.
        edges: the scored pairs; those below the review threshold make no difference.
        same: rows of two row numbers each: verdicts that these are the same.
        distinct: likewise for verdicts that these are distinct.
        clean: for each row the number of its source if that holds nothing twice, else -1; two rows of one
            such source are never one thing.
        memory: what there is room for; three quarters of what is free if not given.
    """
    memory = memory or Memory.of(None)
    memory.check(table.rows * _ROW)
    rank = np.empty(table.rows, np.int64)
    by_rank = _by_rank(order)
    rank[by_rank] = np.arange(table.rows)
    sames, clashes = standing_sames(table.rows, rank[_pairs(same)], rank[_pairs(distinct)])
    parting = rank[_pairs(distinct)]
    # Weaker edges neither join nor are cuts.
    likely = edges.at_least(min(model.match_threshold, model.review_threshold), memory)
    left, right, weight = rank[likely.left], rank[likely.right], likely.weight
    barred = KnownWeights.of(table.rows, parting[:, 0], parting[:, 1], np.ones(len(parting)))
    free = (weight >= model.match_threshold) & (barred.find(left, right, np.zeros(len(left))) == 0)
    origin = np.full(table.rows, -1, np.int64) if clean is None else clean[by_rank]
    contents = np.where(origin < 0, table.contents[by_rank], -1)
    units = _units(contents, (left[free], right[free], weight[free]), sames, parting)
    inside = edges.within(units.piece[rank].astype(np.int32), memory)
    memory.check(len(inside.left) * _EDGE)
    known = KnownWeights.of(table.rows, rank[inside.left], rank[inside.right], inside.weight)
    parted = Parted.apart(table.rows)
    joined = units.of_row[sames]
    bound = components(table.rows, joined[:, 0], joined[:, 1])
    sizes = np.bincount(units.of_row, minlength=table.rows)
    crossing = Crossings(model, table, by_rank, known, barred, origin)
    agglomerator = _Agglomerator(model, crossing, bound, sizes, parted)
    for batch in _batches(units, memory.fitting(_EACH)):
        agglomerator.join(batch)
    whole = Parted(parted.labels[units.of_row], parted.ambiguous[units.of_row], parted.bars)
    found = cuts(model, whole, (left, right, weight), barred, clashes, by_rank)
    return Clustering(by_rank[whole.labels[rank]].astype(np.int32), found)


def _by_rank(order: Sequence[str] | NDArray[np.int64]) -> _Rows:
    """The rows in the caller's order."""
    if isinstance(order, np.ndarray):
        return np.argsort(order, kind="stable")
    return np.array(sorted(range(len(order)), key=order.__getitem__), np.int64)


def _pairs(verdicts: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.asarray(verdicts, np.int64).reshape(-1, 2)


def _units(
    contents: NDArray[np.int64],
    links: tuple[_Rows, _Rows, NDArray[np.float64]],
    sames: _Rows,
    distinct: _Rows,
) -> _Units:
    """Equal records of one component as one unit, unless a verdict parts one of them from something."""
    rows = len(contents)
    left, right = np.append(links[0], sames[:, 0]), np.append(links[1], sames[:, 1])
    piece = components(rows, left, right)
    single = contents < 0
    single[distinct.ravel()] = True
    marks = np.where(single, -1 - np.arange(rows), contents)
    order = np.lexsort((marks, piece))
    new = np.append(True, (np.diff(piece[order]) != 0) | (np.diff(marks[order]) != 0))[:rows]
    of_row = np.empty(rows, np.int64)
    of_row[order] = order[np.flatnonzero(new)][np.cumsum(new) - 1]
    counts = np.bincount(piece[np.unique(of_row)], minlength=rows)
    inside = counts[piece[left]] > _GIANT
    if inside.any():
        ends = of_row[np.append(left[inside], right[inside])]
        nodes, numbers = np.unique(ends, return_inverse=True)
        one, other = np.split(numbers, 2)
        weight = np.append(links[2], np.full(len(sames), np.inf))[inside]
        parts = capped_components(len(nodes), one, other, weight, _GIANT)
        piece[nodes] = nodes[parts]
    return _Units(of_row, piece)


def _batches(units: _Units, most: int) -> Iterator[list[_Rows]]:
    """The components of two or more units by size: one component per row of an array.

    They come in batches of about so many pairs at most.
    """
    leads = np.unique(units.of_row)
    leads = leads[np.argsort(units.piece[leads], kind="stable")]
    starts = np.flatnonzero(np.append(True, np.diff(units.piece[leads]) != 0)[: len(leads)])
    sizes = np.diff(np.append(starts, len(leads)))
    batch: list[_Rows] = []
    count = 0
    for size in np.unique(sizes[sizes > 1]).tolist():
        members = leads[starts[sizes == size][:, None] + np.arange(size)]
        pairs = size * (size - 1) // 2
        step = max(1, most // pairs)
        for begin in range(0, len(members), step):
            batch.append(members[begin : begin + step])
            count += len(batch[-1]) * pairs
            if count > most:
                yield batch
                batch, count = [], 0
    if batch:
        yield batch


@dataclass(frozen=True, slots=True)
class _Agglomerator:
    """Joins the units of components, in rows numbered by the caller's order."""

    model: MatchModel
    crossings: Crossings
    bound: _Rows
    sizes: _Rows
    parted: Parted

    def join(self, batch: list[_Rows]) -> None:
        """Decide the components of one batch."""
        ends = [np.triu_indices(members.shape[1], 1) for members in batch]
        left = np.concatenate(
            [members[:, one].ravel() for members, (one, _) in zip(batch, ends, strict=True)]
        )
        right = np.concatenate(
            [members[:, other].ravel() for members, (_, other) in zip(batch, ends, strict=True)]
        )
        weight, bars = self.crossings.of(left, right)
        begin = 0
        for members, (one, _) in zip(batch, ends, strict=True):
            end = begin + len(members) * len(one)
            shape = (len(members), len(one))
            self._join_equal_sized(members, weight[begin:end].reshape(shape), bars[begin:end].reshape(shape))
            begin = end

    def _join_equal_sized(self, members: _Rows, weight: NDArray[np.float64], bars: NDArray[np.uint8]) -> None:
        whole = ((weight >= self.model.match_threshold) & (bars == 0)).all(axis=1)
        bound = self.bound[members]
        whole |= (bound == bound[:, :1]).all(axis=1)
        self.parted.labels[members[whole]] = members[whole][:, :1]
        for place in np.flatnonzero(~whole).tolist():
            self._split(members[place], weight[place], bars[place])

    def _split(self, members: _Rows, weight: NDArray[np.float64], bars: NDArray[np.uint8]) -> None:
        size = len(members)
        one, other = np.triu_indices(size, 1)
        weights, barred = np.zeros((size, size)), np.zeros((size, size), np.uint8)
        weights[one, other] = weights[other, one] = weight
        barred[one, other] = barred[other, one] = bars
        bound = np.searchsorted(members, self.bound[members])
        outside = members[np.minimum(bound, size - 1)] != self.bound[members]
        bound[outside] = np.flatnonzero(outside)
        rules = Rules(self.model.match_threshold, self.model.cohesion, self.model.margin)
        groups, ambiguous = split(Component(weights, barred, self.sizes[members], bound), rules)
        self.parted.labels[members] = members[groups]
        self.parted.ambiguous[members] = ambiguous
        if (groups != 0).any():
            places = np.flatnonzero(bars)
            self.parted.note_bars(members[one[places]], members[other[places]], bars[places])
