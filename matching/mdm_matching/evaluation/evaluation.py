"""Precision, recall and F1 of a clustering, pair by pair and record by record (B-cubed)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Evaluation:
    """How well a clustering meets the truth; every share is 0 to 1.

    Attributes:
        precision: share of the joined pairs that are truly one.
        recall: share of the truly equal pairs that are joined.
        f1: the harmonic mean of the two.
        bcubed_precision: averaged over records: the share of its cluster that is truly the same thing.
        bcubed_recall: averaged over records: the share of its true cluster that is in its cluster.
        bcubed_f1: the harmonic mean of the two.
        rows: how many records the truth covers.
    """

    precision: float
    recall: float
    f1: float
    bcubed_precision: float
    bcubed_recall: float
    bcubed_f1: float
    rows: int


def evaluate(
    labels: Sequence[object] | NDArray[np.int32],
    truth: Sequence[str | None],
    *,
    sources: Sequence[str] | None = None,
) -> Evaluation:
    """The figures of a clustering.

    Args:
        labels: each record's cluster.
        truth: each record's true cluster; records with None or "" are not judged.
        sources: where given, only pairs of records of two sources count (B-cubed counts all records either
            way).
    """
    judged = [row for row, value in enumerate(truth) if value]
    answer = _numbers([labels[row] for row in judged])
    right = _numbers([truth[row] for row in judged])
    origin = None if sources is None else _numbers([sources[row] for row in judged])
    both = _numbers(list(zip(answer.tolist(), right.tolist(), strict=True)))
    hit, joined, true = (_pair_count(groups, origin) for groups in (both, answer, right))
    precision, recall = _ratio(hit, joined), _ratio(hit, true)
    overlap = np.bincount(both)[both] if judged else np.zeros(0)
    b_precision = float(np.mean(overlap / np.bincount(answer)[answer])) if judged else 0.0
    b_recall = float(np.mean(overlap / np.bincount(right)[right])) if judged else 0.0
    return Evaluation(
        precision,
        recall,
        _harmonic(precision, recall),
        b_precision,
        b_recall,
        _harmonic(b_precision, b_recall),
        len(judged),
    )


def pair_completeness(
    left: NDArray[np.int32],
    right: NDArray[np.int32],
    truth: Sequence[str | None],
    *,
    sources: Sequence[str] | None = None,
) -> float:
    """Share of the truly equal pairs that are among these candidates, 0 to 1."""
    judged = np.array([bool(value) for value in truth])
    true = _numbers([value or ("unknown", row) for row, value in enumerate(truth)])
    origin = None if sources is None else _numbers(list(sources))
    found = (true[left] == true[right]) & judged[left]
    if origin is not None:
        found &= origin[left] != origin[right]
    return _ratio(int(found.sum()), _pair_count(true, origin))


def recall_at_precision(
    weight: NDArray[np.float64], is_match: NDArray[np.bool_], true_pairs: int, precision: float = 0.99
) -> float:
    """The greatest share of `true_pairs`, 0 to 1, that a threshold finds at this precision."""
    order = np.argsort(-weight, kind="stable")
    hits = np.cumsum(is_match[order])
    ranks = np.arange(1, len(order) + 1)
    ends = np.append(np.diff(weight[order]) != 0, True)[: len(order)]
    good = ends & (hits >= precision * ranks)
    return _ratio(int(hits[good].max(initial=0)), true_pairs)


def _numbers(values: Sequence[object]) -> NDArray[np.int64]:
    seen: dict[object, int] = {}
    return np.fromiter((seen.setdefault(value, len(seen)) for value in values), np.int64, len(values))


def _pair_count(groups: NDArray[np.int64], origin: NDArray[np.int64] | None) -> int:
    """Pairs within the groups; with origins, only those of two origins."""

    def within(sizes: NDArray[np.int64]) -> int:
        return int((sizes * (sizes - 1) // 2).sum())

    count = within(np.bincount(groups))
    if origin is not None and len(groups):
        count -= within(np.unique(groups * (int(origin.max()) + 1) + origin, return_counts=True)[1])
    return count


def _ratio(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _harmonic(one: float, other: float) -> float:
    return 2 * one * other / (one + other) if one + other else 0.0
