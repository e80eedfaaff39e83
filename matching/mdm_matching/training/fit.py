"""Fit: a model from counts alone, wherever the pairs were compared and counted."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mdm_matching.comparing.levels import BLANK
from mdm_matching.model.column_model import ColumnModel
from mdm_matching.model.kind import Kind
from mdm_matching.model.match_model import MatchModel
from mdm_matching.training.expectation_maximisation import Rest, Trust, fitted, responsibilities
from mdm_matching.training.patterns import Patterns, telling

# Candidate pairs that training looks at, at most.
SAMPLE = 300_000
RANDOM = 40_000
# So few candidate pairs teach nothing: the defaults stand.
FEWEST = 30
# An exclusive id on which more than this share of the same things differ is none.
_EXCLUSIVE_ERROR = 0.02
# So many bits below the match threshold a person should look.
_REVIEW = 5.0


@dataclass(frozen=True, slots=True)
class Seen:
    """What training has seen of the pairs.

    Attributes:
        rows: how many records there are.
        candidates: how many candidate pairs there are.
        patterns: the agreement patterns of some candidate pairs, which stand for all.
        by_chance: the levels of pairs drawn at random that are no candidates, one row per pair.
    """

    rows: int
    candidates: int
    patterns: Patterns
    by_chance: NDArray[np.uint8]


def fit(model: MatchModel, seen: Seen) -> MatchModel:
    """The model fitted to what was seen, drawn towards what it was; its thresholds stay."""
    rest = _rest(model, seen)
    found = fitted(_spread(model, seen.candidates, rest.pairs), seen.patterns, rest, Trust())
    return replace(found, columns=tuple(_checked(column) for column in found.columns))


def with_threshold(model: MatchModel, match: float) -> MatchModel:
    """The model that joins from so many bits on, and asks a person from five bits below."""
    return model.with_thresholds(match=match, review=match - _REVIEW)


def _rest(model: MatchModel, seen_pairs: Seen) -> Rest:
    """What pairs look like that the mixture cannot judge.

    These are the pairs that are no candidates, judged by some drawn at random, and candidates of which too
    few columns say anything: of those the chance to be different counts, as the defaults see it.
    """
    patterns, levels = seen_pairs.patterns, seen_pairs.by_chance
    others = max(seen_pairs.rows * (seen_pairs.rows - 1) / 2 - seen_pairs.candidates, 0.0)
    each = others / max(len(levels), 1)
    seen = []
    for place, column in enumerate(model.columns):
        own = levels[:, place]
        counts = np.bincount(own[own != BLANK], minlength=len(column.levels))
        seen.append((counts + np.array([level.u for level in column.levels])) * each)
    chances, _ = responsibilities(model, patterns.levels, patterns.counts)
    unlike = chances[:, [not kind.same for kind in model.kinds]].sum(axis=1) * patterns.counts
    return Rest(others, tuple(seen), np.where(telling(patterns.levels), 0.0, unlike))


def _spread(model: MatchModel, candidates: int, rest: float) -> MatchModel:
    """The model with prior and shares of all pairs, where the defaults speak of candidates alone."""
    share = candidates / max(candidates + rest, 1.0)
    kinds = []
    for kind in model.kinds:
        if kind.same:
            kinds.append(kind)
        elif kind.levels:
            kinds.append(replace(kind, share=kind.share * share))
        else:
            levels = {column.name: tuple(level.u for level in column.levels) for column in model.columns}
            kinds.append(replace(kind, share=1.0 - share))
            kinds.append(Kind("alike", same=False, share=kind.share * share, chance=True, levels=levels))
    return replace(model, kinds=tuple(kinds), prior=model.prior + float(np.log2(share)))


def _checked(column: ColumnModel) -> ColumnModel:
    """The column, no longer exclusive if the same things often differ in it."""
    return replace(column, exclusive=column.exclusive and column.levels[-1].m <= _EXCLUSIVE_ERROR)
