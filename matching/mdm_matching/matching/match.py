"""Match: raw columns in, clusters out; a list of named steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mdm_matching.blocking.candidates import CappedKey
from mdm_matching.blocking.plan import Plan
from mdm_matching.clustering import Cut, Edges, cluster
from mdm_matching.clustering.clean_sources import clean_sources, of_two_sources, source_codes
from mdm_matching.learning.labels import Labels
from mdm_matching.matching.leaks import leaks
from mdm_matching.matching.prepared import Prepared, prepare
from mdm_matching.matching.progress import Clock, Follower, Progress
from mdm_matching.model.match_model import MatchModel
from mdm_matching.scoring.pair_scores import weight_of
from mdm_matching.scoring.probability import probability
from mdm_matching.scoring.rivals import Rivalry
from mdm_matching.semantics import Inferred
from mdm_matching.semantics.semantic_type import SemanticType
from mdm_matching.slices import each_slice
from mdm_matching.training.fit import with_threshold
from mdm_matching.training.thresholds import best_threshold
from mdm_matching.training.train import train


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
class MatchResult:
    """What matching found.

    Attributes:
        labels: for each row the number of a row of its cluster, the same for all rows of the cluster.
        pairs: every candidate pair with its score.
        cuts: pairs that look alike and were kept apart.
        model: the model that was used, trained or given.
        inferred: for each column its semantic type and why; empty if the types were given.
        capped: block keys too common to make candidates.
        clean: the sources of which no two records were taken for one thing.
        timings: seconds of wall time by step.
        cpu: seconds of CPU time by step.
        plan: the pairs and the cost that were expected before any pair was made.
        leaks: columns of evidence that look like the answer itself, such as a truth left in by mistake.
    """

    labels: NDArray[np.int32]
    pairs: Pairs
    cuts: tuple[Cut, ...]
    model: MatchModel
    inferred: Mapping[str, Inferred]
    capped: tuple[CappedKey, ...]
    clean: tuple[str, ...]
    timings: Mapping[str, float]
    cpu: Mapping[str, float]
    plan: Plan
    leaks: tuple[str, ...]


def match(
    columns: Mapping[str, Sequence[str | None]],
    *,
    semantics: Mapping[str, SemanticType] | None = None,
    model: MatchModel | None = None,
    sources: Sequence[str] | None = None,
    clean: Sequence[str] | None = None,
    labels: Labels | None = None,
    progress: Progress | Follower | None = None,
) -> MatchResult:
    """Find which records are the same thing; what no argument says is found out from the records.

    Args:
        columns: by name the values of all records in the same order, all of them evidence; None or "" is no
            value.
        semantics: the semantic type of each column that is evidence; inferred if not given.
        model: a model to use as it is; trained on these records if not given.
        sources: for each record the system it comes from. It is no evidence; it only tells which records
            cannot be one thing because their source holds nothing twice.
        clean: the sources known to hold nothing twice; found out from the fitted model if not given, none if
            empty.
        labels: judged pairs: they bind or part their records, and sharpen a model that is trained.
        progress: called with the name of each step when it begins; a `Follower` is also told now and then
            how far the work is and how long the rest will take.

    Raises:
        NoEvidenceError: no semantic type was given and none could be inferred.
        ColumnLengthError: the columns differ in length.
    """
    clock = Clock(progress)
    prepared = prepare(columns, semantics, model, clock)
    return answered(prepared, labels or Labels.of((), prepared.table.rows), sources, clean, clock)


def answered(
    prepared: Prepared,
    labels: Labels,
    sources: Sequence[str] | None,
    clean: Sequence[str] | None,
    clock: Clock,
) -> MatchResult:
    """The answer for prepared records: train unless a model was given, score, part clean sources, cluster."""
    table = prepared.table
    compared = _Compared(prepared, labels, prepared.left, prepared.right, prepared.levels)
    with clock.step("train"):
        used = compared.fitted()
    with clock.step("score"):
        pairs = compared.scored(used)
    if sources is not None:
        with clock.step("part clean sources"):
            clean = clean_sources(sources, pairs.left, pairs.right, pairs.probability, known=clean)
            used, pairs = compared.without(sources, clean, (used, pairs))
            used, pairs = compared.among_rivals(sources, clean, (used, pairs))
    with clock.step("cluster"):
        edges = Edges(pairs.left, pairs.right, pairs.weight)
        same, distinct = labels.verdicts(same=True), labels.verdicts(same=False)
        origin = source_codes(sources, clean or (), table.rows)
        found = cluster(used, table, table.content_ranks, edges, same=same, distinct=distinct, clean=origin)
    return MatchResult(
        found.labels,
        pairs,
        found.cuts,
        used,
        prepared.inferred,
        prepared.capped,
        tuple(clean or ()) if sources is not None else (),
        clock.seconds,
        clock.cpu,
        prepared.plan,
        leaks(table, found.labels),
    )


@dataclass(frozen=True)
class _Compared:
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
        return train(self.prepared.start, self.prepared.table, *pairs, levels=self.levels, labels=self.labels)

    def scored(self, model: MatchModel) -> Pairs:
        """The pairs with their scores."""
        weight = weight_of(model, self.prepared.table, self.levels, (self.left, self.right))
        chance = np.empty(len(weight))

        def work(part: slice) -> None:
            chance[part] = probability(weight[part])

        each_slice(len(weight), work)
        return Pairs(self.left, self.right, weight, chance, self.levels)

    def without(
        self, sources: Sequence[str], clean: Sequence[str], known: tuple[MatchModel, Pairs]
    ) -> tuple[MatchModel, Pairs]:
        """Model and scores without the pairs of one clean source, which are known to be different things."""
        origin = source_codes(sources, clean, self.prepared.table.rows)
        free = of_two_sources(origin, self.left, self.right)
        if free.all():
            return known
        kept = replace(self, left=self.left[free], right=self.right[free], levels=self.levels[free])
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
        rivalry = Rivalry.of(origin, pairs.left, pairs.right)
        if self.prepared.given is not None or not len(rivalry.pairs):
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
