"""Reliability and precision-recall: how well the scores meet a truth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mdm_matching.charts.drawing import BLUE, GREY, ORANGE, Axis, Plot, dot, key, line, path, text

_BINS = 10
# Points that a line through precision and recall needs at most.
_POINTS = 400


@dataclass(frozen=True, slots=True)
class Reliability:
    """Pairs of about the same probability.

    Attributes:
        said: their mean probability, 0 to 1.
        true: the share of them that is the same thing, 0 to 1.
        pairs: how many they are.
    """

    said: float
    true: float
    pairs: int


@dataclass(frozen=True, slots=True, eq=False)
class Tradeoff:
    """Precision and recall of the scored pairs, before clustering, at falling thresholds.

    Attributes:
        threshold: bits of total weight.
        precision: share of the pairs at or above it that are the same thing, 0 to 1.
        recall: share of all true pairs that are at or above it, 0 to 1.
        chosen: the threshold that the model uses, in bits.
    """

    threshold: NDArray[np.float64]
    precision: NDArray[np.float64]
    recall: NDArray[np.float64]
    chosen: float


def reliability(probability: NDArray[np.float64], same: NDArray[np.bool_]) -> tuple[Reliability, ...]:
    """What pairs of each tenth of probability truly are; tenths without pairs are left out."""
    tenth = np.minimum((probability * _BINS).astype(np.int64), _BINS - 1)
    found = []
    for number in range(_BINS):
        own = tenth == number
        if own.any():
            found.append(Reliability(float(probability[own].mean()), float(same[own].mean()), int(own.sum())))
    return tuple(found)


def reliability_chart(data: tuple[Reliability, ...]) -> str:
    """What was said against what is true, as SVG; on the diagonal the scores are calibrated."""
    plot = Plot(
        "Reliability: of pairs scored 0.9, nine in ten should be true",
        Axis("probability that the score implies", 0, 1),
        Axis("share that is truly the same", 0, 1.05),
        width=400,
        height=360,
    )
    marks = [line((plot.at_x(0), plot.at_y(0)), (plot.at_x(1), plot.at_y(1)), GREY, dashed=True)]
    points = [(plot.at_x(one.said), plot.at_y(one.true)) for one in data]
    marks.append(path(points, BLUE))
    for one, at in zip(data, points, strict=True):
        radius = 3 + min(float(np.log10(one.pairs + 1)), 5)
        tip = f"said {one.said:.3f}, true {one.true:.3f}, {one.pairs:,} pairs"
        marks.append(dot(at, BLUE, tip, radius))
    marks.append(key(plot, (("seen", BLUE), ("calibrated", GREY))))
    return plot.drawn(marks)


def precision_recall(
    weight: NDArray[np.float64], same: NDArray[np.bool_], true_pairs: int, chosen: float
) -> Tradeoff:
    """Precision and recall at every weight that some pair has.

    Args:
        weight: of each scored pair, in bits.
        same: whether it is truly the same thing.
        true_pairs: all true pairs, those that blocking missed included.
        chosen: the model's threshold.
    """
    order = np.argsort(-weight, kind="stable")
    ranked, hits = weight[order], np.cumsum(same[order])
    ends = np.flatnonzero(np.append(ranked[1:] < ranked[:-1], True)[: len(ranked)])
    return Tradeoff(ranked[ends], hits[ends] / (ends + 1.0), hits[ends] / max(float(true_pairs), 1.0), chosen)


def precision_recall_chart(data: Tradeoff) -> str:
    """Precision over recall as SVG, with the model's threshold marked."""
    plot = Plot(
        "Precision and recall of the scored pairs, before clustering",
        Axis("recall", 0, 1),
        Axis("precision", 0, 1.05),
        width=400,
        height=360,
    )
    count = len(data.threshold)
    kept = np.unique(np.linspace(0, max(count - 1, 0), min(count, _POINTS)).astype(np.int64))
    points = [(plot.at_x(float(data.recall[n])), plot.at_y(float(data.precision[n]))) for n in kept.tolist()]
    marks = [path(points, BLUE)] if points else []
    above = np.flatnonzero(data.threshold >= data.chosen)
    if len(above):
        here = int(above[-1])
        precision, recall = float(data.precision[here]), float(data.recall[here])
        at = (plot.at_x(recall), plot.at_y(precision))
        said = f"threshold {data.chosen:+.1f} bits: P {precision:.3f}, R {recall:.3f}"
        marks.append(dot(at, ORANGE, said, 6))
        marks.append(text((plot.at_x(0.03), plot.at_y(0.05)), said, colour=ORANGE))
    marks.append(key(plot, (("all thresholds", BLUE), ("chosen", ORANGE))))
    return plot.drawn(marks)
