"""Which golden records refer to which: now, at a moment, on a day, and from which day to which."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import JSON, FromClause, and_, func, or_, select, type_coerce
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from mdm.access.view import view_of
from mdm.history.tables import golden_at, typed_at
from mdm.history.when import When
from mdm.store.chunks import CHUNK, chunks, rows_in
from mdm.store.column_types import Json
from mdm.store.derived import Relation
from mdm.store.history import GoldenPeriod

if TYPE_CHECKING:
    from mdm.hub import Hub


class Related(NamedTuple):
    """One golden record refers to another by one of its attributes."""

    from_id: str
    attribute: str
    to_id: str
    from_type: str
    to_type: str


class Window(NamedTuple):
    """A relation and the days on which it holds.

    Attributes:
        valid_from: first day; None: since ever.
        valid_to: first day after; None: for good.
    """

    related: Related
    valid_from: date | None
    valid_to: date | None


def relations_around(
    hub: Hub, session: Session, golden_ids: Collection[str], when: When
) -> tuple[Related, ...]:
    """The relations that begin or end at these golden records, in order; both ends exist for whoever asks."""
    view = view_of(session)
    if when.is_now:
        found = _now(session, golden_ids)
        view.saw(end for related in found for end in (related.from_id, related.to_id))
        return tuple(sorted(found))
    found = {*_from(hub, session, golden_ids, when), *_to(hub, session, golden_ids, when)}
    seen = view.visible(session, {end for related in found for end in (related.from_id, related.to_id)})
    return tuple(sorted(related for related in found if {related.from_id, related.to_id} <= seen))


def _now(session: Session, golden_ids: Collection[str]) -> set[Related]:
    columns = (Relation.from_id, Relation.attribute, Relation.to_id, Relation.from_type, Relation.to_type)
    view = view_of(session)
    query = select(*(col(column) for column in columns)).where(
        *view.rows_of_ids(col(Relation.from_type), col(Relation.from_id)),
        *view.rows_of_ids(col(Relation.to_type), col(Relation.to_id)),
    )
    found: set[Related] = set()
    for part in chunks(golden_ids, CHUNK // 2):
        around = or_(col(Relation.from_id).in_(part), col(Relation.to_id).in_(part))
        found |= {Related(*row) for row in session.execute(query.where(around))}
    return found


def _from(hub: Hub, session: Session, golden_ids: Collection[str], when: When) -> Iterator[Related]:
    for entity_type in hub.registry:
        if not entity_type.references:
            continue
        table = typed_at(hub, entity_type.name, when)
        query = select(table.c.id, *(table.c[a.name] for a in entity_type.references))
        for golden_id, *targets in rows_in(session, query, table.c.id, golden_ids):
            for attribute, target in zip(entity_type.references, targets, strict=True):
                if target is not None:
                    yield Related(golden_id, attribute.name, target, entity_type.name, attribute.target)


def _to(hub: Hub, session: Session, golden_ids: Collection[str], when: When) -> Iterator[Related]:
    for entity_type in hub.registry:
        table = typed_at(hub, entity_type.name, when)
        for attribute in entity_type.references:
            query = select(table.c.id, table.c[attribute.name])
            for golden_id, target in rows_in(session, query, table.c[attribute.name], golden_ids):
                yield Related(golden_id, attribute.name, target, entity_type.name, attribute.target)


def windows_around(hub: Hub, session: Session, golden_ids: Collection[str], when: When) -> tuple[Window, ...]:
    """The relations of any day that begin or end at these golden records, in order.

    One that holds on days that follow each other is one window. Whose sources say nothing about time has one
    without bounds. The day of the moment does not matter.
    """
    periods = _periods(when)
    found = set(_windows_from(hub, session, golden_ids, periods))
    found |= set(_windows_to(hub, session, golden_ids, periods))
    by_relation: defaultdict[Related, list[Window]] = defaultdict(list)
    for window in found:
        by_relation[window.related].append(window)
    return tuple(one for related in sorted(by_relation) for one in _joined(by_relation[related]))


def _periods(when: When) -> FromClause:
    """What current golden records say of each of their periods; one without any says it of all days."""
    golden, period = golden_at(When(when.known_at)), aliased(GoldenPeriod)
    same = and_(col(period.golden_id) == golden.c.golden_id, col(period.version) == golden.c.version)
    query = select(
        golden.c.golden_id, golden.c.entity_type, col(period.valid_from), col(period.valid_to),
        func.coalesce(period.cells, golden.c.cells, type_=Json()).label("cells"),
    ).outerjoin_from(golden, period, same)  # fmt: skip
    return query.where(golden.c.state == "active").subquery("periods")


def _windows_from(
    hub: Hub, session: Session, golden_ids: Collection[str], periods: FromClause
) -> Iterator[Window]:
    columns = (periods.c[name] for name in ("golden_id", "entity_type", "valid_from", "valid_to", "cells"))
    for golden_id, name, first, after, cells in rows_in(
        session, select(*columns), periods.c.golden_id, golden_ids
    ):
        for attribute in hub.registry[name].references:
            if attribute.name in cells:
                to_id = str(cells[attribute.name]["value"])
                related = Related(golden_id, attribute.name, to_id, name, attribute.target)
                yield Window(related, first, after)


def _windows_to(
    hub: Hub, session: Session, golden_ids: Collection[str], periods: FromClause
) -> Iterator[Window]:
    for entity_type in hub.registry:
        for attribute in entity_type.references:
            target: Any = type_coerce(periods.c.cells, JSON())[(attribute.name, "value")].as_string()
            columns = (periods.c[name] for name in ("golden_id", "valid_from", "valid_to"))
            query = select(*columns, target.label("target")).where(periods.c.entity_type == entity_type.name)
            for golden_id, first, after, to_id in rows_in(session, query, target, golden_ids):
                related = Related(golden_id, attribute.name, to_id, entity_type.name, attribute.target)
                yield Window(related, first, after)


def _joined(windows: Iterable[Window]) -> Iterator[Window]:
    """The windows of one relation in order; those that follow each other are one."""
    before: Window | None = None
    for window in sorted(windows, key=lambda one: one.valid_from or date.min):
        if before is not None and before.valid_to == window.valid_from:
            before = before._replace(valid_to=window.valid_to)
            continue
        if before is not None:
            yield before
        before = window
    if before is not None:
        yield before
