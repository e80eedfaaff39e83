"""How work goes on under another name: a contract as a project, one phase of an undertaking after another.

These relations are derived while reading, from references, contract numbers, names and dates of the golden
records. They never make two records one: *continues as* and *phase of* are not *same as*.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Any

from sqlalchemy import FromClause, select
from sqlmodel import Session

from mdm.access.view import view_of
from mdm.history.relations import Related
from mdm.history.tables import typed_at
from mdm.history.when import NOW, When
from mdm.query.search_terms import fold, joined
from mdm.store.chunks import Query, rows_in

if TYPE_CHECKING:
    from mdm.hub import Hub

CONTINUES_AS, PHASE_OF = "continues_as", "phase_of"

ENGAGEMENT, PROJECT = "engagement", "project"

READ: dict[str, tuple[str, ...]] = {
    ENGAGEMENT: ("client", "number"),
    PROJECT: ("client", "engagement", "code", "name", "start_date", "end_date"),
}
"""What the relations follow from; whoever may not see one of these attributes is told none of them."""

PHASE = re.compile(r"^(phase|stage|part|wave|lot|release|etappe|teil)$")


def hand_overs_around(
    hub: Hub, session: Session, golden_ids: Collection[str], related: Collection[Related], when: When = NOW
) -> tuple[Related, ...]:
    """The hand-overs that begin or end at these golden records, in order; at most four statements for all.

    An engagement *continues as* a project that names it, or that has its client and contract number; so does
    a project as a later one of the same client and number. A project is a *phase of* the one before it that
    has the same client and, but for the phase, the same name, and ends before it begins.

    Args:
        related: the relations around the golden records; without client or contract there is no hand-over.
    """
    if any(view_of(session).masked(hub.registry[name]) & set(read) for name, read in READ.items()):
        return ()
    around = set(golden_ids)
    own = {r for r in related if r.from_type in READ and {r.from_id, r.to_id} & around}
    clients = {r.to_id for r in own if r.attribute == "client" and r.from_id in around}
    contracts = {r.to_id for r in own if r.attribute == "engagement"}
    if not clients and not contracts:
        return ()
    engagements = _once(
        *_rows(hub, session, ENGAGEMENT, "client", clients, when),
        *_rows(hub, session, ENGAGEMENT, "id", contracts, when),
    )
    projects = _once(
        *_rows(hub, session, PROJECT, "client", clients, when),
        *_rows(hub, session, PROJECT, "engagement", contracts, when),
    )
    found = {*_continued(engagements, projects), *_phases(projects)}
    return tuple(sorted(one for one in found if around & {one.from_id, one.to_id}))


def _rows(
    hub: Hub, session: Session, entity_type: str, attribute: str, wanted: Collection[str], when: When
) -> list[Any]:
    """The records of a type that have one of these values, with what the relations follow from."""
    view, table = view_of(session), typed_at(hub, entity_type, when)
    seen = view.rows(hub.registry[entity_type], table)
    query = _read(table, entity_type) if when.is_now and not seen else _asked(table, entity_type).where(*seen)
    found = list(rows_in(session, query, table.c[attribute], wanted))
    view.saw(row.id for row in found)
    return found


def _asked(table: FromClause, entity_type: str) -> Query:
    return select(*(table.c[name] for name in ("id", *READ[entity_type])))


_read = lru_cache(maxsize=64)(_asked)
"""The same, made once: to write a statement takes longer than to run it."""


def _once(*rows: Any) -> list[Any]:
    return list({row.id: row for row in rows}.values())


def _continued(engagements: Sequence[Any], projects: Sequence[Any]) -> Iterator[Related]:
    known = {row.id for row in engagements}
    contracts: dict[tuple[str, str], list[str]] = {}
    for row in engagements:
        if row.client and row.number and joined(row.number):
            contracts.setdefault((row.client, joined(row.number)), []).append(row.id)
    numbered = [row for row in projects if row.client and row.code and joined(row.code)]
    for row in projects:
        if row.engagement in known:
            yield Related(row.engagement, CONTINUES_AS, row.id, ENGAGEMENT, PROJECT)
    for row in numbered:
        for engagement in contracts.get((row.client, joined(row.code)), ()):
            yield Related(engagement, CONTINUES_AS, row.id, ENGAGEMENT, PROJECT)
    numbered.sort(key=lambda row: (row.client, joined(row.code), *_begin(row)))
    for _, alike in groupby(numbered, key=lambda row: (row.client, joined(row.code))):
        for before, after in pairwise(alike):
            yield Related(before.id, CONTINUES_AS, after.id, PROJECT, PROJECT)


def _phases(projects: Sequence[Any]) -> Iterator[Related]:
    dated = [row for row in projects if row.client and row.start_date and _undertaking(row.name)]
    dated.sort(key=lambda row: (row.client, _undertaking(row.name), *_begin(row)))
    for _, alike in groupby(dated, key=lambda row: (row.client, _undertaking(row.name))):
        for before, after in pairwise(alike):
            if before.end_date and before.end_date < after.start_date:
                yield Related(after.id, PHASE_OF, before.id, PROJECT, PROJECT)


def _begin(row: Any) -> tuple[str, str]:
    """By first day; a project without one, such as an opportunity, was there before."""
    return (row.start_date.isoformat() if row.start_date else "", row.id)


@lru_cache(maxsize=65536)
def _undertaking(name: str | None) -> str:
    """A project's name without its phase: `ERP rollout, phase 2` gives `erp rollout`."""
    words = fold(name or "")
    if len(words) > 2 and PHASE.match(words[-2]):
        words = words[:-2]
    return " ".join(words)
