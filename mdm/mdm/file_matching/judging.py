"""How well an answer meets the truth column; counted after matching, which never sees it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mdm.file_matching.table import MatchTable

if TYPE_CHECKING:
    from mdm_matching import Evaluation, MatchResult


@dataclass(frozen=True, slots=True)
class Figures:
    """What an evaluation found, every share 0 to 1.

    Attributes:
        across: pairs of two sources alone count; None unless each source is free of duplicates in itself.
        completeness: share of the true pairs that blocking proposed.
        sure_recall: share of the true pairs found by a threshold that keeps precision at .99.
    """

    overall: Evaluation
    across: Evaluation | None
    completeness: float
    sure_recall: float


def figures(table: MatchTable, result: MatchResult) -> Figures:
    """The figures of an answer against the table's truth."""
    import numpy as np

    from mdm_matching import evaluate, pair_completeness, recall_at_precision

    truth = table.truth or []
    sources = table.sources if _is_link(table.sources, truth) else None
    names = np.array([value or f"\x00{row}" for row, value in enumerate(truth)], object)
    pairs = result.pairs
    counted = np.ones(len(pairs.left), bool)
    if sources is not None:
        origin = np.array(sources, object)
        counted = origin[pairs.left] != origin[pairs.right]
    same = names[pairs.left] == names[pairs.right]
    return Figures(
        overall=evaluate(result.labels, truth),
        across=evaluate(result.labels, truth, sources=sources) if sources is not None else None,
        completeness=pair_completeness(pairs.left, pairs.right, truth, sources=sources),
        sure_recall=recall_at_precision(pairs.weight[counted], same[counted], _true_pairs(truth)),
    )


def _is_link(sources: list[str], truth: list[str | None]) -> bool:
    """Whether there are several sources and none of them holds the same thing twice."""
    named = [(source, value) for source, value in zip(sources, truth, strict=True) if value]
    return len(set(sources)) > 1 and len(set(named)) == len(named)


def _true_pairs(truth: list[str | None]) -> int:
    sizes: dict[str, int] = {}
    for value in truth:
        if value:
            sizes[value] = sizes.get(value, 0) + 1
    return sum(size * (size - 1) // 2 for size in sizes.values())
