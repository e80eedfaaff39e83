"""Match: raw columns in, clusters out; a list of named steps."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mdm_matching.blocking.candidates import Candidates, CappedKey, Chance, candidates, junk_of
from mdm_matching.clustering import Cut, Edges, cluster
from mdm_matching.clustering.clean_sources import clean_sources, of_two_sources, source_codes
from mdm_matching.comparing.levels import pair_levels
from mdm_matching.errors import NoEvidenceError
from mdm_matching.model.match_model import MatchModel
from mdm_matching.scoring.pair_scores import score
from mdm_matching.scoring.probability import probability
from mdm_matching.semantics import Inferred, infer
from mdm_matching.semantics.semantic_type import SemanticType
from mdm_matching.standardising.standard_table import StandardTable, standardise
from mdm_matching.training.train import train
from mdm_matching.training.words import with_words

if TYPE_CHECKING:
    from collections.abc import Iterator

_NOTHING = np.zeros((0, 2), np.int64)

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Pairs:
    """The candidate pairs with their scores: left below right, ascending.

    Attributes:
        left: the one row.
        right: the other.
        weight: total match weight in bits.
        probability: what that weight implies, 0 to 1.
    """

    left: NDArray[np.int32]
    right: NDArray[np.int32]
    weight: NDArray[np.float64]
    probability: NDArray[np.float64]


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
    """

    labels: NDArray[np.int32]
    pairs: Pairs
    cuts: tuple[Cut, ...]
    model: MatchModel
    inferred: Mapping[str, Inferred]
    capped: tuple[CappedKey, ...]
    clean: tuple[str, ...]
    timings: Mapping[str, float]


@dataclass
class _Clock:
    """Says each step and remembers how long it took."""

    progress: Progress | None
    seconds: dict[str, float] = field(default_factory=dict[str, float])

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        if self.progress:
            self.progress(name)
        begin = perf_counter()
        yield
        self.seconds[name] = round(perf_counter() - begin, 3)


def match(
    columns: Mapping[str, Sequence[str | None]],
    *,
    semantics: Mapping[str, SemanticType] | None = None,
    model: MatchModel | None = None,
    sources: Sequence[str] | None = None,
    clean: Sequence[str] | None = None,
    progress: Progress | None = None,
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
        progress: called with the name of each step when it begins.

    Raises:
        NoEvidenceError: no semantic type was given and none could be inferred.
        ColumnLengthError: the columns differ in length.
    """
    clock = _Clock(progress)
    inferred: Mapping[str, Inferred] = {}
    if model is None:
        with clock.step("infer"):
            inferred = {} if semantics is not None else infer(columns)
            start = _starting_model(semantics, inferred)
    else:
        start = model
    with clock.step("standardise"):
        table = standardise(start, columns)
        if model is None:
            start, table = with_words(start, table)
    with clock.step("block"):
        table = table.mute(junk_of(table))
        found = candidates(table, cap=start.block_cap, chance=_chance(start, table))
    with clock.step("compare"):
        compared = _Compared.of(start, model, table, found)
    with clock.step("train"):
        used = compared.fitted()
    with clock.step("score"):
        pairs = compared.scored(used)
    if sources is not None:
        with clock.step("part clean sources"):
            clean = clean_sources(sources, pairs.left, pairs.right, pairs.probability, known=clean)
            used, pairs = compared.without(sources, clean, (used, pairs))
    with clock.step("cluster"):
        edges = Edges(pairs.left, pairs.right, pairs.weight)
        origin = source_codes(sources, clean or (), table.rows)
        found_clusters = cluster(
            used, table, _order(table), edges, same=_NOTHING, distinct=_NOTHING, clean=origin
        )
    named = tuple(clean or ()) if sources is not None else ()
    labels, cuts = found_clusters.labels, found_clusters.cuts
    return MatchResult(labels, pairs, cuts, used, inferred, found.capped, named, clock.seconds)


@dataclass(frozen=True)
class _Compared:
    """Candidate pairs and how they agree: what training and scoring look at, once or twice.

    Attributes:
        start: the model that training starts from.
        given: a model to use as it is, if there is one.
        levels: the levels of agreement of each pair.
    """

    start: MatchModel
    given: MatchModel | None
    table: StandardTable
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    levels: NDArray[np.uint8]

    @classmethod
    def of(
        cls, start: MatchModel, given: MatchModel | None, table: StandardTable, found: Candidates
    ) -> _Compared:
        levels = pair_levels(table, found.left, found.right)
        return cls(start, given, table, found.left, found.right, levels)

    def fitted(self) -> MatchModel:
        """The given model, or else one trained on these pairs."""
        return self.given or train(self.start, self.table, self.left, self.right, levels=self.levels)

    def scored(self, model: MatchModel) -> Pairs:
        """The pairs with their scores."""
        weight = score(model, self.table, self.left, self.right, levels=self.levels).weight
        return Pairs(self.left, self.right, weight, probability(weight))

    def without(
        self, sources: Sequence[str], clean: Sequence[str], known: tuple[MatchModel, Pairs]
    ) -> tuple[MatchModel, Pairs]:
        """Model and scores without the pairs of one clean source, which are known to be different things."""
        free = of_two_sources(source_codes(sources, clean, self.table.rows), self.left, self.right)
        if free.all():
            return known
        kept = replace(self, left=self.left[free], right=self.right[free], levels=self.levels[free])
        model = kept.fitted()
        return model, kept.scored(model)


def _starting_model(
    semantics: Mapping[str, SemanticType] | None, inferred: Mapping[str, Inferred]
) -> MatchModel:
    known = semantics
    if known is None:
        known = {name: found.semantic for name, found in inferred.items() if found.semantic is not None}
    if not known:
        raise NoEvidenceError
    return MatchModel.default("record", known)


def _chance(model: MatchModel, table: StandardTable) -> Chance:
    return lambda left, right: probability(score(model, table, left, right).weight)


def _order(table: StandardTable) -> list[str]:
    """A text for each row by what it says.

    So that the order of the rows settles nothing but ties between equals.
    """
    return [f"{content:020d}:{row:012d}" for row, content in enumerate(table.contents.tolist())]
