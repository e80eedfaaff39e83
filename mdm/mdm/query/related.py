"""Records that refer to others: for many records at once, a page for each."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlmodel import Session

from mdm.access.view import view_of
from mdm.entities import EntityRegistry
from mdm.errors import DeclarationError
from mdm.history.tables import typed_at
from mdm.history.when import NOW, When
from mdm.query.conditions import Filter, where
from mdm.query.golden_row import GoldenRow, golden_rows
from mdm.query.keyset import order_clauses
from mdm.query.pages import Page, PageRequest, checked_first, clauses_of, cut
from mdm.store.chunks import chunks, rows_in

if TYPE_CHECKING:
    from mdm.hub import Hub


@dataclass(frozen=True, slots=True)
class Edge:
    """A reference seen from the record it leads to.

    Attributes:
        name: in snake case, such as `projects` or `subsidiaries`.
        target: the entity type that is referred to.
        referrer: the entity type that refers.
        attribute: the referrer's reference.
    """

    name: str
    target: str
    referrer: str
    attribute: str


def edges_to(registry: EntityRegistry, target: str) -> tuple[Edge, ...]:
    """Every reference that leads to this type, as seen from it, each under a name of its own.

    The name is what the declaration says by `inverse(...)`; else `children` for a hierarchy; else the plural
    of the referring type, which goes to the reference named as the target, or to the first declared one. Each
    further one, and one whose name is an attribute, is called by plural and attribute: `projects_by_auditor`.

    Raises:
        DeclarationError: two edges would have one name.
    """
    taken = {"id", *registry[target].by_name}
    edges: list[Edge] = []
    # References named as their target come first, because they have the best claim to the plain plural.
    for referrer, attribute in sorted(registry.referrers[target], key=lambda pair: pair[1].name != target):
        plain = attribute.inverse or ("children" if attribute.hierarchy else referrer.plural)
        name = plain if plain not in taken else f"{referrer.plural}_by_{attribute.name}"
        if name in taken:
            raise DeclarationError(
                f"{referrer.name}.{attribute.name} would be {target}.{name}, which is taken; "
                "name it with inverse(...)."
            )
        taken.add(name)
        edges.append(Edge(name, target, referrer.name, attribute.name))
    return tuple(edges)


def related_pages(
    hub: Hub, session: Session, edge: Edge, golden_ids: Collection[str], request: PageRequest
) -> dict[str, Page]:
    """For each of these golden records, a page of the records that refer to it; one statement for all.

    Raises:
        QueryError: the page size, the cursor, a condition or the order does not make sense.
        ForbiddenError: the reference itself is masked.
    """
    first = checked_first(request.first)
    referrer, view = hub.registry[edge.referrer], view_of(session)
    view.require(referrer, edge.attribute)
    table = typed_at(hub, edge.referrer, request.when)
    clauses = clauses_of(hub, view, edge.referrer, table, request)
    parent = table.c[edge.attribute]
    order = order_clauses(table, request.ordering)
    position = func.row_number().over(partition_by=parent, order_by=order).label("position_")
    found: dict[str, list[GoldenRow]] = {golden_id: [] for golden_id in golden_ids}
    for part in chunks(golden_ids):
        shown = select(*view.columns(referrer, table), position)
        numbered = shown.where(parent.in_(part), *clauses).subquery()
        query = select(numbered).where(numbered.c.position_ <= first + 1).order_by(numbered.c.position_)
        for row in golden_rows(edge.referrer, table, session.execute(query)):
            view.saw([row.golden_id])
            parent_id = row.values[edge.attribute]
            if parent_id in found:
                found[parent_id].append(row)
    return {golden_id: cut(rows, request) for golden_id, rows in found.items()}


def related_counts(
    hub: Hub,
    session: Session,
    edge: Edge,
    golden_ids: Collection[str],
    conditions: Filter = (),
    when: When = NOW,
) -> dict[str, int]:
    """How many records refer to each of these golden records; one statement for all.

    Raises:
        QueryError: a condition does not make sense.
    """
    referrer, view = hub.registry[edge.referrer], view_of(session)
    view.require(referrer, edge.attribute)
    table = typed_at(hub, edge.referrer, when)
    parent = table.c[edge.attribute]
    query = (
        select(parent, func.count()).where(*where(view, referrer, table, conditions, when)).group_by(parent)
    )
    counts: dict[str, int] = {row[0]: row[1] for row in rows_in(session, query, parent, set(golden_ids))}
    return {golden_id: counts.get(golden_id, 0) for golden_id in golden_ids}
