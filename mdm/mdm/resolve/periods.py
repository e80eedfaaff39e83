"""What golden records say of past and future days, where their source records say when they hold."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from sqlmodel import Session, col, select

from mdm.resolve.evidence import RecordClaims
from mdm.resolve.survivors import Cells, Survivors, cells_of
from mdm.resolve.timelines import Timelines
from mdm.store.bulk import add_rows
from mdm.store.chunks import objects_in
from mdm.store.history import GoldenPeriod

Survive = Callable[[Mapping[str, Sequence[RecordClaims]], date], Mapping[str, Survivors]]
"""Golden id to its records, as they hold on some day, and the day, to what their values are."""


class Period(NamedTuple):
    """Values of a golden record from a first day (None: ever) to the first day after (None: for good)."""

    valid_from: date | None
    valid_to: date | None
    cells: Cells


Periods = dict[str, tuple[Period, ...]]
"""Golden id to its periods, in order; one whose values do not depend on the day is absent."""


def golden_periods(
    members: Mapping[str, Sequence[RecordClaims]],
    timelines: Timelines,
    survive: Survive,
    entwined: Collection[str] = (),
) -> Periods:
    """The periods of golden records made of these source records.

    Args:
        entwined: golden records whose values depend on each other's: what changes one may change all.
    """
    records = {golden_id: [record.id for record in own] for golden_id, own in members.items()}
    shared = [record_id for golden_id in entwined for record_id in records.get(golden_id, ())]
    own_and_shared = {g: shared if g in entwined else own for g, own in records.items()}
    spans = {
        golden_id: _intervals(timelines, ids)
        for golden_id, ids in own_and_shared.items()
        if any(record_id in timelines for record_id in ids)
    }
    found: dict[str, list[Period]] = {golden_id: [] for golden_id in spans}
    for number in range(max((len(own) for own in spans.values()), default=0)):
        at = {golden_id: own[number] for golden_id, own in spans.items() if number < len(own)}
        for day in sorted({span[0] for span in at.values()}, key=lambda d: d or date.min):
            holding = {
                golden_id: _holding(members[golden_id], timelines, span[0])
                for golden_id, span in at.items()
                if span[0] == day
            }
            survivors = survive(
                {golden_id: own for golden_id, own in holding.items() if own}, day or date.min
            )
            for golden_id, survived in survivors.items():
                _add(found[golden_id], Period(*at[golden_id], cells_of(survived.choices)))
    return {golden_id: tuple(own) for golden_id, own in found.items() if _is_needed(own)}


def on_other_days(records: Mapping[int, RecordClaims], timelines: Timelines) -> list[RecordClaims]:
    """The records as they hold in each of their slices."""
    return [
        replace(records[record_id], claims=piece.claims)
        for record_id, slices in timelines.items()
        for piece in slices
    ]


def _intervals(timelines: Timelines, record_ids: Iterable[int]) -> list[tuple[date | None, date | None]]:
    """The intervals between all days at which a slice of one of the records begins or ends."""
    pieces = [piece for record_id in record_ids for piece in timelines.get(record_id, ())]
    days = {day for piece in pieces for day in (piece.valid_from, piece.valid_to) if day is not None}
    ends: list[date | None] = [None, *sorted(days), None]
    return list(pairwise(ends))


def _holding(records: Sequence[RecordClaims], timelines: Timelines, first: date | None) -> list[RecordClaims]:
    """The records as they hold from a day on; one without a timeline holds always."""
    day = first or date.min
    found = []
    for record in records:
        if record.id not in timelines:
            found.append(record)
            continue
        held = next((piece for piece in timelines[record.id] if piece.holds(day)), None)
        if held is not None:
            found.append(replace(record, claims=held.claims))
    return found


def _add(periods: list[Period], period: Period) -> None:
    """Append a period, or make the last one longer if it says the same."""
    if periods and periods[-1].valid_to == period.valid_from and periods[-1].cells == period.cells:
        periods[-1] = periods[-1]._replace(valid_to=period.valid_to)
    else:
        periods.append(period)


def _is_needed(periods: Sequence[Period]) -> bool:
    return len(periods) != 1 or periods[0][:2] != (None, None)


def stored_periods(session: Session, versions: Mapping[str, int]) -> Periods:
    """The periods of these versions of golden records."""
    found: dict[str, list[tuple[int, Period]]] = {}
    for row in objects_in(session, select(GoldenPeriod), col(GoldenPeriod.golden_id), versions):
        if row.version == versions[row.golden_id]:
            period = Period(row.valid_from, row.valid_to, row.cells)
            found.setdefault(row.golden_id, []).append((row.number, period))
    in_order = {golden_id: sorted(own, key=lambda pair: pair[0]) for golden_id, own in found.items()}
    return {golden_id: tuple(period for _, period in own) for golden_id, own in in_order.items()}


def store_periods(session: Session, golden_id: str, version: int, periods: Sequence[Period]) -> None:
    """Keep the periods of a new version."""
    rows = [
        {
            "golden_id": golden_id, "version": version, "number": number,
            "valid_from": period.valid_from, "valid_to": period.valid_to, "cells": period.cells,
        }
        for number, period in enumerate(periods)
    ]  # fmt: skip
    add_rows(session, GoldenPeriod, rows)
