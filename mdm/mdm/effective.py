"""From which day to which day what a source says holds: the timeline of a source record's claims.

A row may say from when and until when it holds (`effective_from`, first day; `effective_to`, first day after;
blank for open). What it states replaces, within that time, what was stated before; outside it the former
statement stays. A row that says nothing about time holds for ever. No clock takes part: neither the source's
nor the hub's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

FROM, TO = "effective_from", "effective_to"
DO_NOT_MASTER = "do_not_master"
FACTS = (FROM, TO, DO_NOT_MASTER)
"""What a row may say beside its attributes; it is kept with the row's version."""

Claims = dict[str, dict[str, Any]]
Version = Mapping[str, Any]
Apply = Callable[[Claims, Version], Claims]


@dataclass(frozen=True, slots=True)
class Period:
    """The attributes that say when a thing of some type exists.

    Attributes:
        start: first day.
        end: first day after; or the last day, if `last_day`.
    """

    start: str
    end: str
    last_day: bool = False


@dataclass(frozen=True, slots=True)
class Slice:
    """The claims of a source record during some days.

    Attributes:
        valid_from: first day; None: since ever.
        valid_to: first day after; None: for good.
    """

    valid_from: date | None
    valid_to: date | None
    claims: Claims

    def holds(self, day: date) -> bool:
        """Whether the day lies within."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day < self.valid_to
        )


def with_window(values: Mapping[str, Any], period: Period | None) -> dict[str, Any]:
    """A row's values with the window that its own period implies, unless it states another one."""
    found = dict(values)
    if period is None or found.get(FROM) is not None or found.get(TO) is not None:
        return found
    start, end = found.get(period.start), found.get(period.end)
    if end is not None and period.last_day:
        end = (date.fromisoformat(str(end)) + timedelta(days=1)).isoformat()
    if (start is not None or end is not None) and not (start and end and str(end) <= str(start)):
        found |= {FROM: start, TO: end}
    return found


def is_dated(version: Version) -> bool:
    """Whether a version says when it holds."""
    return window_of(version) != (None, None)


def window_of(version: Version) -> tuple[date | None, date | None]:
    """The first day of a version and the first day after it; an empty window counts as none."""
    first, after = (_day(version["stated"].get(name)) for name in (FROM, TO))
    return (None, None) if first and after and after <= first else (first, after)


def _day(value: Any) -> date | None:
    return None if value is None else date.fromisoformat(str(value))


def slices_of(versions: Sequence[Version], apply: Apply) -> tuple[Slice, ...]:
    """The timeline of one record: disjoint, in order; days at which nothing is stated are left out.

    Args:
        versions: in the order of the source's clock.
        apply: the claims after one more version.
    """
    pieces = [Slice(None, None, {})]
    for version in versions:
        first, after = window_of(version)
        pieces = [part for piece in pieces for part in _worked_in(piece, first, after, version, apply)]
    return tuple(_joined(piece for piece in pieces if piece.claims))


def _worked_in(
    piece: Slice, first: date | None, after: date | None, version: Version, apply: Apply
) -> Iterator[Slice]:
    """A piece cut where the version's window begins and ends, the part within it brought up to date."""
    start, end = _later(piece.valid_from, first), _earlier(piece.valid_to, after)
    if start is not None and end is not None and end <= start:
        yield piece
        return
    if start != piece.valid_from:
        yield Slice(piece.valid_from, start, piece.claims)
    claims = {name: c for name, c in apply(piece.claims, version).items() if name not in (FROM, TO)}
    yield Slice(start, end, claims)
    if end != piece.valid_to:
        yield Slice(end, piece.valid_to, piece.claims)


def _later(one: date | None, other: date | None) -> date | None:
    return max((day for day in (one, other) if day is not None), default=None)


def _earlier(one: date | None, other: date | None) -> date | None:
    return min((day for day in (one, other) if day is not None), default=None)


def _joined(pieces: Iterable[Slice]) -> Iterator[Slice]:
    before: Slice | None = None
    for piece in pieces:
        if before is not None and before.valid_to == piece.valid_from and before.claims == piece.claims:
            before = Slice(before.valid_from, piece.valid_to, piece.claims)
            continue
        if before is not None:
            yield before
        before = piece
    if before is not None:
        yield before


def slice_at(slices: Sequence[Slice], day: date) -> Slice | None:
    """What counts as current on a day: what holds, else what held last, else what will hold first."""
    held = [piece for piece in slices if piece.valid_from is None or piece.valid_from <= day]
    return held[-1] if held else slices[0] if slices else None


def next_change(slices: Sequence[Slice], day: date) -> date | None:
    """The next day on which something else counts as current."""
    starts = [piece.valid_from for piece in slices if piece.valid_from is not None]
    return min((start for start in starts if start > day), default=None)
