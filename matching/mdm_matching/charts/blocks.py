"""Block counts: how many pairs each column's keys propose, and which keys were too common."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from mdm_matching.blocking.block_keys import COMPOUND
from mdm_matching.blocking.groups import Groups
from mdm_matching.blocking.lone_keys import lone_kinds
from mdm_matching.charts.drawing import BLUE, ORANGE, Axis, Plot, bar, key, shortened, text
from mdm_matching.matching.match import MatchResult
from mdm_matching.standardising.standard_table import StandardTable

TOGETHER = "two columns together"


@dataclass(frozen=True, slots=True)
class Blocks:
    """What the block keys of one column do.

    Attributes:
        column: the column, or "two columns together", or columns whose weak keys stand alone.
        keys: keys that two or more records hold and that made candidates.
        pairs: pairs that these keys propose; a pair under two keys counts twice.
        capped: keys too common to make candidates.
        left_out: pairs that those would have proposed.
    """

    column: str
    keys: int
    pairs: int
    capped: int
    left_out: int


def block_counts(table: StandardTable, found: MatchResult) -> tuple[Blocks, ...]:
    """What the block keys of each column do, the most pairs first."""
    keys = table.block_keys()
    distinct, first, holders = np.unique(keys.key, return_index=True, return_counts=True)
    over = np.isin(distinct, np.array([item.key for item in found.capped], np.int64))
    pairs = holders.astype(np.int64) * (holders - 1) // 2
    counted = []
    for place in np.unique(keys.column[first]).tolist():
        own = (keys.column[first] == place) & (holders > 1)
        name = TOGETHER if place == COMPOUND else table.columns[place].name
        free, shut = own & ~over, own & over
        counted.append(
            Blocks(name, int(free.sum()), int(pairs[free].sum()), int(shut.sum()), int(pairs[shut].sum()))
        )
    if found.reach.alone > 1:
        counted += _alone(table, found.reach.alone)
    return tuple(sorted(counted, key=lambda one: (-one.pairs, one.column)))


def _alone(table: StandardTable, most: int) -> Iterator[Blocks]:
    """What the weak keys of each column do by themselves, where they do anything."""
    for kind in lone_kinds(table):
        holders = Groups.of(kind, table.rows).sizes
        pairs, free = holders * (holders - 1) // 2, holders <= most
        over = ~free
        yield Blocks(
            f"{' or '.join(kind.columns)} alone",
            int(free.sum()),
            int(pairs[free].sum()),
            int(over.sum()),
            int(pairs[over].sum()),
        )


def block_chart(data: tuple[Blocks, ...]) -> str:
    """One bar per column as SVG, on a logarithmic axis."""
    tall = [float(np.log10(max(one.pairs, one.left_out) + 1)) for one in data]
    plot = Plot(
        "Pairs that the block keys propose",
        Axis("pairs (logarithmic)", 0, max([*tall, 1.0]) * 1.3, counts=True),
        None,
        left=170,
        width=380,
        height=max(40 * len(data), 60),
    )
    marks = []
    for place, one in enumerate(data):
        top, step = plot.row(place, len(data))
        half = (step - 8) / 2
        tip = f"{one.column}: {one.keys:,} keys, {one.pairs:,} pairs; {one.capped:,} keys too common"
        rows = ((one.pairs, BLUE, top + 4), (one.left_out, ORANGE, top + 4 + half))
        for count, colour, at in rows:
            end = plot.at_x(float(np.log10(count + 1)))
            marks.append(bar((plot.left, at), (end - plot.left, half - 1), colour, tip))
            if count:
                marks.append(text((end + 5, at + half / 2 + 4), f"{count:,}"))
        marks.append(text((plot.left - 8, top + step / 2 + 4), shortened(one.column, 22), anchor="end"))
    marks.append(key(plot, (("proposed", BLUE), ("left out: too common", ORANGE))))
    return plot.drawn(marks)
