"""Which golden records refer to which: now, at a moment, on a day."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import or_, select
from sqlmodel import Session, col

from mdm.history.tables import typed_at
from mdm.history.when import When
from mdm.store.chunks import CHUNK, chunks, rows_in
from mdm.store.derived import Relation

if TYPE_CHECKING:
    from mdm.hub import Hub


class Related(NamedTuple):
    """One golden record refers to another by one of its attributes."""

    from_id: str
    attribute: str
    to_id: str
    from_type: str
    to_type: str


def relations_around(
    hub: Hub, session: Session, golden_ids: Collection[str], when: When
) -> tuple[Related, ...]:
    """The relations that begin or end at these golden records, in order."""
    found = (
        _now(session, golden_ids)
        if when.is_now
        else {*_from(hub, session, golden_ids, when), *_to(hub, session, golden_ids, when)}
    )
    return tuple(sorted(found))


def _now(session: Session, golden_ids: Collection[str]) -> set[Related]:
    columns = (Relation.from_id, Relation.attribute, Relation.to_id, Relation.from_type, Relation.to_type)
    query = select(*(col(column) for column in columns))
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
