"""Match: raw columns in, clusters out; a list of named steps."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mdm_matching.blocking.candidates import CappedKey, Chance, candidates, junk_of
from mdm_matching.clustering import Cut, Edges, cluster
from mdm_matching.comparing.levels import pair_levels
from mdm_matching.errors import NoEvidenceError
from mdm_matching.model.match_model import MatchModel
from mdm_matching.scoring.pair_scores import score
from mdm_matching.scoring.probability import probability
from mdm_matching.semantics import Inferred, infer
from mdm_matching.semantics.semantic_type import SemanticType
from mdm_matching.standardising.standard_table import StandardTable, standardise
from mdm_matching.training.train import train

if TYPE_CHECKING:
    from collections.abc import Iterator

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
        timings: seconds of wall time by step.
    """

    labels: NDArray[np.int32]
    pairs: Pairs
    cuts: tuple[Cut, ...]
    model: MatchModel
    inferred: Mapping[str, Inferred]
    capped: tuple[CappedKey, ...]
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
    progress: Progress | None = None,
) -> MatchResult:
    """Find which records are the same thing; what no argument says is found out from the records.

    Args:
        columns: by name the values of all records in the same order, all of them evidence; None or "" is no
            value.
        semantics: the semantic type of each column that is evidence; inferred if not given.
        model: a model to use as it is; trained on these records if not given.
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
    with clock.step("block"):
        table = table.mute(junk_of(table))
        found = candidates(table, cap=start.block_cap, chance=_chance(start, table))
    with clock.step("compare"):
        levels = pair_levels(table, found.left, found.right)
    with clock.step("train"):
        used = model or train(start, table, found.left, found.right, levels=levels)
    with clock.step("score"):
        weight = score(used, table, found.left, found.right, levels=levels).weight
    with clock.step("cluster"):
        edges = Edges(found.left, found.right, weight)
        nothing = np.zeros((0, 2), np.int64)
        clustering = cluster(used, table, _order(table), edges, same=nothing, distinct=nothing)
    pairs = Pairs(found.left, found.right, weight, probability(weight))
    return MatchResult(clustering.labels, pairs, clustering.cuts, used, inferred, found.capped, clock.seconds)


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
