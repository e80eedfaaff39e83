"""A person's employments: what each source record of a worker states of one, the current ones first."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlmodel import Session

from mdm.access.view import View, view_of
from mdm.clock import utc_now
from mdm.entities import EntityType
from mdm.history.claims import Led, members_at, targets_at
from mdm.history.when import NOW, When
from mdm.query.sources import SourceKey
from mdm.resolve.evidence import RecordClaims
from mdm.resolve.references import parse_reference

if TYPE_CHECKING:
    from mdm.hub import Hub

WORKER = "worker"

STATED = ("worker_number", "worker_type", "legal_entity", "hire_date", "termination_date")
"""What a source says of an employment; a record that says none of it tells of no employment."""


@dataclass(frozen=True, slots=True)
class Employment:
    """What one source record states; None where it states nothing, or where whoever asks may not see it.

    Attributes:
        legal_entity: golden id of the employer.
        termination_date: the last day.
        current: whether the day asked about lies within; a date that is missing or masked is no bound.
    """

    source: SourceKey
    worker_number: str | None
    worker_type: str | None
    legal_entity: str | None
    hire_date: date | None
    termination_date: date | None
    current: bool


def employments_of(
    hub: Hub, session: Session, golden_ids: Collection[str], when: When = NOW, today: date | None = None
) -> dict[str, tuple[Employment, ...]]:
    """The employments of each worker, the current ones first, the one that began last before the others.

    Args:
        when: what the hub knew at a moment; as of a day, what is current is a matter of that day.
        today: the day on which an employment counts as current if `when` names none; today in UTC by default.
    """
    view, worker = view_of(session), hub.registry[WORKER]
    found: dict[str, tuple[Employment, ...]] = dict.fromkeys(golden_ids, ())
    members = members_at(session, view.visible(session, golden_ids), when)
    led = targets_at(session, worker, [record for own in members.values() for record in own], when)
    visible = view.visible(session, set(led.values()))
    led = {key: golden_id for key, golden_id in led.items() if golden_id in visible}
    day = when.as_of or (when.known_at.date() if when.known_at else None) or today or utc_now().date()
    for golden_id, records in members.items():
        stated = list(_stated(view, worker, records, led, day))
        found[golden_id] = tuple(sorted(stated, key=_order))
        view.note(worker, STATED, [golden_id])
    return found


def _stated(
    view: View, worker: EntityType, records: Sequence[RecordClaims], led: Led, day: date
) -> Iterator[Employment]:
    for record in records:
        claims = view.open_part(worker, {n: c for n, c in record.claims.items() if n in STATED})
        if not claims:
            continue
        first, last = _day(claims, "hire_date"), _day(claims, "termination_date")
        yield Employment(
            source=SourceKey(record.source, record.source_key),
            worker_number=_text(claims, "worker_number"),
            worker_type=_text(claims, "worker_type"),
            legal_entity=_employer(worker, record, claims, led),
            hire_date=first,
            termination_date=last,
            current=(first is None or first <= day) and (last is None or day <= last),
        )


def _employer(
    worker: EntityType, record: RecordClaims, claims: Mapping[str, Mapping[str, Any]], led: Led
) -> str | None:
    text = _text(claims, "legal_entity")
    if text is None:
        return None
    return led.get((worker.by_name["legal_entity"].target, parse_reference(text, record.source)))


def _text(claims: Mapping[str, Mapping[str, Any]], name: str) -> str | None:
    return str(claims[name]["v"]) if name in claims and claims[name]["v"] is not None else None


def _day(claims: Mapping[str, Mapping[str, Any]], name: str) -> date | None:
    text = _text(claims, name)
    return date.fromisoformat(text) if text else None


def _order(one: Employment) -> tuple[bool, int, str, str]:
    began = one.hire_date.toordinal() if one.hire_date else 0
    return (not one.current, -began, one.source.system, one.source.key)
