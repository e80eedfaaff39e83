"""Match: raw columns in, clusters out; a list of named steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mdm_matching.blocking.bands import KeyReach
from mdm_matching.blocking.candidates import CappedKey
from mdm_matching.blocking.plan import Plan
from mdm_matching.clustering import Cut, Edges, cluster
from mdm_matching.clustering.clean_sources import source_codes
from mdm_matching.learning.labels import Labels
from mdm_matching.matching.compared import Compared, Pairs
from mdm_matching.matching.leaks import leaks
from mdm_matching.matching.prepared import Prepared, prepare
from mdm_matching.matching.progress import Clock, Follower, Progress
from mdm_matching.memory import Memory
from mdm_matching.model.match_model import MatchModel
from mdm_matching.semantics import Inferred
from mdm_matching.semantics.semantic_type import SemanticType


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
        reach: how common the keys are that made candidates; an index with this reach finds the same pairs.
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
    reach: KeyReach
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
    memory: str | int | None = None,
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
        memory: the most memory that the process may hold, such as "800M" or "1.2G", or in bytes; three
            quarters of what is free if not given. Pairs that do not fit go to a file; the answer is the same
            to the last bit. What is held for each record must fit.
        progress: called with the name of each step when it begins; a `Follower` is also told now and then
            how far the work is and how long the rest will take.

    Raises:
        NoEvidenceError: no semantic type was given and none could be inferred.
        ColumnLengthError: the columns differ in length.
        MemoryBoundError: the records leave no room for pairs; the message says how much is needed.
    """
    clock = Clock(progress)
    prepared = prepare(columns, semantics, model, clock, Memory.of(memory, clock.say))
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
    compared = Compared(prepared, labels, prepared.left, prepared.right, prepared.levels)
    with clock.step("train"):
        used = compared.fitted()
    with clock.step("score"):
        pairs = compared.scored(used)
    if sources is not None:
        with clock.step("part clean sources"):
            clean = compared.clean(sources, clean, pairs)
            used, pairs = compared.without(sources, clean, (used, pairs))
            used, pairs = compared.among_rivals(sources, clean, (used, pairs))
    with clock.step("cluster"):
        edges = Edges(pairs.left, pairs.right, pairs.weight)
        same, distinct = labels.verdicts(same=True), labels.verdicts(same=False)
        origin = source_codes(sources, clean or (), table.rows)
        found = cluster(
            used,
            table,
            table.content_ranks,
            edges,
            same=same,
            distinct=distinct,
            clean=origin,
            memory=prepared.memory,
        )
    return MatchResult(
        found.labels,
        pairs,
        found.cuts,
        used,
        prepared.inferred,
        prepared.capped,
        prepared.reach,
        tuple(clean or ()) if sources is not None else (),
        clock.seconds,
        clock.cpu,
        prepared.plan,
        leaks(table, found.labels),
    )
