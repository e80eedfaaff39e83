"""Who refers to a golden record, in groups, as a steward sees it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlmodel import Session, col

from mdm.access.view import view_of
from mdm.entities import EntityType
from mdm.history.tables import typed_at
from mdm.history.when import NOW, When
from mdm.stewardship.hand_over_groups import hand_over_groups
from mdm.stewardship.labels import GoldenLabel, golden_labels
from mdm.stewardship.roles import SAME_PERSON, other_roles
from mdm.stewardship.wording import title_of
from mdm.store.derived import Relation

if TYPE_CHECKING:
    from mdm.hub import Hub

SHOWN = 50
"""Golden records of one group that a view holds; the total says how many there are."""


@dataclass(frozen=True, slots=True)
class RelationGroup:
    """The golden records that refer to this one through one attribute; `total` may be more than are shown."""

    entity_type: str
    attribute: str
    title: str
    records: tuple[GoldenLabel, ...]
    total: int


def relation_groups(
    hub: Hub, session: Session, entity_type: EntityType, golden_id: str, when: When = NOW
) -> tuple[RelationGroup, ...]:
    """Who refers to the record, by type and attribute; how its work goes on, and its other roles."""
    found = []
    for name, attribute in _referring(hub, session, entity_type, golden_id, when):
        referrer, table = hub.registry[name], typed_at(hub, name, when)
        query = select(table.c.id).where(
            table.c[attribute] == golden_id, *view_of(session).rows(referrer, table)
        )
        total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
        ids = list(session.scalars(query.order_by(table.c.id).limit(SHOWN)))
        labels = golden_labels(session, hub.registry, ids, when)
        title = f"{title_of(referrer.plural)} ({title_of(attribute).lower()})"
        found.append(RelationGroup(name, attribute, title, tuple(labels[i] for i in ids), total))
    found += [
        RelationGroup(name, relation, title, records, len(records))
        for name, relation, title, records in hand_over_groups(hub, session, golden_id, when)
    ]
    roles = other_roles(hub, session, entity_type, golden_id, when)
    if roles:
        title = "May be the same person in another role"
        found.append(RelationGroup(roles[0].entity_type, SAME_PERSON, title, roles, len(roles)))
    return tuple(group for group in found if group.total)


def _referring(
    hub: Hub, session: Session, entity_type: EntityType, golden_id: str, when: When
) -> list[tuple[str, str]]:
    """(entity type, attribute) of references that may lead to the record and may be seen, in order."""
    view = view_of(session)
    declared = {
        (referrer.name, attribute.name)
        for referrer in hub.registry
        for attribute in referrer.references
        if attribute.target == entity_type.name and attribute.name not in view.masked(referrer)
    }
    if when.is_now:
        pairs = select(col(Relation.from_type), col(Relation.attribute)).distinct()
        declared &= {
            (row[0], row[1]) for row in session.execute(pairs.where(col(Relation.to_id) == golden_id))
        }
    return sorted(declared)
