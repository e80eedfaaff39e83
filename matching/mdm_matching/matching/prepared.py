"""Prepared records: what every answer about them starts from, whatever model weighs the evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from mdm_matching.blocking.bands import KeyReach
from mdm_matching.blocking.candidates import CappedKey, candidates, junk_of
from mdm_matching.blocking.plan import Plan
from mdm_matching.comparing.levels import levels_in_slices
from mdm_matching.errors import NoEvidenceError
from mdm_matching.matching.progress import Clock
from mdm_matching.memory import Memory
from mdm_matching.model.match_model import MatchModel
from mdm_matching.scoring.chance import chance_of
from mdm_matching.semantics import Inferred, infer
from mdm_matching.semantics.semantic_type import SemanticType
from mdm_matching.standardising.standard_column import Room
from mdm_matching.standardising.standard_table import StandardTable, standardise
from mdm_matching.training.words import with_words


@dataclass(frozen=True)
class Prepared:
    """Records in canonical form with their candidate pairs, compared.

    Attributes:
        start: the model to start from: the one given, or the defaults of the semantic types.
        given: the model to use as it is, if there is one.
        table: the records; junk values have lost their force.
        left: the one row of each candidate pair, below the other, ascending.
        right: the other.
        levels: one row per pair: its levels of agreement; 255 for blank.
        inferred: for each column its semantic type and why; empty if the types were given.
        capped: block keys too common to make candidates.
        reach: how many records hold the commonest keys that made candidates, at most.
        plan: the pairs and the cost that were expected before any pair was made.
        memory: what there is room for.
    """

    start: MatchModel
    given: MatchModel | None
    table: StandardTable
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    levels: NDArray[np.uint8]
    inferred: Mapping[str, Inferred]
    capped: tuple[CappedKey, ...]
    reach: KeyReach
    plan: Plan
    memory: Memory


def prepare(
    columns: Mapping[str, Sequence[str | None]],
    semantics: Mapping[str, SemanticType] | None,
    model: MatchModel | None,
    clock: Clock,
    memory: Memory,
) -> Prepared:
    """Infer, standardise, block, compare; a model that is given says the semantic types.

    Raises:
        NoEvidenceError: no semantic type was given and none could be inferred.
        ColumnLengthError: the columns differ in length.
        MemoryBoundError: the records leave no room for pairs.
    """
    inferred: Mapping[str, Inferred] = {}
    rows = len(next(iter(columns.values()), ()))
    clock.expect(rows, len(columns))
    if model is None:
        with clock.step("infer"):
            inferred = {} if semantics is not None else infer(columns)
            start = _starting_model(semantics, inferred)
    else:
        start = model
    with clock.step("standardise"):
        clock.expect(rows, len(start.columns))
        table = standardise(start, columns, room=Room.PAIRS, part_done=partial(_standardised, clock, memory))
        if model is None:
            start, table = with_words(start, table)
    with clock.step("block"):
        table = table.mute(junk_of(table))
        found = candidates(
            table,
            cap=start.block_cap,
            chance=chance_of(start, table),
            planned=lambda plan: clock.say(f"expect {plan}"),
            memory=memory,
        )
    with clock.step("compare"):
        clock.expect(rows, len(start.columns), len(found.left))
        levels = levels_in_slices(table, (found.left, found.right), memory, clock.part)
    return Prepared(
        start,
        model,
        table,
        found.left,
        found.right,
        levels,
        inferred,
        found.capped,
        found.reach,
        found.plan,
        memory,
    )


def _standardised(clock: Clock, memory: Memory, done: float) -> None:
    clock.part(done)
    memory.check()


def _starting_model(
    semantics: Mapping[str, SemanticType] | None, inferred: Mapping[str, Inferred]
) -> MatchModel:
    known = semantics
    if known is None:
        known = {name: found.semantic for name, found in inferred.items() if found.semantic is not None}
    if not known:
        raise NoEvidenceError
    return MatchModel.default("record", known)
