"""The waterfall: a picture of how a pair's weight comes about, as plain SVG."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from mdm_matching.reasons.reason import Reason

# Pixels.
_ROW, _LEFT, _PLOT, _RIGHT = 26, 250, 420, 80
_FOR, _AGAINST, _TOTAL = "#2f855a", "#c05621", "#2b6cb0"


def waterfall_svg(reasons: Sequence[Reason], prior: float) -> str:
    """An SVG with one bar per reason from the prior to the total weight, in bits.

    Bars to the right speak for the same thing, bars to the left against it; the last bar is the total.
    """
    steps = [("before any evidence", prior, ""), *((_name(r), r.weight, _tip(r)) for r in reasons)]
    ends, at = [], 0.0
    for _, weight, _ in steps:
        ends.append((at, at + weight))
        at += weight
    low = min(0.0, at, *(min(pair) for pair in ends))
    high = max(0.0, at, *(max(pair) for pair in ends))
    scale = _PLOT / ((high - low) or 1.0)
    rows = [
        _bar(place, step, (_LEFT + (begin - low) * scale, _LEFT + (end - low) * scale))
        for place, (step, (begin, end)) in enumerate(zip(steps, ends, strict=True))
    ]
    zero = _LEFT - low * scale
    rows.append(_bar(len(steps), ("total", at, ""), (zero, _LEFT + (at - low) * scale), colour=_TOTAL))
    width, height = _LEFT + _PLOT + _RIGHT, _ROW * (len(rows) + 1)
    axis = f'<line x1="{zero:.1f}" y1="0" x2="{zero:.1f}" y2="{height - _ROW}" stroke="#718096"/>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" role="img" aria-label="match weight {at:+.1f} bits" '
        'font-family="sans-serif" font-size="12">'
        f"<title>Match weight {at:+.1f} bits</title>{axis}{''.join(rows)}</svg>"
    )


def _bar(place: int, step: tuple[str, float, str], span: tuple[float, float], colour: str = "") -> str:
    name, weight, tip = step
    top = place * _ROW
    begin, end = min(span), max(span)
    fill = colour or (_FOR if weight >= 0 else _AGAINST)
    return (
        f'<g><title>{escape(tip or name)}</title><text x="{_LEFT - 8}" y="{top + 17}" text-anchor="end" '
        f'fill="currentColor">{escape(name)}</text><rect x="{begin:.1f}" y="{top + 5}" '
        f'width="{max(end - begin, 1):.1f}" height="{_ROW - 10}" fill="{fill}"/>'
        f'<text x="{end + 5:.1f}" y="{top + 17}" fill="currentColor">{weight:+.1f}</text></g>'
    )


def _name(reason: Reason) -> str:
    shown = f"{reason.column}: {reason.label}" if reason.column else reason.label
    return shown if len(shown) <= 40 else shown[:39] + "…"


def _tip(reason: Reason) -> str:
    values = f"{reason.left_value or '-'} | {reason.right_value or '-'}" if reason.column else ""
    return " · ".join(
        part for part in (f"{reason.column} {reason.label}".strip(), values, reason.note) if part
    )
