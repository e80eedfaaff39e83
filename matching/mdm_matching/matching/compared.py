"""Compared pairs: how they agree, what they weigh, and which of them two clean sources leave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mdm_matching.clustering.clean_sources import clean_sources, of_two_sources, source_codes
from mdm_matching.learning.labels import Labels
from mdm_matching.matching.prepared import Prepared
from mdm_matching.memory.writer import Writer
from mdm_matching.model.match_model import MatchModel
from mdm_matching.scoring.pair_scores import weight_of
from mdm_matching.scoring.probability import probability
from mdm_matching.scoring.rivals import Rivalry
from mdm_matching.slices import each_slice
from mdm_matching.training.fit import with_threshold
from mdm_matching.training.thresholds import best_threshold
from mdm_matching.training.train import train

# Bytes that a pair takes while it is scored, while it is chosen, and while it is weighed against its rivals.
_SCORED, _CHOSEN, _WEIGHED = 64, 24, 160
_NO_NUMBERS = np.zeros(0, np.float64)


@dataclass(frozen=True, slots=True)
class Pairs:
    """The candidate pairs with their scores: left below right, ascending.

    Attributes:
        left: the one row.
        right: the other.
        weight: total match weight in bits; of a pair between clean sources without what its rivals take.
        probability: what that weight implies, 0 to 1.
        levels: one row per pair: its level of agreement in each column of the model; 255 for blank.
    """

    left: NDArray[np.int32]
    right: NDArray[np.int32]
    weight: NDArray[np.float64]
    probability: NDArray[np.float64]
    levels: NDArray[np.uint8]


@dataclass(frozen=True)
class Compared:
    """Candidate pairs and how they agree: what training and scoring look at, once or twice.

    Attributes:
        prepared: the records, and the model to start from or to use.
        labels: judged pairs.
        levels: the levels of agreement of each pair.
    """

    prepared: Prepared
    labels: Labels
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    levels: NDArray[np.uint8]

    def fitted(self) -> MatchModel:
        """The given model, or else one trained on these pairs."""
        if self.prepared.given is not None:
            return self.prepared.given
        pairs = (self.left, self.right)
        return train(
            self.prepared.start,
            self.prepared.table,
            *pairs,
            levels=self.levels,
            labels=self.labels,
            memory=self.prepared.memory,
        )

    def scored(self, model: MatchModel) -> Pairs:
        """The pairs with their scores."""
        memory, table = self.prepared.memory, self.prepared.table
        weights, chances = (Writer(memory, what, _NO_NUMBERS) for what in ("weights", "probabilities"))
        for part in memory.slices(len(self.left), _SCORED + self.levels.shape[1]):
            ends = self.left[part], self.right[part]
            weight = weight_of(model, table, self.levels[part], ends)
            weights.add(weight)
            chances.add(_chances(weight))
        return Pairs(self.left, self.right, weights.done(), chances.done(), self.levels)

    def clean(self, sources: Sequence[str], known: Sequence[str] | None, pairs: Pairs) -> tuple[str, ...]:
        """The sources that hold nothing twice: those that are known, or those that the scores show."""
        return clean_sources(
            sources, pairs.left, pairs.right, pairs.probability, known=known, memory=self.prepared.memory
        )

    def without(
        self, sources: Sequence[str], clean: Sequence[str], known: tuple[MatchModel, Pairs]
    ) -> tuple[MatchModel, Pairs]:
        """Model and scores without the pairs of one clean source, which are known to be different things."""
        origin, memory = source_codes(sources, clean, self.prepared.table.rows), self.prepared.memory
        lefts, rights = (Writer(memory, f"{side} records left", self.left[:0]) for side in ("left", "right"))
        levels = Writer(memory, "levels of agreement left", self.levels[:0])
        for part in memory.slices(len(self.left), _CHOSEN + 2 * self.levels.shape[1]):
            free = of_two_sources(origin, self.left[part], self.right[part])
            lefts.add(self.left[part][free])
            rights.add(self.right[part][free])
            levels.add(self.levels[part][free])
        kept = replace(self, left=lefts.done(), right=rights.done(), levels=levels.done())
        if len(kept.left) == len(self.left):
            return known
        model = kept.fitted()
        return model, kept.scored(model)

    def among_rivals(
        self, sources: Sequence[str], clean: Sequence[str], known: tuple[MatchModel, Pairs]
    ) -> tuple[MatchModel, Pairs]:
        """Model and scores that know that a record is one thing of a clean source at most.

        A model that was given stays as it is, and so do its scores.
        """
        model, pairs = known
        origin = source_codes(sources, clean, self.prepared.table.rows)
        if self.prepared.given is not None or not clean:
            return known
        self.prepared.memory.check(len(pairs.left) * _WEIGHED)
        rivalry = Rivalry.of(origin, pairs.left, pairs.right)
        if not len(rivalry.pairs):
            return known
        prior, weight = rivalry.prior(pairs.weight, model.prior), pairs.weight.copy()
        weight[rivalry.pairs] += prior - model.prior
        if len(rivalry.pairs) == len(weight):
            model = replace(model, prior=prior)
        weight = rivalry.among(weight)
        chance = probability(weight)
        settled = self.labels.settled(chance, (pairs.left, pairs.right))
        model = with_threshold(model, best_threshold(weight, settled))
        return model, replace(pairs, weight=weight, probability=chance)


def _chances(weight: NDArray[np.float64]) -> NDArray[np.float64]:
    chance = np.empty(len(weight))

    def work(part: slice) -> None:
        chance[part] = probability(weight[part])

    each_slice(len(weight), work)
    return chance
