"""Score histogram: how the candidate pairs' weights lie about the thresholds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mdm_matching.charts.drawing import GREEN, GREY, ORANGE, Axis, Plot, bar, key, line, text
from mdm_matching.matching.match import MatchResult

# Bits: weights beyond these stand in the outermost bins.
_LEAST, _MOST = -30.0, 40.0


@dataclass(frozen=True, slots=True, eq=False)
class Histogram:
    """How many candidate pairs have which weight.

    Attributes:
        edges: the bins' bounds in bits, one more than there are bins, each one bit wide.
        counts: pairs in each bin.
        match: the match threshold in bits.
        review: the review threshold in bits.
    """

    edges: NDArray[np.float64]
    counts: NDArray[np.int64]
    match: float
    review: float


def score_histogram(found: MatchResult) -> Histogram:
    """The weights of all candidate pairs, in bins of one bit."""
    weight = np.clip(found.pairs.weight, _LEAST, _MOST - 1e-9)
    low = np.floor(min(weight.min(initial=0.0), found.model.review_threshold))
    high = np.floor(max(weight.max(initial=0.0), found.model.match_threshold)) + 1
    edges = np.arange(low, high + 1.0)
    counts = np.histogram(weight, edges)[0].astype(np.int64)
    return Histogram(edges, counts, found.model.match_threshold, found.model.review_threshold)


def score_histogram_chart(data: Histogram) -> str:
    """The histogram as SVG, on a logarithmic axis, for the pairs below the threshold are many."""
    tall = np.log10(data.counts + 1.0)
    plot = Plot(
        "Match weights of the candidate pairs",
        Axis("match weight (bits)", float(data.edges[0]), float(data.edges[-1])),
        Axis("pairs (logarithmic)", 0.0, float(max(tall.max(initial=0.0), 1.0)) * 1.12, counts=True),
    )
    marks = []
    for low, high, count, height in zip(data.edges, data.edges[1:], data.counts, tall, strict=False):
        colour = GREEN if low >= data.match else ORANGE if high > data.review else GREY
        left, top = plot.at_x(float(low)), plot.at_y(float(height))
        size = (plot.at_x(float(high)) - left - 1, plot.at_y(0.0) - top)
        marks.append(bar((left, top), size, colour, f"{low:g} to {high:g} bits: {count:,} pairs"))
    top = plot.at_y(plot.y.high if plot.y else 1.0)
    for value, colour in ((data.match, GREEN), (data.review, ORANGE)):
        at = plot.at_x(value)
        marks.append(line((at, top), (at, plot.at_y(0.0)), colour, dashed=True))
    marks.append(text((plot.at_x(data.match) + 4, top + 12), f"match {data.match:+.1f}", colour=GREEN))
    marks.append(
        text(
            (plot.at_x(data.review) - 4, top + 12), f"review {data.review:+.1f}", anchor="end", colour=ORANGE
        )
    )
    marks.append(key(plot, (("no match", GREY), ("review", ORANGE), ("match", GREEN))))
    return plot.drawn(marks)
