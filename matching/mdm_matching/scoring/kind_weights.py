"""Kind weights: how likely each kind of pair shows each level, as logarithms that add up over the columns."""

from __future__ import annotations

from dataclasses import dataclass
from math import log2

import numpy as np
from numpy.typing import NDArray

from mdm_matching.comparing.levels import BLANK
from mdm_matching.model.column_model import ColumnModel
from mdm_matching.model.kind import Kind
from mdm_matching.model.match_model import MatchModel

_FLOOR = 1e-12
# Where a model keeps them.
_KEPT = "kind weights"


@dataclass(frozen=True, slots=True)
class KindWeights:
    """The likelihoods of a model in a form that scoring can add up.

    Attributes:
        kinds: the kinds, as the model orders them.
        by_level: per column an array [level 0..255, kind] of log2 likelihoods; level 255 (missing) is 0.
        by_chance: per column, for each kind, whether agreement in it is chance, so that rarity counts.
        shares: log2 of each kind's share of its side.
    """

    kinds: tuple[Kind, ...]
    by_level: tuple[NDArray[np.float64], ...]
    by_chance: tuple[NDArray[np.bool_], ...]
    shares: NDArray[np.float64]

    @classmethod
    def of(cls, model: MatchModel) -> KindWeights:
        """The likelihoods of a model; a model never changes, so they are worked out once and kept with it."""
        known = vars(model).get(_KEPT)
        if isinstance(known, cls):
            return known
        made = cls(
            model.kinds,
            tuple(
                np.column_stack([_column(kind, column) for kind in model.kinds]) for column in model.columns
            ),
            tuple(np.array([_by_chance(kind, column) for kind in model.kinds]) for column in model.columns),
            np.array([log2(max(kind.share, _FLOOR)) for kind in model.kinds]),
        )
        vars(model)[_KEPT] = made
        return made

    def side(self, *, same: bool) -> list[int]:
        """The places of the kinds of one side."""
        return [place for place, kind in enumerate(self.kinds) if kind.same == same]


def _column(kind: Kind, column: ColumnModel) -> NDArray[np.float64]:
    shares = level_shares(kind, column)
    logs = np.zeros(BLANK + 1)
    logs[: len(shares)] = [log2(max(share, _FLOOR)) for share in shares]
    if kind.same and column.taught:
        logs[: len(shares)] += column.taught
    return logs


def level_shares(kind: Kind, column: ColumnModel) -> tuple[float, ...]:
    """The share of each level among pairs of one kind."""
    plain = tuple(level.m if kind.same else level.u for level in column.levels)
    return tuple(kind.levels.get(column.name, plain))


def _by_chance(kind: Kind, column: ColumnModel) -> bool:
    return not kind.same and (kind.chance or column.name not in kind.levels)


def total(logs: NDArray[np.float64]) -> NDArray[np.float64]:
    """log2 of the sum of 2**x over the first axis, without overflow."""
    peak = logs.max(axis=0)
    summed = np.zeros(logs.shape[1])
    for row in logs:
        summed += np.exp2(row - peak)
    added: NDArray[np.float64] = peak + np.log2(summed)
    return added
