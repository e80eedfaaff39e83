"""Completeness: in how many records each column holds a value that is evidence."""

from __future__ import annotations

from dataclasses import dataclass

from mdm_matching.charts.drawing import BLUE, GREY, Axis, Plot, bar, key, shortened, text
from mdm_matching.standardising.standard_table import StandardTable


@dataclass(frozen=True, slots=True)
class Completeness:
    """How full one column is; the shares are 0 to 1.

    Attributes:
        column: its name.
        usable: share of the records whose value is evidence.
        unusable: share whose value is there but says nothing: a placeholder, invalid, or shared by too many.
        distinct: how many different canonical values there are.
    """

    column: str
    usable: float
    unusable: float
    distinct: int


def completeness(table: StandardTable) -> tuple[Completeness, ...]:
    """How full each column of the model is, in its order."""
    found = []
    for column in table.columns:
        usable = int((column.live_codes >= 0).sum())
        there = sum(1 for value in column.raw if value)
        rows = max(table.rows, 1)
        distinct = len(set(column.text_codes.tolist()))
        found.append(Completeness(column.name, usable / rows, max(there - usable, 0) / rows, distinct))
    return tuple(found)


def completeness_chart(data: tuple[Completeness, ...]) -> str:
    """One bar per column as SVG."""
    plot = Plot(
        "How full the columns are",
        Axis("records with a value (%)", 0, 100),
        None,
        left=170,
        width=380,
        height=max(28 * len(data), 60),
    )
    marks = []
    for place, one in enumerate(data):
        top, step = plot.row(place, len(data))
        middle = plot.at_x(100 * one.usable)
        end = plot.at_x(100 * (one.usable + one.unusable))
        tip = f"{one.column}: {one.usable:.1%} usable, {one.unusable:.1%} unusable, {one.distinct:,} values"
        marks.append(bar((plot.left, top + 4), (middle - plot.left, step - 8), BLUE, tip))
        marks.append(bar((middle, top + 4), (end - middle, step - 8), GREY, tip))
        marks.append(text((plot.left - 8, top + step / 2 + 4), shortened(one.column, 22), anchor="end"))
        inside = end > plot.at_x(82)
        label = f"{one.usable:.1%}"
        at = (middle - 6 if inside else end + 6, top + step / 2 + 4)
        colour = "white" if inside else "currentColor"
        marks.append(text(at, label, anchor="end" if inside else "start", colour=colour))
    marks.append(key(plot, (("evidence", BLUE), ("no usable value", GREY))))
    return plot.drawn(marks)
