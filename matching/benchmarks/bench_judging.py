"""Judges an answer to a bench set, the same way for every contender."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from figures import LINKS
from numpy.typing import NDArray

from mdm_matching import evaluate, pair_completeness, recall_at_precision

Columns = dict[str, list[str | None]]


def judged(name: str, columns: Columns, answer: Path) -> dict[str, float | int]:
    """Pairwise and B-cubed figures of the clusters, and what the scored pairs would allow at best."""
    truth = columns["cluster_id"]
    sources = [value or "" for value in columns["source"]] if name in LINKS else None
    with np.load(answer) as found:
        labels, left, right, score = (found[key] for key in ("labels", "left", "right", "score"))
    left, right = left.astype(np.int32), right.astype(np.int32)
    reached = evaluate(labels.tolist(), truth, sources=sources)
    figures: dict[str, float | int] = {
        "precision": reached.precision,
        "recall": reached.recall,
        "f1": reached.f1,
        "bcubed_f1": reached.bcubed_f1,
        "candidates": len(left),
    }
    if len(left):
        names = np.array([value or f"\x00{row}" for row, value in enumerate(truth)], object)
        same = names[left] == names[right]
        total = _true_pairs(truth, sources)
        figures["pair_completeness"] = pair_completeness(left, right, truth, sources=sources)
        figures["best_threshold_f1"] = _best_f1(score, same, total)
        figures["recall_at_precision_99"] = recall_at_precision(score, same, total)
    return figures


def _true_pairs(truth: list[str | None], sources: list[str] | None) -> int:
    counts: dict[object, int] = {}
    inside: dict[object, int] = {}
    for row, value in enumerate(truth):
        if value:
            counts[value] = counts.get(value, 0) + 1
            if sources is not None:
                inside[value, sources[row]] = inside.get((value, sources[row]), 0) + 1
    pairs = sum(count * (count - 1) // 2 for count in counts.values())
    return pairs - sum(count * (count - 1) // 2 for count in inside.values())


def _best_f1(score: NDArray[np.float64], same: NDArray[np.bool_], total: int) -> float:
    """The best F1 that a threshold on the scored pairs reaches, found with the truth; before clustering."""
    order = np.argsort(-score, kind="stable")
    hits = np.cumsum(same[order])
    ends = np.append(score[order][1:] < score[order][:-1], True)
    f1 = 2 * hits / (np.arange(1, len(order) + 1) + max(total, 1))
    return float(f1[ends].max())
