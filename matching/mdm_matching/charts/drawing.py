"""Drawing: a plot with title, axes, units and marks, as plain SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import floor, log10

BLUE, GREEN, ORANGE, GREY = "#2b6cb0", "#2f855a", "#c05621", "#718096"
# Pixels: margins around the plot.
_TOP, _BOTTOM, _RIGHT = 44, 52, 24
_TICKS = 6


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis.

    Attributes:
        label: what it shows, with the unit.
        low: the value at its beginning.
        high: the value at its end.
        counts: whether values are log10 of 1 + a count; the ticks then show the counts 0, 10, 100 and so on.
    """

    label: str
    low: float
    high: float
    counts: bool = False

    def named(self, tick: float) -> str:
        """What stands at a tick."""
        return shown(10.0**tick if tick else 0.0) if self.counts else shown(tick)

    def ticks(self) -> list[float]:
        """Round values along the axis, about six."""
        span = (self.high - self.low) or 1.0
        rough = span / _TICKS
        power = 10.0 ** floor(log10(rough))
        step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough * 0.999)
        if self.counts:
            step = max(1.0, float(round(step)))
        first = -floor(-self.low / step)
        return [n * step for n in range(first, floor(self.high / step + 1e-9) + 1)]


@dataclass(frozen=True, slots=True)
class Plot:
    """A plot area with two axes; y grows upwards.

    Attributes:
        title: what the chart says.
        x: the horizontal axis.
        y: the vertical axis; None where rows have names instead.
        left: pixels left of the plot area, for the labels of y.
        width: pixels of the plot area.
        height: pixels of the plot area.
    """

    title: str
    x: Axis
    y: Axis | None
    left: int = 76
    width: int = 520
    height: int = 280

    def at_x(self, value: float) -> float:
        """The pixel of a value on the horizontal axis."""
        return self.left + (value - self.x.low) / ((self.x.high - self.x.low) or 1.0) * self.width

    def at_y(self, value: float) -> float:
        """The pixel of a value on the vertical axis."""
        assert self.y is not None
        return _TOP + self.height - (value - self.y.low) / ((self.y.high - self.y.low) or 1.0) * self.height

    def row(self, place: int, count: int) -> tuple[float, float]:
        """Top and height of one of `count` named rows."""
        step = self.height / max(count, 1)
        return _TOP + place * step, step

    def drawn(self, marks: Sequence[str]) -> str:
        """The SVG with these marks in it."""
        width, height = self.left + self.width + _RIGHT, _TOP + self.height + _BOTTOM
        body = "".join((*self._grid(), *marks, *self._labels()))
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
            f'height="{height}" role="img" aria-label="{escape(self.title)}" font-family="sans-serif" '
            f'font-size="12"><title>{escape(self.title)}</title>{body}</svg>'
        )

    def _grid(self) -> list[str]:
        bottom, right = _TOP + self.height, self.left + self.width
        lines = []
        for tick in self.x.ticks():
            at = self.at_x(tick)
            lines.append(line((at, _TOP), (at, bottom), "#e2e8f0"))
            lines.append(text((at, bottom + 16), self.x.named(tick), anchor="middle"))
        if self.y:
            lines += self._levels(self.y, right)
        return [
            *lines,
            line((self.left, _TOP), (self.left, bottom)),
            line((self.left, bottom), (right, bottom)),
        ]

    def _levels(self, axis: Axis, right: float) -> list[str]:
        """The ticks of the vertical axis."""
        lines = []
        for tick in axis.ticks():
            at = self.at_y(tick)
            lines.append(line((self.left, at), (right, at), "#e2e8f0"))
            lines.append(text((self.left - 8, at + 4), axis.named(tick), anchor="end"))
        return lines

    def _labels(self) -> list[str]:
        middle = self.left + self.width / 2
        bold = 'font-size="14" font-weight="bold" fill="currentColor"'
        labels = [
            f'<text x="8" y="20" {bold}>{escape(self.title)}</text>',
            text((middle, _TOP + self.height + 38), self.x.label, anchor="middle"),
        ]
        if self.y:
            at = _TOP + self.height / 2
            labels.append(
                f'<text transform="translate(16 {at:.0f}) rotate(-90)" text-anchor="middle" '
                f'fill="currentColor">{escape(self.y.label)}</text>'
            )
        return labels


def shown(value: float) -> str:
    """A number as a tick or a label shows it."""
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{round(value, 4):g}"


def shortened(label: str, most: int) -> str:
    """A label of at most so many characters."""
    return label if len(label) <= most else label[: most - 1] + "…"


def text(
    at: tuple[float, float], content: str, *, anchor: str = "start", colour: str = "currentColor"
) -> str:
    """A piece of text that begins, is centred or ends at a point."""
    x, y = at
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}">{escape(content)}</text>'


def line(
    start: tuple[float, float], end: tuple[float, float], colour: str = GREY, *, dashed: bool = False
) -> str:
    """A straight line."""
    dash = ' stroke-dasharray="5 4"' if dashed else ""
    return (
        f'<line x1="{start[0]:.1f}" y1="{start[1]:.1f}" x2="{end[0]:.1f}" y2="{end[1]:.1f}" '
        f'stroke="{colour}"{dash}/>'
    )


def path(points: Sequence[tuple[float, float]], colour: str) -> str:
    """A line through points."""
    joined = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return f'<polyline points="{joined}" fill="none" stroke="{colour}" stroke-width="2"/>'


def bar(corner: tuple[float, float], size: tuple[float, float], colour: str, tip: str) -> str:
    """A filled rectangle with a tip for the pointer."""
    return (
        f'<rect x="{corner[0]:.1f}" y="{corner[1]:.1f}" width="{max(size[0], 0):.1f}" '
        f'height="{max(size[1], 0):.1f}" fill="{colour}"><title>{escape(tip)}</title></rect>'
    )


def dot(at: tuple[float, float], colour: str, tip: str, radius: float = 4) -> str:
    """A point with a tip for the pointer."""
    return (
        f'<circle cx="{at[0]:.1f}" cy="{at[1]:.1f}" r="{radius:g}" fill="{colour}">'
        f"<title>{escape(tip)}</title></circle>"
    )


def key(plot: Plot, entries: Sequence[tuple[str, str]]) -> str:
    """What the colours mean, above the plot area at its right end."""
    parts = []
    at = plot.left + plot.width
    for label, colour in reversed(entries):
        at -= 7 * len(label) + 22
        parts.append(bar((at, 27), (11, 11), colour, label) + text((at + 15, 37), label))
    return "".join(parts)
