"""Expectation maximisation over agreement patterns: what pairs of each kind look like, without labels.

The mixture model is that of Fellegi and Sunter (https://doi.org/10.1080/01621459.1969.10501049) with more
than two
kinds of pairs, and with every share drawn towards the defaults by pseudo-counts.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mdm_matching.comparing.levels import BLANK
from mdm_matching.model.column_model import ColumnModel
from mdm_matching.model.kind import DIFFERENT, Kind
from mdm_matching.model.match_model import MatchModel
from mdm_matching.scoring.kind_weights import KindWeights, level_shares, total
from mdm_matching.semantics.semantic_type import Level
from mdm_matching.training.patterns import Patterns, telling

_ROUNDS = 60
_SETTLED = 1e-4
_LEAST = 1e-9
# A level with at most this default weight in bits speaks clearly against sameness;
# its share m grows to at most this multiple of the default.
_CLEARLY_AGAINST = -3.0
_DRIFT = 4.0


@dataclass(frozen=True, slots=True)
class Trust:
    """How many pairs the defaults are worth beside the pairs seen.

    Attributes:
        same: pseudo-pairs for what pairs of the same thing look like, at least.
        same_share: the same as a share of the pairs thought the same.
        lone_share: the same as a share of those of them of which too few columns say anything.
        different: pseudo-pairs for what each other kind of pair looks like, at least.
        different_share: the same as a share of the pairs thought to be of that kind.
        kinds: pseudo-pairs for the share of each kind of its side.
    """

    same: float = 50.0
    same_share: float = 0.05
    lone_share: float = 0.2
    different: float = 50.0
    different_share: float = 0.1
    kinds: float = 20.0

    def strength(self, known: float, lone: float) -> float:
        """How many pairs the defaults are worth beside so many thought the same, known well or little."""
        return max(self.same, self.same_share * known + self.lone_share * lone)


@dataclass(frozen=True, slots=True)
class Rest:
    """The pairs that the mixture cannot judge: different things, which agree by chance.

    Attributes:
        pairs: how many pairs are no candidates.
        seen: for each column about how many of those are at each level.
        lone: for each pattern of candidates in which too few columns say anything how many of its pairs are
            different things, 0 for all other patterns.
    """

    pairs: float
    seen: tuple[NDArray[np.float64], ...]
    lone: NDArray[np.float64]


def fitted(start: MatchModel, patterns: Patterns, rest: Rest, trust: Trust) -> MatchModel:
    """The model with shares fitted to the patterns, starting from and drawn towards `start`."""
    model, before = start, -np.inf
    filled = [
        _Filled.of(patterns.levels[:, place], len(column.levels), len(start.kinds))
        for place, column in enumerate(start.columns)
    ]
    for _ in range(_ROUNDS):
        chances, likelihood = responsibilities(model, patterns.levels, patterns.counts)
        model = _maximised(start, model, (patterns, filled, rest), chances, trust)
        if abs(likelihood - before) < _SETTLED:
            break
        before = likelihood
    return model


def responsibilities(
    model: MatchModel, levels: NDArray[np.uint8], counts: NDArray[np.float64]
) -> tuple[NDArray[np.float64], float]:
    """For each pattern the chance of each kind, and the mean log2 likelihood of a pair."""
    weights = KindWeights.of(model)
    logs = np.repeat(weights.shares[None, :], len(levels), axis=0)
    for place in range(levels.shape[1]):
        logs += weights.by_level[place][levels[:, place]]
    logs += np.array([_side_share(model.prior, kind) for kind in model.kinds])
    whole = total(logs.T)
    likelihood = float((whole * counts).sum() / max(counts.sum(), 1.0))
    return np.exp2(logs - whole[:, None]), likelihood


def _side_share(prior: float, kind: Kind) -> float:
    share = 1.0 / (1.0 + 2.0**-prior)
    return float(np.log2(share if kind.same else 1.0 - share))


def _maximised(
    start: MatchModel,
    model: MatchModel,
    pairs: tuple[Patterns, list[_Filled], Rest],
    chances: NDArray[np.float64],
    trust: Trust,
) -> MatchModel:
    patterns, filled, rest = pairs
    mass = chances * patterns.counts[:, None]
    per_kind = mass.sum(axis=0)
    per_kind[[kind.name == DIFFERENT for kind in model.kinds]] += rest.pairs
    same = np.array([kind.same for kind in model.kinds])
    share = float(np.clip(per_kind[same].sum() / max(per_kind.sum(), 1.0), 1e-15, 1 - 1e-6))
    columns, kinds = [], list(model.kinds)
    judged = mass * telling(patterns.levels)[:, None]
    judged[:, [kind.name == DIFFERENT for kind in model.kinds]] += rest.lone[:, None]
    for place, column in enumerate(start.columns):
        seen = filled[place].seen(mass)
        told = filled[place].seen(judged)
        by_chance = rest.seen[place] + told[:, _plain(model.kinds, column.name, same=False)].sum(axis=1)
        known = float(told[:, _plain(model.kinds, column.name, same=True)].sum())
        alike = seen[:, _plain(model.kinds, column.name, same=True)].sum(axis=1)
        strength = trust.strength(known, float(alike.sum()) - known)
        columns.append(_column(model.columns[place], column, (alike, by_chance), strength))
        for number, kind in enumerate(start.kinds):
            if column.name in kind.levels:
                departing = seen[:, number]
                strength = max(trust.different, trust.different_share * departing.sum())
                fitted_shares = _drawn(departing, np.array(kind.levels[column.name]), strength)
                levels = {**kinds[number].levels, column.name: tuple(fitted_shares.tolist())}
                kinds[number] = replace(kinds[number], levels=levels)
    kinds = _with_shares(start, kinds, per_kind, trust)
    return replace(
        model, columns=tuple(columns), kinds=tuple(kinds), prior=float(np.log2(share / (1 - share)))
    )


@dataclass(frozen=True, slots=True)
class _Filled:
    """The patterns that have a value in one column, made ready to be counted again and again.

    Attributes:
        rows: those patterns.
        slots: for each of them and each kind the place of its level and kind in the count.
        levels: how many levels the column has.
    """

    rows: NDArray[np.int64]
    slots: NDArray[np.int64]
    levels: int

    @classmethod
    def of(cls, levels: NDArray[np.uint8], count: int, kinds: int) -> _Filled:
        rows = np.flatnonzero(levels != BLANK)
        slots = levels[rows, None].astype(np.int64) * kinds + np.arange(kinds)
        return cls(rows, slots.ravel(), count)

    def seen(self, mass: NDArray[np.float64]) -> NDArray[np.float64]:
        """Pairs at each level in each kind."""
        kinds = mass.shape[1]
        counts = np.bincount(self.slots, mass[self.rows].ravel(), minlength=self.levels * kinds)
        return np.asarray(counts, np.float64).reshape(self.levels, kinds)


def _column(
    model: ColumnModel,
    start: ColumnModel,
    counts: tuple[NDArray[np.float64], NDArray[np.float64]],
    strength: float,
) -> ColumnModel:
    """The column with m and u fitted to the kinds that do not depart from them."""
    alike, by_chance = counts
    m = _drawn(alike, np.array([x.m for x in start.levels]), strength)
    m = _bounded(m, start)
    u = _drawn(by_chance, np.array([x.u for x in start.levels]), 0.0)
    levels = tuple(Level(x.label, a, b) for x, a, b in zip(start.levels, m.tolist(), u.tolist(), strict=True))
    return replace(model, levels=levels)


def _plain(kinds: tuple[Kind, ...], column: str, *, same: bool) -> list[bool]:
    """Which kinds are of this side and show its m or u in a column."""
    return [kind.same == same and column not in kind.levels for kind in kinds]


def _bounded(m: NDArray[np.float64], start: ColumnModel) -> NDArray[np.float64]:
    """The shares m, in which what speaks clearly against sameness by default does not become common."""
    clear = np.array([level.weight <= _CLEARLY_AGAINST for level in start.levels])
    limit = np.where(clear, _DRIFT * np.array([level.m for level in start.levels]), 1.0)
    if not clear.any() or (m <= limit).all():
        return m
    bounded: NDArray[np.float64] = np.minimum(m, limit)
    bounded[~clear] *= (1.0 - bounded[clear].sum()) / bounded[~clear].sum()
    return bounded


def _drawn(seen: NDArray[np.float64], towards: NDArray[np.float64], strength: float) -> NDArray[np.float64]:
    """The shares of what was seen, drawn towards the defaults; they add up to 1."""
    mixed = seen + strength * towards / towards.sum()
    if mixed.sum() <= 0.0:  # nothing was seen and nothing draws
        mixed = towards
    shares = np.maximum(mixed / mixed.sum(), _LEAST)
    drawn: NDArray[np.float64] = shares / shares.sum()
    return drawn


def _with_shares(
    start: MatchModel, kinds: list[Kind], per_kind: NDArray[np.float64], trust: Trust
) -> list[Kind]:
    for side in (True, False):
        places = [number for number, kind in enumerate(kinds) if kind.same == side]
        drawn = _drawn(per_kind[places], np.array([start.kinds[n].share for n in places]), trust.kinds)
        for place, share in zip(places, drawn.tolist(), strict=True):
            kinds[place] = replace(kinds[place], share=share)
    return kinds


__all__ = ["Trust", "fitted", "level_shares", "responsibilities"]
