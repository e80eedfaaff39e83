"""Figures and moments as stewards read them."""

from __future__ import annotations

from datetime import datetime
from zlib import crc32

from markupsafe import Markup

HUES = 12
"""Colours that source badges take turns in."""

SPREAD = 108
"""Chosen so that the systems the hub ships mappings for get different colours."""

WIDEST = 10.0
"""Bits at which a bar is full; stronger evidence is no longer."""

HALF = 60
"""Pixels of a bar to either side of zero."""

KINDS = {
    "possible_match": "Possible match",
    "possible_duplicate": "Possible duplicate",
    "contradiction": "Contradiction",
    "override_conflict": "Overrides clash",
    "hierarchy_loop": "Loop of parents",
}


def bits(weight: float) -> str:
    """A match weight with its sign: +4.2, −1.0."""
    return f"{weight:+.1f}".replace("-", "−")


def percent(share: float) -> str:
    """A probability without false certainty: 97 %, <1 %, >99 %."""
    if share < 0.01:
        return "<1 %"
    return ">99 %" if share > 0.99 else f"{share:.0%}".replace("%", " %")


def moment(at: datetime | None) -> Markup:
    """A time in UTC that scripts and readers can read; a dash for none."""
    if at is None:
        return Markup('<span class="none">no clock</span>')
    return Markup('<time datetime="{}" title="UTC">{}</time>').format(at.isoformat(), f"{at:%Y-%m-%d %H:%M}")


def share(probability: float) -> Markup:
    """A bar that is as full as a probability."""
    return Markup(
        '<svg class="share" viewBox="0 0 80 8" width="80" height="8" aria-hidden="true">'
        '<rect class="track" width="80" height="8" rx="4"/><rect width="{:.1f}" height="8" rx="4"/></svg>'
    ).format(max(80 * probability, 8))


def plural(number: int, one: str, many: str = "") -> str:
    """1 task, 2 tasks."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def hue(source: str) -> str:
    """The colour class of a source, the same on every page."""
    return f"hue-{crc32(f'{SPREAD}{source}'.encode()) % HUES}"


def kind_title(kind: str) -> str:
    """A task's kind for people."""
    return KINDS.get(kind, kind.replace("_", " ").capitalize())


def type_title(name: str) -> str:
    """An entity type for people: `cost_center` becomes "Cost center"."""
    return name.replace("_", " ").capitalize()


def bar(weight: float) -> Markup:
    """A signed bar: to the right for the same thing, to the left against it; full at 10 bits."""
    length = min(abs(weight) / WIDEST, 1.0) * HALF
    start = HALF if weight >= 0 else HALF - length
    side = "for" if weight >= 0 else "against"
    return Markup(
        '<svg class="bar" viewBox="0 0 {} 10" width="{}" height="10" aria-hidden="true">'
        '<rect class="{}" x="{:.1f}" y="1" width="{:.1f}" height="8" rx="1.5"/>'
        '<line x1="{}" y1="0" x2="{}" y2="10"/></svg>'
    ).format(2 * HALF, 2 * HALF, side, start, max(length, 0.5 if weight else 0), HALF, HALF)
