"""Rivals: where a source holds nothing twice, two of its records cannot both be what a third record is.

A record that has one partner and many that look like it is judged pair by pair without knowing of the others;
beside them the one stands out. With q the odds of a pair by itself, its odds among rivals are
q / (1 + the odds of its rivals), as in the linkage of bipartite records
(https://doi.org/10.1080/01621459.2016.1148612, to first order). What share of the pairs is the same thing is
fitted anew under this rule, since rivals no longer share what belongs to one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mdm_matching.scoring.probability import probability

_ROUNDS = 60
_SETTLED = 1e-4
# Bits beyond which odds make no difference.
_MOST = 100.0
_DECIMALS = 6

_Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Rivalry:
    """Which candidate pairs rule each other out.

    Attributes:
        pairs: the places of the pairs that have a record of a clean source against one of another source.
        ways: for each of them twice (from its left and from its right record) the number of the group of
            pairs of which at most one is the same thing; -1 where the other record's source is not clean.
        groups: how many groups there are.
    """

    pairs: NDArray[np.int64]
    ways: NDArray[np.int64]
    groups: int

    @classmethod
    def of(cls, clean: NDArray[np.int64], left: NDArray[np.int32], right: NDArray[np.int32]) -> Rivalry:
        """The rivalry of candidate pairs.

        Args:
            clean: for each record the number of its clean source, -1 for none.
            left: the one record of each pair.
            right: the other.
        """
        pairs = np.flatnonzero(((clean[left] >= 0) | (clean[right] >= 0)) & (clean[left] != clean[right]))
        own = np.append(left[pairs], right[pairs]).astype(np.int64)
        source = clean[np.append(right[pairs], left[pairs])]
        known, ways = np.unique(own * (clean.max(initial=0) + 1) + source, return_inverse=True)
        return cls(pairs, np.where(source < 0, -1, ways.reshape(-1)), len(known))

    def taken(self, bits: _Numbers) -> _Numbers:
        """The bits that rivals take from each pair, given the bits of each by itself."""
        odds = np.exp2(np.clip(bits, -_MOST, _MOST))
        both = np.append(odds, odds)
        sums = np.append(np.bincount(self.ways[self.ways >= 0], both[self.ways >= 0], self.groups), 0.0)
        rivals = np.where(self.ways >= 0, np.maximum(sums[self.ways] - both, 0.0), 0.0)
        taken: _Numbers = np.log2(1.0 + rivals[: len(odds)] + rivals[len(odds) :])
        return taken

    def among(self, weight: _Numbers) -> _Numbers:
        """The weights, less what rivals take from them."""
        result = weight.copy()
        result[self.pairs] -= self.taken(weight[self.pairs])
        return np.round(result, _DECIMALS)

    def prior(self, weight: _Numbers, prior: float) -> float:
        """The log2 odds that a candidate pair is the same thing, as the weights among rivals show it.

        Args:
            weight: the weight of each pair by itself, in bits.
            prior: the prior that is part of it.
        """
        evidence, before = weight[self.pairs] - prior, prior
        for _ in range(_ROUNDS):
            bits = evidence + before
            chance = probability(bits - self.taken(bits))
            share = (float(chance.sum()) + 1.0) / (len(chance) + 2.0)
            after = float(np.log2(share / (1.0 - share)))
            if abs(after - before) < _SETTLED:
                break
            before = after
        return round(before, _DECIMALS)
