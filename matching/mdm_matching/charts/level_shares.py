"""m/u chart: how often each level of agreement is seen among the same and among different things."""

from __future__ import annotations

from dataclasses import dataclass

from mdm_matching.charts.drawing import GREEN, ORANGE, Axis, Plot, bar, key, shortened, text
from mdm_matching.model.match_model import MatchModel

_ROW = 22


@dataclass(frozen=True, slots=True)
class LevelShare:
    """One level of one column.

    Attributes:
        column: the column.
        label: the level in words.
        m: its share among pairs of the same thing, 0 to 1.
        u: its share among pairs of different things, 0 to 1.
        weight: the evidence of the level in bits, with what labels added.
    """

    column: str
    label: str
    m: float
    u: float
    weight: float


def level_shares_of(model: MatchModel) -> tuple[LevelShare, ...]:
    """Every level of every column, in the model's order."""
    return tuple(
        LevelShare(column.name, level.label, level.m, level.u, column.bits(place))
        for column in model.columns
        for place, level in enumerate(column.levels)
    )


def level_shares_chart(data: tuple[LevelShare, ...]) -> str:
    """Two bars per level as SVG, and the weight they imply."""
    plot = Plot(
        "Levels of agreement: how often the same and different things show them",
        Axis("share of pairs (%)", 0, 100),
        None,
        left=400,
        width=320,
        height=_ROW * max(len(data), 2),
    )
    marks = []
    for place, one in enumerate(data):
        top, _ = plot.row(place, len(data))
        tip = f"{one.column}, {one.label}: m {one.m:.4g}, u {one.u:.4g}, {one.weight:+.2f} bits"
        for share, colour, at in ((one.m, GREEN, top + 3), (one.u, ORANGE, top + 11)):
            marks.append(bar((plot.left, at), (plot.at_x(100 * share) - plot.left, 7), colour, tip))
        name = f"{shortened(one.column, 18)}: {shortened(one.label, 34)}"
        marks.append(text((plot.left - 60, top + 15), name, anchor="end"))
        colour = GREEN if one.weight >= 0 else ORANGE
        marks.append(text((plot.left - 8, top + 15), f"{one.weight:+.1f}", anchor="end", colour=colour))
    marks.append(text((plot.left - 8, 37), "bits", anchor="end"))
    marks.append(key(plot, (("same (m)", GREEN), ("different (u)", ORANGE))))
    return plot.drawn(marks)
