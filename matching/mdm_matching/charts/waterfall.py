"""Waterfall: how a pair's weight comes about, from what holds before any evidence to the total."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mdm_matching.charts.drawing import BLUE, GREEN, GREY, ORANGE, Axis, Plot, bar, line, shortened, text
from mdm_matching.reasons.reason import Reason

# Pixels of a bar's row, and signs of its name.
_ROW, _NAME = 26, 46
# Of the plot's width, the room that the numbers beside the bars take.
_ROOM = 0.12


@dataclass(frozen=True, slots=True)
class Fall:
    """One step of the weight; everything in bits.

    Attributes:
        name: what speaks, such as "email: same address".
        begin: the weight before the step.
        end: the weight after it.
        detail: the two values and what a steward should know of them; empty if there is nothing to add.
    """

    name: str
    begin: float
    end: float
    detail: str = ""

    @property
    def weight(self) -> float:
        """What the step adds; below 0 it speaks against the same thing."""
        return self.end - self.begin


def waterfall(reasons: Sequence[Reason], prior: float) -> tuple[Fall, ...]:
    """The steps from 0 bits over the prior to the total, in the order of the reasons."""
    falls = [Fall("before any evidence", 0.0, prior)]
    for reason in reasons:
        name = f"{reason.column}: {reason.label}" if reason.column else reason.label
        values = f"{reason.left_value or '-'} | {reason.right_value or '-'}" if reason.column else ""
        detail = " · ".join(part for part in (values, reason.note) if part)
        falls.append(Fall(name, falls[-1].end, falls[-1].end + reason.weight, detail))
    return tuple(falls)


def waterfall_chart(data: tuple[Fall, ...], threshold: float | None = None) -> str:
    """One bar per step and one for the total as SVG; bars to the right speak for the same thing.

    Args:
        data: the steps, at least one.
        threshold: the bits from which two records match, shown as a dashed line if given.
    """
    total = data[-1].end
    ends = [0.0, total, *(fall.end for fall in data), *([] if threshold is None else [threshold])]
    room = _ROOM * ((max(ends) - min(ends)) or 1.0)
    plot = Plot(
        f"Match weight {total:+.1f} bits",
        Axis("match weight (bits; each doubles the odds)", min(ends), max(ends) + room),
        None,
        left=292,
        width=420,
        height=_ROW * (len(data) + 1),
    )
    marks = [line((plot.at_x(0), plot.row(0, 1)[0]), (plot.at_x(0), sum(plot.row(0, 1))), GREY)]
    rows = [*data, Fall("total", 0.0, total)]
    for place, fall in enumerate(rows):
        colour = BLUE if place == len(data) else GREEN if fall.weight >= 0 else ORANGE
        marks.append(_bar(plot, fall, plot.row(place, len(rows)), colour))
    if threshold is not None:
        at, (top, height) = plot.at_x(threshold), plot.row(0, 1)
        marks.append(line((at, top), (at, top + height), dashed=True))
        marks.append(text((at, top - 6), "threshold", anchor="middle"))
    return plot.drawn(marks)


def waterfall_svg(reasons: Sequence[Reason], prior: float, threshold: float | None = None) -> str:
    """`waterfall_chart` of a pair's reasons."""
    return waterfall_chart(waterfall(reasons, prior), threshold)


def _bar(plot: Plot, fall: Fall, row: tuple[float, float], colour: str) -> str:
    top, step = row
    begin, end = sorted((plot.at_x(fall.begin), plot.at_x(fall.end)))
    tip = " · ".join(part for part in (f"{fall.name}: {fall.weight:+.1f} bits", fall.detail) if part)
    middle = top + step / 2 + 4
    return (
        bar((begin, top + 5), (max(end - begin, 1), step - 10), colour, tip)
        + text((plot.left - 8, middle), shortened(fall.name, _NAME), anchor="end")
        + text((end + 5, middle), f"{round(fall.weight, 1) + 0.0:+.1f}")
    )
